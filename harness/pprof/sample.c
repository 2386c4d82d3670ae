/* sample - see sample.h. */
#include "pprof/sample.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/ids.h"
#include "pprof/prune.h"

enum { LOCATION = 1, VALUE, LABEL };

static int malformed(const struct gb_profile *p, size_t i, const char *what, struct gb_err *err)
{
	return gb_fail(err, GB_EPARSE, "%s is damaged: sample %zu %s", p->name, i + 1, what);
}

/* A repeated number, packed or one by one.  Values past the types there are only count. */
static bool add_values(const struct gb_profile *p, const struct gb_wire_field *f,
		       struct gb_sample *s, size_t *n)
{
	struct gb_wire w = f->bytes;
	uint64_t v;

	if (f->type == GB_WIRE_VARINT) {
		if (*n < p->n_types)
			s->values[*n] = (int64_t)f->value;
		++*n;
		return true;
	}
	while (w.p < w.end) {
		if (!gb_wire_varint(&w, &v))
			return false;
		if (*n < p->n_types)
			s->values[*n] = (int64_t)v;
		++*n;
	}
	return true;
}

/* NONE for an unknown id is found afterwards, outside of the loop that takes the time. */
static bool add_packed(const struct gb_profile *p, struct gb_wire w, struct gb_sample *s,
		       uint32_t *ret_worst)
{
	const struct gb_profile_ids *ids = &p->location_ids;
	uint32_t worst = 0;
	size_t n = s->n;
	uint64_t v;

	while (w.p < w.end) {
		uint32_t index;

		if (!gb_wire_varint(&w, &v))
			return false;
		index = gb_ids_find(ids, v);
		worst = index > worst ? index : worst;
		s->all[n++] = index;
	}
	s->n = n;
	*ret_worst = worst;
	return true;
}

static int add_locations(const struct gb_profile *p, size_t i, const struct gb_wire_field *f,
			 struct gb_sample *s, struct gb_err *err)
{
	size_t most = f->type == GB_WIRE_BYTES ? (size_t)(f->bytes.end - f->bytes.p) : 1;
	uint32_t worst;
	int rc;

	if (s->n + most > s->cap) {
		if (s->n + most > GB_MAX_PROFILE_DEPTH)
			return malformed(p, i, "has too many frames", err);
		rc = gb_grow((void **)&s->all, &s->cap, s->n + most, sizeof(*s->all),
			     GB_MAX_PROFILE_DEPTH, err);
		if (rc < 0)
			return rc;
	}
	if (f->type == GB_WIRE_VARINT)
		s->all[s->n++] = worst = gb_ids_find(&p->location_ids, f->value);
	else if (!add_packed(p, f->bytes, s, &worst))
		return malformed(p, i, "has a broken number", err);
	return worst == GB_PROFILE_NONE ? malformed(p, i, "has an unknown location", err) : 0;
}

int gb_sample_read(const struct gb_profile *p, size_t i, struct gb_sample *s, struct gb_err *err)
{
	struct gb_wire w = { p->data + p->samples[i], p->data + p->size, false };
	struct gb_wire_field f;
	size_t values = 0;
	int rc;

	if (s->cap_values < p->n_types &&
	    (rc = gb_grow((void **)&s->values, &s->cap_values, p->n_types, sizeof(*s->values),
			  SIZE_MAX / 8, err)) < 0)
		return rc;
	gb_wire_next(&w, &f); /* it was there when the profile was indexed */
	s->message = w = f.bytes;
	s->n = 0;
	while (gb_wire_next(&w, &f)) {
		if (f.number == 0 || f.number > LABEL)
			continue;
		if (f.type != GB_WIRE_BYTES && (f.type != GB_WIRE_VARINT || f.number == LABEL))
			return malformed(p, i, "has a field of another type", err);
		if (f.number == LOCATION && (rc = add_locations(p, i, &f, s, err)) < 0)
			return rc;
		if (f.number == VALUE && !add_values(p, &f, s, &values))
			return malformed(p, i, "has a broken number", err);
	}
	if (w.bad)
		return malformed(p, i, "is cut short", err);
	if (values != p->n_types)
		return malformed(p, i, "has not one value for each type", err);
	s->locations = s->all;
	if (p->prune && s->n) {
		size_t gone = gb_prune_stack(p, s->all, s->n);

		s->locations += gone;
		s->n -= gone;
	}
	return 0;
}

void gb_sample_release(struct gb_sample *s)
{
	free(s->all);
	free(s->values);
	*s = (struct gb_sample)GB_SAMPLE_INIT;
}

static bool read_label(const struct gb_profile *p, struct gb_wire w, struct gb_label *ret,
		       bool *ret_empty)
{
	uint64_t v[4] = { 0 }; /* key, string, number, unit of number */
	struct gb_wire_field f;

	while (gb_wire_next(&w, &f)) {
		if (f.number == 0 || f.number > 4)
			continue;
		if (f.type != GB_WIRE_VARINT)
			return false;
		v[f.number - 1] = f.value;
	}
	if (w.bad || v[0] >= p->n_strings || v[1] >= p->n_strings || v[3] >= p->n_strings)
		return false;
	ret->key = gb_profile_str(p, (uint32_t)v[0]);
	ret->value = v[1] ? gb_profile_str(p, (uint32_t)v[1]) : NULL;
	ret->number = (int64_t)v[2];
	ret->unit = gb_profile_str(p, (uint32_t)v[3]);
	*ret_empty = !v[1] && !v[2] && !v[3];
	return true;
}

int gb_sample_labels(const struct gb_profile *p, const struct gb_sample *s,
		     struct gb_label **labels, size_t *cap, size_t *n, struct gb_err *err)
{
	struct gb_wire w = s->message;
	struct gb_wire_field f;
	int rc;

	*n = 0;
	while (gb_wire_next(&w, &f)) {
		bool empty;

		if (f.number != LABEL || f.type != GB_WIRE_BYTES)
			continue;
		rc = gb_grow((void **)labels, cap, *n + 1, sizeof(**labels), SIZE_MAX / 64, err);
		if (rc < 0)
			return rc;
		if (!read_label(p, f.bytes, *labels + *n, &empty))
			return gb_fail(err, GB_EPARSE, "%s is damaged: a broken label", p->name);
		if (!empty)
			++*n;
	}
	return 0;
}
