/* files - which file the compiler's name means, here and in reports.  See state.h. */
#include "escape/state.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* A package's own folder, or where the module it must belong to says it is. */
static char *folder_of(const struct gb_escapes *e, const struct gb_escape_package *p,
		       const char **ret_module_dir)
{
	const struct gb_escape_package *best = NULL;

	*ret_module_dir = p->module_dir;
	if (p->dir)
		return gb_strdup(p->dir);
	for (size_t i = 0; i < e->n_packages; i++) {
		const struct gb_escape_package *o = &e->packages[i];
		size_t len = o->module ? strlen(o->module) : 0;

		if (o->module_dir && len && gb_starts(p->path, o->module) &&
		    (p->path[len] == '/' || !p->path[len]) && (!best || len > strlen(best->module)))
			best = o;
	}
	if (!best)
		return NULL;
	*ret_module_dir = best->module_dir;
	return gb_path_join(best->module_dir, p->path + strlen(best->module));
}

/* Takes "x/../" out of an absolute path, in place. */
static void flatten(char *path)
{
	char *to = path;

	for (const char *at = path; *at;) {
		size_t len = strcspn(at + 1, "/") + 1;

		if (len == 3 && !memcmp(at, "/..", 3)) {
			while (to > path && *--to != '/')
				;
		} else if (!(len == 2 && at[1] == '.') && len > 1) {
			memmove(to, at, len);
			to += len;
		}
		at += len;
	}
	*to = '\0';
}

static int name_file(struct gb_escapes *e, struct gb_escape_file *f, struct gb_err *err)
{
	const struct gb_escape_package *p = gb_escapes_package(e, f->package);
	const char *module_dir = NULL, *name = f->file;
	_free_ char *dir = p ? folder_of(e, p, &module_dir) : NULL;

	if (f->file[0] == '/' || dir) {
		f->path = f->file[0] == '/' ? gb_strdup(f->file) : gb_path_join(dir, f->file);
		if (!f->path)
			return gb_fail_nomem(err);
		flatten(f->path);
		name = module_dir ? gb_path_relative(f->path, module_dir) : f->path;
	}
	f->name = gb_word(e->state, name, strlen(name));
	return f->name ? 0 : gb_fail_nomem(err);
}

static int compare_files(const void *pa, const void *pb)
{
	const struct gb_escape_file *a = pa, *b = pb;
	int c = a->package == b->package ? 0 : strcmp(a->package, b->package);

	return c || a->file == b->file ? c : strcmp(a->file, b->file);
}

static int add_file(struct gb_escapes *e, const char *package, const char *file, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;
	const struct gb_escape_file *before = s->n_files ? &s->files[s->n_files - 1] : NULL;
	int rc;

	if (!file || (before && before->package == package && before->file == file))
		return 0;
	rc = gb_grow((void **)&s->files, &s->cap_files, s->n_files + 1, sizeof(*s->files), SIZE_MAX,
		     err);
	if (!rc)
		s->files[s->n_files++] = (struct gb_escape_file){ package, file, NULL, NULL };
	return rc;
}

static void unique(struct gb_escape_state *s)
{
	size_t n = 0;

	if (s->n_files)
		qsort(s->files, s->n_files, sizeof(*s->files), compare_files);
	for (size_t i = 0; i < s->n_files; i++)
		if (!n || compare_files(&s->files[i], &s->files[n - 1]))
			s->files[n++] = s->files[i];
	s->n_files = n;
}

static int find_files(struct gb_escapes *e, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < e->n && !rc; i++) {
		rc = add_file(e, e->v[i].package, e->v[i].file, err);
		for (size_t k = 0; k < e->v[i].n_steps && !rc; k++)
			rc = add_file(e, e->v[i].package, e->v[i].steps[k].file, err);
	}
	for (size_t i = 0; i < e->n_params && !rc; i++) {
		rc = add_file(e, e->params[i].package, e->params[i].file, err);
		for (size_t k = 0; k < e->params[i].n_steps && !rc; k++)
			rc = add_file(e, e->params[i].package, e->params[i].steps[k].file, err);
	}
	for (size_t i = 0; i < e->state->n_captured && !rc; i++)
		rc = add_file(e, e->state->captured[i].spot.package,
			      e->state->captured[i].spot.file, err);
	if (!rc)
		unique(e->state);
	return rc;
}

static struct gb_escape_file *find(const struct gb_escapes *e, const char *package,
				   const char *file)
{
	const struct gb_escape_state *s = e->state;
	struct gb_escape_file key = { package, file, NULL, NULL };

	return bsearch(&key, s->files, s->n_files, sizeof(key), compare_files);
}

static void rename_steps(const struct gb_escapes *e, const char *package,
			 struct gb_escape_step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (steps[i].file)
			steps[i].file = find(e, package, steps[i].file)->name;
}

/* Every file that is named was found above. */
static void rename_all(struct gb_escapes *e)
{
	struct gb_escape_state *s = e->state;

	for (size_t i = 0, at = 0; i < e->n; i++) {
		if (e->v[i].n_steps)
			rename_steps(e, e->v[i].package, s->own_steps + at, e->v[i].n_steps);
		at += e->v[i].n_steps;
		e->v[i].file = find(e, e->v[i].package, e->v[i].file)->name;
	}
	for (size_t i = 0; i < e->n_params; i++) {
		struct gb_leak_param *p = &e->params[i];

		if (p->n_steps)
			rename_steps(e, p->package, s->steps + (p->steps - s->steps), p->n_steps);
		p->file = find(e, p->package, p->file)->name;
	}
	for (size_t i = 0; i < s->n_captured; i++) {
		struct gb_spot *spot = &s->captured[i].spot;

		spot->file = find(e, spot->package, spot->file)->name;
	}
}

static int compare_places(const char *package, const char *file, int line, int col,
			  const struct gb_spot *other)
{
	struct gb_spot spot = { package, file, line, col };

	return gb_spot_compare(&spot, other);
}

static int compare_escapes(const void *pa, const void *pb)
{
	const struct gb_escape *a = pa, *b = pb;
	struct gb_spot other = { b->package, b->file, b->line, b->col };
	int c = compare_places(a->package, a->file, a->line, a->col, &other);

	return c ? c : strcmp(a->expr, b->expr);
}

static int compare_params(const void *pa, const void *pb)
{
	const struct gb_leak_param *a = pa, *b = pb;
	struct gb_spot other = { b->package, b->file, b->line, b->col };
	int c = compare_places(a->package, a->file, a->line, a->col, &other);

	if (!c)
		c = strcmp(a->to, b->to);
	/* As they were before. */
	return c ? c : (a->steps > b->steps) - (a->steps < b->steps);
}

static int compare_captured(const void *pa, const void *pb)
{
	const struct gb_captured *a = pa, *b = pb;
	int c = gb_spot_compare(&a->spot, &b->spot);

	return c ? c : strcmp(a->name, b->name);
}

static int compare_names(const void *pa, const void *pb)
{
	const struct gb_escape_file *a = pa, *b = pb;
	int c = a->package == b->package ? 0 : strcmp(a->package, b->package);

	return c ? c : strcmp(a->name, b->name);
}

static void sort_by_name(struct gb_escapes *e)
{
	struct gb_escape_state *s = e->state;

	if (e->n)
		qsort(e->v, e->n, sizeof(*e->v), compare_escapes);
	if (e->n_params)
		qsort(e->params, e->n_params, sizeof(*e->params), compare_params);
	if (s->n_captured)
		qsort(s->captured, s->n_captured, sizeof(*s->captured), compare_captured);
	if (s->n_files)
		qsort(s->files, s->n_files, sizeof(*s->files), compare_names);
}

int gb_escapes_name_files(struct gb_escapes *e, struct gb_err *err)
{
	int rc = find_files(e, err);

	for (size_t i = 0; i < e->state->n_files && !rc; i++)
		rc = name_file(e, &e->state->files[i], err);
	if (rc)
		return rc;
	rename_all(e);
	sort_by_name(e);
	return 0;
}
