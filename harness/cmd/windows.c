#include "cmd/windows.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/repo.h"

#include <stdlib.h>
#include <string.h>

struct wanted {
	const struct gb_policy *here, *base;
};

static bool is_wanted(void *arg, const char *package, const char *test, enum gb_metric m)
{
	const struct wanted *w = arg;

	return gb_windows_want(w->here, w->base, package, test, m);
}

static int read_past(struct windows_check *w, const struct gb_which_base *base,
		     const struct wanted *rules, struct gb_past *ret, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	struct gb_past_options o = { .from = w->from, .wants = is_wanted };
	int more = 0;
	size_t nights = 0;
	char head[41];
	int rc = gb_repo_open(".", &repo, err);

	if (rc >= 0)
		rc = gb_repo_commit(repo, "HEAD", head, err);
	if (rc < 0)
		return rc;
	o.after = !base || !base->commit.id[0] || strcmp(base->commit.id, head) == 0;
	memcpy(w->from, o.after ? head : base->commit.id, sizeof(head));
	gb_windows_reach(rules->here, &o.days, &o.nights);
	if (rules->base)
		gb_windows_reach(rules->base, &more, &nights);
	o.days = more > o.days ? more : o.days;
	o.arg = (void *)(uintptr_t)rules;
	return gb_past_read(repo, &o, ret, err);
}

int windows_open(struct windows_check *w, struct gb_job *j, const struct gb_which_base *base,
		 struct gb_err *err)
{
	const struct wanted rules = { j->policy, base ? base->policy : NULL };
	struct gb_past past = { 0 };
	struct gb_err own = GB_ERR_INIT;
	int rc;

	if (!j->policy->n_windows && !j->policy->n_near && !(rules.base && rules.base->n_windows))
		return 0;
	rc = read_past(w, base, &rules, &past, &own);
	if (rc < 0 && rc != GB_ENOMEM)
		w->why = gb_asprintf("%s%s%s", own.line, own.hint[0] ? "; " : "", own.hint);
	if (rc == GB_ENOMEM || (rc < 0 && !w->why))
		return gb_fail_nomem(err);
	rc = gb_windows_begin(&w->windows, rules.here, rules.base, &past, err);
	gb_past_release(&past);
	if (rc >= 0)
		j->budgets.windows = &w->windows;
	return rc;
}

static int tell_young(struct windows_check *w, const struct gb_windows_count *c, struct gb_err *err)
{
	const struct gb_past *p = &w->windows.past;
	const char *how = "; each `gobudget check --note` on another commit adds one";

	if (p->cut[0])
		how = "; this clone is shallow: `git fetch --unshallow` (actions/checkout: "
		      "fetch-depth: 0)";
	else if (!p->nights)
		how = "; `gobudget notes fetch` gets those of the remote, `gobudget check --note` "
		      "makes them";
	return gb_strlist_addf(
		&w->notes, err,
		"no window yet for %zu measurement%s: %zu of %d nights are known within "
		"%d day%s before %.12s%s",
		c->young, c->young == 1 ? "" : "s", c->nights, c->at_least, c->days,
		c->days == 1 ? "" : "s", w->from, how);
}

static int tell_loosened(struct windows_check *w, const struct gb_windows_count *c,
			 struct gb_err *err)
{
	int rc = 0;

	if (c->loosened > c->refused)
		rc = gb_strlist_addf(
			&w->notes, err,
			"windows: this change loosens the policy's for %zu measurement%s",
			c->loosened - c->refused, c->loosened - c->refused == 1 ? "" : "s");
	if (rc >= 0 && c->refused)
		rc = gb_strlist_addf(
			&w->notes, err,
			"windows: the base's policy counts for %zu measurement%s: it wants "
			"a %s before its windows are loosened",
			c->refused, c->refused == 1 ? "" : "s",
			w->windows.base->raise == GB_RAISE_REASON ? "new reason" : "waiver");
	return rc;
}

int windows_tell(struct windows_check *w, const struct gb_job *j, struct gb_err *err)
{
	struct gb_windows_count c;
	int rc;

	if (!j->budgets.windows)
		return 0;
	if ((rc = gb_windows_count(&w->windows, j->run, &c, err)) < 0)
		return rc;
	if (w->why)
		rc = gb_strlist_addf(&w->notes, err, "windows are not judged: %s", w->why);
	if (rc >= 0 && w->windows.past.trouble)
		rc = gb_strlist_addf(&w->notes, err, "windows: %s", w->windows.past.trouble);
	if (rc >= 0 && c.young && !w->why)
		rc = tell_young(w, &c, err);
	if (rc >= 0 && c.loosened)
		rc = tell_loosened(w, &c, err);
	w->unjudged = c.young && (w->why || w->windows.past.cut[0]) &&
		      gb_windows_action(&w->windows) == GB_ACT_FAIL;
	return rc;
}

void windows_close(struct windows_check *w, struct gb_job *j)
{
	j->budgets.windows = NULL;
	gb_windows_release(&w->windows);
	gb_strlist_release(&w->notes);
	free(w->why);
	*w = (struct windows_check){ 0 };
}
