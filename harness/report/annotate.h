/*
 * annotate - the report as remarks at lines: workflow commands, annotations of a check run.
 *
 * One for each verdict that fails or warns and each trouble, in the report's order, at the line
 * that did it (culprit.h), else at the test, else at the budget; nowhere where all of them lie
 * outside of the module.
 */
#ifndef GB_REPORT_ANNOTATE_H
#define GB_REPORT_ANNOTATE_H

#include "github/runner.h"
#include "report/report.h"

struct gb_annotations {
	struct gb_annotation *v;
	size_t n, cap;
};

/* `dir`: where the module lies in the repository, "" for its root. */
int gb_report_annotate(const struct gb_report *r, const char *dir, struct gb_annotations *ret,
		       struct gb_err *err);
void gb_annotations_release(struct gb_annotations *a);

#endif
