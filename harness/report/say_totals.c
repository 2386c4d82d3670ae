/* The whole run in words: its outcome, and the last line of a report. */
#include "report/say.h"

#include "base/buf.h"
#include "base/units.h"

static void comma(struct gb_buf *out, size_t start)
{
	if (out->len > start)
		gb_buf_adds(out, ", ");
}

const char *gb_say_outcome(const struct gb_report *r)
{
	if (r->exit_status == 0)
		return r->run->interrupted ? "interrupted" : "ok";
	if (r->exit_status >= 2)
		return r->run->interrupted ? "interrupted" : "could not measure";
	return "FAIL";
}

/* Packages with a trouble that is no warning. */
static size_t troubled(const struct gb_run *run)
{
	size_t n = 0;

	for (size_t i = 0; i < run->n_packages; i++) {
		const struct gb_package *p = &run->packages[i];

		for (size_t k = 0; k < p->n_troubles; k++) {
			if (!p->troubles[k].warning) {
				n++;
				break;
			}
		}
	}
	return n;
}

/* In the order in which they are told.  Hung and proven are `over` by kind. */
static const struct {
	enum gb_verdict verdict;
	int leak; /* enum gb_leak of a verdict by kind, -1: not by kind */
	const char *word;
} told[] = {
	{ GB_V_OVER, -1, "over" },	    { GB_V_OVER, GB_HUNG, "hung" },
	{ GB_V_OVER, GB_PROVEN, "proven" }, { GB_V_RAISED, -1, "raised" },
	{ GB_V_DRIFT, -1, "drift" },	    { GB_V_INHERITED, -1, "inherited" },
	{ GB_V_GONE, -1, "gone" },	    { GB_V_INCOMPARABLE, -1, "not comparable" },
	{ GB_V_GREW, -1, "grew" },	    { GB_V_NEAR, -1, "near" },
	{ GB_V_LEFT, -1, "left" },	    { GB_V_NEW, -1, "new" },
	{ GB_V_SLACK, -1, "slack" },	    { GB_V_WAIVED, -1, "waived" },
};

#define TOLD (sizeof(told) / sizeof(told[0]))

static size_t told_as(const struct gb_judgement *j)
{
	int leak = j->verdict == GB_V_OVER && j->by == GB_BY_KIND ? (int)j->leak : -1;
	size_t i = 0;

	while (i < TOLD && !(told[i].verdict == j->verdict && told[i].leak == leak))
		i++;
	return i;
}

static void dot(struct gb_buf *out, size_t start)
{
	if (out->len > start)
		gb_buf_adds(out, " · ");
}

static void say_verdicts(struct gb_buf *out, const struct gb_verdicts *v, size_t begin)
{
	size_t failing[TOLD + 1] = { 0 }, warning[TOLD + 1] = { 0 };
	size_t start;
	bool any = false;

	for (size_t i = 0; i < v->n; i++) {
		if (v->v[i].action == GB_ACT_FAIL)
			failing[told_as(&v->v[i])]++;
		else if (v->v[i].action == GB_ACT_WARN || v->v[i].verdict == GB_V_WAIVED)
			warning[told_as(&v->v[i])]++;
	}
	for (size_t i = 0; i < TOLD; i++)
		any = any || failing[i] || warning[i];
	if (!any)
		return;
	dot(out, begin);
	start = out->len;
	for (size_t i = 0; i < TOLD; i++) {
		if (failing[i])
			comma(out, start);
		if (failing[i])
			gb_buf_addf(out, "%zu %s", failing[i], told[i].word);
	}
	for (size_t i = 0; i < TOLD; i++) {
		if (warning[i])
			comma(out, start);
		if (warning[i])
			gb_buf_addf(out, "%zu %s%s", warning[i], told[i].word,
				    told[i].verdict == GB_V_OVER ? " (warning)" : "");
	}
}

/* How many packages were known already. */
static size_t cached(const struct gb_run *run)
{
	size_t n = 0;

	for (size_t i = 0; i < run->n_packages; i++)
		n += run->packages[i].measured_at != 0;
	return n;
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void say_failed(struct gb_buf *out, size_t packages, size_t start)
{
	if (packages) {
		dot(out, start);
		gb_buf_addf(out, "%zu package%s failed", packages, plural(packages));
	}
}

/* Why a run in which nothing went wrong is no pass; NULL where there is no such reason. */
static const char *empty_reason(const struct gb_report *r)
{
	bool skipped = false;

	for (size_t i = 0; i < r->run->n_packages; i++) {
		const struct gb_package *p = &r->run->packages[i];

		for (size_t t = 0; t < p->n_tests; t++) {
			if (p->tests[t].kind == GB_PACKAGE)
				continue;
			if (p->tests[t].outcome != GB_SKIP)
				return NULL;
			skipped = true;
		}
	}
	return skipped ? "every test was skipped" : "no test ran";
}

void gb_say_totals(struct gb_buf *out, const struct gb_report *r)
{
	const struct gb_verdicts *v = r->verdicts;
	size_t bad = troubled(r->run), start = out->len;
	bool failed_first = r->exit_status == 3;
	const char *empty = failed_first && !bad && !r->run->interrupted ? empty_reason(r) : NULL;
	char count[32], time[32];

	if (empty)
		gb_buf_adds(out, empty);
	if (r->shard && r->shard->all && !r->run->n_packages && !bad && !failed_first) {
		gb_buf_addf(out, "nothing to measure: shard %zu of %zu has none of %zu package%s",
			    r->shard->index, r->shard->of, r->shard->all, plural(r->shard->all));
		return;
	}
	if (r->run->left_out && !r->run->n_packages && !bad) {
		gb_buf_addf(out, "nothing that the change can move: 0 of %zu package%s",
			    r->run->left_out, plural(r->run->left_out));
		return;
	}
	if (failed_first)
		say_failed(out, bad, start);
	say_verdicts(out, v, start);
	if (!failed_first)
		say_failed(out, bad, start);
	dot(out, start);
	if (r->run->compiled_only)
		gb_buf_addf(out, "%zu package%s compiled", r->run->n_packages,
			    plural(r->run->n_packages));
	else
		gb_buf_addf(out, "%s test%s in %zu package%s",
			    gb_format_count(count, sizeof(count), (int64_t)v->tests),
			    plural(v->tests), r->run->n_packages, plural(r->run->n_packages));
	if (cached(r->run))
		gb_buf_addf(out, " (%zu cached)", cached(r->run));
	if (r->exit_status == 0 && !v->no_budgets && v->tests && !v->failing && !v->warning)
		gb_buf_adds(out, " within budget");
	if (r->escapes && r->escapes->warnings->n)
		gb_buf_addf(out, " · %zu from the compiler", r->escapes->warnings->n);
	if (r->shard)
		gb_buf_addf(out, " · shard %zu of %zu", r->shard->index, r->shard->of);
	if (r->run->runs > 1)
		gb_buf_addf(out, " · %d runs", r->run->runs);
	gb_buf_addf(out, " · %s", gb_format_duration(time, sizeof(time), r->run->wall_ms));
}
