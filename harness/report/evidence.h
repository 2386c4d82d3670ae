/*
 * evidence - which line did it: where a test's bytes and goroutines come from.
 *
 * Part of the report model.  `explain` shows all of it, the reports show below
 * an `over` what fits.  Sites are those of the runs that explain (exact or
 * alone, see go/run.h); with a base they are the difference to the same test,
 * measured the same way, at the base.
 *
 * Stacks that meet in one line of the user's are one site: that line is the
 * place to look at.  At the base its counterpart is the line with the same text
 * in the same function, else the one in the same place of that function's
 * remaining lines: lines that only moved are not news.
 */
#ifndef GB_REPORT_EVIDENCE_H
#define GB_REPORT_EVIDENCE_H

#include "base/strlist.h"
#include "go/run.h"

struct gb_err;
struct gb_escapes;

enum gb_evidence_kind {
	GB_EV_ALLOC, /* allocated while the test ran */
	GB_EV_INUSE, /* of that, still reachable after the test; measured alone */
	GB_EV_SPAWN, /* goroutines started: objects counts them, bytes is 0 */
};

struct gb_evidence_site {
	enum gb_evidence_kind kind;
	int64_t bytes, objects;		  /* now */
	int64_t base_bytes, base_objects; /* at the base; 0 where there is no such site */
	const struct gb_site *frames; /* the largest stack, innermost first; borrowed from a run */
	size_t n_frames;
	size_t at;		 /* the frame to look at: the innermost that someone here wrote */
	size_t stacks;		 /* how many met here */
	bool gone;		 /* only at the base: the frames are the base's */
	const char *how;	 /* the runtime's function that it called, "" unknown */
	char *source;		 /* that line without blanks around it; NULL: not readable */
	struct gb_strlist chain; /* how it came about, in words, a sentence each */
	char *escape;		 /* why the compiler put it on the heap, one sentence; NULL */
	struct gb_strlist flow;	 /* the compiler's own steps, one each */
	bool escape_is_new;	 /* the base's compiler did not say so */
};

/* Of one test. */
struct gb_evidence {
	const struct gb_package *package; /* borrowed from the run of now */
	const struct gb_test *test;
	const struct gb_test *base_test; /* NULL: no base, or no such test there */
	enum gb_mode mode;		 /* of the alloc sites: exact or alone */
	int64_t bytes, objects;		 /* all that was allocated in that run; -1: not measured */
	int64_t base_bytes, base_objects;
	struct gb_evidence_site *sites; /* by kind; within a kind the worst first: by the
					  * difference to the base where there is one */
	size_t n_sites, cap_sites;
};

struct gb_evidences {
	char *base; /* "main (3c2fe68)", or NULL */
	bool alone; /* the sites of tests that ran alone are wanted, not those in order */
	const struct gb_run *base_run;
	const struct gb_escapes *escapes, *base_escapes; /* what the compilers said, or NULL */
	struct gb_evidence *v;
	size_t n, cap;
};

/* NULL: nothing is known of that test. */
const struct gb_evidence *gb_evidence_find(const struct gb_evidences *all,
					   const struct gb_package *package,
					   const struct gb_test *test);

/*
 * Adds what is known of one test.  The caller fills base_run and the escapes before; they must
 * outlive `all`.  Reads source files below the packages' module folders.  A test without sites,
 * or one that is there already, adds nothing.
 */
int gb_evidence_add(struct gb_evidences *all, const struct gb_package *package,
		    const struct gb_test *test, struct gb_err *err);

/* Which kind of site speaks for a metric. */
enum gb_evidence_kind gb_evidence_kind_for(const struct gb_evidence *e, enum gb_metric m);

/* The site of a go statement; NULL: not known.  `e` may be NULL. */
const struct gb_evidence_site *gb_evidence_spawn(const struct gb_evidence *e,
						 const struct gb_site *created);

/*
 * The sites that say most of a metric, worst first: what was allocated, what is reachable for
 * inuse_space (where that is known), go statements for goroutines.  Fills at most `max`, and leaves
 * out what weighs less than a hundredth of the first.
 */
size_t gb_evidence_top(const struct gb_evidence *e, enum gb_metric m,
		       const struct gb_evidence_site **ret, size_t max);

void gb_evidences_release(struct gb_evidences *all);
#define _evidences_ __attribute__((cleanup(gb_evidences_release)))

#endif
