#include "report/say.h"

#include "base/buf.h"
#include "base/units.h"

static void amount(struct gb_buf *out, int64_t n, bool bytes)
{
	char text[32];

	gb_buf_adds(out, bytes ? gb_format_size(text, sizeof(text), n)
			       : gb_format_count(text, sizeof(text), n));
}

static void difference(struct gb_buf *out, int64_t n, bool bytes)
{
	char text[32];

	gb_buf_adds(out, gb_format_delta(text, sizeof(text), n, bytes));
}

/* "1.0 MiB in 3 objects", "5 started". */
static void side(struct gb_buf *out, const struct gb_evidence_site *s, int64_t bytes,
		 int64_t objects)
{
	if (s->kind == GB_EV_SPAWN) {
		amount(out, objects, false);
		gb_buf_adds(out, " started");
		return;
	}
	amount(out, bytes, true);
	gb_buf_adds(out, " in ");
	amount(out, objects, false);
	gb_buf_adds(out, objects == 1 ? " object" : " objects");
}

void gb_say_weight(struct gb_buf *out, const struct gb_evidence_site *s, bool base)
{
	bool spawn = s->kind == GB_EV_SPAWN;

	if (!base) {
		side(out, s, s->bytes, s->objects);
	} else if (s->base_objects == 0 || s->objects == 0) {
		gb_buf_addc(out, s->objects ? '+' : '-');
		side(out, s, s->bytes + s->base_bytes, s->objects + s->base_objects);
	} else {
		difference(out, spawn ? s->objects - s->base_objects : s->bytes - s->base_bytes,
			   !spawn);
		gb_buf_adds(out, " (");
		side(out, s, s->base_bytes, s->base_objects);
		gb_buf_adds(out, " → ");
		side(out, s, s->bytes, s->objects);
		gb_buf_addc(out, ')');
	}
	if (s->kind == GB_EV_INUSE)
		gb_buf_adds(out, " still reachable");
}

const char *gb_say_escape_word(const struct gb_evidence_site *s)
{
	return s->escape_is_new ? "newly on the heap: " : "on the heap: ";
}

const char *gb_say_as_before(void)
{
	return "no place weighs more than at the base, these weigh most";
}
