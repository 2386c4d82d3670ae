/*
 * which_base - the base of this change: found, its rules read, told.
 *
 * Without a repository, or where no base can be found, there is none, and the
 * report says why.  Only a base that was asked for and is not there is an error.
 */
#ifndef GB_CMD_WHICH_BASE_H
#define GB_CMD_WHICH_BASE_H

#include "budget/judge_base.h"
#include "cmd/job.h"
#include "cmd/renames.h"
#include "git/base.h"

struct gb_which_base {
	struct gb_base_commit commit; /* id "": none */
	bool hidden;		      /* ... although there should be one: the note is news */
	struct gb_budgets budgets;    /* the base's, of all main modules */
	struct gb_policy *policy;     /* the base's; NULL: its rules could not be read */
	char head[41];		      /* the commit here; "": none */
	bool test_merge;	      /* the change is the second parent of HEAD */
	char *root;		      /* the first module's folder below the top; or NULL */
	struct gb_renames renames;    /* found before judging */
	char *note;		      /* "base: origin/main (3c2fe681b2c4), merge base with ..." */
};

/* Before measuring; `rev` as asked for, or NULL. */
int which_base_find(struct gb_which_base *b, const char *rev, struct gb_err *err);
/* Once the modules are known. */
int which_base_rules(struct gb_which_base *b, const struct gb_job *j, struct gb_err *err);
struct gb_repo;
/* A folder counted from the top of the work tree, "" for the top; NULL: outside of it. */
char *which_base_below(const struct gb_repo *repo, const char *dir);
/* What budget files of all main modules a commit has. */
int which_base_budgets(const struct gb_repo *repo, const char *commit, const struct gb_job *j,
		       struct gb_budgets *ret, struct gb_err *err);
/* gb_judge_base() with that, and with the base's run where it was measured. */
int which_base_judge(struct gb_which_base *b, const struct gb_job *j, const struct gb_run *measured,
		     struct gb_verdicts *v, struct gb_err *err);
void which_base_release(struct gb_which_base *b);

#endif
