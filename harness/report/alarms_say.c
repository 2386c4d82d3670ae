/* What all that is written of an alarm shares.  See alarms.h. */
#include "report/alarms.h"

#include "base/buf.h"
#include "base/text.h"
#include "report/part.h"
#include "report/trends.h"

#define TITLE_NAME ((size_t)100) /* columns; GitHub's titles have 256 characters */

static void add_value(struct gb_buf *out, const struct gb_alarm *a, int64_t v)
{
	char text[48];

	gb_buf_adds(out, gb_metric_format(text, sizeof(text), a->metric, v));
}

bool gb_alarm_is_by_window(const struct gb_alarm *a)
{
	return a->kind == GB_ALARM_OVER && !(a->has_budget && a->now > a->budget) &&
	       a->has_window && a->now > a->window;
}

void gb_alarm_say(const struct gb_alarm *a, struct gb_buf *out)
{
	const struct gb_alarm_change *c = &a->change;
	char percent[32], day[32];

	gb_buf_addf(out, "%s of ", gb_metrics[a->metric].name);
	gb_text_safe(out, a->test);
	gb_buf_adds(out, " in ");
	gb_text_safe(out, a->package);
	gb_buf_adds(out, ": ");
	add_value(out, a, a->now);
	if (gb_alarm_is_by_window(a)) {
		gb_buf_adds(out, ", over what the nights before allow, ");
		add_value(out, a, a->window);
	} else if (a->has_budget) {
		gb_buf_adds(out, a->kind == GB_ALARM_OVER ? ", over its budget of " : ", budget ");
		add_value(out, a, a->budget);
	}
	if (!a->has_change)
		return;
	gb_buf_addf(out, "; %s %s %s",
		    gb_trends_percent(percent, sizeof(percent),
				      &(struct gb_change){ .before = (double)c->before,
							   .after = (double)c->after }),
		    c->drift ? "until" : "since",
		    gb_trends_day(day, sizeof(day), &(struct gb_night){ .when = c->when }));
}

void gb_alarm_title(const struct gb_alarm *a, struct gb_buf *out)
{
	_part_ struct gb_part test = GB_PART(out), package = GB_PART(out);

	gb_text_safe(&test.b, a->test);
	gb_text_safe(&package.b, a->package);
	gb_buf_addf(out, "%s of ", gb_metrics[a->metric].name);
	gb_text_fit(out, test.b.data, TITLE_NAME);
	gb_buf_adds(out, " (");
	gb_text_fit(out, package.b.data, TITLE_NAME);
	gb_buf_addc(out, ')');
}
