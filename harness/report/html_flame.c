/* html_flame - a test's allocations as a flame graph: all its stacks, not only the worst lines. */
#include "report/html.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/units.h"
#include "pprof/flame.h"
#include "report/part.h"
#include "report/say.h"

#include <string.h>

/* Values of a stack: now, or at the base. */
enum { SPACE, OBJECTS, INUSE_SPACE, INUSE_OBJECTS, TYPES };

static bool has_reach(const struct gb_test *t)
{
	for (size_t i = 0; i < t->n_sites; i++)
		if (t->sites[i].reach)
			return true;
	return false;
}

static int frame(struct gb_flame *f, const struct gb_site *site, uint32_t *ret)
{
	_buf_ struct gb_buf file = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_site place = *site;

	place.line = 0;
	gb_say_site(&file, &place);
	if (file.failed)
		return GB_ENOMEM;
	return gb_flame_frame(f, site->func, file.data, site->line, ret, NULL);
}

static int add_site(struct gb_flame *f, const struct gb_alloc_site *s, bool base)
{
	int64_t now[TYPES] = { 0 }, before[TYPES] = { 0 };
	int64_t *values = base ? before : now;
	uint32_t ids[GB_MAX_FRAMES * 2];
	size_t n = s->n_frames < GB_MAX_FRAMES * 2 ? s->n_frames : GB_MAX_FRAMES * 2;
	int rc = 0;

	for (size_t i = 0; i < n && rc >= 0; i++)
		rc = frame(f, &s->frames[i], &ids[n - 1 - i]);
	if (rc < 0)
		return rc;
	values[s->reach ? INUSE_SPACE : SPACE] = s->bytes;
	values[s->reach ? INUSE_OBJECTS : OBJECTS] = s->objects;
	return gb_flame_add(f, ids, n, now, before, NULL);
}

static int add_test(struct gb_flame *f, const struct gb_test *t, enum gb_mode mode, bool base)
{
	int rc = 0;

	for (size_t i = 0; t && i < t->n_sites && rc >= 0; i++) {
		const struct gb_alloc_site *s = &t->sites[i];

		if (!s->spawn && (s->reach || s->mode == mode))
			rc = add_site(f, s, base);
	}
	return rc;
}

static int draw(struct gb_buf *out, const struct gb_evidence *e, const char *base)
{
	static const struct gb_flame_type types[TYPES] = {
		[SPACE] = { "alloc_space", "bytes" },
		[OBJECTS] = { "alloc_objects", "count" },
		[INUSE_SPACE] = { "inuse_space", "bytes" },
		[INUSE_OBJECTS] = { "inuse_objects", "count" },
	};
	const struct gb_flame_text text = { .base = e->base_test ? base ? base : "base" : NULL };
	size_t n = has_reach(e->test) ? TYPES : INUSE_SPACE;
	_flame_ struct gb_flame *f = NULL;
	int rc = gb_flame_new(types, n, &f, NULL);

	if (rc >= 0)
		rc = add_test(f, e->test, e->mode, false);
	if (rc >= 0)
		rc = add_test(f, e->base_test, e->mode, true);
	if (rc >= 0 && gb_flame_stacks(f) > 0)
		rc = gb_flame_data(f, &text, out, NULL);
	return rc;
}

void gb_html_flame(struct gb_buf *out, const struct gb_evidence *e, const char *base, size_t number)
{
	_part_ struct gb_part data = GB_PART(out);

	if (draw(&data.b, e, base) < 0) {
		out->failed = out->nomem = true;
		return;
	}
	if (!data.b.len)
		return;
	gb_buf_addf(out,
		    "<details class=\"fold\"><summary>Flame graph of its allocations</summary>\n"
		    "<div class=\"flame\" data-flame=\"flame-%zu\"><p>The flame graph is drawn by "
		    "the script in this file: it needs JavaScript.</p></div>\n"
		    "<script type=\"application/json\" id=\"flame-%zu\" nonce=\"gobudget\">\n",
		    number, number);
	gb_buf_add(out, data.b.data, data.b.len);
	gb_buf_adds(out, "</script>\n</details>\n");
}
