/*
 * history_files - budget files of many commits, each text parsed once.
 *
 * A file is the same in most commits that are compared: what one commit has, its child had.  Kept
 * by the name of the blob; what was handed out is good until history_files_trim().
 */
#ifndef GB_BUDGET_HISTORY_FILES_H
#define GB_BUDGET_HISTORY_FILES_H

#include "budget/budget.h"

struct gb_repo;

struct history_file {
	char blob[41];
	struct gb_budget_file *file; /* NULL: could not be read, and why */
	char *why;
};

struct history_files {
	struct history_file *v; /* open addressing by blob */
	size_t n;
};

/*
 * *ret is the cache's; NULL where there is no such file, and where it is no sound budget file: then
 * `why` is set as well.
 */
int history_file(struct history_files *c, const struct gb_repo *repo, const char *commit,
		 const char *path, struct gb_budget_file **ret, struct gb_err *why,
		 struct gb_err *err);
/* The file of a package at a commit, below the folder of its module; NULL: it has none there. */
int history_file_of(struct history_files *c, const struct gb_repo *repo, const char *commit,
		    const char *below, const char *package, struct gb_budget_file **ret,
		    struct gb_err *err);
void history_files_trim(struct history_files *c);
void history_files_release(struct history_files *c);

/* What a commit of history.h owns, and one measurement. */
struct gb_history_commit;
struct gb_history_measured;
void history_release_commit(struct gb_history_commit *c);
void history_release_measured(struct gb_history_measured *m);

/* Could this text have the test?  Without parsing it: true too often, never too rarely. */
bool history_text_names(const char *text, size_t len, const char *test);

#endif
