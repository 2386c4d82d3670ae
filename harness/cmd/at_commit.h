/*
 * at_commit - gobudget run at other commits, one after the other, in one scratch work tree.
 *
 * The tree (git/worktree.h) stays in one folder, so that the Go build cache serves all commits.
 * What runs there is this program as a child, with all that belongs to it: its own process group,
 * a deadline, its end when we end. It sees nothing of the GitHub event and of a hook's GIT_DIR,
 * which speak of another tree.
 */
#ifndef GB_CMD_AT_COMMIT_H
#define GB_CMD_AT_COMMIT_H

#include "base/strlist.h"
#include "budget/measured.h"
#include "git/worktree.h"
#include "report/progress.h"

struct gb_buf;

/* One run that takes longer hangs: go test has deadlines of its own, a build has none. */
#define GB_AT_DEADLINE_MS (60 * 60 * 1000)

struct gb_at {
	struct gb_repo *repo; /* the user's */
	char *scratch, *self;
	char *below; /* our folder from the top, "" for the top and in a bare repository */
	char *dir;   /* the one that answers to it in the tree; NULL: the commit has none */
	struct gb_worktree *tree; /* NULL until at_go() */
	struct gb_strlist env;
	struct gb_progress progress;
	bool quiet;
	int64_t timeout_ms; /* of one run of gobudget; 0: none */
};

/* Says so on standard error where git shows another history than the one that is read. */
int at_open(struct gb_at *a, struct gb_err *err);
/* Makes the tree that of `commit`, 40 digits, as a fresh checkout has it. */
int at_go(struct gb_at *a, const char *commit, struct gb_err *err);

/* The environment of children elsewhere: nothing of the repository that git is working in, and
 * nothing added, since tests see it. */
int at_environment(struct gb_strlist *env, struct gb_err *err);
/*
 * Runs `gobudget WORDS...` in the folder; what it says on both streams is appended to `out`, of
 * too much the end.  `phase` is for the live line.  GB_ETIME.
 */
int at_run(struct gb_at *a, const struct gb_strlist *words, const char *phase, struct gb_buf *out,
	   int *ret_status, struct gb_err *err);

struct gb_at_result {
	bool measured; /* `m` holds what came of it */
	struct gb_measured_commit m;
	char *why; /* one line where it could not be measured, else "" */
	char *log; /* what was said; its end */
	int64_t wall_ms;
};

/*
 * Goes to `commit` and measures: `gobudget measure WORDS...`.  `have` is the text of its note, or
 * NULL.  A commit that cannot be measured is no error; Ctrl-C is, and a tree that cannot be
 * written.
 */
int at_measure(struct gb_at *a, const char *commit, const char *have,
	       const struct gb_strlist *words, const char *phase, struct gb_at_result *ret,
	       struct gb_err *err);
void at_result_release(struct gb_at_result *r);

/* Its last lines, each after "  | ", safe to show. */
void at_log_tail(const char *log, size_t lines, struct gb_buf *out);

void at_close(struct gb_at *a); /* removes the scratch folder */

#endif
