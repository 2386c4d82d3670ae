#include "budget/budget.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "budget/policy.h"
#include "budget/service.h"

#include <stdlib.h>
#include <string.h>

bool gb_budget_is_other(const char *below)
{
	return strcmp(below, gb_path_base(GB_POLICY_FILE)) == 0 ||
	       strcmp(below, gb_path_base(GB_SERVICE_FILE)) == 0;
}

static void row_release(struct gb_budget_row *r)
{
	free(r->test);
	free(r->reason);
	for (int m = 0; m < GB_METRICS; m++)
		free(r->as_written[m]);
}

static void block_release(struct gb_budget_block *b)
{
	free(b->env.gcflags);
	free(b->env.tags);
	for (size_t i = 0; i < b->n_rows; i++)
		row_release(&b->rows[i]);
	free(b->rows);
}

void gb_budget_file_free(struct gb_budget_file *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n_blocks; i++)
		block_release(&f->blocks[i]);
	free(f->blocks);
	free(f->path);
	free(f->module);
	free(f->schema);
	free(f->package);
	free(f);
}

int gb_budget_file_name(const char *module, const char *package, char **ret, struct gb_err *err)
{
	const char *below = package;

	if (module && strcmp(module, "std") != 0) {
		size_t len = strlen(module);

		if (strncmp(package, module, len) != 0 || (package[len] && package[len] != '/')) {
			gb_fail(err, GB_EUSAGE, "package %s is not of module %s", package, module);
			gb_hint(err, "name packages, not files: gobudget check ./...");
			return GB_EUSAGE;
		}
		below = package + len + (package[len] == '/');
	}
	char *name = gb_asprintf("%s/%s%s.json", GB_BUDGET_DIR, *below == '_' ? "_" : "",
				 *below ? below : "_root");
	if (!name)
		return gb_fail_nomem(err);
	*ret = name;
	return 0;
}

int gb_budget_file_new(const char *path, const char *package, struct gb_budget_file **ret,
		       struct gb_err *err)
{
	struct gb_budget_file *f = gb_calloc(1, sizeof(*f));

	if (!f)
		return gb_fail_nomem(err);
	f->path = gb_strdup(path);
	f->package = gb_strdup(package);
	if (!f->path || !f->package) {
		gb_budget_file_free(f);
		return gb_fail_nomem(err);
	}
	*ret = f;
	return 0;
}

int gb_budget_add_block(struct gb_budget_file *f, const struct gb_environment *env,
			struct gb_budget_block **ret, struct gb_err *err)
{
	struct gb_budget_block *b;
	int rc;

	if ((rc = gb_grow((void **)&f->blocks, &f->cap_blocks, f->n_blocks + 1, sizeof(*f->blocks),
			  GB_MAX_TESTS, err)) < 0)
		return rc;
	b = &f->blocks[f->n_blocks];
	memset(b, 0, sizeof(*b));
	b->env = *env;
	b->env.gcflags = gb_strdup(env->gcflags ? env->gcflags : "");
	b->env.tags = gb_strdup(env->tags ? env->tags : "");
	if (!b->env.gcflags || !b->env.tags) {
		block_release(b);
		return gb_fail_nomem(err);
	}
	f->n_blocks++;
	*ret = b;
	return 0;
}

/* Position of the first row whose name is not before `test`. */
static size_t row_position(const struct gb_budget_block *b, const char *test)
{
	size_t lo = 0, hi = b->n_rows;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(b->rows[mid].test, test) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int gb_budget_add_row(struct gb_budget_block *b, const char *test, struct gb_budget_row **ret,
		      struct gb_err *err)
{
	size_t at = row_position(b, test);
	char *name;
	int rc;

	if (at < b->n_rows && !strcmp(b->rows[at].test, test))
		return gb_fail(err, GB_EEXIST, "test %s has a budget already", test);
	if ((rc = gb_grow((void **)&b->rows, &b->cap_rows, b->n_rows + 1, sizeof(*b->rows),
			  GB_MAX_TESTS, err)) < 0)
		return rc;
	if (!(name = gb_strdup(test)))
		return gb_fail_nomem(err);
	memmove(&b->rows[at + 1], &b->rows[at], (b->n_rows - at) * sizeof(*b->rows));
	memset(&b->rows[at], 0, sizeof(*b->rows));
	b->rows[at].test = name;
	b->n_rows++;
	*ret = &b->rows[at];
	return 0;
}

void gb_budget_drop_block(struct gb_budget_file *f, struct gb_budget_block *block)
{
	size_t after = (size_t)(&f->blocks[f->n_blocks] - block) - 1;

	block_release(block);
	memmove(block, block + 1, after * sizeof(*block));
	f->n_blocks--;
}

void gb_budget_drop_row(struct gb_budget_block *b, struct gb_budget_row *row)
{
	size_t after = (size_t)(&b->rows[b->n_rows] - row) - 1;

	row_release(row);
	memmove(row, row + 1, after * sizeof(*row));
	b->n_rows--;
}

static int copy_row(struct gb_budget_block *b, const struct gb_budget_row *from, struct gb_err *err)
{
	struct gb_budget_row *to;
	int rc;

	if ((rc = gb_budget_add_row(b, from->test, &to, err)) < 0)
		return rc;
	char *name = to->test;
	*to = *from;
	to->test = name;
	to->reason = gb_strdup(from->reason);
	bool failed = from->reason && !to->reason;
	for (int m = 0; m < GB_METRICS; m++) {
		to->as_written[m] = gb_strdup(from->as_written[m]);
		failed |= from->as_written[m] && !to->as_written[m];
	}
	return failed ? gb_fail_nomem(err) : 0;
}

int gb_budget_copy_block(struct gb_budget_file *f, const struct gb_budget_block *from,
			 const struct gb_environment *env, struct gb_budget_block **ret,
			 struct gb_err *err)
{
	/* `from` may be a block of f, and adding one may move f's blocks: keep what is needed. */
	const struct gb_budget_row *rows = from->rows;
	size_t n = from->n_rows;
	struct gb_budget_block *b;
	int rc;

	if ((rc = gb_budget_add_block(f, env, &b, err)) < 0)
		return rc;
	for (size_t i = 0; i < n; i++)
		if ((rc = copy_row(b, &rows[i], err)) < 0)
			return rc;
	*ret = b;
	return 0;
}

static int copy_blocks(struct gb_budget_file *to, const struct gb_budget_file *from,
		       struct gb_err *err)
{
	struct gb_budget_block *b;
	int rc;

	for (size_t i = 0; i < from->n_blocks; i++) {
		const struct gb_budget_block *block = &from->blocks[i];

		if ((rc = gb_budget_copy_block(to, block, &block->env, &b, err)) < 0)
			return rc;
	}
	return 0;
}

int gb_budget_file_copy(const struct gb_budget_file *f, struct gb_budget_file **ret,
			struct gb_err *err)
{
	struct gb_budget_file *copy;
	int rc;

	if ((rc = gb_budget_file_new(f->path, f->package, &copy, err)) < 0)
		return rc;
	copy->module = gb_strdup(f->module);
	copy->schema = gb_strdup(f->schema);
	if ((f->module && !copy->module) || (f->schema && !copy->schema))
		rc = gb_fail_nomem(err);
	else
		rc = copy_blocks(copy, f, err);
	if (rc < 0) {
		gb_budget_file_free(copy);
		return rc;
	}
	*ret = copy;
	return 0;
}

struct gb_budget_block *gb_budget_block_for(const struct gb_budget_file *f,
					    const struct gb_environment *env)
{
	for (size_t i = 0; i < f->n_blocks; i++)
		if (gb_environment_equal(&f->blocks[i].env, env))
			return &f->blocks[i];
	return NULL;
}

bool gb_budget_has_compiled(const struct gb_budget_block *b)
{
	const struct gb_budget_row *row = gb_budget_row_for(b, GB_PACKAGE_ROW);

	for (int m = 0; row && m < GB_METRICS; m++)
		if (gb_metrics[m].compiled && (row->has_budget >> m & 1))
			return true;
	return false;
}

struct gb_budget_block *gb_budget_block_compiled(const struct gb_budget_file *f,
						 const struct gb_environment *env)
{
	struct gb_environment like = *env;
	struct gb_budget_block *b = gb_budget_block_for(f, env);

	if (!f->blocks)
		return b;
	for (size_t i = 0; i < f->n_blocks && !(b && gb_budget_has_compiled(b)); i++) {
		like.gomaxprocs = f->blocks[i].env.gomaxprocs;
		like.accounting = f->blocks[i].env.accounting;
		if (gb_environment_equal(&like, &f->blocks[i].env) &&
		    gb_budget_has_compiled(&f->blocks[i]))
			b = &f->blocks[i];
	}
	return b;
}

struct gb_budget_row *gb_budget_row_for(const struct gb_budget_block *b, const char *test)
{
	size_t at = row_position(b, test);

	return at < b->n_rows && !strcmp(b->rows[at].test, test) ? &b->rows[at] : NULL;
}
