/* html_evidence - a test's article: its verdicts, where it allocates, what it left behind. */
#include "report/html.h"

#include "base/buf.h"
#include "base/html.h"
#include "base/text.h"
#include "base/units.h"
#include "report/culprit.h"
#include "report/order.h"
#include "report/part.h"
#include "report/say.h"

#define SITES_SHOWN  ((size_t)50)
#define GROUPS_SHOWN ((size_t)50)

static void list_of(struct gb_buf *out, const char *summary, const struct gb_strlist *lines)
{
	if (lines->n == 0)
		return;
	if (summary) {
		gb_buf_adds(out, "<details>");
		gb_html_element(out, "summary", NULL, summary);
	}
	gb_buf_adds(out, "<ul class=\"words\">\n");
	for (size_t i = 0; i < lines->n; i++) {
		gb_html_element(out, "li", NULL, lines->v[i]);
		gb_buf_addc(out, '\n');
	}
	gb_buf_adds(out, summary ? "</ul>\n</details>\n" : "</ul>\n");
}

static void source_line(struct gb_buf *out, const struct gb_evidence_site *s)
{
	if (!s->source)
		return;
	gb_buf_addf(out, "<pre class=\"source\"><span class=\"line\">%d</span> <code>",
		    s->frames[s->at].line);
	gb_html_text(out, s->source);
	gb_buf_adds(out, "</code></pre>\n");
}

/* How much of the worst one it is, for the eye. */
static void bar(struct gb_buf *out, int64_t part, int64_t whole)
{
	double width = whole > 0 && part > 0 ? 100 * (double)part / (double)whole : 0;

	gb_buf_addf(out,
		    "<svg class=\"bar\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" "
		    "aria-hidden=\"true\"><rect width=\"%.1f\" height=\"1\"/></svg>\n",
		    width);
}

static int64_t weight(const struct gb_evidence_site *s, enum gb_metric m, bool base)
{
	if (gb_metrics[m].unit == GB_BYTES)
		return s->bytes - (base ? s->base_bytes : 0);
	return s->objects - (base ? s->base_objects : 0);
}

static void site(struct gb_buf *out, const struct gb_evidence_site *s, bool base, int64_t part,
		 int64_t whole)
{
	const struct gb_site *at = &s->frames[s->at];
	_part_ struct gb_part text = GB_PART(out);

	gb_say_weight(&text.b, s, base);
	gb_buf_adds(out, "<li>\n<p class=\"place\">");
	gb_html_place(out, at);
	gb_buf_addc(out, ' ');
	gb_html_func(out, at);
	gb_buf_adds(out, s->gone ? " <em>is no more</em></p>\n" : "</p>\n");
	bar(out, part, whole);
	gb_html_element(out, "p", "weight", text.b.data);
	source_line(out, s);
	if (s->escape) {
		gb_part_clear(&text);
		gb_buf_adds(&text.b, gb_say_escape_word(s));
		gb_buf_adds(&text.b, s->escape);
		gb_html_element(out, "p", s->escape_is_new ? "escape new" : "escape", text.b.data);
	}
	list_of(out, NULL, &s->chain);
	list_of(out, "How it got there, step by step", &s->flow);
	if (s->n_frames > 1) {
		gb_buf_adds(out, "<details><summary>Stack, from the test down</summary>\n");
		gb_html_stack(out, s->frames, s->n_frames, true);
		if (s->stacks > 1)
			gb_buf_addf(out, "<p class=\"dim\">and %zu more stack%s to this line</p>\n",
				    s->stacks - 1, s->stacks == 2 ? "" : "s");
		gb_buf_adds(out, "</details>\n");
	}
	gb_buf_adds(out, "</li>\n");
}

static const struct {
	const char *title;
	enum gb_metric metric;
} kinds[] = {
	[GB_EV_ALLOC] = { "Allocated", GB_ALLOC_SPACE },
	[GB_EV_INUSE] = { "Still reachable after it", GB_INUSE_SPACE },
	[GB_EV_SPAWN] = { "Goroutines started", GB_GOROUTINES_CREATED },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* The kind of site that a verdict on this metric is about; KINDS: none. */
static size_t kind_of(int metric)
{
	if (metric < 0)
		return KINDS;
	if (metric == GB_INUSE_SPACE)
		return GB_EV_INUSE;
	return gb_metrics[metric].goroutine ? GB_EV_SPAWN : GB_EV_ALLOC;
}

/* m: what the test is over on, if that is of this kind; other kinds are folded. */
static void sites(struct gb_buf *out, const struct gb_evidence *e, size_t kind, int metric)
{
	bool asked = kind_of(metric) == kind || metric < 0;
	enum gb_metric m = kind == GB_EV_ALLOC && metric == GB_ALLOC_OBJECTS ? GB_ALLOC_OBJECTS
									     : kinds[kind].metric;
	const struct gb_evidence_site *top[SITES_SHOWN];
	bool as_before;
	size_t n = gb_report_sites(e, m, top, SITES_SHOWN, &as_before);
	bool base = e->base_test && !as_before;

	/* inuse_space falls back on what was allocated: that is said once. */
	if (n == 0 || top[0]->kind != (enum gb_evidence_kind)kind)
		return;
	if (!asked)
		gb_buf_adds(out, "<details class=\"fold\"><summary>");
	gb_html_element(out, asked ? "h4" : "span", NULL, kinds[kind].title);
	gb_buf_adds(out, asked ? "\n" : "</summary>\n");
	if (as_before)
		gb_html_element(out, "p", "dim", gb_say_as_before());
	gb_buf_adds(out, "<ol class=\"sites\">\n");
	for (size_t i = 0; i < n; i++)
		site(out, top[i], base, weight(top[i], m, base), weight(top[0], m, base));
	gb_buf_adds(out, asked ? "</ol>\n" : "</ol>\n</details>\n");
}

/* What the test is over on comes first: its first place is the one to look at. */
static void all_sites(struct gb_buf *out, const struct gb_evidence *e, int metric)
{
	size_t first = kind_of(metric);

	if (first < KINDS)
		sites(out, e, first, metric);
	for (size_t kind = 0; kind < KINDS; kind++)
		if (kind != first)
			sites(out, e, kind, metric);
}

static void group(struct gb_buf *out, const char *module, const struct gb_group *g)
{
	_part_ struct gb_part text = GB_PART(out);

	gb_say_group(&text.b, module, g);
	gb_buf_adds(out, "<li>\n");
	gb_html_element(out, "p", "weight", text.b.data);
	if (g->living)
		gb_buf_adds(out, "<p class=\"dim\">meant to live, as the policy says</p>\n");
	if (g->n_frames) {
		gb_buf_adds(out, "<details><summary>Where it stands</summary>\n");
		gb_html_stack(out, g->frames, g->n_frames, false);
		gb_buf_adds(out, "</details>\n");
	}
	if (g->n_creator) {
		gb_buf_adds(out, "<details><summary>Who created it</summary>\n");
		gb_html_stack(out, g->creator, g->n_creator, false);
		gb_buf_adds(out, "</details>\n");
	}
	gb_buf_adds(out, "</li>\n");
}

static void groups(struct gb_buf *out, const struct gb_package *package, const struct gb_test *test)
{
	int run = gb_say_worst_run(test, GB_GOROUTINES);
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < test->n_groups; i++) {
		if (!test->groups[i].seen && test->groups[i].run != run)
			continue;
		if (shown == GROUPS_SHOWN) {
			more++;
			continue;
		}
		if (shown++ == 0)
			gb_buf_adds(out, "<h4>Goroutines left behind</h4>\n"
					 "<ol class=\"groups\">\n");
		group(out, package->module, &test->groups[i]);
	}
	if (shown)
		gb_buf_adds(out, "</ol>\n");
	if (more)
		gb_buf_addf(out, "<p class=\"dim\">and %zu more groups</p>\n", more);
}

struct article {
	const struct gb_package *package;
	const struct gb_test *test;
	const char *state;
	size_t number;
	int metric; /* that it is over on, -1: none */
};

static void begin(struct gb_buf *out, const struct article *a)
{
	gb_buf_addf(
		out,
		"<article class=\"test %s\" id=\"test-%zu\" aria-labelledby=\"test-%zu-name\">\n"
		"<h3 id=\"test-%zu-name\" tabindex=\"-1\">",
		a->state, a->number, a->number, a->number);
	gb_html_text(out, a->test->name);
	gb_buf_adds(out, "</h3>\n<p class=\"of\">");
	gb_html_text(out, a->package->path);
	if (a->test->site.file && *a->test->site.file) {
		gb_buf_adds(out, " · ");
		gb_html_place(out, &a->test->site);
	}
	gb_buf_adds(out, "</p>\n");
}

static void end(struct gb_buf *out, const struct gb_report *r, const struct article *a)
{
	const struct gb_evidence *e = gb_evidence_find(r->evidence, a->package, a->test);

	groups(out, a->package, a->test);
	if (e) {
		all_sites(out, e, a->metric);
		gb_html_measured(out, e);
		gb_html_flame(out, e, r->evidence->base, a->number);
	}
	gb_buf_adds(out, "</article>\n");
}

static void verdict(struct gb_buf *out, const struct gb_judgement *j)
{
	_part_ struct gb_part text = GB_PART(out);

	gb_say_judgement(&text.b, j);
	gb_buf_adds(out, "<li>");
	gb_html_tag(out, j);
	gb_buf_addc(out, ' ');
	gb_html_text(out, text.b.data);
	gb_buf_adds(out, "</li>\n");
}

/* Explained, and not among the verdicts that have an article: nothing is wrong with it. */
static bool is_judged(const struct gb_report *r, const struct gb_evidence *e)
{
	for (size_t i = 0; i < r->verdicts->n; i++)
		if (r->verdicts->v[i].test == e->test && r->verdicts->v[i].package == e->package &&
		    r->verdicts->v[i].verdict != GB_V_WITHIN)
			return true;
	return false;
}

static size_t judged(struct gb_buf *out, const struct gb_report *r, const struct gb_html_order *o)
{
	const struct gb_verdicts *v = r->verdicts;
	struct article a = { .number = 0 };

	for (size_t i = 0; i < o->n;) {
		const struct gb_judgement *j = &v->v[o->v[i]];
		size_t next = i + 1;

		if (gb_html_begins(r, o, i)) {
			a = (struct article){ j->package, j->test, gb_html_state(j), a.number + 1,
					      j->metric };
			begin(out, &a);
			gb_buf_adds(out, "<ul class=\"verdicts\">\n");
			verdict(out, j);
			for (; next < o->n && gb_same_test(&v->v[o->v[next]], j); next++)
				verdict(out, &v->v[o->v[next]]);
			gb_buf_adds(out, "</ul>\n");
			for (size_t k = i; k < next; k++)
				gb_html_values(out, r, &v->v[o->v[k]]);
			end(out, r, &a);
		}
		i = next;
	}
	return a.number;
}

void gb_html_articles(struct gb_buf *out, const struct gb_report *r, const struct gb_html_order *o)
{
	_part_ struct gb_part articles = GB_PART(out);
	size_t n = judged(&articles.b, r, o);

	for (size_t i = 0; r->evidence && i < r->evidence->n; i++) {
		const struct gb_evidence *e = &r->evidence->v[i];
		struct article a = { e->package, e->test, "good", n + 1, -1 };

		if (is_judged(r, e))
			continue;
		begin(&articles.b, &a);
		end(&articles.b, r, &a);
		n++;
	}
	if (n == 0)
		return;
	gb_buf_adds(out, "<section aria-labelledby=\"evidence\">\n"
			 "<h2 id=\"evidence\" tabindex=\"-1\">Evidence</h2>\n");
	gb_buf_add(out, articles.b.data, articles.b.len);
	gb_buf_adds(out, "</section>\n");
}
