#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/bisect.h"

#include <stdlib.h>
#include <string.h>

static void release_budget(struct bisect_budget *x)
{
	free(x->author);
	free(x->reason);
}

void bisect_result_release(struct bisect_result *r)
{
	release_budget(&r->before);
	release_budget(&r->at);
	release_budget(&r->now);
	gb_commit_words_release(&r->words);
	free(r->candidates);
	free(r->evidence);
	free(r->no_evidence);
	*r = (struct bisect_result){ 0 };
}

static const char *first_parent(const struct bisect *b, const char *commit)
{
	for (size_t i = 0; i < b->commits.n; i++)
		if (strcmp(b->commits.v[i].id, commit) == 0)
			return b->commits.v[i].first;
	return "";
}

/* The folder of the module that the folder belongs to, from the top; the tree is at the culprit. */
static char *module_below(const struct bisect *b)
{
	const char *top = gb_worktree_top(b->at.tree);
	const char *package = b->packages.n ? b->packages.v[0] : ".";
	_free_ char *at = NULL, *real = NULL;

	if (b->at.dir && package[0] == '.')
		at = gb_path_join(b->at.dir, package);
	if (gb_fs_realpath(at ? at : b->at.dir ? b->at.dir : top, &real, NULL) < 0)
		return gb_strdup("");
	while (gb_path_under(real, top) && strcmp(real, top) != 0) {
		_free_ char *mod = gb_path_join(real, "go.mod");

		if (mod && gb_fs_exists(mod))
			return gb_strdup(gb_path_relative(real, top));
		*strrchr(real, '/') = 0;
	}
	return gb_strdup("");
}

static int take_budget(const struct gb_history_commit *c, const struct gb_history_change *x,
		       struct bisect_budget *ret, struct gb_err *err)
{
	ret->has = x->has_now;
	ret->value = x->now;
	memcpy(ret->id, c->id, sizeof(ret->id));
	ret->when = c->when;
	ret->zone = c->zone;
	ret->author = gb_strdup(c->author);
	ret->reason = gb_strdup(x->reason);
	return ret->author && (ret->reason || !x->reason) ? 0 : gb_fail_nomem(err);
}

/* The budget as of a commit: what the last change up to there made of it. */
static int budget_at(const struct bisect *b, const char *commit, const char *below,
		     struct bisect_budget *ret, struct gb_err *err)
{
	const struct gb_history_options o = {
		.from = commit, .below = below, .test = b->test, .metric = b->metric
	};
	struct gb_history h = { 0 };
	int rc = gb_history_read(b->at.repo, &o, &h, err);

	for (size_t i = 0; i < h.n && rc >= 0 && !ret->author; i++)
		for (size_t k = 0; k < h.commits[i].n && !ret->author && rc >= 0; k++) {
			const struct gb_history_change *x = &h.commits[i].v[k];

			if (strcmp(x->package, b->package) == 0 && strcmp(x->env, b->env) == 0)
				rc = take_budget(&h.commits[i], x, ret, err);
		}
	gb_history_release(&h);
	return rc;
}

static int find_budgets(const struct bisect *b, struct bisect_result *r, const char *parent,
			struct gb_err *err)
{
	_free_ char *below = module_below(b);
	int rc = below ? 0 : gb_fail_nomem(err);

	if (rc >= 0 && *parent)
		rc = budget_at(b, parent, below, &r->before, err);
	if (rc >= 0)
		rc = budget_at(b, r->culprit->id, below, &r->at, err);
	return rc < 0 ? rc : budget_at(b, b->bad, below, &r->now, err);
}

static int words_of(const struct bisect *b, const char *parent, struct gb_strlist *words,
		    struct gb_err *err)
{
	int rc = gb_strlist_add(words, "explain", err);

	if (rc >= 0)
		rc = gb_strlist_add(words, "--quiet", err);
	if (rc >= 0 && *parent)
		rc = gb_strlist_addf(words, err, "--base=%s", parent);
	if (rc >= 0 && b->timeout_ms)
		rc = gb_strlist_addf(words, err, "--timeout=%lldms", (long long)b->timeout_ms);
	if (rc >= 0 && b->memory)
		rc = gb_strlist_addf(words, err, "--memory=%lld", (long long)b->memory);
	if (rc >= 0)
		rc = gb_strlist_add(words, b->test, err);
	if (rc >= 0)
		rc = gb_strlist_add_all(words, (const char *const *)b->packages.v, b->packages.n,
					err);
	if (rc >= 0)
		rc = gb_strlist_add(words, "--", err);
	return rc < 0 ? rc
		      : gb_strlist_add_all(words, (const char *const *)b->go_flags.v, b->go_flags.n,
					   err);
}

static int explain(struct bisect *b, struct bisect_result *r, const char *parent,
		   struct gb_err *err)
{
	_strlist_ struct gb_strlist words = GB_STRLIST_INIT;
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	struct gb_err own = GB_ERR_INIT;
	char columns[32];
	int status = 0, rc = words_of(b, parent, &words, err);

	(void)snprintf(columns, sizeof(columns), "%zu", b->term.width);
	if (rc >= 0)
		rc = gb_env_set(&b->at.env, "COLUMNS", columns, err);
	if (rc < 0)
		return rc;
	rc = at_run(&b->at, &words, "finding the lines", &out, &status, &own);
	if (rc == GB_EINTR || rc == GB_ENOMEM) {
		*err = own;
		return rc;
	}
	while (out.len && out.data[out.len - 1] == '\n')
		out.data[--out.len] = 0;
	if (rc >= 0 && status == 0 && !out.failed)
		r->evidence = gb_strdup(out.data);
	else
		r->no_evidence = rc < 0 ? gb_strdup(own.line)
					: gb_asprintf("explain ended with status %d", status);
	return r->evidence || r->no_evidence ? 0 : gb_fail_nomem(err);
}

int bisect_result_fill(struct bisect *b, struct bisect_result *r, struct gb_err *err)
{
	const char *parent = first_parent(b, r->culprit->id);
	struct bisect_answer *a;
	int rc = gb_commit_words(b->at.repo, r->culprit->id, &r->words, err);

	/* On a line of commits it was asked already. */
	if (rc >= 0 && *parent) {
		rc = bisect_ask(b, parent, &a, err);
		if (rc >= 0 && !a->why && a->has >> b->metric & 1)
			r->parent = a;
	}
	if (rc >= 0)
		rc = at_go(&b->at, r->culprit->id, err);
	if (rc >= 0)
		rc = find_budgets(b, r, parent, err);
	if (rc < 0 || !b->at.dir || b->no_lines || gb_metrics[b->metric].benchmark ||
	    gb_metrics[b->metric].compiled)
		return rc;
	return explain(b, r, parent, err);
}
