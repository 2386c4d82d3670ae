/* index - see index.h.  Field numbers are those of profile.proto. */
#include "pprof/index.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/ids.h"
#include "pprof/prune.h"
#include "pprof/wire.h"

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

struct indexing {
	struct gb_profile *p;
	struct gb_profile_ids functions, mappings;
	size_t types, strings, samples; /* done so far */
	size_t locations;		/* how many there will be */
	struct {
		uint64_t type, unit;
	} * types_raw, period_type;
	uint64_t drop, keep, default_type;
	struct gb_err *err;
};

static int malformed(const struct indexing *x, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int malformed(const struct indexing *x, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return gb_fail(x->err, GB_EPARSE, "%s is no profile, or a damaged one: %s", x->p->name,
		       what);
}

static struct gb_wire whole(const struct gb_profile *p)
{
	return (struct gb_wire){ p->data, p->data + p->size, false };
}

static int not_wire(const struct indexing *x, const struct gb_wire *w)
{
	return malformed(x, "no protocol buffer at byte %zu", (size_t)(w->p - x->p->data));
}

/* How many of each, so that arrays need not grow. */
static int count(struct indexing *x)
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
			return malformed(x, "field %" PRIu64 " is no message", f.number);
	}
	if (w.bad)
		return not_wire(x, &w);
	p->n_types = n[SAMPLE_TYPE];
	p->n_samples = n[SAMPLE];
	p->n_strings = n[STRING];
	x->locations = n[LOCATION];
	if (!p->n_types)
		return malformed(x, "it has no sample types");
	if (!p->n_strings)
		return malformed(x, "it has no strings");
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

/* A message that consists of numbers: fields 1..n into ret, the last of each wins. */
static int numbers(const struct indexing *x, struct gb_wire w, uint64_t *ret, size_t n)
{
	struct gb_wire_field f;

	while (gb_wire_next(&w, &f)) {
		if (f.number == 0 || f.number > n)
			continue;
		if (f.type != GB_WIRE_VARINT)
			return malformed(x, "field %" PRIu64 " of a message is no number",
					 f.number);
		ret[f.number - 1] = f.value;
	}
	return w.bad ? not_wire(x, &w) : 0;
}

static int string_of(const struct indexing *x, uint64_t index, uint32_t *ret)
{
	if (index >= x->p->n_strings)
		return malformed(x, "no string %" PRIu64 ", there are %zu", index, x->p->n_strings);
	*ret = (uint32_t)index;
	return 0;
}

static int add_mapping(struct indexing *x, struct gb_wire w)
{
	struct gb_profile_mapping *m = &x->p->mappings[x->p->n_mappings];
	uint64_t v[6] = { 0 };
	int rc;

	if ((rc = numbers(x, w, v, 6)) < 0 || (rc = string_of(x, v[4], &m->file)) < 0 ||
	    (rc = string_of(x, v[5], &m->build_id)) < 0)
		return rc;
	if (v[0] == 0)
		return malformed(x, "a mapping without id");
	m->start = v[1];
	m->limit = v[2];
	m->offset = v[3];
	x->p->n_mappings++;
	return gb_ids_add(&x->mappings, v[0], x->err);
}

static int add_function(struct indexing *x, struct gb_wire w)
{
	struct gb_profile_function *f = &x->p->functions[x->p->n_functions];
	uint64_t v[5] = { 0 };
	uint32_t system_name;
	int rc;

	if ((rc = numbers(x, w, v, 5)) < 0 || (rc = string_of(x, v[1], &f->name)) < 0 ||
	    (rc = string_of(x, v[2], &system_name)) < 0 || (rc = string_of(x, v[3], &f->file)) < 0)
		return rc;
	if (v[0] == 0)
		return malformed(x, "a function without id");
	f->start_line = (int64_t)v[4];
	x->p->n_functions++;
	return gb_ids_add(&x->functions, v[0], x->err);
}

/* `function` is still an id. */
static int add_line(struct indexing *x, uint64_t function, uint64_t line)
{
	struct gb_profile *p = x->p;
	int rc = gb_grow((void **)&p->lines, &p->cap_lines, p->n_lines + 1, sizeof(*p->lines),
			 UINT32_MAX - 1, x->err);

	if (rc < 0)
		return rc;
	if (function >= UINT32_MAX || (int64_t)line < INT32_MIN || (int64_t)line > INT32_MAX)
		return malformed(x, "line %" PRIi64 " of function %" PRIu64, (int64_t)line,
				 function);
	p->lines[p->n_lines++] =
		(struct gb_profile_line){ (uint32_t)function, (int32_t)(int64_t)line };
	return 0;
}

/* Function and mapping are ids until all are known. */
static int add_location(struct indexing *x, struct gb_wire w, uint32_t *ret_mapping)
{
	struct gb_profile *p = x->p;
	struct gb_profile_location *l = &p->locations[p->n_locations];
	uint64_t v[3] = { 0 };
	struct gb_wire_field f;
	int rc;

	l->line = (uint32_t)p->n_lines;
	while (gb_wire_next(&w, &f)) {
		if (f.number == 0 || f.number > 5)
			continue;
		if (f.type != (f.number == 4 ? GB_WIRE_BYTES : GB_WIRE_VARINT))
			return malformed(x, "field %" PRIu64 " of a location has another type",
					 f.number);
		if (f.number <= 3) {
			v[f.number - 1] = f.value;
		} else if (f.number == 4) {
			uint64_t line[3] = { 0 };

			if ((rc = numbers(x, f.bytes, line, 3)) < 0 ||
			    (rc = add_line(x, line[0], line[1])) < 0)
				return rc;
			if (line[0] == 0)
				return malformed(x,
						 "location %" PRIu64 " has a line without function",
						 v[0]);
		}
	}
	if (w.bad)
		return not_wire(x, &w);
	if (v[0] == 0)
		return malformed(x, "a location without id");
	if (p->n_lines == l->line && (rc = add_line(x, 0, 0)) < 0)
		return rc;
	if (p->n_lines - l->line > GB_MAX_PROFILE_INLINED || v[1] > UINT32_MAX)
		return malformed(x, "location %" PRIu64 " has too many lines", v[0]);
	l->n_lines = (uint16_t)(p->n_lines - l->line);
	l->address = v[2];
	*ret_mapping = (uint32_t)v[1];
	p->n_locations++;
	return gb_ids_add(&p->location_ids, v[0], x->err);
}

static int number(const struct indexing *x, const struct gb_wire_field *f, uint64_t *ret)
{
	if (f->type != GB_WIRE_VARINT)
		return malformed(x, "field %" PRIu64 " is no number", f->number);
	*ret = f->value;
	return 0;
}

static int header_field(struct indexing *x, const struct gb_wire_field *f)
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
			return malformed(x, "several profiles in one file");
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
			return malformed(x, "field %" PRIu64 " is no message", f->number);
		if ((rc = numbers(x, f->bytes, v, 2)) == 0) {
			x->period_type.type = v[0];
			x->period_type.unit = v[1];
		}
		return rc;
	default:
		return 0;
	}
}

static int table_field(struct indexing *x, const struct gb_wire_field *f, size_t at,
		       uint32_t *mappings)
{
	struct gb_profile *p = x->p;
	uint64_t v[2] = { 0 };
	int rc;

	switch (f->number) {
	case SAMPLE_TYPE:
		if ((rc = numbers(x, f->bytes, v, 2)) == 0) {
			x->types_raw[x->types].type = v[0];
			x->types_raw[x->types++].unit = v[1];
		}
		return rc;
	case SAMPLE:
		p->samples[x->samples++] = (uint32_t)at;
		return 0;
	case MAPPING:
		return add_mapping(x, f->bytes);
	case LOCATION:
		return add_location(x, f->bytes, &mappings[p->n_locations]);
	case FUNCTION:
		return add_function(x, f->bytes);
	case STRING:
		if (x->strings == 0 && f->bytes.p != f->bytes.end)
			return malformed(x, "its first string is not empty");
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
		gb_wire_next(&w, &f);
		len = (size_t)(f.bytes.end - f.bytes.p);
		p->strings[i] = (uint32_t)(f.bytes.p - p->data) - 1;
		memmove(p->data + p->strings[i], f.bytes.p, len);
		p->data[p->strings[i] + len] = '\0';
	}
}

static int close_ids(struct indexing *x, struct gb_profile_ids *ids, const char *what)
{
	uint64_t twice;
	int rc = gb_ids_close(ids, &twice, x->err);

	return rc == GB_EEXIST ? malformed(x, "two %ss have the id %" PRIu64, what, twice) : rc;
}

/* From ids to indices. */
static int resolve(struct indexing *x, const uint32_t *mappings)
{
	struct gb_profile *p = x->p;
	int rc;

	if ((rc = close_ids(x, &x->mappings, "mapping")) < 0 ||
	    (rc = close_ids(x, &x->functions, "function")) < 0 ||
	    (rc = close_ids(x, &p->location_ids, "location")) < 0)
		return rc;
	for (size_t i = 0; i < p->n_locations; i++) /* an unknown one becomes 0, none */
		p->locations[i].mapping = (uint16_t)(gb_ids_find(&x->mappings, mappings[i]) + 1);
	for (size_t i = 0; i < p->n_lines; i++) {
		uint32_t id = p->lines[i].function;

		p->lines[i].function = id ? gb_ids_find(&x->functions, id) : GB_PROFILE_NONE;
		if (id && p->lines[i].function == GB_PROFILE_NONE)
			return malformed(x, "no function %" PRIu32, id);
	}
	return 0;
}

static int resolve_header(struct indexing *x)
{
	struct gb_profile *p = x->p;
	uint32_t type, unit, drop, keep, chosen;
	int rc;

	for (size_t i = 0; i < p->n_types; i++) {
		if ((rc = string_of(x, x->types_raw[i].type, &type)) < 0 ||
		    (rc = string_of(x, x->types_raw[i].unit, &unit)) < 0)
			return rc;
		p->types[i].type = gb_profile_str(p, type);
		p->types[i].unit = gb_profile_str(p, unit);
	}
	if ((rc = string_of(x, x->period_type.type, &type)) < 0 ||
	    (rc = string_of(x, x->period_type.unit, &unit)) < 0 ||
	    (rc = string_of(x, x->drop, &drop)) < 0 || (rc = string_of(x, x->keep, &keep)) < 0 ||
	    (rc = string_of(x, x->default_type, &chosen)) < 0)
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

static int fill(struct indexing *x)
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
	struct indexing x = { .p = p, .err = err };
	int rc;

	x.functions = x.mappings = (struct gb_profile_ids)GB_IDS_INIT;
	rc = fill(&x);
	free(x.types_raw);
	gb_ids_release(&x.functions);
	gb_ids_release(&x.mappings);
	return rc;
}

const char *gb_profile_str(const struct gb_profile *p, uint32_t string)
{
	return (const char *)p->data + p->strings[string];
}

int gb_profile_type_index(const struct gb_profile *p, const char *sample, size_t *ret,
			  struct gb_err *err)
{
	const char *rest = sample && strncmp(sample, "inuse_", 6) == 0 ? sample + 6 : sample;
	char names[300] = "";
	size_t used = 0;

	if (!sample || !*sample) {
		*ret = p->default_type;
		return 0;
	}
	for (size_t i = 0; i < p->n_types; i++) {
		if (strcmp(p->types[i].type, sample) == 0 || strcmp(p->types[i].type, rest) == 0) {
			*ret = i;
			return 0;
		}
	}
	if (strlen(sample) <= 6 && strspn(sample, "0123456789") == strlen(sample) &&
	    strtoul(sample, NULL, 10) < p->n_types) {
		*ret = strtoul(sample, NULL, 10);
		return 0;
	}
	for (size_t i = 0; i < p->n_types && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
					 p->types[i].type);
	gb_fail(err, GB_EUSAGE, "%s has no samples of the type \"%.100s\"", p->name, sample);
	return gb_hint(err, "it has %s", names);
}
