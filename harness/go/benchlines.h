/*
 * benchlines - what `go test -bench` prints, read value by value.
 *
 *	pkg: example.com/shop/store
 *	BenchmarkGet-8   	14126374	        84.29 ns/op	      16 B/op	       1 allocs/op
 *
 * The format is golang.org/design/14313-benchmark-format.  All else in the text is passed over: what
 * tests print, "ok", other units.  A line that begins like a benchmark's and then is none, since
 * something was printed into it, is counted.  Names keep the "-8" of GOMAXPROCS.
 */
#ifndef GB_GO_BENCHLINES_H
#define GB_GO_BENCHLINES_H

#include "go/metric.h"

#include <stddef.h>

struct gb_err;

struct gb_benchline {
	const char *package; /* "" before the first pkg: line */
	const char *name;
	enum gb_metric metric; /* ns/op, B/op or allocs/op */
	double value;	       /* picoseconds, bytes, allocations; 0 or more, finite */
};

struct gb_benchlines {
	size_t values;
	size_t broken; /* lines */
};

/*
 * What on_value gets is valid during the call; a negative return of it ends the walk and is returned.
 * GB_ELIMIT: a line exceeds GB_MAX_LINE; GB_ENOMEM.
 */
int gb_benchlines_walk(const char *name, const char *text, size_t len,
		       int (*on_value)(void *arg, const struct gb_benchline *v, struct gb_err *err),
		       void *arg, struct gb_benchlines *ret, struct gb_err *err);

#endif
