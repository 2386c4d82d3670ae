/*
 * part - text put together aside, on its way into a report.
 *
 * Names are made safe, fitted and measured before they are shown, so a renderer
 * needs buffers of its own.  When one of those runs out of memory or hits its
 * ceiling, the report is not whole: a part carries that to the buffer it is for
 * when it goes out of scope, so that a renderer checks nothing and its caller
 * checks one buffer, once.
 *
 *	_part_ struct gb_part name = GB_PART(out);
 *	gb_text_safe(&name.b, test->name);
 */
#ifndef GB_REPORT_PART_H
#define GB_REPORT_PART_H

#include "base/buf.h"

struct gb_part {
	struct gb_buf b;
	struct gb_buf *whole;
};

#define GB_PART(out)                           \
	{                                      \
		GB_BUF_INIT((out)->max), (out) \
	}

static inline void gb_part_carry(struct gb_buf *whole, const struct gb_buf *part)
{
	whole->failed = whole->failed || part->failed;
	whole->nomem = whole->nomem || part->nomem;
}

/* Empty again: what it was is in the report by now, or failed to be. */
static inline void gb_part_clear(struct gb_part *part)
{
	gb_part_carry(part->whole, &part->b);
	gb_buf_clear(&part->b);
}

static inline void gb_part_release(struct gb_part *part)
{
	gb_part_carry(part->whole, &part->b);
	gb_buf_release(&part->b);
}

#define _part_ __attribute__((cleanup(gb_part_release)))

#endif
