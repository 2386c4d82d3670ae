#include "report/source.h"

#include "base/buf.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#define MAX_KEPT (64 * GB_MIB)

struct gb_source_file {
	char *path;
	char *text; /* NULL: could not be read */
	UT_hash_handle hh;
};

static struct gb_source_file *load(struct gb_source *s, const char *path)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_GO_SOURCE);
	struct gb_source_file *f = gb_calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->path = gb_strdup(path);
	if (!f->path) {
		free(f);
		return NULL;
	}
	if (s->bytes < MAX_KEPT && gb_fs_read(path, &text, NULL) == 0) {
		s->bytes += text.len;
		f->text = gb_buf_detach(&text);
	}
	HASH_ADD_KEYPTR(hh, s->files, f->path, strlen(f->path), f);
	return f;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

char *gb_source_line(struct gb_source *s, const char *dir, const char *file, int line, size_t max)
{
	_free_ char *path = NULL;
	struct gb_source_file *f;
	const char *p;
	size_t len;

	if (!file || !*file || line < 1 || (file[0] != '/' && !dir))
		return NULL;
	path = file[0] == '/' ? gb_strdup(file) : gb_path_join(dir, file);
	if (!path)
		return NULL;
	HASH_FIND_STR(s->files, path, f);
	if (!f)
		f = load(s, path);
	p = f ? f->text : NULL;
	while (p && --line > 0) {
		p = strchr(p, '\n');
		p += p != NULL;
	}
	if (!p)
		return NULL;
	len = strcspn(p, "\n");
	for (; len && blank(*p); len--)
		p++;
	while (len && blank(p[len - 1]))
		len--;
	return len ? gb_strndup(p, len < max ? len : max) : NULL;
}

void gb_source_release(struct gb_source *s)
{
	struct gb_source_file *f, *next;

	HASH_ITER(hh, s->files, f, next)
	{
		HASH_DEL(s->files, f);
		free(f->path);
		free(f->text);
		free(f);
	}
	s->bytes = 0;
}
