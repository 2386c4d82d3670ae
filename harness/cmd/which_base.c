#include "cmd/which_base.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/replaced.h"
#include "git/repo.h"
#include "github/event.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static int find(struct gb_which_base *b, const char *rev, const struct gb_event *event,
		struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	const struct gb_base_clues clues = { .rev = rev,
					     .event = event->name,
					     .event_sha = event->base_sha,
					     .base_ref = event->base_ref,
					     .test_merge = event->test_merge };
	struct gb_err own = GB_ERR_INIT;
	_free_ char *replaced = NULL;
	int rc = gb_repo_open(".", &repo, &own);

	if (rc < 0 && (rev || rc == GB_ENOMEM)) {
		*err = own;
		return rc;
	}
	if (rc < 0) {
		b->hidden = rc != GB_ENOTFOUND;
		b->note =
			gb_asprintf("no base: %s%s%s", own.line, own.hint[0] ? "; " : "", own.hint);
		return b->note ? 0 : gb_fail_nomem(err);
	}
	if (gb_repo_commit(repo, "HEAD", b->head, NULL) < 0)
		b->head[0] = '\0';
	replaced = replaced_line(repo);
	if ((rc = gb_base_find(repo, &clues, &b->commit, err)) < 0)
		return rc;
	b->hidden = b->commit.hidden;
	b->test_merge = event->test_merge && gb_streq(b->commit.name, "HEAD^1") && !rev;
	if (!b->commit.id[0])
		b->note = gb_asprintf("no base: %s", b->commit.why);
	else
		b->note =
			gb_asprintf("base: %s (%.12s), %s%s%s", b->commit.name, b->commit.id,
				    b->commit.why, replaced ? "; " : "", replaced ? replaced : "");
	return b->note ? 0 : gb_fail_nomem(err);
}

int which_base_find(struct gb_which_base *b, const char *rev, struct gb_err *err)
{
	struct gb_event event = { 0 };
	int rc = gb_event_read(&event, err);

	if (rc >= 0)
		rc = find(b, rev, &event, err);
	gb_event_release(&event);
	return rc;
}

char *which_base_below(const struct gb_repo *repo, const char *dir)
{
	_free_ char *real = NULL, *top = NULL;

	if (gb_fs_realpath(dir, &real, NULL) < 0 ||
	    gb_fs_realpath(gb_repo_top(repo), &top, NULL) < 0 || !gb_path_under(real, top))
		return NULL;
	return gb_strdup(strcmp(real, top) ? gb_path_relative(real, top) : "");
}

int which_base_budgets(const struct gb_repo *repo, const char *commit, const struct gb_job *j,
		       struct gb_budgets *ret, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < j->go.n_modules && rc >= 0; i++) {
		_free_ char *below = which_base_below(repo, j->go.modules[i].dir);

		if (below)
			rc = gb_budgets_load_commit(repo, commit, j->go.modules[i].path, below, ret,
						    err);
	}
	return rc;
}

static int read_rules(struct gb_which_base *b, const struct gb_repo *repo, const struct gb_job *j,
		      struct gb_err *err)
{
	_free_ char *rules = which_base_below(repo, j->policy_dir);
	int rc = which_base_budgets(repo, b->commit.id, j, &b->budgets, err);

	if (rc < 0)
		return rc;
	/* An exception that has ended is no error of this change: see judge_base. */
	return gb_policy_load_commit(repo, b->commit.id, rules ? rules : "", 0, &b->policy, err);
}

/* Where it is not known, paths count from the module. */
static void find_root(struct gb_which_base *b, const struct gb_job *j)
{
	_repo_ struct gb_repo *repo = NULL;

	if (j->go.n_modules && gb_repo_open(".", &repo, NULL) >= 0)
		b->root = which_base_below(repo, j->go.modules[0].dir);
}

int which_base_rules(struct gb_which_base *b, const struct gb_job *j, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	struct gb_err own = GB_ERR_INIT;
	int rc;

	find_root(b, j);
	if (!b->commit.id[0])
		return 0;
	rc = gb_repo_open(".", &repo, &own);
	if (rc >= 0)
		rc = read_rules(b, repo, j, &own);
	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	if (rc < 0) {
		char *note = gb_asprintf("%s; its budgets are not compared: %s%s%s", b->note,
					 own.line, own.hint[0] ? "; " : "", own.hint);

		if (!note)
			return gb_fail_nomem(err);
		free(b->note);
		b->note = note;
	}
	return 0;
}

int which_base_judge(struct gb_which_base *b, const struct gb_job *j, const struct gb_run *measured,
		     struct gb_verdicts *v, struct gb_err *err)
{
	struct gb_base_rules rules = { .budgets = &b->budgets,
				       .policy = b->policy,
				       .run = measured };
	time_t now = time(NULL);
	struct tm day;

	if (!b->policy)
		return 0;
	/* What git cannot compare (a shallow clone) is not said to be raised. */
	if (renames_find(&b->renames, j, b->commit.id, &b->budgets, NULL) == GB_ENOMEM)
		return gb_fail_nomem(err);
	rules.moves = b->renames.v;
	rules.n_moves = b->renames.n;
	if (!gmtime_r(&now, &day) || !strftime(rules.today, sizeof(rules.today), "%Y-%m-%d", &day))
		return gb_fail(err, GB_ESYS, "what day it is cannot be told");
	return gb_judge_base(j->run, &j->budgets, &rules, v, err);
}

void which_base_release(struct gb_which_base *b)
{
	gb_base_commit_release(&b->commit);
	gb_budgets_release(&b->budgets);
	gb_policy_free(b->policy);
	renames_release(&b->renames);
	free(b->note);
	free(b->root);
	*b = (struct gb_which_base){ 0 };
}
