/* index_tables - mappings, functions and locations of a profile.  See indexing.h. */
#include "pprof/indexing.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/ids.h"

int gb_index_malformed(const struct gb_indexing *x, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return gb_fail(x->err, GB_EPARSE, "%s is no profile, or a damaged one: %s", x->p->name,
		       what);
}

int gb_index_not_wire(const struct gb_indexing *x, const struct gb_wire *w)
{
	return gb_index_malformed(x, "no protocol buffer at byte %zu", (size_t)(w->p - x->p->data));
}

int gb_index_numbers(const struct gb_indexing *x, struct gb_wire w, uint64_t *ret, size_t n)
{
	struct gb_wire_field f;

	while (gb_wire_next(&w, &f)) {
		if (f.number == 0 || f.number > n)
			continue;
		if (f.type != GB_WIRE_VARINT)
			return gb_index_malformed(x, "field %" PRIu64 " of a message is no number",
						  f.number);
		ret[f.number - 1] = f.value;
	}
	return w.bad ? gb_index_not_wire(x, &w) : 0;
}

int gb_index_string(const struct gb_indexing *x, uint64_t index, uint32_t *ret)
{
	if (index >= x->p->n_strings)
		return gb_index_malformed(x, "no string %" PRIu64 ", there are %zu", index,
					  x->p->n_strings);
	*ret = (uint32_t)index;
	return 0;
}

int gb_index_mapping(struct gb_indexing *x, struct gb_wire w)
{
	struct gb_profile_mapping *m = &x->p->mappings[x->p->n_mappings];
	uint64_t v[6] = { 0 };
	int rc;

	if ((rc = gb_index_numbers(x, w, v, 6)) < 0 ||
	    (rc = gb_index_string(x, v[4], &m->file)) < 0 ||
	    (rc = gb_index_string(x, v[5], &m->build_id)) < 0)
		return rc;
	if (v[0] == 0)
		return gb_index_malformed(x, "a mapping without id");
	m->start = v[1];
	m->limit = v[2];
	m->offset = v[3];
	x->p->n_mappings++;
	return gb_ids_add(&x->mappings, v[0], x->err);
}

int gb_index_function(struct gb_indexing *x, struct gb_wire w)
{
	struct gb_profile_function *f = &x->p->functions[x->p->n_functions];
	uint64_t v[5] = { 0 };
	uint32_t system_name;
	int rc;

	if ((rc = gb_index_numbers(x, w, v, 5)) < 0 ||
	    (rc = gb_index_string(x, v[1], &f->name)) < 0 ||
	    (rc = gb_index_string(x, v[2], &system_name)) < 0 ||
	    (rc = gb_index_string(x, v[3], &f->file)) < 0)
		return rc;
	if (v[0] == 0)
		return gb_index_malformed(x, "a function without id");
	f->start_line = (int64_t)v[4];
	x->p->n_functions++;
	return gb_ids_add(&x->functions, v[0], x->err);
}

#define WIDE UINT32_C(0x80000000)

/* References wait in 32 bits until all ids are known: large ids are rare. */
static int shorten(struct gb_indexing *x, uint64_t id, uint32_t *ret)
{
	int rc;

	if (id < WIDE) {
		*ret = (uint32_t)id;
		return 0;
	}
	rc = gb_grow((void **)&x->wide, &x->cap_wide, x->n_wide + 1, sizeof(*x->wide), WIDE,
		     x->err);
	if (rc < 0)
		return rc;
	*ret = WIDE | (uint32_t)x->n_wide;
	x->wide[x->n_wide++] = id;
	return 0;
}

uint64_t gb_index_id(const struct gb_indexing *x, uint32_t ref)
{
	return ref & WIDE ? x->wide[ref & ~WIDE] : ref;
}

/* `function` is still an id. */
static int add_line(struct gb_indexing *x, uint64_t function, uint64_t line)
{
	struct gb_profile *p = x->p;
	uint32_t ref;
	int rc = gb_grow((void **)&p->lines, &p->cap_lines, p->n_lines + 1, sizeof(*p->lines),
			 GB_MAX_PROFILE_STRINGS, x->err);

	if (rc < 0)
		return rc;
	if ((rc = shorten(x, function, &ref)) < 0)
		return rc;
	if ((int64_t)line < INT32_MIN || (int64_t)line > INT32_MAX)
		return gb_index_malformed(x, "line %" PRIi64 " of function %" PRIu64, (int64_t)line,
					  function);
	p->lines[p->n_lines++] = (struct gb_profile_line){ ref, (int32_t)(int64_t)line };
	return 0;
}

/* Function and mapping are ids until all are known. */
int gb_index_location(struct gb_indexing *x, struct gb_wire w, uint32_t *ret_mapping)
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
			return gb_index_malformed(
				x, "field %" PRIu64 " of a location has another type", f.number);
		if (f.number <= 3) {
			v[f.number - 1] = f.value;
		} else if (f.number == 4) {
			uint64_t line[3] = { 0 };

			if ((rc = gb_index_numbers(x, f.bytes, line, 3)) < 0 ||
			    (rc = add_line(x, line[0], line[1])) < 0)
				return rc;
			if (line[0] == 0)
				return gb_index_malformed(x,
							  "location %" PRIu64
							  " has a line without function",
							  v[0]);
		}
	}
	if (w.bad)
		return gb_index_not_wire(x, &w);
	if (v[0] == 0)
		return gb_index_malformed(x, "a location without id");
	if (p->n_lines == l->line && (rc = add_line(x, 0, 0)) < 0)
		return rc;
	if (p->n_lines - l->line > GB_MAX_PROFILE_INLINED)
		return gb_index_malformed(x, "location %" PRIu64 " has too many lines", v[0]);
	l->n_lines = (uint16_t)(p->n_lines - l->line);
	l->address = v[2];
	if ((rc = shorten(x, v[1], ret_mapping)) < 0)
		return rc;
	p->n_locations++;
	return gb_ids_add(&p->location_ids, v[0], x->err);
}
