/*
 * culprit - the one line to look at for a verdict, and the goroutines to show for it.
 *
 * For renderings that have room for one place: a row of a table, an annotation.
 */
#ifndef GB_REPORT_CULPRIT_H
#define GB_REPORT_CULPRIT_H

#include "report/report.h"

/* Where most of it is allocated or started; of goroutines left behind, where most of them were
 * created, by the nearest caller outside the standard library.  NULL: not known.  Borrowed. */
const struct gb_site *gb_report_culprit(const struct gb_report *r, const struct gb_judgement *j);

/* Verdicts of one test on the same kind of thing have the same evidence.  -1: no metric. */
bool gb_report_same_evidence(int a, int b);

/*
 * Where a remark about a verdict belongs: at the line that did it, else at the test, else at the
 * budget; only what lies in the module, by a path that stays there.  NULL: nowhere.  The site is
 * the report's, or *room.
 */
const struct gb_site *gb_report_place(const struct gb_report *r, const struct gb_judgement *j,
				      struct gb_site *room);
/* Below the module, by a path that stays there. */
bool gb_report_is_here(const char *file);
/* Is a verdict one to make a remark of?  Tests without a budget, and budgets far too loose, are no
 * line's fault. */
bool gb_report_is_remark(const struct gb_judgement *j);

/*
 * gb_evidence_top(), and where nothing grew against the base what weighs most all the same, with
 * *ret_as_before set: a test can be over its budget at the base, too.
 */
size_t gb_report_sites(const struct gb_evidence *e, enum gb_metric m,
		       const struct gb_evidence_site **ret, size_t max, bool *ret_as_before);

/* The groups to show for a verdict on goroutines, those of the run that it was judged by, worst
 * first: at most `max`; *ret_more: how many there are besides. */
size_t gb_report_groups(const struct gb_judgement *j, const struct gb_group **ret, size_t max,
			size_t *ret_more);

/* The values behind a verdict on a package's escapes; against a base only those that are new. */
size_t gb_report_escapes(const struct gb_report *r, const struct gb_judgement *j,
			 const struct gb_escape **ret, size_t max, size_t *ret_more);

#endif
