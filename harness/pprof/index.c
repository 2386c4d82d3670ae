/* index - see index.h.  Field numbers are those of profile.proto. */
#include "pprof/index.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/ids.h"
#include "pprof/indexing.h"
#include "pprof/prune.h"

enum {
	SAMPLE_TYPE = 1,
	SAMPLE,
	MAPPING,
	LOCATION,
	FUNCTION,
	STRING,
	DROP_FRAMES,
	KEEP_FRAMES,
	TIME,
	DURATION,
	PERIOD_TYPE,
	PERIOD,
	COMMENT,
	DEFAULT_TYPE,
	FIELDS
};

static struct gb_wire whole(const struct gb_profile *p)
{
	return (struct gb_wire){ p->data, p->data + p->size, false };
}

/* How many of each, so that arrays need not grow. */
static int count(struct gb_indexing *x)
{
	struct gb_profile *p = x->p;
	struct gb_wire w = whole(p);
	struct gb_wire_field f;
	size_t n[FIELDS] = { 0 };

	while (gb_wire_next(&w, &f)) {
		if (f.number >= FIELDS || f.number == 0)
			continue;
		n[f.number]++;
		if (f.number <= STRING && f.type != GB_WIRE_BYTES)
			return gb_index_malformed(x, "field %" PRIu64 " is no message", f.number);
	}
	if (w.bad)
		return gb_index_not_wire(x, &w);
	p->n_types = n[SAMPLE_TYPE];
	p->n_samples = n[SAMPLE];
	p->n_strings = n[STRING];
	x->locations = n[LOCATION];
	if (!p->n_types)
		return gb_index_malformed(x, "it has no sample types");
	if (!p->n_strings)
		return gb_index_malformed(x, "it has no strings");
	if (n[SAMPLE_TYPE] > GB_MAX_PROFILE_TYPES || n[SAMPLE] > GB_MAX_PROFILE_STRINGS ||
	    n[STRING] > GB_MAX_PROFILE_STRINGS || n[LOCATION] > GB_MAX_PROFILE_LOCATIONS ||
	    n[FUNCTION] > GB_MAX_PROFILE_LOCATIONS || n[MAPPING] > UINT16_MAX - 1)
		return gb_fail(x->err, GB_ELIMIT, "%s has more in it than any profile needs",
			       p->name);
	p->types = gb_calloc(p->n_types, sizeof(*p->types));
	x->types_raw = gb_calloc(p->n_types, sizeof(*x->types_raw));
	p->samples = gb_malloc((n[SAMPLE] + 1) * sizeof(*p->samples));
	p->strings = gb_malloc(n[STRING] * sizeof(*p->strings));
	p->mappings = gb_calloc(n[MAPPING] + 1, sizeof(*p->mappings));
	p->locations = gb_malloc((n[LOCATION] + 1) * sizeof(*p->locations));
	p->functions = gb_calloc(n[FUNCTION] + 1, sizeof(*p->functions));
	if (!p->types || !x->types_raw || !p->samples || !p->strings || !p->mappings ||
	    !p->locations || !p->functions)
		return gb_fail_nomem(x->err);
	return 0;
}

static int number(const struct gb_indexing *x, const struct gb_wire_field *f, uint64_t *ret)
{
	if (f->type != GB_WIRE_VARINT)
		return gb_index_malformed(x, "field %" PRIu64 " is no number", f->number);
	*ret = f->value;
	return 0;
}

static int header_field(struct gb_indexing *x, const struct gb_wire_field *f)
{
	struct gb_profile *p = x->p;
	uint64_t v[2] = { 0 };
	int rc;

	switch (f->number) {
	case DROP_FRAMES:
		return number(x, f, &x->drop);
	case KEEP_FRAMES:
		return number(x, f, &x->keep);
	case DEFAULT_TYPE:
		return number(x, f, &x->default_type);
	case TIME:
		if (p->time_ns != 0)
			return gb_index_malformed(x, "several profiles in one file");
		if ((rc = number(x, f, v)) == 0)
			p->time_ns = (int64_t)v[0];
		return rc;
	case DURATION:
		if ((rc = number(x, f, v)) == 0)
			p->duration_ns = (int64_t)v[0];
		return rc;
	case PERIOD:
		if ((rc = number(x, f, v)) == 0)
			p->period = (int64_t)v[0];
		return rc;
	case PERIOD_TYPE:
		if (f->type != GB_WIRE_BYTES)
			return gb_index_malformed(x, "field %" PRIu64 " is no message", f->number);
		if ((rc = gb_index_numbers(x, f->bytes, v, 2)) == 0) {
			x->period_type.type = v[0];
			x->period_type.unit = v[1];
		}
		return rc;
	default:
		return 0;
	}
}

static int table_field(struct gb_indexing *x, const struct gb_wire_field *f, size_t at,
		       uint32_t *mappings)
{
	struct gb_profile *p = x->p;
	uint64_t v[2] = { 0 };
	int rc;

	switch (f->number) {
	case SAMPLE_TYPE:
		if ((rc = gb_index_numbers(x, f->bytes, v, 2)) == 0) {
			x->types_raw[x->types].type = v[0];
			x->types_raw[x->types++].unit = v[1];
		}
		return rc;
	case SAMPLE:
		p->samples[x->samples++] = (uint32_t)at;
		return 0;
	case MAPPING:
		return gb_index_mapping(x, f->bytes);
	case LOCATION:
		return gb_index_location(x, f->bytes, &mappings[p->n_locations]);
	case FUNCTION:
		return gb_index_function(x, f->bytes);
	case STRING:
		if (x->strings == 0 && f->bytes.p != f->bytes.end)
			return gb_index_malformed(x, "its first string is not empty");
		p->strings[x->strings++] = (uint32_t)at;
		return 0;
	default:
		return header_field(x, f);
	}
}

/* Every string is preceded by its length, and behind it another field may begin. */
static void terminate_strings(struct gb_profile *p)
{
	for (size_t i = 0; i < p->n_strings; i++) {
		struct gb_wire w = whole(p);
		struct gb_wire_field f = { 0 };
		size_t len;

		w.p += p->strings[i];
		if (!gb_wire_next(&w, &f))
			continue; /* it was there a moment ago */
		len = (size_t)(f.bytes.end - f.bytes.p);
		p->strings[i] = (uint32_t)(f.bytes.p - p->data) - 1;
		memmove(p->data + p->strings[i], f.bytes.p, len);
		p->data[p->strings[i] + len] = '\0';
	}
}

static int close_ids(struct gb_indexing *x, struct gb_profile_ids *ids, const char *what)
{
	uint64_t twice;
	int rc = gb_ids_close(ids, &twice, x->err);

	return rc == GB_EEXIST ? gb_index_malformed(x, "two %ss have the id %" PRIu64, what, twice)
			       : rc;
}

/* From ids to indices. */
static int resolve(struct gb_indexing *x, const uint32_t *mappings)
{
	struct gb_profile *p = x->p;
	int rc;

	if ((rc = close_ids(x, &x->mappings, "mapping")) < 0 ||
	    (rc = close_ids(x, &x->functions, "function")) < 0 ||
	    (rc = close_ids(x, &p->location_ids, "location")) < 0)
		return rc;
	for (size_t i = 0; i < p->n_locations; i++) /* an unknown one becomes 0, none */
		p->locations[i].mapping =
			(uint16_t)(gb_ids_find(&x->mappings, gb_index_id(x, mappings[i])) + 1);
	for (size_t i = 0; i < p->n_lines; i++) {
		uint64_t id = gb_index_id(x, p->lines[i].function);

		p->lines[i].function = id ? gb_ids_find(&x->functions, id) : GB_PROFILE_NONE;
		if (id && p->lines[i].function == GB_PROFILE_NONE)
			return gb_index_malformed(x, "no function %" PRIu64, id);
	}
	return 0;
}

static int resolve_header(struct gb_indexing *x)
{
	struct gb_profile *p = x->p;
	uint32_t type, unit, drop, keep, chosen;
	int rc;

	for (size_t i = 0; i < p->n_types; i++) {
		if ((rc = gb_index_string(x, x->types_raw[i].type, &type)) < 0 ||
		    (rc = gb_index_string(x, x->types_raw[i].unit, &unit)) < 0)
			return rc;
		p->types[i].type = gb_profile_str(p, type);
		p->types[i].unit = gb_profile_str(p, unit);
	}
	if ((rc = gb_index_string(x, x->period_type.type, &type)) < 0 ||
	    (rc = gb_index_string(x, x->period_type.unit, &unit)) < 0 ||
	    (rc = gb_index_string(x, x->drop, &drop)) < 0 ||
	    (rc = gb_index_string(x, x->keep, &keep)) < 0 ||
	    (rc = gb_index_string(x, x->default_type, &chosen)) < 0)
		return rc;
	p->period_type = gb_profile_str(p, type);
	p->period_unit = gb_profile_str(p, unit);
	p->default_type = p->n_types - 1;
	for (size_t i = 0; chosen && i < p->n_types; i++) {
		if (strcmp(p->types[i].type, gb_profile_str(p, chosen)) == 0) {
			p->default_type = i;
			break;
		}
	}
	return gb_profile_prune(p, gb_profile_str(p, drop), gb_profile_str(p, keep), x->err);
}

static int fill(struct gb_indexing *x)
{
	struct gb_profile *p = x->p;
	struct gb_wire w = whole(p);
	struct gb_wire_field f;
	_free_ uint32_t *mappings = NULL;
	int rc = count(x);

	if (rc < 0)
		return rc;
	mappings = gb_malloc((x->locations + 1) * sizeof(*mappings));
	if (!mappings)
		return gb_fail_nomem(x->err);
	for (;;) {
		size_t at = (size_t)(w.p - p->data);

		if (!gb_wire_next(&w, &f))
			break;
		if ((rc = table_field(x, &f, at, mappings)) < 0)
			return rc;
	}
	terminate_strings(p);
	if ((rc = resolve(x, mappings)) < 0)
		return rc;
	return resolve_header(x);
}

int gb_profile_index(struct gb_profile *p, struct gb_err *err)
{
	struct gb_indexing x = { .p = p, .err = err };
	int rc;

	x.functions = x.mappings = (struct gb_profile_ids)GB_IDS_INIT;
	rc = fill(&x);
	free(x.types_raw);
	free(x.wide);
	gb_ids_release(&x.functions);
	gb_ids_release(&x.mappings);
	return rc;
}
