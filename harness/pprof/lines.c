/* lines - see lines.h. */
#include "pprof/lines.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"

static bool is_source(const char *path)
{
	static const char *const endings[] = { ".go",  ".s",   ".S",   ".c", ".h", ".cc",
					       ".cpp", ".cxx", ".hpp", ".m", ".y", ".rs" };
	struct stat st;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (gb_ends(path, endings[i]))
			return stat(path, &st) == 0 && S_ISREG(st.st_mode);
	}
	return false;
}

/* Under dir: all of path, then ever less of its beginning. */
static int find_below(const char *dir, const char *path, char **ret, struct gb_err *err)
{
	for (const char *rest = path + strspn(path, "/"); rest && *rest;) {
		_free_ char *file = gb_path_join(dir, rest);

		if (!file)
			return gb_fail_nomem(err);
		/* An element ".." would leave the folder that was given. */
		if (!gb_starts(rest, "../") && !strstr(rest, "/../") && is_source(file)) {
			*ret = GB_TAKE(file);
			return 0;
		}
		rest = strchr(rest, '/');
		rest = rest ? rest + strspn(rest, "/") : NULL;
	}
	return 0;
}

static int find(const char *path, const char *const *folders, char **ret, struct gb_err *err)
{
	int rc = 0;

	if (*path == '/' && is_source(path)) {
		*ret = gb_strdup(path);
		return *ret ? 0 : gb_fail_nomem(err);
	}
	for (size_t i = 0; rc == 0 && !*ret && folders[i]; i++)
		rc = find_below(folders[i], path, ret, err);
	if (rc == 0 && !*ret)
		return gb_fail(err, GB_ENOTFOUND, "no source %.500s", *path ? path : "is named");
	return rc;
}

static int split(struct gb_lines *s, struct gb_err *err)
{
	char *p = s->text.data, *end = p + s->text.len;

	while (p < end) {
		int rc = gb_grow((void **)&s->lines, &s->cap, s->n + 1, sizeof(*s->lines),
				 GB_MAX_GO_SOURCE, err);

		if (rc < 0)
			return rc;
		s->lines[s->n++] = (size_t)(p - s->text.data);
		p = memchr(p, '\n', (size_t)(end - p));
		if (!p)
			break;
		if (p > s->text.data && p[-1] == '\r')
			p[-1] = '\0';
		*p++ = '\0';
	}
	return 0;
}

int gb_lines_open(const char *path, const char *const *folders, struct gb_lines *ret,
		  struct gb_err *err)
{
	_lines_ struct gb_lines s = GB_LINES_INIT;
	int rc;

	if ((rc = find(path, folders, &s.path, err)) < 0 ||
	    (rc = gb_fs_read(s.path, &s.text, err)) < 0 || (rc = split(&s, err)) < 0)
		return rc;
	*ret = s;
	s = (struct gb_lines)GB_LINES_INIT;
	return 0;
}

const char *gb_lines_get(const struct gb_lines *s, size_t line)
{
	return line >= 1 && line <= s->n ? s->text.data + s->lines[line - 1] : NULL;
}

void gb_lines_release(struct gb_lines *s)
{
	gb_buf_release(&s->text);
	free(s->path);
	free(s->lines);
	*s = (struct gb_lines)GB_LINES_INIT;
}
