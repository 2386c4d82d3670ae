/* Goroutines below a verdict: how many, created where, waiting where. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/units.h"
#include "report/page.h"
#include "report/part.h"
#include "report/say.h"

#include <stdlib.h>

#define GROUPS_SHOWN ((size_t)5)
#define FRAMES_SHOWN ((size_t)2)
#define SITES_SHOWN  ((size_t)3)

static void frame_line(struct gb_page *p, const char *before, const struct gb_site *frame,
		       size_t indent)
{
	_part_ struct gb_part text = GB_PART(p->out), site = GB_PART(p->out);
	size_t room, half, width;

	gb_page_spaces(p, indent);
	gb_buf_adds(&text.b, before);
	gb_say_func(&text.b, frame->func);
	gb_say_site(&site.b, frame);
	room = p->width - indent;
	half = room / 2;
	width = gb_page_fit(p, GB_DIM, text.b.data, site.b.len ? half : room);
	if (site.b.len) {
		gb_page_spaces(p, 2);
		gb_page_fit(p, GB_DIM, site.b.data, room - width - 2);
	}
	gb_page_line(p);
}

/* The innermost frames that someone here wrote say where it waits. */
static void frames(struct gb_page *p, const char *module, const struct gb_group *g, size_t indent)
{
	size_t shown = 0;

	for (size_t i = 0; i < g->n_frames; i++) {
		if (!p->verbose && !gb_say_is_users(module, &g->frames[i]))
			continue;
		if (!p->verbose && shown == FRAMES_SHOWN)
			return;
		frame_line(p, "", &g->frames[i], indent);
		shown++;
	}
}

/* Where the library started it, the nearest caller that someone wrote is who it is for. */
static void creator(struct gb_page *p, const char *module, const struct gb_group *g, size_t indent)
{
	if (gb_say_is_users(module, &g->created) || gb_streq(g->created.func, "testing.(*T).Run"))
		return;
	for (size_t i = 0; i < g->n_creator; i++) {
		if (!gb_say_is_users(module, &g->creator[i]))
			continue;
		frame_line(p, "for ", &g->creator[i], indent);
		return;
	}
}

/* Too long for one line, it breaks before the place: that is what people copy. */
static void group_line(struct gb_page *p, char *line, size_t indent)
{
	static const char mark[] = " created at ";
	char *tail = strstr(line, mark);

	if (tail && indent + gb_text_width(line) > p->width) {
		*tail++ = '\0';
		gb_page_wrap(p, GB_CYAN, line, indent, indent + 4);
		gb_page_spaces(p, indent + 4);
		gb_page_wrap(p, GB_CYAN, tail, indent + 4, indent + 4);
		return;
	}
	gb_page_wrap(p, GB_CYAN, line, indent, indent + 4);
}

static bool wanted(const struct gb_group *g, int run, int kind)
{
	return !g->living && (g->seen || g->run == run) &&
	       (kind < 0 || g->kind == (enum gb_leak)kind);
}

static void one_group(struct gb_page *p, const struct gb_package *package, const struct gb_group *g,
		      size_t indent)
{
	_part_ struct gb_part line = GB_PART(p->out);

	gb_page_spaces(p, indent);
	gb_say_group(&line.b, package->module, g);
	group_line(p, line.b.data, indent);
	frames(p, package->module, g, indent + 4);
	creator(p, package->module, g, indent + 4);
}

void gb_page_living(struct gb_page *p, const struct gb_judgement *j, size_t indent)
{
	for (size_t i = 0; i < j->package->n_tests; i++) {
		const struct gb_test *t = &j->package->tests[i];

		for (size_t k = 0; k < t->n_groups; k++)
			if (gb_say_is_living(j, t, &t->groups[k]))
				one_group(p, j->package, &t->groups[k], indent);
	}
}

void gb_page_groups(struct gb_page *p, const struct gb_package *package, const struct gb_test *test,
		    int run, int kind, size_t indent)
{
	size_t shown = 0, folded = 0;
	int64_t folded_count = 0;

	for (size_t i = 0; i < test->n_groups; i++) {
		const struct gb_group *g = &test->groups[i];

		if (!wanted(g, run, kind))
			continue;
		if (!p->verbose && shown == GROUPS_SHOWN) {
			folded++;
			folded_count += g->count;
			continue;
		}
		one_group(p, package, g, indent);
		shown++;
	}
	if (folded) {
		_part_ struct gb_part line = GB_PART(p->out);
		char count[32];

		gb_buf_addf(&line.b, "… and %s in %zu more place%s (-v shows all)",
			    gb_format_count(count, sizeof(count), folded_count), folded,
			    folded == 1 ? "" : "s");
		gb_page_spaces(p, indent);
		gb_page_put(p, GB_DIM, line.b.data);
		gb_page_line(p);
	}
}

/* The innermost frame that someone here wrote, else the innermost. */
static const struct gb_site *guilty(const char *module, const struct gb_alloc_site *s)
{
	for (size_t i = 0; i < s->n_frames; i++)
		if (gb_say_is_users(module, &s->frames[i]))
			return &s->frames[i];
	return s->n_frames ? &s->frames[0] : NULL;
}

/* What counts for a metric; -1: this site says nothing about it. */
static int64_t weight(const struct gb_alloc_site *s, enum gb_metric m)
{
	if (s->spawn != gb_metrics[m].goroutine)
		return -1;
	return gb_metrics[m].unit == GB_BYTES ? s->bytes : s->objects;
}

struct place {
	const struct gb_site *at;
	int64_t bytes, objects, weight;
};

/* Several stacks may meet in one line of the user's: they are one place to look at. */
static size_t collect(const struct gb_test *test, const char *module, enum gb_metric m,
		      struct place *places, size_t max)
{
	size_t n = 0, i, k;

	for (i = 0; i < test->n_sites; i++) {
		const struct gb_alloc_site *s = &test->sites[i];
		const struct gb_site *at = guilty(module, s);

		if (!at || weight(s, m) < 0)
			continue;
		for (k = 0; k < n && !(places[k].at->line == at->line &&
				       gb_streq(places[k].at->file, at->file));
		     k++)
			;
		if (k == max)
			continue;
		if (k == n)
			places[n++] = (struct place){ .at = at };
		places[k].bytes += s->bytes;
		places[k].objects += s->objects;
		places[k].weight += weight(s, m);
	}
	return n;
}

static int by_weight(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->weight < y->weight) - (x->weight > y->weight);
}

static void place_line(struct gb_page *p, const struct place *place, bool spawn, size_t indent)
{
	_part_ struct gb_part line = GB_PART(p->out);
	char size[32], count[32];

	gb_format_count(count, sizeof(count), place->objects);
	if (spawn)
		gb_buf_addf(&line.b, "%s created at ", count);
	else
		gb_buf_addf(&line.b, "%s in %s object%s at ",
			    gb_format_size(size, sizeof(size), place->bytes), count,
			    place->objects == 1 ? "" : "s");
	gb_say_site(&line.b, place->at);
	gb_buf_adds(&line.b, ", ");
	gb_say_func(&line.b, place->at->func);
	gb_page_spaces(p, indent);
	gb_page_wrap(p, GB_CYAN, line.b.data, indent, indent + 4);
}

void gb_page_sites(struct gb_page *p, const struct gb_package *package, const struct gb_test *test,
		   enum gb_metric m, size_t indent)
{
	struct place places[16];
	size_t n = collect(test, package->module, m, places, sizeof(places) / sizeof(places[0]));

	qsort(places, n, sizeof(places[0]), by_weight);
	for (size_t i = 0; i < n && (p->verbose || i < SITES_SHOWN); i++) {
		/* A hundredth of the worst place is no answer to "which line". */
		if (i > 0 && !p->verbose && places[i].weight < places[0].weight / 100)
			break;
		place_line(p, &places[i], gb_metrics[m].goroutine, indent);
	}
}
