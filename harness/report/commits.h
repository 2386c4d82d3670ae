/*
 * commits - the commits of a change, one by one: what each did to budgets, what was measured there.
 *
 * Newest first, at most GB_REPORT_COMMITS of them.  Columns are the metrics of tests that this
 * report has something to say of; their values come from git notes, in the environment of the
 * run.  Names are anybody's: renderers make them safe.
 */
#ifndef GB_REPORT_COMMITS_H
#define GB_REPORT_COMMITS_H

#include "budget/judge.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_buf;

#define GB_REPORT_COMMITS	 ((size_t)50)
#define GB_REPORT_COMMIT_COLUMNS ((size_t)4)

struct gb_report_commit {
	char id[41];
	const char *author, *subject;
	size_t raised, lowered, added, removed; /* budgets */
	bool has[GB_REPORT_COMMIT_COLUMNS];
	int64_t measured[GB_REPORT_COMMIT_COLUMNS];
};

struct gb_report_column {
	const char *package, *test;
	enum gb_metric metric;
};

struct gb_report_commits {
	struct gb_report_commit *v;
	size_t n;
	size_t more; /* older ones that are not in v */
	struct gb_report_column columns[GB_REPORT_COMMIT_COLUMNS];
	size_t n_columns;
};

/* "2 raised, 1 new"; nothing where it changed no budget. */
void gb_say_commit(struct gb_buf *out, const struct gb_report_commit *c);
/* "store.TestCache alloc_space" */
void gb_say_column(struct gb_buf *out, const struct gb_report_column *column);
/* The first of the verdicts that are about a number of a test and worth a column; how many. */
size_t gb_commits_columns(const struct gb_verdicts *v,
			  struct gb_report_column ret[GB_REPORT_COMMIT_COLUMNS]);
/* Does it tell anything of any budget? */
bool gb_commits_tell(const struct gb_report_commits *c);

#endif
