/*
 * flame - stacks with values as a flame graph: one HTML file, or its data.
 *
 *	gb_flame_new()     names the values ("alloc_space", bytes)
 *	gb_flame_frame()   interns a frame, once for each: function, file, line
 *	gb_flame_add()     a stack of such frames with its values, and what they were at the base
 *	gb_flame_page()    the whole page: no network, no fonts, nothing but itself
 *	gb_flame_data()    the stacks merged into a tree, as JSON that may stand in a <script>
 *
 * Neutral: knows neither profiles nor tests.  Values may be negative (the
 * difference of two profiles).  The page draws the outermost frame at the top; it
 * has search, zoom, a difference mode in two colours and words, and a table beside the
 * picture, and works with the keyboard alone (flame/flame.js says how).
 *
 * Memory is that of the stacks, 4 bytes a frame.  A tree of more nodes than
 * GB_MAX_FLAME_NODES keeps the heaviest: what is left out of a node stands below it
 * as one, "(smaller)", so sums stay true, and the page says how many there were.
 */
#ifndef GB_PPROF_FLAME_H
#define GB_PPROF_FLAME_H

#include "base/asset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_buf;
struct gb_err;

struct gb_flame;

/* What is counted: "alloc_space" in "bytes", "contentions" in "count", "cpu" in "nanoseconds". */
struct gb_flame_type {
	const char *name;
	const char *unit;
};

/* Copies the names.  At most GB_MAX_FLAME_TYPES. */
int gb_flame_new(const struct gb_flame_type *types, size_t n_types, struct gb_flame **ret,
		 struct gb_err *err);
void gb_flame_free(struct gb_flame *f);
void gb_cleanup_flame(struct gb_flame **pf);
#define _flame_ __attribute__((cleanup(gb_cleanup_flame)))

/* Copies the names; file may be NULL, line 0.  The same frame has the same number. */
int gb_flame_frame(struct gb_flame *f, const char *func, const char *file, int64_t line,
		   uint32_t *ret, struct gb_err *err);

/* One value per type; `base` NULL: there is none, or nothing of it is in this stack.  Frames
 * outermost first.  GB_ELIMIT: a stack too deep, or too many. */
int gb_flame_add(struct gb_flame *f, const uint32_t *frames, size_t n, const int64_t *values,
		 const int64_t *base, struct gb_err *err);
size_t gb_flame_stacks(const struct gb_flame *f);

/* The same stacks come once more in the same order, with other values (those of another type, say;
 * some may be left out, some new): equal ones are kept once. */
void gb_flame_again(struct gb_flame *f);

struct gb_flame_text {
	const char *title;    /* "heap.pprof" */
	const char *subtitle; /* a line below it, or NULL */
	const char *base;     /* what it is compared with; NULL: no difference mode */
	size_t shown;	      /* the type that is shown first */
};

/* Sorts the stacks.  GB_ENOMEM; `out` may have failed besides. */
int gb_flame_data(struct gb_flame *f, const struct gb_flame_text *text, struct gb_buf *out,
		  struct gb_err *err);
int gb_flame_page(struct gb_flame *f, const struct gb_flame_text *text, struct gb_buf *out,
		  struct gb_err *err);

/* flame.html, and flame.css, model.js, picture.js and flame.js, which other pages hold as well. */
extern const struct gb_asset gb_flame_assets[];
extern const size_t gb_flame_assets_n;

#endif
