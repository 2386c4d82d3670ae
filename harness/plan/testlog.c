/* testlog - reading and writing the list.  testlog_hash.c looks at what it names. */
#include "plan/testlog.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char magic[] = "# test log\n";

/* A path without ".", ".." and double slashes; as the words say, whatever symlinks there are. */
static char *clean(const char *path)
{
	char *out = gb_malloc(strlen(path) + 2), *end = out;

	if (!out)
		return NULL;
	for (const char *s = path; *s;) {
		size_t len;

		s += strspn(s, "/");
		len = strcspn(s, "/");
		if (len == 2 && s[0] == '.' && s[1] == '.') {
			while (end > out && *--end != '/')
				continue;
		} else if (len && !(len == 1 && s[0] == '.')) {
			*end++ = '/';
			memcpy(end, s, len);
			end += len;
		}
		s += len;
	}
	if (end == out)
		*end++ = '/';
	*end = '\0';
	return out;
}

static char *absolute(const char *name, const char *dir)
{
	_free_ char *joined = name[0] == '/' ? gb_strdup(name) : gb_path_join(dir, name);

	return joined ? clean(joined) : NULL;
}

/* By its own name, or by where its folder really is. */
static bool is_inside(const char *path, const struct gb_testlog_places *places)
{
	_free_ char *real = NULL;

	if (!places->inside)
		return false;
	if (gb_path_under(path, places->inside))
		return true;
	return gb_fs_realpath(path, &real, NULL) == 0 && gb_path_under(real, places->inside);
}

static bool counts(const char *path, const struct gb_testlog_places *places)
{
	static const char *const systems[] = { "/proc", "/sys", "/dev" };

	if (is_inside(path, places))
		return true;
	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		if (gb_path_under(path, systems[i]))
			return false;
	for (size_t i = 0; i < sizeof(places->outside) / sizeof(places->outside[0]); i++)
		if (places->outside[i] && gb_path_under(path, places->outside[i]))
			return false;
	return true;
}

struct reading {
	const struct gb_testlog_places *places;
	struct gb_testlog *log;
	char *dir;
	struct gb_err *err;
};

static int take_path(struct reading *r, struct gb_strlist *to, const char *name)
{
	_free_ char *path = absolute(name, r->dir);

	if (!path)
		return gb_fail_nomem(r->err);
	if (strlen(path) >= GB_MAX_PATH || !counts(path, r->places))
		return 0;
	/* The same file is often asked for many times in a row. */
	if (to->n && strcmp(to->v[to->n - 1], path) == 0)
		return 0;
	return gb_strlist_add(to, path, r->err);
}

static int take_chdir(struct reading *r, const char *name)
{
	char *dir;

	if (name[0] != '/')
		return gb_fail(r->err, GB_EPARSE, "test log: chdir to \"%.200s\"", name);
	if (!(dir = clean(name)))
		return gb_fail_nomem(r->err);
	free(r->dir);
	r->dir = dir;
	return 0;
}

/* What go test or we set: the package's folder, which is known, and what the agent takes away. */
static bool is_ours(const char *name)
{
	return strcmp(name, "PWD") == 0 || gb_starts(name, "GOBUDGET_");
}

static int take_line(struct reading *r, const char *line)
{
	struct gb_testlog *log = r->log;

	if (gb_starts(line, "getenv ")) {
		if (is_ours(line + 7) ||
		    (log->env.n && strcmp(log->env.v[log->env.n - 1], line + 7) == 0))
			return 0;
		return gb_strlist_add(&log->env, line + 7, r->err);
	}
	if (gb_starts(line, "open "))
		return take_path(r, &log->opens, line + 5);
	if (gb_starts(line, "stat "))
		return take_path(r, &log->stats, line + 5);
	if (gb_starts(line, "chdir "))
		return take_chdir(r, line + 6);
	return gb_fail(r->err, GB_EPARSE, "test log: cannot read \"%.60s\"", line);
}

/* Sorted, each once. */
static void tidy(struct gb_strlist *l)
{
	size_t n = 0;

	gb_strlist_sort(l);
	for (size_t i = 0; i < l->n; i++) {
		if (n && strcmp(l->v[n - 1], l->v[i]) == 0)
			free(l->v[i]);
		else
			l->v[n++] = l->v[i];
	}
	l->n = n;
	if (l->v)
		l->v[n] = NULL;
}

static int check_size(struct gb_testlog *log, struct gb_err *err)
{
	tidy(&log->env);
	tidy(&log->opens);
	tidy(&log->stats);
	if (log->env.n + log->opens.n + log->stats.n <= GB_MAX_TESTLOG_INPUTS)
		return 0;
	return gb_fail(err, GB_ELIMIT, "test log: more than %zu inputs", GB_MAX_TESTLOG_INPUTS);
}

static int take_lines(struct reading *r, const char *text, const char *end)
{
	int rc;

	for (const char *nl; text < end; text = nl + 1) {
		_free_ char *line = NULL;

		nl = memchr(text, '\n', (size_t)(end - text));
		if (!nl)
			return gb_fail(r->err, GB_EPARSE, "test log: the last line does not end");
		line = gb_strndup(text, (size_t)(nl - text));
		if (!line)
			return gb_fail_nomem(r->err);
		if (strlen(line) != (size_t)(nl - text))
			return gb_fail(r->err, GB_EPARSE, "test log: a NUL byte");
		if (line[0] && (rc = take_line(r, line)))
			return rc;
	}
	return 0;
}

int gb_testlog_parse(const char *text, size_t len, const char *dir,
		     const struct gb_testlog_places *places, struct gb_testlog *ret,
		     struct gb_err *err)
{
	_testlog_ struct gb_testlog log = { 0 };
	const size_t skip = sizeof(magic) - 1;
	struct reading r = { places, &log, NULL, err };
	int rc;

	if (len < skip || memcmp(text, magic, skip) != 0)
		return gb_fail(err, GB_EPARSE, "not a test log");
	r.dir = gb_strdup(dir);
	if (!r.dir)
		return gb_fail_nomem(err);
	rc = take_lines(&r, text + skip, text + len);
	free(r.dir);
	if (rc || (rc = check_size(&log, err)))
		return rc;
	*ret = log;
	log = (struct gb_testlog){ 0 };
	return 0;
}

void gb_testlog_release(struct gb_testlog *log)
{
	gb_strlist_release(&log->env);
	gb_strlist_release(&log->opens);
	gb_strlist_release(&log->stats);
	*log = (struct gb_testlog){ 0 };
}

void gb_testlog_write(const struct gb_testlog *log, struct gb_buf *out)
{
	const struct {
		const char *verb;
		const struct gb_strlist *names;
	} parts[] = { { "getenv", &log->env }, { "open", &log->opens }, { "stat", &log->stats } };

	gb_buf_adds(out, magic);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		for (size_t k = 0; k < parts[i].names->n; k++)
			gb_buf_addf(out, "%s %s\n", parts[i].verb, parts[i].names->v[k]);
}
