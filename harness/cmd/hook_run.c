#include "cmd/hook_run.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "base/units.h"
#include "cmd/at_commit.h"
#include "cmd/hook_check.h"
#include "cmd/hook_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct pushing {
	struct gb_repo *repo;
	struct gb_push push;
	struct gb_push_plan plan;
	struct gb_hook_tree tree;
	struct gb_strlist env;
	struct gb_term term;
	struct gb_policy *policy;
	struct gb_hook_check check;
	bool stop, checked;
};

__attribute__((format(printf, 1, 2))) static void say(const char *fmt, ...)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_LINE), safe = GB_BUF_INIT(4 * GB_MAX_LINE);
	va_list ap;

	va_start(ap, fmt);
	gb_buf_vaddf(&text, fmt, ap);
	va_end(ap);
	gb_text_safe(&safe, text.data);
	fprintf(stderr, "gobudget: %s\n", safe.data);
}

/* Only what nobody can answer for is an error here; all else lets the push go on. */
static int give_up(const struct gb_err *own, int rc, struct gb_err *err)
{
	if (rc == GB_EINTR) {
		*err = *own;
		return rc;
	}
	say("%s", own->line);
	if (own->hint[0])
		say("hint: %s", own->hint);
	say("this push is not checked");
	return 0;
}

/* git tells its hooks where it works; a work tree's hook may have no other way to know. */
static int open_repo(struct gb_repo **ret, struct gb_err *err)
{
	const char *dir = getenv("GIT_DIR");

	return gb_repo_open_any(dir && *dir ? dir : ".", ret, err);
}

/* What was not checked, and what becomes of the push. */
static void say_late(const struct pushing *p, const struct gb_push_commit *what)
{
	const struct gb_strlist *late = &p->check.late;
	_buf_ struct gb_buf names = GB_BUF_INIT(GB_MAX_LINE);
	char time[32];

	for (size_t i = 0; i < late->n && i < 5; i++)
		gb_buf_addf(&names, "%s%s", i ? ", " : "", late->v[i]);
	if (late->n > 5)
		gb_buf_addf(&names, " and %zu others", late->n - 5);
	say("%s (%.12s): the time is over (%s, hook.time of the policy); not checked to the end: "
	    "module %s",
	    what->name, what->commit, gb_format_duration(time, sizeof(time), p->policy->hook_ms),
	    names.data);
}

static void judge(struct pushing *p, const struct gb_push_commit *what, enum gb_hook_verdict v)
{
	switch (v) {
	case GB_HOOK_FINE:
		break;
	case GB_HOOK_UNKNOWN:
		say("%s (%.12s): not all could be measured, and the push is not to blame",
		    what->name, what->commit);
		break;
	case GB_HOOK_LATE:
		say_late(p, what);
		p->stop |= p->policy->hook_blocks;
		break;
	case GB_HOOK_OVER:
		say("%s (%.12s) is over budget", what->name, what->commit);
		p->stop = true;
		break;
	case GB_HOOK_BROKEN:
		say("%s (%.12s) does not build, or its tests or budget files are broken",
		    what->name, what->commit);
		p->stop = true;
		break;
	}
	if (v != GB_HOOK_LATE && p->check.late.n)
		say_late(p, what);
	gb_strlist_release(&p->check.late);
}

static void say_start(const struct pushing *p, const struct gb_push_commit *what)
{
	char time[32];

	gb_format_duration(time, sizeof(time), p->policy->hook_ms);
	if (what->base[0])
		say("checking %s (%.12s) against %s (%.12s), at most %s", what->name, what->commit,
		    what->base_name, what->base, time);
	else
		say("checking %s (%.12s), at most %s: the remote has nothing to compare it with",
		    what->name, what->commit, time);
}

static int check_one(struct pushing *p, const struct gb_push_commit *what, struct gb_err *err)
{
	_strlist_ struct gb_strlist modules = GB_STRLIST_INIT;
	enum gb_hook_verdict v = GB_HOOK_FINE;
	int rc = hook_modules(p->repo, what->commit, &modules, err);

	if (rc < 0 || modules.n == 0)
		return rc;
	if (!p->policy && (rc = hook_policy(p->repo, what->commit, &modules, &p->policy, err)) < 0)
		return rc;
	if (!p->tree.folder && (rc = hook_tree_open(p->repo, &p->tree, err)) < 0)
		return rc;
	p->check.what = what;
	p->check.folder = p->tree.folder;
	p->check.modules = &modules;
	p->check.limit_ms = p->policy->hook_ms;
	say_start(p, what);
	rc = hook_check(&p->check, &v, err);
	p->check.modules = NULL;
	if (rc >= 0)
		judge(p, what, v);
	return rc;
}

static int check_all(struct pushing *p, struct gb_err *err)
{
	struct gb_err own = GB_ERR_INIT;
	int rc = 0;

	if (p->plan.left_out)
		say("%zu references are not looked at: at most %zu commits of a push are checked",
		    p->plan.left_out, GB_MAX_PUSH_COMMITS);
	for (size_t i = 0; i < p->plan.n && rc >= 0; i++) {
		rc = check_one(p, &p->plan.v[i], &own);
		if (rc < 0)
			rc = give_up(&own, rc, err);
		own = (struct gb_err)GB_ERR_INIT;
	}
	if (rc >= 0 && p->stop)
		say("the push is stopped; git push --no-verify goes past this check");
	return rc < 0 ? rc : p->stop;
}

static int prepare(struct pushing *p, const char *remote, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_PUSH);
	int rc = gb_buf_read_fd(&text, STDIN_FILENO, err);

	if (rc < 0 || (rc = gb_push_parse(text.data, text.len, &p->push, err)) < 0 ||
	    p->push.n == 0)
		return rc;
	if ((rc = open_repo(&p->repo, err)) < 0 ||
	    (rc = gb_push_plan(p->repo, remote, &p->push, &p->plan, err)) < 0)
		return rc;
	gb_term_init(&p->term, stderr);
	p->check.repo = p->repo;
	p->check.term = &p->term;
	p->check.env = &p->env;
	return at_environment(&p->env, err);
}

int hook_run(const char *remote, struct gb_err *err)
{
	struct pushing p = { .tree.lock = -1, .check.started_ms = gb_now_ms() };
	struct gb_err own = GB_ERR_INIT;
	int rc = prepare(&p, remote, &own);

	rc = rc < 0 ? give_up(&own, rc, err) : check_all(&p, err);
	gb_worktree_free(p.check.wt);
	hook_tree_close(&p.tree);
	gb_policy_free(p.policy);
	gb_strlist_release(&p.env);
	gb_strlist_release(&p.check.late);
	gb_push_plan_release(&p.plan);
	gb_push_release(&p.push);
	gb_repo_free(p.repo);
	return rc;
}
