/*
 * JUnit XML in the shape that Jenkins, GitLab and GitHub's readers agree on
 * (jenkinsci/xunit-plugin, junit-10.xsd): testsuites > testsuite > properties,
 * testcase > skipped | error | failure | system-out.
 *
 * One suite per package, one case per test.  What is over is a failure; what
 * could not be measured or did not pass is an error; what only warns stands in
 * system-out.  Text is XML 1.0: characters it cannot hold become U+FFFD.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "report/order.h"
#include "report/part.h"
#include "report/report.h"
#include "report/say.h"
#include "report/xml.h"

#include <stdlib.h>
#include <string.h>

static void property(struct gb_buf *out, const char *name, const char *value)
{
	gb_buf_adds(out, "\t\t\t<property");
	gb_xml_attribute(out, "name", name);
	gb_xml_attribute(out, "value", value);
	gb_buf_adds(out, "/>\n");
}

/* The cases of one suite: what is written, and how it was counted. */
struct suite {
	struct gb_buf cases;
	size_t tests, failures, errors, skipped;
};

static void begin_case(struct suite *s, const char *package, const char *name)
{
	gb_buf_adds(&s->cases, "\t\t<testcase");
	gb_xml_attribute(&s->cases, "classname", package);
	gb_xml_attribute(&s->cases, "name", name);
	gb_buf_adds(&s->cases, ">\n");
	s->tests++;
}

static void end_case(struct suite *s)
{
	gb_buf_adds(&s->cases, "\t\t</testcase>\n");
}

static void element(struct suite *s, const char *element, const char *type, const char *message,
		    const char *text)
{
	gb_buf_addf(&s->cases, "\t\t\t<%s", element);
	gb_xml_attribute(&s->cases, "type", type);
	gb_xml_attribute(&s->cases, "message", message);
	gb_buf_addc(&s->cases, '>');
	gb_xml_text(&s->cases, text);
	gb_buf_addf(&s->cases, "</%s>\n", element);
}

static void trouble(struct suite *s, const struct gb_trouble *t)
{
	_part_ struct gb_part message = GB_PART(&s->cases);

	if (!t->test || !t->text || !*t->text)
		gb_buf_adds(&message.b, gb_say_trouble(t->kind));
	if (t->text && *t->text)
		gb_buf_addf(&message.b, "%s%s", message.b.len ? ": " : "", t->text);
	element(s, "error", gb_trouble_name(t->kind), message.b.data, t->output);
}

static bool troubles_of(struct suite *s, const struct gb_package *p, const char *test)
{
	bool any = false;

	for (size_t i = 0; p && i < p->n_troubles; i++) {
		const struct gb_trouble *t = &p->troubles[i];

		if (t->warning || !t->test || strcmp(t->test, test) != 0)
			continue;
		trouble(s, t);
		any = true;
	}
	return any;
}

static void group_text(struct gb_buf *text, const struct gb_judgement *j, const struct gb_group *g)
{
	gb_say_group(text, j->package ? j->package->module : NULL, g);
	gb_buf_addc(text, '\n');
	for (size_t f = 0; f < g->n_frames; f++) {
		gb_buf_adds(text, "    ");
		gb_say_func(text, g->frames[f].func);
		gb_buf_adds(text, "  ");
		gb_say_site(text, &g->frames[f]);
		gb_buf_addc(text, '\n');
	}
}

static void living_text(struct gb_buf *text, const struct gb_judgement *j)
{
	for (size_t i = 0; i < j->package->n_tests; i++) {
		const struct gb_test *t = &j->package->tests[i];

		for (size_t k = 0; k < t->n_groups; k++)
			if (gb_say_is_living(j, t, &t->groups[k]))
				group_text(text, j, &t->groups[k]);
	}
}

/* The schema has no attribute for a place, so it stands in the text. */
static void verdict_text(struct gb_buf *text, const struct gb_judgement *j)
{
	size_t start = text->len;

	if (j->test)
		gb_say_site(text, &j->test->site);
	if (text->len > start)
		gb_buf_adds(text, ": ");
	gb_say_judgement(text, j);
	gb_buf_addc(text, '\n');
	if (j->by == GB_BY_LIVING)
		living_text(text, j);
	if (j->metric != GB_GOROUTINES || !j->test || j->by == GB_BY_LIVING)
		return;
	for (size_t i = 0; i < j->test->n_groups; i++) {
		const struct gb_group *g = &j->test->groups[i];

		if (!g->living && (g->seen || g->run == gb_say_worst_run(j->test, GB_GOROUTINES)))
			group_text(text, j, g);
	}
}

/* Failures of these verdicts, all of one test; what only warns is collected. */
static bool verdicts_of(struct suite *s, const struct gb_verdicts *v, const size_t *order, size_t n,
			struct gb_buf *warnings)
{
	bool failed = false;

	for (size_t i = 0; i < n; i++) {
		const struct gb_judgement *j = &v->v[order[i]];
		_part_ struct gb_part line = GB_PART(&s->cases);
		_part_ struct gb_part text = GB_PART(&s->cases);

		if (j->action == GB_ACT_IGNORE)
			continue;
		verdict_text(&text.b, j);
		if (j->action == GB_ACT_WARN) {
			gb_buf_addf(warnings, "%s: %s", gb_say_word(j), text.b.data);
			continue;
		}
		gb_say_judgement(&line.b, j);
		element(s, "failure", gb_say_word(j), line.b.data, text.b.data);
		failed = true;
	}
	return failed;
}

static void one_case(struct suite *s, const char *package, const char *name,
		     const struct gb_package *p, const struct gb_test *t,
		     const struct gb_verdicts *v, const size_t *order, size_t n)
{
	_part_ struct gb_part warnings = GB_PART(&s->cases);
	bool error, failed;

	begin_case(s, package, name);
	error = troubles_of(s, p, name);
	if (!error && t && (t->outcome >= GB_UNFINISHED)) {
		element(s, "error", gb_outcome_name(t->outcome), gb_outcome_name(t->outcome), "");
		error = true;
	}
	failed = verdicts_of(s, v, order, n, &warnings.b);
	if (!error && !failed && t && t->outcome == GB_SKIP) {
		gb_buf_adds(&s->cases, "\t\t\t<skipped/>\n");
		s->skipped++;
	}
	if (warnings.b.len) {
		gb_buf_adds(&s->cases, "\t\t\t<system-out>");
		gb_xml_text(&s->cases, warnings.b.data);
		gb_buf_adds(&s->cases, "</system-out>\n");
	}
	s->errors += error;
	s->failures += failed && !error;
	end_case(s);
}

/* Package and test of verdicts sorted by name: those from *from on that are about this test. */
static size_t same_test(const struct gb_verdicts *v, const size_t *order, size_t n, size_t from)
{
	size_t end = from;

	while (end < n && gb_same_test(&v->v[order[end]], &v->v[order[from]]))
		end++;
	return end - from;
}

/* Verdicts without a test of this run: gone, incomparable. */
static void cases_without_test(struct suite *s, const char *package, const struct gb_verdicts *v,
			       const size_t *order, size_t n)
{
	for (size_t i = 0; i < n;) {
		const struct gb_judgement *j = &v->v[order[i]];
		size_t same = same_test(v, order, n, i);

		if (!j->test && j->action != GB_ACT_IGNORE)
			one_case(s, package, j->test_name ? j->test_name : "(budgets)", NULL, NULL,
				 v, order + i, same);
		i += same;
	}
}

static void end_suite(struct gb_buf *out, struct suite *s, const struct gb_report *r,
		      const char *package, int64_t wall_ms)
{
	_free_ char *environment = gb_environment_text(&r->run->env);

	if (!environment)
		out->failed = out->nomem = true;
	gb_buf_adds(out, "\t<testsuite");
	gb_xml_attribute(out, "name", package);
	gb_buf_addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", s->tests,
		    s->failures, s->errors, s->skipped);
	gb_buf_addf(out, " time=\"%lld.%03d\">\n", (long long)(wall_ms / 1000),
		    (int)(wall_ms % 1000));
	gb_buf_adds(out, "\t\t<properties>\n");
	property(out, "go.version", r->run->go_version);
	property(out, "gobudget.environment", environment);
	gb_buf_adds(out, "\t\t</properties>\n");
	gb_buf_add(out, s->cases.data, s->cases.len);
	gb_part_carry(out, &s->cases);
	gb_buf_adds(out, "\t</testsuite>\n");
}

/* Troubles of no test, or of one that never came to begin. */
static void package_troubles(struct suite *s, const struct gb_package *p)
{
	for (size_t i = 0; i < p->n_troubles; i++) {
		const struct gb_trouble *t = &p->troubles[i];

		_part_ struct gb_part name = GB_PART(&s->cases);

		if (t->warning || (t->test && gb_package_test(p, t->test)))
			continue;
		if (t->test)
			gb_buf_adds(&name.b, t->test);
		else
			gb_buf_addf(&name.b, "(%s)", gb_trouble_name(t->kind));
		begin_case(s, p->path, name.b.data);
		trouble(s, t);
		s->errors++;
		end_case(s);
	}
}

static void one_package(struct gb_buf *out, struct suite *all, const struct gb_report *r,
			const struct gb_package *p, const size_t *order, size_t n)
{
	struct suite s = { .cases = GB_BUF_INIT(GB_MAX_REPORT) };
	const struct gb_verdicts *v = r->verdicts;
	size_t from = 0, of_package = 0;

	gb_report_find(v, order, n, p->path, NULL, &from, &of_package);
	package_troubles(&s, p);
	for (size_t i = 0; i < p->n_tests; i++) {
		size_t at, count;

		gb_report_find(v, order + from, of_package, p->path, p->tests[i].name, &at, &count);
		one_case(&s, p->path, p->tests[i].name, p, &p->tests[i], v, order + from + at,
			 count);
	}
	cases_without_test(&s, p->path, v, order + from, of_package);
	end_suite(out, &s, r, p->path, p->wall_ms);
	all->tests += s.tests;
	all->failures += s.failures;
	all->errors += s.errors;
	gb_buf_release(&s.cases);
}

/* Packages that did not run, but have budgets. */
static void gone_packages(struct gb_buf *out, struct suite *all, const struct gb_report *r,
			  const size_t *order, size_t n)
{
	const struct gb_verdicts *v = r->verdicts;

	for (size_t i = 0; i < n;) {
		const char *path = v->v[order[i]].package_path;
		size_t end = i;
		struct suite s = { .cases = GB_BUF_INIT(GB_MAX_REPORT) };

		while (end < n && gb_same_package(&v->v[order[end]], &v->v[order[i]]))
			end++;
		if (!gb_run_package(r->run, path)) {
			cases_without_test(&s, path, v, order + i, end - i);
			if (s.tests)
				end_suite(out, &s, r, path, 0);
			all->tests += s.tests;
			all->failures += s.failures;
		}
		gb_buf_release(&s.cases);
		i = end;
	}
}

/* Nothing at all would read as a pass. */
static void came_to_nothing(struct gb_buf *out, struct suite *all, const struct gb_report *r)
{
	struct suite s = { .cases = GB_BUF_INIT(GB_MAX_REPORT) };

	begin_case(&s, "gobudget", r->command);
	element(&s, "error", "unmeasured", r->notes.n ? r->notes.v[0] : gb_say_outcome(r), NULL);
	s.errors++;
	end_case(&s);
	end_suite(out, &s, r, "gobudget", r->run->wall_ms);
	all->tests++;
	all->errors++;
	gb_buf_release(&s.cases);
}

void gb_report_junit(const struct gb_report *r, struct gb_buf *out)
{
	_buf_ struct gb_buf suites = GB_BUF_INIT(out->max);
	_free_ size_t *order = NULL;
	struct suite all = { .tests = 0 };
	int64_t wall_ms = r->run->wall_ms;
	size_t n;

	if (gb_report_by_name(r->verdicts, &order, &n) < 0) {
		out->failed = out->nomem = true;
		return;
	}
	for (size_t i = 0; i < r->run->n_packages; i++)
		one_package(&suites, &all, r, &r->run->packages[i], order, n);
	gone_packages(&suites, &all, r, order, n);
	if (r->exit_status >= 2 && r->run->n_packages == 0)
		came_to_nothing(&suites, &all, r);
	gb_buf_adds(out,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gobudget\"");
	gb_buf_addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", all.tests, all.failures,
		    all.errors);
	gb_buf_addf(out, " time=\"%lld.%03d\">\n", (long long)(wall_ms / 1000),
		    (int)(wall_ms % 1000));
	gb_buf_add(out, suites.data, suites.len);
	gb_buf_adds(out, "</testsuites>\n");
	gb_part_carry(out, &suites);
}
