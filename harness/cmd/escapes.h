/*
 * escapes - the compiler asked: what is on the heap, in this tree or at the base.
 *
 *	escapes_here()	   compiles the packages of a job and reads what the compiler says
 *	escapes_at_base()  the same packages at the base
 *	escapes_count()	   the metric into the run
 *	escapes_only()	   check --escapes-only: no test runs
 */
#ifndef GB_CMD_ESCAPES_H
#define GB_CMD_ESCAPES_H

#include "cmd/gather.h"
#include "cmd/job.h"
#include "escape/diff.h"
#include "escape/rules.h"
#include "report/report.h"

/* Everything that a report tells of escapes. */
struct gb_asked {
	struct gb_escapes *head, *base;
	struct gb_escape_diff diff;
	struct gb_warnings warnings;
	struct gb_report_escapes told;
};

/*
 * `run` is that of gb_compile(), or NULL.  tests: test files too.  Where the job measures, its
 * overlay is used, so that the standard library is not compiled a second time.
 * GB_EMEASURE: something does not compile.
 */
int escapes_here(struct gb_job *j, bool tests, struct gb_run *run, struct gb_escapes **ret,
		 struct gb_err *err);

/* Needs an open base, not a measured one.  Packages that the base does not have are left out;
 * where it has none of them, the set is empty.  Files that cannot be had leave *ret alone, and a line
 * in `notes` says why. */
int escapes_at_base(struct gb_base *b, struct gb_job *j, bool tests, struct gb_strlist *notes,
		    struct gb_escapes **ret, struct gb_err *err);

/* Puts the counts into the rows "(package)" of the run's packages. */
int escapes_count(const struct gb_escapes *e, struct gb_run *run, struct gb_err *err);

/* Rules, and the difference to the base where there is one; fills a->told. */
int escapes_tell(struct gb_asked *a, struct gb_job *j, const struct gb_base *b, struct gb_err *err);
void escapes_close(struct gb_asked *a);

#endif
