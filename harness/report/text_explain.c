/*
 * What `explain` shows of one test: its numbers, the goroutines that it left
 * behind, and every place that weighs something, worst first.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/units.h"
#include "report/culprit.h"
#include "report/page.h"
#include "report/part.h"
#include "report/say.h"

#include <stdio.h>
#include <string.h>

#define SITES_SHOWN ((size_t)5)
#define SITES_WHOLE ((size_t)50)
#define INDENT	    ((size_t)2)

struct explained {
	const struct gb_report *r;
	const struct gb_package *package;
	const struct gb_test *test;
	const struct gb_evidence *e; /* NULL: no sites are known */
};

static void number_line(struct gb_page *p, const struct explained *x, enum gb_metric m,
			enum gb_mode mode)
{
	const struct gb_test *base = x->e ? x->e->base_test : NULL;
	_part_ struct gb_part line = GB_PART(p->out);
	int64_t now, then;
	char text[48];

	if (!gb_test_value(x->test, m, mode, &now))
		return;
	/* The run whose places are told below. */
	if (x->e && mode == x->e->mode && m == GB_ALLOC_SPACE)
		now = x->e->bytes;
	if (x->e && mode == x->e->mode && m == GB_ALLOC_OBJECTS)
		now = x->e->objects;
	gb_buf_addf(&line.b, "%-18s %10s", gb_metrics[m].name,
		    gb_metric_format(text, sizeof(text), m, now));
	if (base && gb_test_value(base, m, mode, &then)) {
		gb_buf_addf(&line.b, "  %10s at the base",
			    gb_metric_format(text, sizeof(text), m, then));
		if (then != now)
			gb_buf_addf(&line.b, "  %s",
				    gb_format_delta(text, sizeof(text), now - then,
						    gb_metrics[m].unit == GB_BYTES));
	}
	gb_page_spaces(p, INDENT);
	gb_page_put(p, GB_PLAIN, line.b.data);
	gb_page_line(p);
}

static void numbers(struct gb_page *p, const struct explained *x)
{
	static const enum gb_mode modes[] = { GB_EXACT, GB_ALONE };
	static const char *const titles[] = {
		"in order with its package, GOMAXPROCS=1 GOGC=off",
		"alone in its process, GOMAXPROCS=1 GOGC=off",
	};

	for (size_t i = 0, told = 0; i < 2; i++) {
		bool any = false;
		int64_t v;

		for (int m = 0; m < GB_METRICS && !any; m++)
			any = gb_test_value(x->test, (enum gb_metric)m, modes[i], &v);
		if (!any)
			continue;
		gb_page_put(p, GB_DIM, titles[i]);
		gb_page_line(p);
		/* Alone it is measured for what stays: the rest is told already. */
		for (int m = 0; m < GB_METRICS; m++)
			if (modes[i] == GB_EXACT || gb_metrics[m].alone || told == 0)
				number_line(p, x, (enum gb_metric)m, modes[i]);
		told++;
		gb_page_line(p);
	}
}

/* Up to the test: what called it is the framework. */
static void creators(struct gb_page *p, const struct gb_test *t, const struct gb_group *g)
{
	bool first = true;

	for (size_t k = 0; k < g->n_creator; k++) {
		const char *func = g->creator[k].func;

		if (func && gb_starts(func, "testing."))
			return;
		if (func && gb_starts(func, "runtime."))
			continue;
		gb_page_frame(p, first ? "created by " : "← ", &g->creator[k], INDENT + 4);
		first = false;
		if (gb_streq(func, t->site.func))
			return;
	}
}

static void left_behind(struct gb_page *p, const struct explained *x)
{
	int run = gb_say_worst_run(x->test, GB_GOROUTINES), last = -1;

	/* Where no run in order could tell, the one alone did. */
	for (size_t i = 0; i < x->test->n_groups && last != run; i++)
		last = x->test->groups[i].run;
	if (last < 0)
		return;
	run = last;
	gb_page_put(p, GB_BOLD, "left behind");
	gb_page_line(p);
	for (size_t i = 0; i < x->test->n_groups; i++) {
		const struct gb_group *g = &x->test->groups[i];
		_part_ struct gb_part line = GB_PART(p->out);
		const struct gb_evidence_site *s;

		if (g->run != run)
			continue;
		gb_say_group(&line.b, x->package->module, g);
		gb_page_spaces(p, INDENT);
		gb_page_wrap(p, GB_CYAN, line.b.data, INDENT, INDENT + 4);
		gb_page_creator(p, x->package->module, g, INDENT + 4);
		if ((s = gb_evidence_spawn(x->e, &g->created)))
			gb_page_chain(p, s, INDENT + 4);
		for (size_t k = g->n_frames; k-- > 0;)
			gb_page_frame(p, k + 1 == g->n_frames ? "" : "→ ", &g->frames[k],
				      INDENT + 4);
		creators(p, x->test, g);
	}
	gb_page_line(p);
}

/* "alloc: 33.8 MiB of 35.9 MiB" is what the sites below add up to. */
static void heading(struct gb_page *p, const struct explained *x, enum gb_evidence_kind kind,
		    enum gb_metric m, int64_t sum, bool as_before)
{
	static const char *const titles[] = { "allocated", "still reachable after it",
					      "goroutines started" };
	_part_ struct gb_part line = GB_PART(p->out);
	char part[32], whole[32];
	int64_t all = m == GB_ALLOC_OBJECTS ? x->e->objects : x->e->bytes;

	gb_buf_adds(&line.b, titles[kind]);
	if (kind == GB_EV_ALLOC && all >= 0 && !x->e->base_test)
		gb_buf_addf(&line.b, ": these places %s of %s%s",
			    gb_metric_format(part, sizeof(part), m, sum),
			    gb_metric_format(whole, sizeof(whole), m, all),
			    m == GB_ALLOC_OBJECTS ? " objects" : "");
	if (as_before)
		gb_buf_adds(&line.b, ", no more than at the base");
	gb_page_put(p, GB_BOLD, line.b.data);
	gb_page_line(p);
}

static void places(struct gb_page *p, const struct explained *x, enum gb_evidence_kind kind,
		   enum gb_metric m)
{
	const struct gb_evidence_site *top[SITES_WHOLE];
	size_t most = p->verbose ? SITES_WHOLE : SITES_SHOWN;
	bool as_before = false;
	size_t n = x->e ? gb_report_sites(x->e, m, top, most, &as_before) : 0;
	int64_t sum = 0;

	/* inuse_space falls back on what was allocated: that is said once. */
	if (n == 0 || top[0]->kind != kind)
		return;
	for (size_t i = 0; i < n; i++)
		sum += m == GB_ALLOC_OBJECTS ? top[i]->objects : top[i]->bytes;
	heading(p, x, kind, m, sum, as_before);
	for (size_t i = 0; i < n; i++)
		gb_page_site(p, top[i], x->e->base_test && !as_before, INDENT);
	gb_page_line(p);
}

/* The metric that this test is over on, else what it grew on; -1: none. */
static int worst_metric(const struct explained *x)
{
	for (size_t i = 0; x->r->verdicts && i < x->r->verdicts->n; i++) {
		const struct gb_judgement *j = &x->r->verdicts->v[i];

		if (j->test == x->test && j->metric >= 0 &&
		    (j->verdict == GB_V_OVER || j->verdict == GB_V_GREW))
			return j->metric;
	}
	return -1;
}

static void verdicts(struct gb_page *p, const struct explained *x)
{
	bool any = false;

	for (size_t i = 0; x->r->verdicts && i < x->r->verdicts->n; i++) {
		const struct gb_judgement *j = &x->r->verdicts->v[i];
		_part_ struct gb_part line = GB_PART(p->out);

		if (j->test != x->test || j->metric < 0 || j->verdict == GB_V_WITHIN ||
		    j->verdict == GB_V_NEW)
			continue;
		gb_say_judgement(&line.b, j);
		gb_page_put(p, j->action == GB_ACT_FAIL ? GB_RED : GB_YELLOW, gb_say_word(j));
		gb_page_spaces(p, 2);
		gb_page_wrap(p, GB_PLAIN, line.b.data, strlen(gb_say_word(j)) + 2, 4);
		any = true;
	}
	if (any)
		gb_page_line(p);
}

static const struct {
	enum gb_evidence_kind kind;
	enum gb_metric metric;
} sections[] = {
	{ GB_EV_ALLOC, GB_ALLOC_SPACE },
	{ GB_EV_INUSE, GB_INUSE_SPACE },
	{ GB_EV_SPAWN, GB_GOROUTINES_CREATED },
};

/* Allocations are looked at by what is too much of them. */
static enum gb_metric metric_of(size_t section, int worst)
{
	if (sections[section].kind == GB_EV_ALLOC && worst == GB_ALLOC_OBJECTS)
		return GB_ALLOC_OBJECTS;
	return sections[section].metric;
}

static bool about(size_t section, int worst)
{
	if (worst < 0)
		return false;
	if (gb_metrics[worst].goroutine)
		return sections[section].kind == GB_EV_SPAWN;
	if (worst == GB_INUSE_SPACE)
		return sections[section].kind == GB_EV_INUSE;
	return sections[section].kind == GB_EV_ALLOC;
}

void gb_report_explain(const struct gb_report *r, const struct gb_package *package,
		       const struct gb_test *test, const struct gb_text_options *o,
		       struct gb_buf *out)
{
	struct gb_page page = { out,	    o->width < 40 ? 40 : o->width,
				o->colour,  o->quiet,
				o->verbose, r->evidence };
	const struct explained x = { r, package, test,
				     gb_evidence_find(r->evidence, package, test) };
	const size_t n = sizeof(sections) / sizeof(sections[0]);
	int worst = worst_metric(&x);

	gb_page_package(&page, package->module, package->path);
	gb_page_test(&page, test->name, test, 0);
	gb_page_line(&page);
	verdicts(&page, &x);
	numbers(&page, &x);
	left_behind(&page, &x);
	/* What the test is over on comes first: its first place is the one to look at. */
	for (size_t i = 0; i < n; i++)
		if (about(i, worst))
			places(&page, &x, sections[i].kind, metric_of(i, worst));
	for (size_t i = 0; i < n; i++)
		if (!about(i, worst))
			places(&page, &x, sections[i].kind, metric_of(i, worst));
	if (!x.e) {
		gb_page_wrap(&page, GB_YELLOW,
			     "no places are known: it allocates nothing and starts no goroutine, "
			     "or this accounting cannot tell",
			     0, 0);
		gb_page_line(&page);
	}
}

void gb_report_explain_end(const struct gb_report *r, const struct gb_text_options *o,
			   struct gb_buf *out)
{
	struct gb_page page = { out,	    o->width < 40 ? 40 : o->width,
				o->colour,  o->quiet,
				o->verbose, r->evidence };

	gb_page_troubles(&page, r);
	gb_page_notes(&page, r);
}
