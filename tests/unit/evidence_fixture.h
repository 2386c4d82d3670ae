/*
 * evidence_fixture - evidence made by hand for the tests of report_fixture.h.
 *
 * TestPut of package store: two sites with stacks, the worse with an escape, and
 * its allocations as the run would have told them.  `hostile` stands for every text in
 * it that comes from outside; NULL: sensible ones.
 */
#ifndef GB_TESTS_EVIDENCE_FIXTURE_H
#define GB_TESTS_EVIDENCE_FIXTURE_H

#include "report_fixture.h"

struct evidence_fixture {
	struct gb_evidences all;
	struct gb_test base_test;
};

/* Puts it into the report; with_base: as the difference to a base. */
void evidence_make(struct evidence_fixture *e, struct fixture *f, bool with_base,
		   const char *hostile);
void evidence_release(struct evidence_fixture *e);

#endif
