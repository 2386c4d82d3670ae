/*
 * wire - protocol buffers' wire format, field by field.
 *
 * A cursor over bytes that somebody else owns.  gb_wire_next() is false at the
 * end and for malformed bytes; `bad` tells them apart.  Groups (wire types 3 and
 * 4) do not occur in profiles and are malformed.  A varint of more than 10
 * bytes is malformed, bits past the 64th are dropped, as Go's reader does it.
 */
#ifndef GB_PPROF_WIRE_H
#define GB_PPROF_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_wire {
	const unsigned char *p, *end;
	bool bad;
};

enum gb_wire_type {
	GB_WIRE_VARINT = 0,
	GB_WIRE_FIXED64 = 1,
	GB_WIRE_BYTES = 2,
	GB_WIRE_FIXED32 = 5,
};

struct gb_wire_field {
	uint64_t number;
	unsigned type;
	uint64_t value;	      /* of a varint */
	struct gb_wire bytes; /* of GB_WIRE_BYTES */
};

static inline bool gb_wire_varint(struct gb_wire *w, uint64_t *ret)
{
	const unsigned char *p = w->p;
	uint64_t v = 0;

	if (p < w->end && *p < 0x80) {
		*ret = *p;
		w->p = p + 1;
		return true;
	}
	for (unsigned shift = 0; shift < 70 && p < w->end; shift += 7) {
		unsigned char c = *p++;

		v |= (uint64_t)(c & 0x7F) << (shift & 63);
		if (c < 0x80) {
			*ret = v;
			w->p = p;
			return true;
		}
	}
	w->bad = true;
	return false;
}

static inline bool gb_wire_skip(struct gb_wire *w, uint64_t n)
{
	if (n > (uint64_t)(w->end - w->p)) {
		w->bad = true;
		return false;
	}
	w->p += n;
	return true;
}

static inline bool gb_wire_next(struct gb_wire *w, struct gb_wire_field *ret)
{
	uint64_t tag, n;

	if (w->p >= w->end || !gb_wire_varint(w, &tag))
		return false;
	ret->number = tag >> 3;
	ret->type = (unsigned)(tag & 7);
	ret->value = 0;
	ret->bytes = (struct gb_wire){ w->p, w->p, false };
	switch (ret->type) {
	case GB_WIRE_VARINT:
		return gb_wire_varint(w, &ret->value);
	case GB_WIRE_BYTES:
		if (!gb_wire_varint(w, &n))
			return false;
		ret->bytes.p = w->p;
		if (!gb_wire_skip(w, n))
			return false;
		ret->bytes.end = w->p;
		ret->bytes.bad = false;
		return true;
	case GB_WIRE_FIXED64:
		return gb_wire_skip(w, 8);
	case GB_WIRE_FIXED32:
		return gb_wire_skip(w, 4);
	default:
		w->bad = true;
		return false;
	}
}

#endif
