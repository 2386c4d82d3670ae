#include "report/culprit.h"

#include "base/limits.h"
#include "report/say.h"

#include <string.h>

/* Of a test's verdict those that were left behind in the run that it is judged by; of a verdict on
 * goroutines that are meant to live, these, whichever test started them. */
static bool is_shown(const struct gb_judgement *j, const struct gb_test *t,
		     const struct gb_group *g, int run)
{
	if (j->by == GB_BY_LIVING)
		return gb_say_is_living(j, t, g);
	return !g->living && (g->seen || g->run == run) &&
	       (j->by != GB_BY_KIND || g->kind == j->leak);
}

size_t gb_report_groups(const struct gb_judgement *j, const struct gb_group **ret, size_t max,
			size_t *ret_more)
{
	size_t n = 0, more = 0, n_tests = 0;
	const struct gb_test *tests = j->test;

	if (j->package && j->metric == GB_GOROUTINES && j->verdict != GB_V_WITHIN)
		n_tests = tests ? 1 : 0;
	if (n_tests == 0 && j->package && j->by == GB_BY_LIVING) {
		tests = j->package->tests;
		n_tests = j->package->n_tests;
	}
	for (size_t t = 0; t < n_tests; t++) {
		int run = gb_say_worst_run(&tests[t], GB_GOROUTINES);

		for (size_t i = 0; i < tests[t].n_groups; i++) {
			if (!is_shown(j, &tests[t], &tests[t].groups[i], run))
				continue;
			if (n < max)
				ret[n++] = &tests[t].groups[i];
			else
				more++;
		}
	}
	*ret_more = more;
	return n;
}

/* What the library started was asked for by the nearest caller that someone here wrote. */
static const struct gb_site *asked_for(const char *module, const struct gb_group *g)
{
	if (!gb_site_is_users(module, &g->created))
		for (size_t i = 0; i < g->n_creator; i++)
			if (gb_site_is_users(module, &g->creator[i]))
				return &g->creator[i];
	return &g->created;
}

static int64_t weight(const struct gb_evidence_site *s, enum gb_metric m)
{
	return gb_metrics[m].unit == GB_BYTES ? s->bytes : s->objects;
}

/* Goroutines left behind are told by group, those started by go statement; bytes and objects by
 * place. */
bool gb_report_same_evidence(int a, int b)
{
	return a >= 0 && b >= 0 && gb_metrics[a].goroutine == gb_metrics[b].goroutine &&
	       (a == GB_GOROUTINES) == (b == GB_GOROUTINES) &&
	       (a == GB_ESCAPES) == (b == GB_ESCAPES) &&
	       (a == GB_INUSE_SPACE) == (b == GB_INUSE_SPACE);
}

size_t gb_report_sites(const struct gb_evidence *e, enum gb_metric m,
		       const struct gb_evidence_site **ret, size_t max, bool *ret_as_before)
{
	enum gb_evidence_kind kind = gb_evidence_kind_for(e, m);
	size_t n = gb_evidence_top(e, m, ret, max), kept = 0;

	*ret_as_before = n == 0 && e->base_test;
	if (!*ret_as_before)
		return n;
	for (size_t i = 0; i < e->n_sites; i++) {
		const struct gb_evidence_site *s = &e->sites[i];
		size_t k = n;

		if (s->kind != kind || weight(s, m) <= 0)
			continue;
		for (; k > 0 && weight(ret[k - 1], m) < weight(s, m); k--)
			if (k < max)
				ret[k] = ret[k - 1];
		if (k < max)
			ret[k] = s;
		n += n < max;
	}
	while (kept < n && weight(ret[kept], m) >= weight(ret[0], m) / 100)
		kept++;
	return kept;
}

const struct gb_site *gb_report_culprit(const struct gb_report *r, const struct gb_judgement *j)
{
	const struct gb_evidence_site *top;
	const struct gb_evidence *e;
	const struct gb_group *g;
	const struct gb_site *at = NULL;
	bool as_before;
	size_t more;

	if (!j->package || j->metric < 0 || j->verdict == GB_V_WITHIN)
		return NULL;
	e = j->test ? gb_evidence_find(r->evidence, j->package, j->test) : NULL;
	if (gb_report_groups(j, &g, 1, &more) == 1)
		at = asked_for(j->package->module, g);
	else if (e && gb_report_sites(e, (enum gb_metric)j->metric, &top, 1, &as_before) == 1)
		at = &top->frames[top->at];
	return at && at->file && *at->file ? at : NULL;
}

size_t gb_report_escapes(const struct gb_report *r, const struct gb_judgement *j,
			 const struct gb_escape **ret, size_t max, size_t *ret_more)
{
	const struct gb_report_escapes *e =
		j->metric == GB_ESCAPES && j->verdict != GB_V_WITHIN ? r->escapes : NULL;
	const struct gb_escape_package *p =
		e && e->head ? gb_escapes_package(e->head, j->package_path) : NULL;
	size_t n = 0, more = 0;

	for (size_t i = p ? p->first : 0; p && i < p->first + p->n; i++) {
		const struct gb_escape *x = &e->head->v[i];

		if (!gb_escape_counts(e->head, x) ||
		    (e->diff && !gb_escape_diff_is_new(e->diff, x)))
			continue;
		if (n < max)
			ret[n++] = x;
		else
			more++;
	}
	*ret_more = more;
	return n;
}

bool gb_report_is_here(const char *file)
{
	if (!file || !*file || *file == '/' || strlen(file) >= GB_MAX_PATH || strchr(file, '\\'))
		return false;
	for (const char *at = file; at; at = strchr(at, '/')) {
		at += *at == '/';
		if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || at[2] == '\0'))
			return false;
	}
	return true;
}

const struct gb_site *gb_report_place(const struct gb_report *r, const struct gb_judgement *j,
				      struct gb_site *room)
{
	const struct gb_site *at = gb_report_culprit(r, j);

	if (at && j->package && gb_report_is_here(at->file) &&
	    gb_site_is_users(j->package->module, at))
		return at;
	if (j->test && gb_report_is_here(j->test->site.file))
		return &j->test->site;
	if (!j->file || !gb_report_is_here(j->file->path))
		return NULL;
	*room = (struct gb_site){ .file = j->file->path, .line = (int)j->line };
	return room;
}

bool gb_report_is_remark(const struct gb_judgement *j)
{
	if (j->action == GB_ACT_FAIL)
		return true;
	return j->action == GB_ACT_WARN && j->verdict != GB_V_NEW && j->verdict != GB_V_SLACK &&
	       j->verdict != GB_V_WITHIN;
}
