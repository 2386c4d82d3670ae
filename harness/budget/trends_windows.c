#include "budget/trends_windows.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "budget/windows.h"

#include <string.h>

#define DAY 86400
/* So many nights in a row are too old before the look back ends: clocks differ. */
#define SLOP 5
/* Nights of all windows together. */
#define MAX_LOOKS (20 * GB_MAX_POINTS)

/* The values of the nights before points[i] that its window has, into `room`; *looks counts. */
static size_t look_back(const struct gb_trends *t, const struct gb_series *s, size_t i,
			const struct gb_window *rule, int64_t *room, size_t *looks)
{
	const struct gb_night *now = &t->nights[s->points[i].night];
	int64_t today = gb_past_date(now->date), after = today - (int64_t)rule->days * DAY;
	size_t n = 0;
	int old = 0;

	while (i-- > 0 && old <= SLOP) {
		const struct gb_night *then = &t->nights[s->points[i].night];

		int64_t date = gb_past_date(then->date);

		++*looks;
		old = date < after ? old + 1 : 0;
		if (date >= after && date <= today + DAY && strcmp(then->env, now->env) == 0)
			room[n++] = s->points[i].value;
	}
	return n;
}

int gb_trends_windows(struct gb_trends *t, const struct gb_policy *policy, struct gb_err *err)
{
	_free_ int64_t *room = gb_calloc(t->n_nights + 1, sizeof(*room));
	size_t looks = 0;

	if (!room)
		return gb_fail_nomem(err);
	for (size_t k = 0; k < t->n; k++) {
		struct gb_series *s = &t->series[k];
		const struct gb_window *rule =
			gb_policy_window(policy, s->package, s->test, s->metric);

		for (size_t i = 0; rule && i < s->n; i++) {
			size_t n = look_back(t, s, i, rule, room, &looks);

			if (looks > MAX_LOOKS) {
				gb_fail(err, GB_ELIMIT, "more than %zu nights in windows",
					MAX_LOOKS);
				return gb_hint(err, "fewer nights (--nights), or one metric "
						    "(--metric)");
			}
			if (n < (size_t)rule->at_least)
				continue;
			s->points[i].has_window = true;
			s->points[i].window =
				gb_window_ceiling(rule, gb_window_value(rule->of, room, n));
		}
	}
	return 0;
}
