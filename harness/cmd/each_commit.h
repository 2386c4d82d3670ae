/*
 * each_commit - check --each-commit: every commit of a range, oldest first, each against its own
 * budgets and its first parent's.
 *
 * By first parents: what a merge brought counts where it was merged.  All are measured in one
 * scratch work tree (cmd/at_commit.h), and what was measured is kept in git notes at once, so that
 * the same command goes on where it was stopped.  Commits that do not build, or whose tests fail,
 * are told.
 */
#ifndef GB_CMD_EACH_COMMIT_H
#define GB_CMD_EACH_COMMIT_H

#include "cmd/job.h"

struct each_asked {
	const char *range; /* NULL: not asked for */
	bool again;	   /* what notes have, too */
	bool escapes;
	bool odd; /* an option is given that has no meaning here */
};

#define EACH_COMMIT_OPTS(asked)                                                         \
	{ "each-commit",                                                                \
	  0,                                                                            \
	  GB_OPT_STRING,                                                                \
	  "REV..REV",                                                                   \
	  "measure every commit of a range, and keep it in git notes",                  \
	  &(asked).range,                                                               \
	  0,                                                                            \
	  0,                                                                            \
	  false },                                                                      \
	{                                                                               \
		"again", 0, GB_OPT_FLAG, NULL,                                          \
			"with --each-commit: measure what git notes have already, too", \
			&(asked).again, 0, 0, false                                     \
	}

/*
 * 1: a commit is over budget; 3: none is, but one could not be measured; 0.  GB_EINTR: what was
 * measured until then is kept.
 */
int each_commit(const struct each_asked *asked, const struct gb_job_options *o, struct gb_err *err);

#endif
