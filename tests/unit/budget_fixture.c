#include "budget_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

struct gb_run *budget_run(void)
{
	struct gb_run *run = gb_run_new(NULL);

	assert_non_null(run);
	snprintf(run->env.go, sizeof(run->env.go), "1.26");
	snprintf(run->env.platform, sizeof(run->env.platform), "linux/amd64");
	run->env.gomaxprocs = 2;
	run->env.gcflags = gb_strdup("-l");
	run->env.tags = gb_strdup("");
	run->env.cgo = true;
	run->runs = 1;
	return run;
}

struct gb_package *budget_package(struct gb_run *run, const char *path)
{
	struct gb_package *p;

	assert_int_equal(gb_run_add_package(run, path, &p, NULL), 0);
	if (!p->module)
		p->module = gb_strdup("m");
	p->passed = true;
	p->measured = true;
	return p;
}

struct gb_test *budget_test(struct gb_run *run, const char *package, const char *name)
{
	enum gb_kind kind = GB_TEST;
	struct gb_test *t;

	if (!strcmp(name, GB_PACKAGE_ROW))
		kind = GB_PACKAGE;
	else if (!strncmp(name, "Benchmark", 9))
		kind = GB_BENCHMARK;
	assert_int_equal(gb_package_add_test(budget_package(run, package), name, kind, &t, NULL),
			 0);
	return t;
}

static void add(struct gb_test *t, enum gb_metric m, int64_t value, enum gb_mode mode)
{
	struct gb_sample s = { .has = 1u << m, .mode = mode };

	for (size_t i = 0; i < t->n_samples; i++)
		s.run += t->samples[i].has == s.has;
	s.v[m] = value;
	assert_int_equal(gb_test_add_sample(t, &s, NULL), 0);
}

void budget_sample(struct gb_test *t, enum gb_metric m, int64_t value)
{
	add(t, m, value, GB_IN_ORDER);
}

void budget_alone(struct gb_test *t, enum gb_metric m, int64_t value)
{
	add(t, m, value, GB_ALONE);
}

void budget_group(struct gb_test *t, int run, enum gb_leak kind, int64_t count)
{
	struct gb_group g = { .kind = kind, .count = count, .run = run };

	assert_int_equal(gb_test_take_group(t, &g, NULL), 0);
}

struct gb_budget_file *budget_parse(const char *text)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_budget_file *f;

	if (gb_budget_parse("budgets/x.json", text, strlen(text), &f, &err) < 0)
		fail_msg("%s in %s", err.line, text);
	return f;
}

static int by_package(const void *a, const void *b)
{
	const struct gb_budget_file *const *x = a, *const *y = b;

	return strcmp((*x)->package, (*y)->package);
}

void budget_file(struct gb_budgets *b, const char *package, const char *tests)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_BUDGET_FILE);

	gb_buf_addf(&text,
		    "{\"package\": \"%s\", \"environments\": [{\"env\": " BUDGET_ENV
		    ", \"tests\": {%s}}]}",
		    package, tests);
	struct gb_budget_file *f = budget_parse(text.data);
	f->module = gb_strdup("m");
	assert_int_equal(gb_grow((void **)&b->files, &b->cap, b->n + 1,
				 sizeof(struct gb_budget_file *), GB_MAX_PACKAGES, NULL),
			 0);
	b->files[b->n++] = f;
	b->any = true;
	qsort(b->files, b->n, sizeof(struct gb_budget_file *), by_package);
}

struct gb_policy *budget_policy(const char *text)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_policy *p;
	int rc = text ? gb_policy_parse(GB_POLICY_FILE, text, strlen(text), BUDGET_NOW, &p, &err)
		      : gb_policy_default(&p, &err);

	if (rc < 0)
		fail_msg("%s in %s", err.line, text);
	return p;
}
