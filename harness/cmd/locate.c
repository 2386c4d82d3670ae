#include "cmd/locate.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "base/text.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_DEPTH 64

struct search {
	const char *name; /* of the function */
	size_t len;
	struct gb_strlist *found;
	struct gb_err *err;
};

/* "func TestCache(" at the start of a line, "func TestCache[" would be no test. */
static bool declares(const struct search *s, const char *text)
{
	static const char word[] = "func ";

	for (const char *p = text; p && *p; p = strchr(p, '\n'), p += p != NULL) {
		const char *q;

		if (!gb_starts(p, word))
			continue;
		q = p + strlen(word);
		q += strspn(q, " \t");
		if (strncmp(q, s->name, s->len) == 0 &&
		    q[s->len + strspn(q + s->len, " \t")] == '(')
			return true;
	}
	return false;
}

static bool file_declares(const struct search *s, const char *path)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_GO_SOURCE);

	return gb_fs_read(path, &text, NULL) == 0 && text.len && declares(s, text.data);
}

static bool left_out(const char *name)
{
	return name[0] == '.' || name[0] == '_' || strcmp(name, "testdata") == 0 ||
	       strcmp(name, "vendor") == 0;
}

static int look(struct search *s, const char *dir, int depth);

static int look_at(struct search *s, const char *dir, const char *name, int depth, bool *found)
{
	_free_ char *path = gb_path_join(dir, name);
	struct stat st;

	if (!path)
		return gb_fail_nomem(s->err);
	if (lstat(path, &st) < 0)
		return 0;
	if (S_ISDIR(st.st_mode))
		return depth < MAX_DEPTH ? look(s, path, depth + 1) : 0;
	/* A linked file is a package's file all the same. */
	if (!*found && gb_ends(name, "_test.go"))
		*found = file_declares(s, path);
	return 0;
}

/* A folder that cannot be read holds nothing for go either. */
static int look(struct search *s, const char *dir, int depth)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	bool found = false;
	int rc = 0;

	while (d && rc >= 0 && (entry = readdir(d)))
		if (!left_out(entry->d_name))
			rc = look_at(s, dir, entry->d_name, depth, &found);
	if (d)
		closedir(d);
	if (rc >= 0 && found)
		rc = gb_strlist_add(s->found, dir, s->err);
	return rc;
}

int locate_test_in(const char *dir, const char *test, struct gb_strlist *ret, struct gb_err *err)
{
	_strlist_ struct gb_strlist found = GB_STRLIST_INIT;
	struct search s = { .name = test, .len = strcspn(test, "/"), .found = &found, .err = err };
	int rc = s.len ? look(&s, dir, 0) : 0;

	gb_strlist_sort(&found);
	for (size_t i = 0; i < found.n && rc >= 0; i++)
		rc = gb_strlist_addf(ret, err, ".%s", found.v[i] + strlen(dir));
	return rc;
}

int locate_test(const char *test, struct gb_strlist *ret, struct gb_err *err)
{
	return locate_test_in(".", test, ret, err);
}
