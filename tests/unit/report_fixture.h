/*
 * report_fixture - a run made by hand, with one verdict of every kind.
 *
 * Module example.com/shop: store (goroutines over in 1 of 5 runs, bytes over,
 * one waived), cache (panicked, and one test that grew), api/v2 (new, slack,
 * gone), old (incomparable, has no tests).
 */
#ifndef GB_TESTS_REPORT_FIXTURE_H
#define GB_TESTS_REPORT_FIXTURE_H

#include "report/report.h"

struct fixture {
	struct gb_run *run;
	struct gb_verdicts verdicts;
	struct gb_policy policy;
	struct gb_waiver waiver;
	struct gb_budget_file file;
	struct gb_report report;
};

/* `name` is the test of package store that leaves goroutines: NULL for "TestWatch/all". */
void fixture_make(struct fixture *f, const char *name);
/* The same module, all within. */
void fixture_make_clean(struct fixture *f);
void fixture_release(struct fixture *f);

/* Adds a verdict and counts it. */
struct gb_judgement *fixture_judge(struct fixture *f, const char *package, const char *test,
				   int metric, enum gb_verdict verdict, enum gb_action action);

/* Everything that a name could do to a terminal or a file, in one string. */
extern const char fixture_hostile[];
/* 10,000 characters; the caller frees. */
char *fixture_long_name(void);

#endif
