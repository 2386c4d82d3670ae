#include "budget/history_files.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "git/walk.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS	 ((size_t)1024)
#define TOO_MANY (SLOTS / 2)

static struct history_file *slot(const struct history_files *c, const char *blob)
{
	size_t at = 0;

	/* Its digits are a hash already. */
	for (size_t i = 0; i < 8; i++)
		at = at * 31 + (unsigned char)blob[i];
	for (at %= SLOTS; c->v[at].blob[0] && strcmp(c->v[at].blob, blob) != 0;
	     at = (at + 1) % SLOTS)
		;
	return &c->v[at];
}

static int read_blob(const struct gb_repo *repo, const char *path, struct history_file *f,
		     struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	struct gb_err own = GB_ERR_INIT;
	int rc = gb_walk_read(repo, f->blob, &text, err);

	if (rc < 0)
		return rc;
	rc = gb_budget_parse(path, text.data, text.len, &f->file, &own);
	if (rc == GB_ENOMEM || (rc < 0 && !(f->why = gb_strdup(own.line))))
		return gb_fail_nomem(err);
	return 0;
}

int history_file(struct history_files *c, const struct gb_repo *repo, const char *commit,
		 const char *path, struct gb_budget_file **ret, struct gb_err *why,
		 struct gb_err *err)
{
	struct history_file *f;
	char blob[41];
	int rc = gb_walk_blob(repo, commit, path, blob, err);

	*ret = NULL;
	if (rc < 0 || !blob[0])
		return rc;
	if (!c->v && !(c->v = gb_calloc(SLOTS, sizeof(*c->v))))
		return gb_fail_nomem(err);
	if (c->n + 1 >= SLOTS)
		return gb_fail(err, GB_ELIMIT, "a merge of more than %zu commits", TOO_MANY);
	f = slot(c, blob);
	if (!f->blob[0]) {
		memcpy(f->blob, blob, sizeof(blob));
		c->n++;
		if ((rc = read_blob(repo, path, f, err)) < 0)
			return rc;
	}
	if (f->why)
		gb_fail(why, GB_EPARSE, "%s", f->why);
	*ret = f->file;
	return 0;
}

/* It stands at the end of the package's path, how much of which
 * is the module's only the file itself can tell. */
int history_file_of(struct history_files *c, const struct gb_repo *repo, const char *commit,
		    const char *below, const char *package, struct gb_budget_file **ret,
		    struct gb_err *err)
{
	const char *slash = *below ? "/" : "";

	for (const char *rest = package; rest;) {
		const char *mark = rest[0] == '_' ? "_" : "", *next = strchr(rest, '/');
		_free_ char *path =
			*rest ? gb_asprintf("%s%s" GB_BUDGET_DIR "/%s%s.json", below, slash, mark,
					    rest)
			      : gb_asprintf("%s%s" GB_BUDGET_DIR "/_root.json", below, slash);
		struct gb_err why = GB_ERR_INIT;
		int rc = path ? history_file(c, repo, commit, path, ret, &why, err)
			      : gb_fail_nomem(err);

		if (rc < 0 || (*ret && strcmp((*ret)->package, package) == 0))
			return rc;
		rest = next ? next + 1 : *rest ? rest + strlen(rest) : NULL;
	}
	*ret = NULL;
	return 0;
}

void history_files_trim(struct history_files *c)
{
	if (c->n > TOO_MANY)
		history_files_release(c);
}

void history_files_release(struct history_files *c)
{
	for (size_t i = 0; c->v && i < SLOTS; i++) {
		gb_budget_file_free(c->v[i].file);
		free(c->v[i].why);
	}
	free(c->v);
	*c = (struct history_files){ 0 };
}

bool history_text_names(const char *text, size_t len, const char *test)
{
	size_t n = strlen(test);
	const char *end = text + len;

	/* Escapes can write a name in more than one way. */
	if (memchr(text, '\\', len))
		return true;
	for (const char *p = text; (size_t)(end - p) >= n + 2; p++) {
		p = memchr(p, '"', (size_t)(end - p));
		if (!p || (size_t)(end - p) < n + 2)
			return false;
		if (p[n + 1] == '"' && memcmp(p + 1, test, n) == 0)
			return true;
	}
	return false;
}
