#include "plan/marks.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void mark(struct gb_plan_mark *m, enum gb_plan_why why, const char *file)
{
	if (m->why == GB_PLAN_SAME)
		*m = (struct gb_plan_mark){ why, file };
}

static int by_path(const void *a, const void *b)
{
	const struct gb_plan_place *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : (x->row > y->row) - (x->row < y->row);
}

/* The first place that is not before `path`. */
static size_t lower(const struct gb_plan_place *v, size_t n, const char *path)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(v[mid].path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int make_places(struct gb_plan_marks *m, struct gb_err *err)
{
	size_t cap = 0;

	m->dirs = gb_calloc(m->p->n + 1, sizeof(*m->dirs));
	if (!m->dirs)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < m->p->n; i++) {
		const struct gb_plan_package *k = &m->p->v[i];

		if (k->dir && !k->test_main)
			m->dirs[m->n_dirs++] = (struct gb_plan_place){ k->dir, i };
		for (size_t x = 0; x < k->leads.n; x++) {
			int rc = gb_grow((void **)&m->leads, &cap, m->n_leads + 1,
					 sizeof(*m->leads), GB_MAX_PLAN_FILES, err);

			if (rc)
				return rc;
			m->leads[m->n_leads++] = (struct gb_plan_place){ k->leads.v[x], i };
		}
	}
	qsort(m->dirs, m->n_dirs, sizeof(*m->dirs), by_path);
	if (m->n_leads)
		qsort(m->leads, m->n_leads, sizeof(*m->leads), by_path);
	return 0;
}

/* A name that the go command does not take for a package's. */
static bool is_hidden(const char *name, size_t len)
{
	return len && (name[0] == '_' || name[0] == '.' ||
		       (len == strlen("testdata") && memcmp(name, "testdata", len) == 0));
}

/* Go code of some package; else data: another language, or Go below testdata. */
static bool is_go(const char *path, const char *top)
{
	const char *s = gb_path_under(path, top) ? path + strlen(top) : path;

	if (!gb_ends(path, ".go"))
		return false;
	while (*s) {
		size_t len = strcspn(s, "/");

		if (is_hidden(s, len))
			return false;
		s += len + (s[len] == '/');
	}
	return true;
}

bool gb_plan_is_budget(const char *path, const char *budgets)
{
	for (const char *s = path; (s = strchr(s, '/')); s++)
		if (gb_starts(s + 1, budgets) && s[1 + strlen(budgets)] == '/')
			return gb_ends(path, ".json");
	return false;
}

/* Is it one of a module's budget files?  Marks the package that it is of. */
static bool take_budget(struct gb_plan_marks *m, const char *path)
{
	bool found = false;

	if (!gb_plan_is_budget(path, m->o->budgets))
		return false;
	for (size_t i = 0; i < m->p->n; i++) {
		const struct gb_plan_package *k = &m->p->v[i];
		const char *rest, *below;
		size_t len;

		if (!k->asked || !k->dir || !k->module_dir || !gb_path_under(k->dir, k->module_dir))
			continue;
		rest = gb_path_relative(path, k->module_dir);
		if (rest == path || !gb_starts(rest, m->o->budgets) ||
		    rest[strlen(m->o->budgets)] != '/')
			continue;
		found = true;
		rest += strlen(m->o->budgets) + 1;
		below = gb_path_relative(k->dir, k->module_dir);
		if (strcmp(below, ".") == 0)
			below = "_root";
		len = strlen(below);
		if (strncmp(rest, below, len) == 0 && strcmp(rest + len, ".json") == 0)
			mark(&m->own[i], GB_PLAN_BUDGET, path);
	}
	return found;
}

/* Of a module that is linked into something that was asked for. */
static bool is_module_file(const struct gb_plan_marks *m, const char *path)
{
	size_t folder = (size_t)(gb_path_base(path) - path);

	for (size_t i = 0; i < m->p->n; i++) {
		const char *own = m->p->v[i].go_mod;

		if (own && strncmp(own, path, folder) == 0 && strcmp(own + folder, "go.mod") == 0)
			return true;
	}
	return false;
}

/* go.mod or go.sum, and what that moves is known. */
static bool is_settled(const struct gb_plan_marks *m, const struct gb_plan_change *c)
{
	const char *name = gb_path_base(c->path), *dir = m->o->module_dir;

	return dir && c->kind == GB_CHANGE_EDITED && gb_path_under(c->path, dir) &&
	       strcmp(gb_path_relative(c->path, dir), name) == 0 &&
	       (strcmp(name, "go.mod") == 0 || strcmp(name, "go.sum") == 0);
}

/* Packages of modules that moved, and those that may have been another module's. */
static void mark_moved(struct gb_plan_marks *m, const char *file)
{
	const struct gb_strlist *moved = m->o->moved;

	for (size_t i = 0; i < m->p->n; i++)
		for (size_t k = 0; k < moved->n && m->p->v[i].module; k++)
			if (gb_streq(m->p->v[i].module, moved->v[k]) ||
			    (gb_starts(m->p->v[i].path, moved->v[k]) &&
			     strchr("/", m->p->v[i].path[strlen(moved->v[k])])))
				mark(&m->rows[i], GB_PLAN_MODULE, file);
}

/* Does everything hang on this file? */
static bool is_for_all(const struct gb_plan_marks *m, const struct gb_plan_change *c)
{
	const char *name = gb_path_base(c->path);
	bool moves = c->kind == GB_CHANGE_ADDED || c->kind == GB_CHANGE_GONE;

	if (m->o->named && gb_strlist_has(m->o->named, c->path))
		return true;
	if (strcmp(name, "go.work") == 0 || strcmp(name, "go.work.sum") == 0 ||
	    gb_ends(c->path, "/vendor/modules.txt"))
		return true;
	/* A module that comes or goes takes packages out of the one around it. */
	if (strcmp(name, "go.mod") == 0)
		return moves || is_module_file(m, c->path);
	if (strcmp(name, "go.sum") == 0)
		return is_module_file(m, c->path);
	return strcmp(name, "_policy.json") == 0 && gb_plan_is_budget(c->path, m->o->budgets);
}

/* What a row has to do with a file `rest` below its folder. */
static void at_row(struct gb_plan_marks *m, size_t row, const struct gb_plan_change *c,
		   const char *rest, bool go)
{
	const struct gb_plan_package *k = &m->p->v[row];
	bool here = !strchr(rest, '/'), test = gb_ends(rest, "_test.go");
	bool external = k->of && strstr(k->path, "_test [");

	if (gb_strlist_has(&k->files, rest))
		mark(&m->rows[row], GB_PLAN_FILE, c->path);
	else if (go && here && !test && !external)
		mark(&m->rows[row], GB_PLAN_FILE, c->path); /* gone, or left out by its tags */
	else if (k->embeds && c->kind == GB_CHANGE_GONE)
		mark(&m->rows[row], GB_PLAN_FILE, c->path);
	if (k->asked && (!go || here))
		mark(&m->own[row], GB_PLAN_FILE, c->path);
}

/* The rows at each folder above the file, the nearest first; did any belong to what was asked for? */
static int above(struct gb_plan_marks *m, const struct gb_plan_change *c, bool go, bool *ret_held,
		 struct gb_err *err)
{
	_free_ char *dir = gb_strdup(c->path);

	if (!dir)
		return gb_fail_nomem(err);
	*ret_held = false;
	for (char *slash; (slash = strrchr(dir, '/')) && slash != dir;) {
		*slash = '\0';
		if (!gb_path_under(dir, m->o->top))
			break;
		for (size_t i = lower(m->dirs, m->n_dirs, dir);
		     i < m->n_dirs && strcmp(m->dirs[i].path, dir) == 0; i++) {
			at_row(m, m->dirs[i].row, c, c->path + strlen(dir) + 1, go);
			*ret_held |= m->p->v[m->dirs[i].row].asked;
		}
	}
	return 0;
}

/* Rows in the folder or below it. */
static void below(struct gb_plan_marks *m, const struct gb_plan_change *c, enum gb_plan_why why)
{
	for (size_t i = lower(m->dirs, m->n_dirs, c->path);
	     i < m->n_dirs && gb_starts(m->dirs[i].path, c->path); i++)
		if (gb_path_under(m->dirs[i].path, c->path))
			mark(&m->rows[m->dirs[i].row], why, c->path);
}

static void follow(struct gb_plan_marks *m, const struct gb_plan_change *c)
{
	for (size_t i = lower(m->leads, m->n_leads, c->path);
	     i < m->n_leads && strcmp(m->leads[i].path, c->path) == 0; i++)
		mark(&m->rows[m->leads[i].row], GB_PLAN_FILE, c->path);
}

static void mark_native(struct gb_plan_marks *m, const struct gb_plan_change *c)
{
	for (size_t i = 0; i < m->p->n && !m->native_done; i++)
		if (m->p->v[i].native && m->p->v[i].dir && gb_path_under(m->p->v[i].dir, m->o->top))
			mark(&m->rows[i], GB_PLAN_NATIVE, c->path);
	m->native_done = true;
}

/*
 * Only what go list names counts: the rest of what git ignores is made while people work.  vendor/
 * is what go.mod says, and go.work is like the machine: not part of any commit.
 */
static int ignored(struct gb_plan_marks *m, const struct gb_plan_change *c, struct gb_err *err)
{
	_free_ char *dir = gb_strdup(c->path);

	if (!dir)
		return gb_fail_nomem(err);
	if (gb_ends(c->path, "/vendor"))
		return 0;
	below(m, c, GB_PLAN_UNKNOWN);
	for (char *slash; (slash = strrchr(dir, '/')) && slash != dir;) {
		*slash = '\0';
		if (!gb_path_under(dir, m->o->top))
			break;
		for (size_t i = lower(m->dirs, m->n_dirs, dir);
		     i < m->n_dirs && strcmp(m->dirs[i].path, dir) == 0; i++) {
			const struct gb_strlist *files = &m->p->v[m->dirs[i].row].files;

			for (size_t f = 0; f < files->n; f++)
				if (gb_path_under(files->v[f], c->path + strlen(dir) + 1))
					mark(&m->rows[m->dirs[i].row], GB_PLAN_UNKNOWN, c->path);
		}
	}
	return 0;
}

static int take(struct gb_plan_marks *m, const struct gb_plan_change *c, struct gb_err *err)
{
	bool go = is_go(c->path, m->o->top), held = false;
	int rc;

	if (c->kind == GB_CHANGE_IGNORED)
		return ignored(m, c, err);
	if (is_settled(m, c)) {
		/* Tests may read it as well. */
		follow(m, c);
		if (strcmp(gb_path_base(c->path), "go.mod") == 0)
			mark_moved(m, c->path);
		return above(m, c, go, &held, err);
	}
	if (is_for_all(m, c)) {
		mark(&m->all, GB_PLAN_ALL, c->path);
		return 0;
	}
	if (take_budget(m, c->path))
		return 0;
	follow(m, c);
	if (c->kind == GB_CHANGE_FOLDER)
		below(m, c, GB_PLAN_FILE);
	if ((rc = above(m, c, go, &held, err)))
		return rc;
	if (!go)
		mark_native(m, c);
	if (!go && !held)
		mark(&m->all, GB_PLAN_ALL, c->path);
	return 0;
}

int gb_plan_marks_make(struct gb_plan_marks *m, struct gb_err *err)
{
	int rc;

	m->rows = gb_calloc(m->p->n + 1, sizeof(*m->rows));
	m->own = gb_calloc(m->p->n + 1, sizeof(*m->own));
	if (!m->rows || !m->own)
		return gb_fail_nomem(err);
	if ((rc = make_places(m, err)))
		return rc;
	for (size_t i = 0; i < m->c->n; i++)
		if ((rc = take(m, &m->c->v[i], err)))
			return rc;
	for (size_t i = 0; i < m->p->n; i++)
		if (m->p->v[i].elsewhere || m->p->v[i].broken)
			mark(&m->rows[i], GB_PLAN_UNKNOWN, NULL);
	return 0;
}

void gb_plan_marks_release(struct gb_plan_marks *m)
{
	free(m->rows);
	free(m->own);
	free(m->dirs);
	free(m->leads);
}
