#include "budget/alarm.h"

static bool is_new(const struct gb_trends *t, size_t night, size_t newest)
{
	return night + newest >= t->n_nights;
}

const struct gb_change *gb_series_rise(const struct gb_series *s)
{
	const struct gb_change *last = gb_series_last_change(s);

	return last && last->after > last->before ? last : NULL;
}

bool gb_change_is_new(const struct gb_trends *t, const struct gb_series *s,
		      const struct gb_change *c, size_t newest)
{
	return is_new(t, s->points[c->told].night, newest);
}

/* Machines are slow for some nights, at times: less than what the built-in policy fails is no news. */
static bool is_alarming(const struct gb_series *s, const struct gb_change *rise)
{
	/* What has gone back by itself is no news either. */
	if (gb_metrics[s->metric].unsteady ||
	    gb_series_now(s) < rise->before + (rise->after - rise->before) / 2)
		return false;
	return s->metric != GB_NS_PER_OP || rise->after > rise->before * (1 + GB_ALARM_TIME);
}

enum gb_alarm_kind gb_series_alarm(const struct gb_trends *t, const struct gb_series *s,
				   size_t newest)
{
	const struct gb_change *rise = gb_series_rise(s);

	if (!is_new(t, gb_series_last(s)->night, newest))
		return GB_ALARM_NONE;
	if (gb_series_is_over(s))
		return GB_ALARM_OVER;
	return rise && is_alarming(s, rise) && gb_change_is_new(t, s, rise, newest) ? GB_ALARM_GREW
										    : GB_ALARM_NONE;
}

const char *gb_alarm_name(enum gb_alarm_kind kind)
{
	static const char *const names[] = { NULL, "over", "grew" };

	return names[kind];
}
