#include "cmd/drift.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "git/anchor.h"
#include "git/notes.h"
#include "git/walk.h"

#include <stdlib.h>
#include <string.h>

static int read_note(struct gb_drift_check *d, const struct gb_repo *repo, const char *commit,
		     struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE);
	struct gb_notes notes = { 0 };
	const struct gb_note_entry *e;
	struct gb_err own = GB_ERR_INIT;
	int rc = gb_notes_load(repo, NULL, &notes, &own);

	e = rc < 0 ? NULL : gb_notes_find(&notes, commit);
	if (e)
		rc = gb_walk_read(repo, e->blob, &text, &own);
	if (rc >= 0 && e)
		rc = gb_note_parse("its git note", text.data, text.len, &d->anchor.note, &own);
	gb_notes_release(&notes);
	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	/* What is no note of ours says nothing; its budget files may. */
	return rc < 0 ? gb_strlist_addf(&d->notes, err, "drift: %s", own.line) : 0;
}

static int open_anchor(struct gb_drift_check *d, const struct gb_job *j, const char *since,
		       struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	char id[41];
	int rc = gb_repo_open(".", &repo, err);

	if (rc >= 0)
		rc = gb_repo_anchor(repo, since, id, err);
	if (rc < 0)
		return rc;
	if (!(d->name = gb_asprintf("%.40s (%.12s)", since, id)))
		return gb_fail_nomem(err);
	d->anchor.name = d->name;
	rc = which_base_budgets(repo, id, j, &d->anchor.budgets, err);
	return rc < 0 ? rc : read_note(d, repo, id, err);
}

static int tell_moved(struct gb_drift_check *d, const struct gb_policy *rules,
		      const struct gb_policy *here, const struct gb_policy *base,
		      struct gb_err *err)
{
	const char *now = here->drift.since, *then = base->drift.since;

	if (rules == here)
		return gb_strlist_addf(
			&d->notes, err,
			"drift: this change loosens the policy's drift (since %s; the "
			"base's: since %s)%s%s",
			now ? now : "nothing any more", then,
			here->drift.reason ? ", reason: " : "",
			here->drift.reason ? here->drift.reason : "");
	return gb_strlist_addf(&d->notes, err,
			       "drift: the base's policy counts (since %s): it wants a %s before "
			       "its drift is loosened",
			       then, base->raise == GB_RAISE_REASON ? "reason" : "waiver");
}

int drift_judge(struct gb_drift_check *d, const struct gb_job *j, const struct gb_which_base *base,
		struct gb_verdicts *v, struct gb_err *err)
{
	struct gb_err own = GB_ERR_INIT;
	bool loosened;
	const struct gb_policy *rules = gb_drift_rules(j->policy, base->policy, &loosened);
	int rc = loosened ? tell_moved(d, rules, j->policy, base->policy, err) : 0;

	if (rc < 0 || !rules->drift.since || rules->on_drift == GB_ACT_IGNORE)
		return rc;
	if ((rc = open_anchor(d, j, rules->drift.since, &own)) >= 0)
		rc = gb_anchor_knows(&d->anchor, &j->run->env, &own);
	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	if (rc > 0)
		return gb_judge_drift(j->run, &j->budgets, rules, &d->anchor, v, err);
	d->unjudged = rules->on_drift == GB_ACT_FAIL;
	if (rc == 0)
		return gb_strlist_addf(&d->notes, err,
				       "drift is not judged: nothing that was measured in this "
				       "environment is known of %s",
				       d->name);
	return gb_strlist_addf(&d->notes, err, "drift is not judged: %s%s%s", own.line,
			       own.hint[0] ? "; " : "", own.hint);
}

void drift_release(struct gb_drift_check *d)
{
	gb_anchor_release(&d->anchor);
	gb_strlist_release(&d->notes);
	free(d->name);
	*d = (struct gb_drift_check){ 0 };
}
