/*
 * budget_fixture - runs, budgets and policies in a few lines, for tests of judging.
 *
 * Everything asserts that it worked.  The environment is BUDGET_ENV's, the
 * module is "m" with the packages "m/a", "m/b".
 */
#ifndef GB_TESTS_BUDGET_FIXTURE_H
#define GB_TESTS_BUDGET_FIXTURE_H

#include "budget/judge.h"

#define BUDGET_NOW ((time_t)1795305600) /* 2026-11-22 00:00:00 UTC */
#define BUDGET_ENV_GO(go)                                                             \
	"{\"go\": \"" go                                                              \
	"\", \"platform\": \"linux/amd64\", \"gomaxprocs\": 2, \"gcflags\": \"-l\", " \
	"\"tags\": \"\", \"cgo\": true, \"race\": false, \"accounting\": \"runtime\"}"
#define BUDGET_ENV BUDGET_ENV_GO("1.26")

/* An empty run in that environment. */
struct gb_run *budget_run(void);
/* Finds or adds: a package that passed and was measured, a test of it. */
struct gb_package *budget_package(struct gb_run *run, const char *path);
struct gb_test *budget_test(struct gb_run *run, const char *package, const char *name);
/* One sample of one metric, in order of runs: the first is run 0. */
void budget_sample(struct gb_test *t, enum gb_metric m, int64_t value);
void budget_alone(struct gb_test *t, enum gb_metric m, int64_t value);
void budget_group(struct gb_test *t, int run, enum gb_leak kind, int64_t count);

/* Adds the file of a package with these tests ("\"TestA\": {...}") in that environment. */
void budget_file(struct gb_budgets *b, const char *package, const char *tests);
/* The same, of a whole text. */
struct gb_budget_file *budget_parse(const char *text);
struct gb_policy *budget_policy(const char *text); /* NULL: the built-in one */

#endif
