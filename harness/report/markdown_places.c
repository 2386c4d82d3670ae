/* The lines to look at, before any table: on a phone it is all that is seen at once. */
#include "base/buf.h"
#include "base/mem.h"
#include "report/culprit.h"
#include "report/markdown.h"
#include "report/order.h"
#include "report/part.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN ((size_t)3)
#define KEPT  ((size_t)100)

struct place {
	const struct gb_site *at;
	const struct gb_judgement *last; /* counted already */
	size_t tests;
};

static bool same_line(const struct gb_site *a, const struct gb_site *b)
{
	return a->line == b->line && strcmp(a->file, b->file) == 0;
}

static size_t add(struct place *v, size_t n, const struct gb_site *at, const struct gb_judgement *j)
{
	size_t i = 0;

	while (i < n && !same_line(v[i].at, at))
		i++;
	if (i == n) {
		if (n == KEPT)
			return n;
		v[n++] = (struct place){ .at = at };
	}
	v[i].tests += !v[i].last || !gb_same_test(v[i].last, j);
	v[i].last = j;
	return n;
}

void gb_md_places(struct gb_md *md, bool (*pick)(const struct gb_judgement *))
{
	const struct gb_verdicts *v = md->r->verdicts;
	_free_ size_t *order = NULL;
	_part_ struct gb_part part = GB_PART(md->out);
	struct place places[KEPT];
	size_t n, found = 0;

	if (gb_report_order(v, pick, &order, &n) < 0) {
		md->out->failed = md->out->nomem = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct gb_site *at = gb_report_culprit(md->r, &v->v[order[i]]);

		if (at)
			found = add(places, found, at, &v->v[order[i]]);
	}
	if (found == 0)
		return;
	gb_buf_adds(&part.b, "Look at ");
	for (size_t i = 0; i < found && i < SHOWN; i++) {
		_part_ struct gb_part site = GB_PART(md->out);

		gb_say_site(&site.b, places[i].at);
		gb_buf_adds(&part.b, i ? ", " : "");
		gb_md_code(&part.b, site.b.data);
		gb_buf_addf(&part.b, " (%zu test%s)", places[i].tests,
			    places[i].tests == 1 ? "" : "s");
	}
	if (found > SHOWN)
		gb_buf_addf(&part.b, " and %zu more", found - SHOWN);
	gb_buf_adds(&part.b, "\n\n");
	gb_md_add(md, &part.b, 1);
}
