/*
 * hook_check - one commit of a push, measured in a scratch work tree and judged against its base.
 *
 * gobudget check does it, as a child, once for each module: the very numbers that CI would have.
 * Where it could not measure all, the base is asked, too: what it has as well is nobody's doing here.
 */
#ifndef GB_CMD_HOOK_CHECK_H
#define GB_CMD_HOOK_CHECK_H

#include "base/strlist.h"
#include "base/term.h"
#include "budget/policy.h"
#include "git/push.h"
#include "git/worktree.h"

#include <stdint.h>

enum gb_hook_verdict {
	GB_HOOK_FINE,
	GB_HOOK_UNKNOWN, /* it could not be measured, and nobody can say that this is its fault */
	GB_HOOK_LATE,	 /* the time was over before */
	GB_HOOK_OVER,	 /* over budget, and not so at the base */
	GB_HOOK_BROKEN,	 /* does not build, fails, has a broken budget file; the base does not */
};

struct gb_hook_check {
	const struct gb_repo *repo;
	const struct gb_push_commit *what;
	const char *folder;		  /* empty, ours (hook_tree) */
	const struct gb_strlist *env;	  /* of children */
	const struct gb_strlist *modules; /* their folders from the top: "", "tools" */
	struct gb_term *term;
	int64_t started_ms, limit_ms; /* of the whole push */
	struct gb_worktree *wt;	      /* NULL before the first commit; the caller's to free */
	struct gb_strlist late;	      /* modules that were not checked to the end */
};

/* The modules of a commit: folders of a go.mod, those with budgets if any has. */
int hook_modules(const struct gb_repo *repo, const char *commit, struct gb_strlist *ret,
		 struct gb_err *err);

/* The policy beside the top, else that of the first module, as the commit has it; a broken one is for
 * check to tell, and the built-in one rules. */
int hook_policy(const struct gb_repo *repo, const char *commit, const struct gb_strlist *modules,
		struct gb_policy **ret, struct gb_err *err);

/* The worst of all modules.  Prints on standard error.  GB_EINTR, or what the tree could not do. */
int hook_check(struct gb_hook_check *c, enum gb_hook_verdict *ret, struct gb_err *err);

#endif
