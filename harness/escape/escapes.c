/* escapes - the set: making it, its packages, lookups, release.  See escape.h. */
#include "escape/escape.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"
#include "escape/state.h"

#include <stdlib.h>
#include <string.h>

int gb_escapes_new(struct gb_escapes **ret, struct gb_err *err)
{
	_escapes_ struct gb_escapes *e = gb_calloc(1, sizeof(*e));

	if (!e || !(e->state = gb_calloc(1, sizeof(*e->state))))
		return gb_fail_nomem(err);
	*ret = GB_TAKE(e);
	return 0;
}

static void free_state(struct gb_escape_state *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->cap_words; i++)
		free(s->words[i]);
	free(s->words);
	for (size_t i = 0; i < s->n_files; i++)
		free(s->files[i].path);
	free(s->files);
	free(s->ways);
	free(s->ends);
	free(s->captured);
	free(s->params);
	free(s->steps);
	free(s->own_steps);
	free(s->results);
	free(s);
}

void gb_escapes_free(struct gb_escapes *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->n_closures; i++)
		free(e->closures[i].captures);
	free(e->closures);
	free(e->v);
	free(e->params);
	free(e->packages);
	free_state(e->state);
	free(e);
}

void gb_cleanup_escapes(struct gb_escapes **pe)
{
	gb_escapes_free(*pe);
}

/* Where the package is, or would be. */
static size_t package_at(const struct gb_escapes *e, const char *path)
{
	size_t low = 0, high = e->n_packages;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(e->packages[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct gb_escape_package *gb_escapes_package(const struct gb_escapes *e, const char *path)
{
	size_t i = package_at(e, path);

	return i < e->n_packages && !strcmp(e->packages[i].path, path) ? &e->packages[i] : NULL;
}

int gb_escapes_need_package(struct gb_escapes *e, const char *path, struct gb_err *err)
{
	size_t i = package_at(e, path);
	const char *word;
	int rc;

	if (i < e->n_packages && !strcmp(e->packages[i].path, path))
		return 0;
	rc = gb_grow((void **)&e->packages, &e->cap_packages, e->n_packages + 1,
		     sizeof(*e->packages), GB_MAX_PACKAGES, err);
	if (rc)
		return rc;
	word = gb_word(e->state, path, strlen(path));
	if (!word)
		return gb_fail_nomem(err);
	memmove(e->packages + i + 1, e->packages + i, (e->n_packages - i) * sizeof(*e->packages));
	e->packages[i] = (struct gb_escape_package){ .path = word };
	e->n_packages++;
	return 0;
}

static bool set_word(struct gb_escapes *e, const char **to, const char *text)
{
	*to = text && *text ? gb_word(e->state, text, strlen(text)) : NULL;
	return *to || !text || !*text;
}

/* 21 of "1.21", "1.21.3", "1.21rc1". */
static int minor_of(const char *go)
{
	int64_t minor;
	size_t len;

	if (!go || strncmp(go, "1.", 2) != 0)
		return 0;
	len = strspn(go + 2, "0123456789");
	_free_ char *digits = gb_strndup(go + 2, len);
	return digits && gb_parse_int(digits, 1, 9999, &minor, NULL) == 0 ? (int)minor : 0;
}

int gb_escapes_add_package(struct gb_escapes *e, const char *path, const char *dir,
			   const char *module, const char *module_dir, const char *go,
			   struct gb_err *err)
{
	struct gb_escape_package *p;
	int rc = gb_escapes_need_package(e, path, err);

	if (rc)
		return rc;
	p = &e->packages[package_at(e, path)];
	p->asked = true;
	p->go_minor = minor_of(go);
	if (!set_word(e, &p->dir, dir) || !set_word(e, &p->module, module) ||
	    !set_word(e, &p->module_dir, module_dir))
		return gb_fail_nomem(err);
	return 0;
}

static void count(struct gb_escapes *e)
{
	for (size_t i = 0, at = 0; i < e->n_packages; i++) {
		struct gb_escape_package *p = &e->packages[i];

		p->heap = 0;
		p->first = at;
		for (; at < e->n && e->v[at].package == p->path; at++)
			p->heap += gb_escape_counts(e, &e->v[at]);
		p->n = at - p->first;
	}
}

int gb_escapes_finish(struct gb_escapes *e, struct gb_err *err)
{
	int rc = gb_escapes_collect(e, err);

	if (!rc)
		rc = gb_escapes_name_files(e, err);
	if (!rc)
		rc = gb_escapes_relate(e, err);
	if (!rc)
		count(e);
	return rc;
}

bool gb_escape_counts(const struct gb_escapes *e, const struct gb_escape *x)
{
	if (x->in_test || x->constant)
		return false;
	return x->kind != GB_ESCAPE_CLOSURE || x->closure < 0 ||
	       e->closures[x->closure].n_captures > 0;
}

/* The package that has this file. */
static const char *package_of(const struct gb_escapes *e, const char *file)
{
	for (size_t i = 0; i < e->state->n_files; i++)
		if (!strcmp(e->state->files[i].name, file) &&
		    e->state->files[i].file[0] != '.') /* seen from its own folder */
			return e->state->files[i].package;
	return NULL;
}

/* Is x before this line? */
static bool is_before(const struct gb_escape *x, const char *file, int line)
{
	int c = strcmp(x->file, file);

	return c < 0 || (c == 0 && x->line < line);
}

size_t gb_escapes_in(const struct gb_escapes *e, const char *package, const char *file, int line,
		     const struct gb_escape **ret)
{
	const struct gb_escape_package *p = gb_escapes_package(e, package);
	size_t low = p ? p->first : 0, high = p ? p->first + p->n : 0, end = high, n = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (is_before(&e->v[middle], file, line))
			low = middle + 1;
		else
			high = middle;
	}
	while (low + n < end && e->v[low + n].line == line && !strcmp(e->v[low + n].file, file))
		n++;
	*ret = n ? &e->v[low] : NULL;
	return n;
}

size_t gb_escapes_at(const struct gb_escapes *e, const char *file, int line,
		     const struct gb_escape **ret)
{
	const char *package = package_of(e, file);

	*ret = NULL;
	return package ? gb_escapes_in(e, package, file, line, ret) : 0;
}

/* The first closure of this file, and how many there are. */
static size_t closures_of(const struct gb_escapes *e, const char *file,
			  const struct gb_closure **ret)
{
	size_t n = 0;

	*ret = NULL;
	for (size_t i = 0; i < e->n_closures; i++)
		if (!strcmp(e->closures[i].file, file) && !n++)
			*ret = &e->closures[i];
	return n;
}

static int compare_places(int line, int col, int other_line, int other_col)
{
	if (line != other_line)
		return line < other_line ? -1 : 1;
	return (col > other_col) - (col < other_col);
}

const struct gb_closure *gb_escapes_closure_around(const struct gb_escapes *e, const char *file,
						   int line, int col)
{
	const struct gb_closure *c, *found = NULL;
	size_t n = closures_of(e, file, &c);

	/* They begin in order, so the last one around is the innermost. */
	for (size_t i = 0; i < n; i++)
		if (compare_places(c[i].line, c[i].col, line, col) < 0 &&
		    compare_places(line, col, c[i].end_line, c[i].end_col) <= 0)
			found = &c[i];
	return found;
}

const struct gb_closure *gb_escapes_closure_at(const struct gb_escapes *e, const char *file,
					       int line)
{
	const struct gb_closure *c;
	size_t n = closures_of(e, file, &c);

	for (size_t i = 0; i < n; i++)
		if (c[i].line == line)
			return &c[i];
	return NULL;
}

const struct gb_closure *gb_escapes_closure_named(const struct gb_escapes *e, const char *name)
{
	for (size_t i = 0; i < e->n_closures; i++) {
		const struct gb_closure *c = &e->closures[i];
		size_t len = strlen(c->package);

		if (!c->name[0])
			continue;
		if (!strcmp(c->name, name) || (gb_starts(name, c->package) && name[len] == '.' &&
					       !strcmp(c->name, name + len + 1)))
			return c;
	}
	return NULL;
}
