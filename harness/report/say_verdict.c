/* One verdict in words. */
#include "report/say.h"

#include "report/part.h"

#include "base/buf.h"
#include "base/units.h"

const char *gb_say_word(const struct gb_judgement *j)
{
	if (j->verdict == GB_V_OVER && j->by == GB_BY_KIND)
		return gb_leak_name(j->leak);
	return gb_verdict_name(j->verdict);
}

bool gb_say_against(const struct gb_judgement *j, int64_t *ret)
{
	if (j->metric < 0)
		return false;
	switch (j->verdict) {
	case GB_V_GREW:
		*ret = j->has_recorded ? j->recorded : j->budget;
		return true;
	case GB_V_LEFT:
	case GB_V_NEW:
	case GB_V_INCOMPARABLE:
	case GB_VERDICTS:
		return false;
	case GB_V_DRIFT:
		*ret = j->at_anchor;
		return true;
	case GB_V_NEAR:
		*ret = j->has_budget ? j->budget : j->ceiling;
		return true;
	case GB_V_GONE:
	case GB_V_RAISED:
		*ret = j->budget;
		return j->has_budget;
	case GB_V_WITHIN:
	case GB_V_OVER:
	case GB_V_SLACK:
	case GB_V_WAIVED:
	case GB_V_INHERITED:
		break;
	}
	if (j->by == GB_BY_KIND)
		return false;
	if (j->by == GB_BY_WINDOW) {
		*ret = j->window.value;
		return true;
	}
	*ret = j->by == GB_BY_BUDGET || j->by == GB_BY_BASE ||
			       (j->by == GB_BY_WAIVER && j->has_budget)
		       ? j->budget
		       : j->ceiling;
	return true;
}

static const char *format(char *out, size_t size, const struct gb_judgement *j, int64_t value)
{
	return gb_metric_format(out, size, (enum gb_metric)j->metric, value);
}

static void comma(struct gb_buf *out, size_t start)
{
	if (out->len > start)
		gb_buf_adds(out, ", ");
}

static void say_raise(struct gb_buf *out, const struct gb_judgement *j)
{
	if (j->was)
		gb_buf_addf(out, "was in %s", j->was);
	if (j->was && (j->action == GB_ACT_FAIL || (j->reason && *j->reason)))
		gb_buf_adds(out, "; ");
	if (j->action == GB_ACT_FAIL)
		gb_buf_adds(out, j->raise == GB_RAISE_WAIVER
					 ? "the base's policy wants a waiver for that"
					 : "the base's policy wants a reason for that");
	if (!j->reason || !*j->reason)
		return;
	gb_buf_addf(out, "%s%s", j->action == GB_ACT_FAIL ? "; reason: " : "reason: ", j->reason);
}

static const char *of_nights(const struct gb_judged_window *w)
{
	static const char *const words[] = { [GB_WINDOW_MEDIAN] = "the median",
					     [GB_WINDOW_MIN] = "the least",
					     [GB_WINDOW_MAX] = "the most" };

	return words[w->of];
}

/* "above 120% of the median of 7 days (9,216 B, 5 nights)" */
static void say_window(struct gb_buf *out, const struct gb_judgement *j)
{
	const struct gb_judged_window *w = &j->window;
	char text[48];

	if (j->verdict == GB_V_NEW) {
		gb_buf_addf(out, "no window yet (%zu of %d nights in %d day%s)", w->nights,
			    w->at_least, w->days, w->days == 1 ? "" : "s");
		return;
	}
	gb_buf_adds(out, j->verdict == GB_V_OVER || j->verdict == GB_V_INHERITED ? "above "
										 : "at most ");
	/* Whichever of the two leaves more room. */
	if ((double)w->and_ > (double)w->value * (double)w->percent / 100000)
		gb_buf_addf(out, "%s more than ",
			    format(text, sizeof(text), j, j->ceiling - w->value));
	else
		gb_buf_addf(out, "%g%% of ", 100 + (double)w->percent / 1000);
	gb_buf_addf(out, "%s of %d day%s (%s, %zu night%s)", of_nights(w), w->days,
		    w->days == 1 ? "" : "s", format(text, sizeof(text), j, j->ceiling), w->nights,
		    w->nights == 1 ? "" : "s");
}

/* "80% of its budget or more for 3 nights, since 2026-11-20" */
static void say_near(struct gb_buf *out, const struct gb_judgement *j)
{
	const struct gb_judged_window *w = &j->window;

	gb_buf_addf(out, "%g%% of its budget or more for %zu night%s", (double)w->percent / 1000,
		    w->nights, w->nights == 1 ? "" : "s");
	if (w->since[0])
		gb_buf_addf(out, ", since %s", w->since);
}

void gb_say_remark(struct gb_buf *out, const struct gb_judgement *j)
{
	size_t start = out->len;
	char text[48];

	if (j->metric < 0)
		return;
	if (j->verdict == GB_V_RAISED) {
		say_raise(out, j);
		return;
	}
	if (j->verdict == GB_V_DRIFT) {
		gb_buf_addf(out, "since %s, at most %s", j->anchor,
			    format(text, sizeof(text), j, j->ceiling));
		return;
	}
	if (j->verdict == GB_V_NEAR) {
		say_near(out, j);
		return;
	}
	if (j->by == GB_BY_WINDOW) {
		say_window(out, j);
	} else if (j->by == GB_BY_WAIVER && j->waiver) {
		gb_buf_addf(out, "%s %s until %s",
			    j->verdict == GB_V_OVER ? "waived only to" : "waived to",
			    format(text, sizeof(text), j, j->ceiling), j->waiver->until);
		if (j->waiver->reason && *j->waiver->reason)
			gb_buf_addf(out, ": %s", j->waiver->reason);
	} else if (j->by == GB_BY_LIVING && j->living) {
		gb_buf_addf(out, "meant to live, created by %s, " GB_BUDGET_DIR "/_policy.json:%zu",
			    j->living->created_by, j->living->line);
	} else if (j->by == GB_BY_CEILING && j->line) {
		gb_buf_addf(out, "ceiling at " GB_BUDGET_DIR "/_policy.json:%zu", j->line);
	} else if (j->by == GB_BY_CEILING) {
		gb_buf_adds(out, "policy's ceiling");
	} else if (j->by == GB_BY_BASE && j->ceiling == j->budget) {
		gb_buf_adds(out, "at the base, measured here");
	} else if (j->by == GB_BY_BASE) {
		gb_buf_addf(out, "at the base, measured here; with headroom %s",
			    format(text, sizeof(text), j, j->ceiling));
	} else if (j->by == GB_BY_BUDGET && j->verdict == GB_V_OVER && j->ceiling != j->budget) {
		gb_buf_addf(out, "with headroom %s", format(text, sizeof(text), j, j->ceiling));
	} else if (j->verdict == GB_V_GREW && j->has_budget && j->budget != j->recorded) {
		gb_buf_addf(out, "budget %s", format(text, sizeof(text), j, j->budget));
	}
	if (j->verdict == GB_V_INHERITED) {
		comma(out, start);
		gb_buf_addf(out, "%s at the base", format(text, sizeof(text), j, j->at_base));
	}
	if (j->runs > 1 && j->over_runs &&
	    (j->verdict == GB_V_OVER || (j->verdict == GB_V_LEFT && j->over_runs < j->runs))) {
		comma(out, start);
		gb_buf_addf(out, "in %zu of %zu runs", j->over_runs, j->runs);
	}
}

static void say_compared(struct gb_buf *out, const struct gb_judgement *j, const char *words)
{
	char measured[48], left[48], delta[48], percent[48];
	int64_t against = 0;

	format(measured, sizeof(measured), j, j->measured);
	gb_buf_addf(out, "%s: %s %s", gb_metrics[j->metric].name, measured, words);
	if (!gb_say_against(j, &against))
		return;
	gb_buf_addf(out, " %s", format(left, sizeof(left), j, against));
	if (j->measured == against)
		return;
	gb_buf_addf(out, " (%s",
		    gb_metric_delta(delta, sizeof(delta), (enum gb_metric)j->metric,
				    j->measured - against));
	if (against > 0)
		gb_buf_addf(out, ", %s",
			    gb_format_percent(percent, sizeof(percent), against, j->measured));
	gb_buf_addc(out, ')');
}

static void say_metric(struct gb_buf *out, const struct gb_judgement *j)
{
	switch (j->verdict) {
	case GB_V_WITHIN:
		say_compared(out, j, "is within");
		break;
	case GB_V_OVER:
		if (j->by == GB_BY_KIND)
			say_compared(out, j, j->leak == GB_PROVEN ? "can never run again" : "hung");
		else
			say_compared(out, j,
				     j->by == GB_BY_CEILING  ? "is over the ceiling of"
				     : j->by == GB_BY_BASE   ? "is more than the base's"
				     : j->by == GB_BY_WINDOW ? "is more than nights before,"
				     : j->by == GB_BY_LIVING ? "live, more than the policy's"
							     : "is over the budget of");
		break;
	case GB_V_INHERITED:
		say_compared(out, j, "is over, as it was at the base:");
		break;
	case GB_V_RAISED:
		say_compared(out, j, "is this change's budget, the base's is");
		break;
	case GB_V_DRIFT:
		say_compared(out, j, "is more than the policy's drift allows from");
		break;
	case GB_V_NEAR:
		say_compared(out, j, "is near the budget of");
		break;
	case GB_V_GREW:
		say_compared(out, j, "is more than was recorded,");
		break;
	case GB_V_SLACK:
		say_compared(out, j,
			     j->by == GB_BY_LIVING ? "live, fewer than the policy's"
						   : "is far below the budget of");
		break;
	case GB_V_WAIVED:
		say_compared(out, j, "is over the budget of");
		break;
	case GB_V_LEFT:
		say_compared(out, j, "left behind, no budget");
		break;
	case GB_V_NEW:
		say_compared(out, j, j->by == GB_BY_WINDOW ? "has no ceiling" : "has no budget");
		break;
	case GB_V_GONE:
	case GB_V_INCOMPARABLE:
	case GB_VERDICTS:
		break;
	}
}

void gb_say_judgement(struct gb_buf *out, const struct gb_judgement *j)
{
	_part_ struct gb_part remark = GB_PART(out);

	if (j->verdict == GB_V_GONE) {
		gb_buf_adds(out, "has a budget, but never ran");
	} else if (j->verdict == GB_V_INCOMPARABLE) {
		gb_buf_adds(out, "has budgets, but none for this environment");
		if (j->by == GB_BY_BASE)
			gb_buf_adds(out, ": compared with the base, measured here");
	} else if (j->metric < 0) {
		gb_buf_adds(out, j->verdict == GB_V_NEW ? "has no budget yet" : gb_say_word(j));
	} else {
		say_metric(out, j);
		gb_say_remark(&remark.b, j);
		if (remark.b.len)
			gb_buf_addf(out, ", %s", remark.b.data);
	}
}
