/* html - the report as a page: its head, its parts in order, its foot.  See html.h. */
#include "report/html.h"

#include "base/buf.h"
#include "base/html.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/flame.h"
#include "report/part.h"
#include "report/say.h"
#include "version.h"

#include <stdlib.h>
#include <string.h>

static struct gb_html_part asset(const char *mark, const struct gb_asset *table, const char *name)
{
	const struct gb_asset *a = gb_asset_find(table, name);

	return (struct gb_html_part){ mark, (const char *)a->data, a->len };
}

static struct gb_html_part part(const char *mark, const struct gb_part *p)
{
	return (struct gb_html_part){ mark, p->b.data, p->b.len };
}

/* explain judges, but does not fail: it was asked for what is wrong. */
static bool explains(const struct gb_report *r)
{
	return r->exit_status == 0 && r->verdicts->failing > 0;
}

/* "good", "fail", "note", or "warn" where nothing can be said: colours the outcome. */
static const char *state(const struct gb_report *r)
{
	if (explains(r))
		return "note";
	return r->exit_status == 0 ? "good" : r->exit_status == 1 ? "fail" : "warn";
}

static void facts(struct gb_buf *out, const struct gb_report *r)
{
	_free_ char *environment = gb_environment_text(&r->run->env);

	if (!environment)
		out->failed = out->nomem = true;
	gb_html_text(out, r->run->go_version ? r->run->go_version : "");
	gb_buf_adds(out, " · ");
	gb_html_text(out, environment);
	if (r->evidence && r->evidence->base) {
		gb_buf_adds(out, " · against ");
		gb_html_text(out, r->evidence->base);
	}
}

static void notes(struct gb_buf *out, const struct gb_report *r)
{
	if (r->notes.n == 0)
		return;
	gb_buf_adds(out, "<ul class=\"notes\" aria-label=\"Notes\">\n");
	for (size_t i = 0; i < r->notes.n; i++) {
		gb_html_element(out, "li", NULL, r->notes.v[i]);
		gb_buf_addc(out, '\n');
	}
	gb_buf_adds(out, "</ul>\n");
}

/* Links to the sections that there are. */
static void navigation(struct gb_buf *out, const struct gb_buf *body)
{
	static const struct {
		const char *id, *title;
	} sections[] = {
		{ "troubles", "Troubles" },	     { "verdicts", "Verdicts" },
		{ "evidence", "Evidence" },	     { "benchmarks", "Benchmarks" },
		{ "compiler", "From the compiler" }, { "commits", "Commits" },
		{ "numbers", "Every number" },
	};

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		char mark[64];

		snprintf(mark, sizeof(mark), "<h2 id=\"%s\"", sections[i].id);
		if (strstr(body->data, mark))
			gb_buf_addf(out, "<li><a href=\"#%s\">%s</a></li>\n", sections[i].id,
				    sections[i].title);
	}
}

static void body(struct gb_buf *out, const struct gb_report *r)
{
	struct gb_html_order order;

	if (gb_html_order(r, &order) < 0) {
		out->failed = out->nomem = true;
		return;
	}
	gb_html_troubles(out, r);
	gb_html_verdicts(out, r, &order);
	gb_html_articles(out, r, &order);
	gb_html_benchmarks(out, r);
	gb_html_compiler(out, r);
	gb_html_commits(out, r);
	gb_html_numbers(out, r);
	free(order.v);
}

void gb_report_html(const struct gb_report *r, struct gb_buf *out)
{
	const struct gb_asset *page = gb_asset_find(gb_html_assets, "page.html");
	_part_ struct gb_part module = GB_PART(out), outcome = GB_PART(out), totals = GB_PART(out);
	_part_ struct gb_part about = GB_PART(out), said = GB_PART(out), links = GB_PART(out);
	_part_ struct gb_part main = GB_PART(out), command = GB_PART(out), words = GB_PART(out);

	gb_html_text(&module.b, r->module && *r->module ? r->module : "gobudget");
	gb_html_text(&outcome.b, explains(r) ? "explained" : gb_say_outcome(r));
	gb_say_totals(&words.b, r);
	gb_html_text(&totals.b, words.b.data);
	facts(&about.b, r);
	notes(&said.b, r);
	body(&main.b, r);
	navigation(&links.b, &main.b);
	gb_html_text(&command.b, r->command);
	gb_html_fill(out, (const char *)page->data, page->len,
		     (const struct gb_html_part[]){
			     asset("shared-style", gb_flame_assets, "flame.css"),
			     asset("style", gb_html_assets, "page.css"),
			     asset("flame-model", gb_flame_assets, "model.js"),
			     asset("flame-picture", gb_flame_assets, "picture.js"),
			     asset("flame-script", gb_flame_assets, "flame.js"),
			     asset("script", gb_html_assets, "page.js"),
			     { "state", state(r), strlen(state(r)) },
			     { "version", GB_VERSION, strlen(GB_VERSION) },
			     part("module", &module),
			     part("outcome", &outcome),
			     part("totals", &totals),
			     part("about", &about),
			     part("notes", &said),
			     part("links", &links),
			     part("main", &main),
			     part("command", &command),
			     { 0 },
		     });
}
