/* Goroutines below a verdict: how many, created where, waiting where. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/units.h"
#include "report/page.h"
#include "report/part.h"
#include "report/say.h"

#define GROUPS_SHOWN ((size_t)3)
#define FRAMES_SHOWN ((size_t)2)

void gb_page_frame(struct gb_page *p, const char *before, const struct gb_site *frame,
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
		gb_page_frame(p, "", &g->frames[i], indent);
		shown++;
	}
}

/* Where the library started it, the nearest caller that someone wrote is who it is for. */
void gb_page_creator(struct gb_page *p, const char *module, const struct gb_group *g, size_t indent)
{
	if (gb_say_is_users(module, &g->created) || gb_streq(g->created.func, "testing.(*T).Run"))
		return;
	for (size_t i = 0; i < g->n_creator; i++) {
		if (!gb_say_is_users(module, &g->creator[i]))
			continue;
		gb_page_frame(p, "for ", &g->creator[i], indent);
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

static void one_group(struct gb_page *p, const struct gb_package *package,
		      const struct gb_test *test, const struct gb_group *g, size_t indent)
{
	const struct gb_evidence_site *s =
		gb_evidence_spawn(gb_evidence_find(p->evidence, package, test), &g->created);
	_part_ struct gb_part line = GB_PART(p->out);

	gb_page_spaces(p, indent);
	gb_say_group(&line.b, package->module, g);
	group_line(p, line.b.data, indent);
	if (s)
		gb_page_quote(p, s, indent + 4);
	frames(p, package->module, g, indent + 4);
	gb_page_creator(p, package->module, g, indent + 4);
}

void gb_page_living(struct gb_page *p, const struct gb_judgement *j, size_t indent)
{
	for (size_t i = 0; i < j->package->n_tests; i++) {
		const struct gb_test *t = &j->package->tests[i];

		for (size_t k = 0; k < t->n_groups; k++)
			if (gb_say_is_living(j, t, &t->groups[k]))
				one_group(p, j->package, t, &t->groups[k], indent);
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
		one_group(p, package, test, g, indent);
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
