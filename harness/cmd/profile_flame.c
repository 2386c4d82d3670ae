/* gobudget profile flame: a profile as one HTML file.  See profile.h and pprof/flame.h. */
#include "cmd/profile.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"
#include "command.h"
#include "pprof/flame.h"
#include "pprof/profile.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A profile's strings stay where they are, so a frame seen before is known by its addresses. */
#define KNOWN ((size_t)1 << 14)

struct known {
	const char *func, *file;
	int64_t line;
	uint32_t id;
};

struct drawing {
	struct gb_flame *flame;
	struct known *known;
	uint32_t *ids;
	size_t cap_ids;
	size_t type;
};

static int frame_id(struct drawing *d, const struct gb_frame *f, uint32_t *ret, struct gb_err *err)
{
	uintptr_t mixed = (uintptr_t)f->function * 31 ^ (uintptr_t)f->file ^ (uintptr_t)f->line;
	struct known *k = &d->known[(mixed ^ mixed >> 14) % KNOWN];
	_free_ char *name = NULL;
	int rc;

	if (!*f->function) {
		name = gb_asprintf("%s 0x%llx", gb_path_base(f->binary),
				   (unsigned long long)f->address);
		return name ? gb_flame_frame(d->flame, name, NULL, 0, ret, err)
			    : gb_fail_nomem(err);
	}
	if (k->func != f->function || k->file != f->file || k->line != f->line) {
		rc = gb_flame_frame(d->flame, f->function, f->file, f->line, &k->id, err);
		if (rc < 0) {
			k->func = NULL;
			return rc;
		}
		k->func = f->function;
		k->file = f->file;
		k->line = f->line;
	}
	*ret = k->id;
	return 0;
}

static int on_stack(void *arg, const struct gb_stack *s, struct gb_err *err)
{
	struct drawing *d = arg;
	int64_t values[GB_MAX_FLAME_TYPES] = { 0 }, base[GB_MAX_FLAME_TYPES] = { 0 };
	int rc = gb_grow((void **)&d->ids, &d->cap_ids, s->n + 1, sizeof(*d->ids),
			 GB_MAX_PROFILE_DEPTH + 1, err);

	for (size_t i = 0; i < s->n && rc >= 0; i++)
		rc = frame_id(d, &s->frames[i], &d->ids[i], err);
	/* Its value is part of the total all the same. */
	if (s->n == 0 && rc >= 0)
		rc = gb_flame_frame(d->flame, "(no stack)", NULL, 0, &d->ids[0], err);
	if (rc < 0)
		return rc;
	values[d->type] = s->value;
	base[d->type] = s->base;
	return gb_flame_add(d->flame, d->ids, s->n ? s->n : 1, values, base, err);
}

/* The types of the page, by their number in the profile: all that both have, or the one asked for. */
static int choose(const struct gb_profile *p, const struct gb_profile *old, size_t *types,
		  size_t *ret_n, size_t *ret_shown, struct gb_err *err)
{
	size_t chosen, n = 0, other;
	int rc = gb_profile_type_index(p, gb_profile_opt.sample, &chosen, err);

	if (rc == 0 && old)
		rc = gb_profile_type_index(old, p->types[chosen].type, &other, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < p->n_types; i++) {
		if (i != chosen &&
		    (gb_profile_opt.sample || n + 1 == GB_MAX_FLAME_TYPES ||
		     (old && gb_profile_type_index(old, p->types[i].type, &other, NULL) < 0)))
			continue;
		if (i == chosen)
			*ret_shown = n;
		if (n < GB_MAX_FLAME_TYPES)
			types[n++] = i;
	}
	*ret_n = n;
	return 0;
}

static int fill(struct drawing *d, const struct gb_profile *p, const struct gb_profile *old,
		const size_t *types, size_t n, struct gb_err *err)
{
	int rc = 0;

	for (d->type = 0; d->type < n && rc >= 0; d->type++) {
		char number[32];
		struct gb_profile_query q = { .sample = number,
					      .focus = gb_profile_opt.focus,
					      .ignore = gb_profile_opt.ignore };

		snprintf(number, sizeof(number), "%zu", types[d->type]);
		gb_flame_again(d->flame);
		rc = gb_profile_walk(p, old, &q, on_stack, d, err);
	}
	return rc;
}

static int draw(struct drawing *d, const struct gb_profile *p, const struct gb_profile *old,
		struct gb_buf *out, struct gb_err *err)
{
	struct gb_flame_type names[GB_MAX_FLAME_TYPES];
	size_t types[GB_MAX_FLAME_TYPES], n, shown = 0;
	_buf_ struct gb_buf about = GB_BUF_INIT(GB_KIB);
	struct gb_flame_text text = { .title = gb_path_base(p->name),
				      .base = old ? gb_path_base(old->name) : NULL };
	char samples[32];
	int rc = choose(p, old, types, &n, &shown, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < n; i++)
		names[i] =
			(struct gb_flame_type){ p->types[types[i]].type, p->types[types[i]].unit };
	if ((rc = gb_flame_new(names, n, &d->flame, err)) < 0 ||
	    (rc = fill(d, p, old, types, n, err)) < 0)
		return rc;
	gb_buf_addf(&about, "%s samples",
		    gb_format_count(samples, sizeof(samples), (int64_t)p->n_samples));
	if (old)
		gb_buf_addf(&about, ", against %.200s", text.base);
	if (gb_profile_opt.focus)
		gb_buf_addf(&about, ", only through %.200s", gb_profile_opt.focus);
	if (gb_profile_opt.ignore)
		gb_buf_addf(&about, ", none through %.200s", gb_profile_opt.ignore);
	text.subtitle = about.data;
	text.shown = shown;
	return gb_flame_page(d->flame, &text, out, err);
}

/* A page on a terminal helps nobody. */
static int check_output(struct gb_err *err)
{
	if (gb_profile_opt.output || !isatty(STDOUT_FILENO))
		return 0;
	gb_fail(err, GB_EUSAGE, "profile flame writes an HTML page: where to?");
	return gb_hint(err, "-o flame.html, or -o - for standard output");
}

static int write_page(const struct gb_buf *page, struct gb_err *err)
{
	const char *path = gb_profile_opt.output;

	if (page->failed)
		return gb_buf_error(page, "flame graph", err);
	if (!path || strcmp(path, "-") == 0)
		return gb_command_print(page, err);
	return gb_fs_write(path, page->data, page->len, err);
}

static int flame_run(char **operands, struct gb_err *err)
{
	_profile_ struct gb_profile *p = NULL, *old = NULL;
	_buf_ struct gb_buf page = GB_BUF_INIT(GB_MAX_REPORT);
	struct drawing d = { 0 };
	int rc = check_output(err);

	if (rc < 0 || (rc = gb_profile_open(operands[0], &p, err)) < 0 ||
	    (gb_profile_opt.base && (rc = gb_profile_open(gb_profile_opt.base, &old, err)) < 0))
		return rc;
	d.known = gb_calloc(KNOWN, sizeof(*d.known));
	rc = d.known ? draw(&d, p, old, &page, err) : gb_fail_nomem(err);
	gb_flame_free(d.flame);
	free(d.known);
	free(d.ids);
	if (rc == GB_EPARSE || rc == GB_ELIMIT)
		return GB_EUSAGE;
	return rc < 0 ? rc : write_page(&page, err);
}

const struct gb_view gb_view_flame = {
	.name = "flame",
	.args = "FILE",
	.summary = "a flame graph, one HTML file that needs no network",
	.opts = "sample focus ignore base output",
	.operands = 1,
	.run = flame_run,
};
