/*
 * Alarms as Markdown.  See alarms.h.
 *
 * For a phone, too: no table, short lines, what is long is folded.  Commands are there to be copied
 * into a shell, and names come from strangers: only names that mean nothing to a shell get one.
 */
#include "report/alarms.h"

#include "base/buf.h"
#include "base/text.h"
#include "report/markdown.h"
#include "report/part.h"
#include "report/trends.h"

#include <string.h>

#define ID_SHOWN       12
#define EVIDENCE_LINES ((size_t)40)
#define EVIDENCE_MAX   ((size_t)16384)
#define NAME_LONGEST   ((size_t)200)
#define END_ROOM       ((size_t)256)

static bool is_plain(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= NAME_LONGEST && *name != '-' &&
	       strspn(name,
		      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/.=:,+-") ==
		       n;
}

static const char *format(char *out, size_t size, const struct gb_alarm *a, int64_t v)
{
	return gb_metric_format(out, size, a->metric, v);
}

static void add_names(struct gb_buf *out, const struct gb_alarm *a)
{
	gb_md_code(out, gb_metrics[a->metric].name);
	gb_buf_adds(out, " of ");
	gb_md_code(out, a->test);
}

static void add_head(struct gb_buf *out, const struct gb_alarm *a)
{
	static const char *const says[] = {
		[GB_ALARM_OVER] = "over its budget", [GB_ALARM_GREW] = "grown for good"
	};
	const char *good = a->stale	   ? "measured no more"
			   : a->has_change ? "has stood there for long, and is told no more"
					   : "good again";
	char now[48], text[48];

	gb_buf_adds(out, "### ");
	add_names(out, a);
	gb_buf_addf(out, ": %s\n\n",
		    gb_alarm_is_by_window(a) ? "over what the nights before allow"
		    : says[a->kind]	     ? says[a->kind]
					     : good);
	gb_md_code(out, a->package);
	gb_buf_addf(out, "\n\n**%s** %s", format(now, sizeof(now), a, a->now),
		    a->stale ? "when it last was" : "now");
	if (a->has_budget)
		gb_buf_addf(out, ", budget **%s**", format(text, sizeof(text), a, a->budget));
	if (a->has_window)
		gb_buf_addf(out, ", window **%s**", format(text, sizeof(text), a, a->window));
	gb_buf_adds(out, "\n\n");
	if (a->n > 1) {
		_part_ struct gb_part line = GB_PART(out);

		gb_trends_draw(a->points, a->n, GB_ALARM_POINTS, true, &line.b);
		gb_md_code(out, line.b.data);
		gb_buf_addf(out, " the last %zu nights\n\n", a->n);
	}
}

static void add_commit(struct gb_buf *out, const char *id, const struct gb_alarm_look *look)
{
	if (look->repository)
		gb_buf_addf(out, "<a href=\"%s/commit/%s\"><code>%.*s</code></a>", look->repository,
			    id, ID_SHOWN, id);
	else
		gb_buf_addf(out, "<code>%.*s</code>", ID_SHOWN, id);
}

static void add_range(struct gb_buf *out, const struct gb_alarm_change *c,
		      const struct gb_alarm_look *look)
{
	if (look->repository)
		gb_buf_addf(out, " (<a href=\"%s/compare/%s...%s\">all between</a>)",
			    look->repository, c->from, c->to);
}

/* Between which commits, and where it is known, which of them. */
static void add_change(struct gb_buf *out, const struct gb_alarm *a,
		       const struct gb_alarm_look *look)
{
	const struct gb_alarm_change *c = &a->change;
	char percent[32], day[32], was[48], is[48];

	gb_buf_addf(out, "**%s** on %s: %s &#8594; %s, %s between ",
		    gb_trends_percent(percent, sizeof(percent),
				      &(struct gb_change){ .before = (double)c->before,
							   .after = (double)c->after }),
		    gb_trends_day(day, sizeof(day), &(struct gb_night){ .when = c->when }),
		    format(was, sizeof(was), a, c->before), format(is, sizeof(is), a, c->after),
		    c->drift ? "a drift" : "a step");
	add_commit(out, c->from, look);
	gb_buf_adds(out, " and ");
	add_commit(out, c->to, look);
	add_range(out, c, look);
	if (!c->drift) {
		gb_buf_adds(out, ": ");
		gb_md_prose(out, c->subject);
	}
	gb_buf_adds(out, "\n\n");
	if (!c->commit) {
		if (c->left > 1)
			gb_buf_addf(out, "It is one of %zu commits: the others are ruled out\n\n",
				    c->left);
		return;
	}
	gb_buf_adds(out, "**The commit:** ");
	add_commit(out, c->commit, look);
	gb_buf_addc(out, ' ');
	gb_md_prose(out, c->by_subject);
	gb_buf_adds(out, ", by ");
	gb_md_prose(out, c->author);
	gb_buf_adds(out, "\n\n");
}

static void add_fold(struct gb_buf *out, const char *title, const char *text)
{
	gb_buf_addf(out, "<details><summary>%s</summary>\n\n", title);
	gb_md_pre(out, text, EVIDENCE_LINES, EVIDENCE_MAX);
	gb_buf_adds(out, "\n</details>\n\n");
}

/* Only with them it measures what the nights measured. */
static void add_flags(struct gb_buf *out, const struct gb_alarms *all)
{
	const struct gb_night night = { .env = (char *)(uintptr_t)all->env };
	char flags[GB_TRENDS_FLAGS][GB_TRENDS_FLAG];
	size_t n = gb_trends_flags(&night, flags);

	for (size_t i = 0; i < n; i++)
		if (is_plain(flags[i] + 1))
			gb_buf_addf(out, "%s %s", i ? "" : " --", flags[i]);
}

static void add_lines(struct gb_buf *out, const struct gb_alarms *all, const struct gb_alarm *a)
{
	const struct gb_alarm_change *c = &a->change;
	_part_ struct gb_part command = GB_PART(out);

	if (a->has_change && c->evidence)
		add_fold(out, "the lines that did it", c->evidence);
	if (!is_plain(a->test) || !is_plain(a->package))
		return;
	if (a->has_change && c->can_bisect && !c->commit) {
		gb_buf_addf(&command.b, "gobudget bisect %s %s %.*s..%.*s --metric %s", a->test,
			    a->package, ID_SHOWN, c->from, ID_SHOWN, c->to,
			    gb_metrics[a->metric].name);
		add_flags(&command.b, all);
		add_fold(out, "which commit was it", command.b.data);
		gb_part_clear(&command);
	}
	if (a->has_change && c->evidence)
		return;
	gb_buf_addf(&command.b, "gobudget explain %s %s", a->test, a->package);
	if (a->has_change)
		gb_buf_addf(&command.b, " --base %.*s", ID_SHOWN, c->from);
	add_flags(&command.b, all);
	if (!gb_metrics[a->metric].benchmark && !gb_metrics[a->metric].compiled)
		add_fold(out, "which lines are it", command.b.data);
}

static void add_accept(struct gb_buf *out, const struct gb_alarms *all, const struct gb_alarm *a)
{
	_part_ struct gb_part command = GB_PART(out);

	if (a->kind == GB_ALARM_OVER && !gb_alarm_is_by_window(a) && is_plain(a->test) &&
	    is_plain(a->package)) {
		gb_buf_addf(&command.b, "gobudget record --raise %s --reason 'why' %s", a->test,
			    a->package);
		gb_buf_adds(out, "<details><summary>if this is meant: raise the budget</summary>"
				 "\n\n");
		gb_md_pre(out, command.b.data, 1, command.b.max);
		gb_buf_adds(out,
			    "\nand commit <code>budgets/</code>: who reviews the change sees the "
			    "budget, and the reason\n\n</details>\n\n");
	}
	gb_buf_adds(out,
		    "Closed as not planned it is not opened again for a month. It is closed by "
		    "the first night on which ");
	if (gb_alarm_is_by_window(a))
		gb_buf_adds(out, "this is within its window, which moves with the nights\n");
	else if (a->kind == GB_ALARM_OVER)
		gb_buf_adds(out, "this is within its budget\n");
	else
		gb_buf_addf(out,
			    "it is back, and when it has been so for %zu nights: then it is how "
			    "things are\n",
			    all->news);
}

/* All of a part, or nothing of it: no tag stays open. */
static void add_part(struct gb_buf *out, const struct gb_part *part, size_t max)
{
	if (out->len + part->b.len <= max)
		gb_buf_add(out, part->b.data, part->b.len);
}

void gb_alarm_markdown(const struct gb_alarms *all, const struct gb_alarm *a,
		       const struct gb_alarm_look *look, struct gb_buf *out)
{
	_part_ struct gb_part change = GB_PART(out), lines = GB_PART(out), accept = GB_PART(out);
	size_t room;

	if (a->kind != GB_ALARM_NONE)
		add_accept(&accept.b, all, a);
	add_head(out, a);
	room = look->max > accept.b.len ? look->max - accept.b.len : 0;
	if (a->has_change)
		add_change(&change.b, a, look);
	else if (a->kind != GB_ALARM_NONE)
		gb_buf_adds(&change.b, "No night is known before which it was better\n\n");
	add_part(out, &change, room);
	if (a->kind != GB_ALARM_NONE)
		add_lines(&lines.b, all, a);
	add_part(out, &lines, room);
	gb_buf_add(out, accept.b.data, accept.b.len);
}

/* A line each, whole or not at all. */
static bool add_row(struct gb_buf *out, const struct gb_alarm *a, size_t max)
{
	_part_ struct gb_part row = GB_PART(out), says = GB_PART(out);
	bool fits;

	gb_alarm_say(a, &says.b);
	gb_buf_adds(&row.b, a->kind == GB_ALARM_OVER ? "- **over** " : "- grew ");
	gb_md_prose(&row.b, says.b.data);
	gb_buf_addc(&row.b, '\n');
	fits = out->len + row.b.len + END_ROOM <= max;
	if (fits)
		gb_buf_add(out, row.b.data, row.b.len);
	return fits;
}

void gb_alarms_markdown_rest(const struct gb_alarms *all, const size_t *which, size_t n,
			     const struct gb_alarm_look *look, struct gb_buf *out)
{
	size_t shown = 0;

	if (!n) {
		gb_buf_adds(out, "### nothing is left that shares this issue\n");
		return;
	}
	gb_buf_addf(out,
		    "### %zu more that %s broken\n\nToo many came in one night for an issue each; "
		    "those that come later get their own again\n\n",
		    n, n == 1 ? "is" : "are");
	while (shown < n && add_row(out, &all->v[which[shown]], look->max))
		shown++;
	if (shown < n)
		gb_buf_addf(out, "\nFor want of room %zu are left out\n", n - shown);
}

void gb_alarms_markdown(const struct gb_alarms *all, const struct gb_alarm_look *look,
			struct gb_buf *out)
{
	size_t shown = 0;

	gb_buf_addf(out, "### gobudget: %s\n\n", all->broken ? "broken metrics" : "all is well");
	gb_buf_addf(out,
		    "%zu of %zu series over budget, %zu more grown for good, in %zu night%s\n\n",
		    all->over, all->n, all->broken - all->over, all->nights,
		    all->nights == 1 ? "" : "s");
	while (shown < all->broken && add_row(out, &all->v[shown], look->max))
		shown++;
	if (shown < all->broken)
		gb_buf_addf(out, "\nFor want of room %zu are left out\n", all->broken - shown);
	if (all->env) {
		gb_buf_adds(out, "\n<sub>measured in ");
		gb_md_code(out, all->env);
		gb_buf_adds(out, "</sub>\n");
	}
}
