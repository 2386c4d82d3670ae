/*
 * fingerprint - what two sightings of the same leak have in common.
 *
 *	CREATOR | STATE | FRAME
 *	example.com/shop/store.Open | chan receive | example.com/shop/store.(*Cache).watch
 *
 * CREATOR is the function with the go statement and FRAME the innermost frame outside the
 * standard library, both without the suffixes that Go gives closures ("Open.func1.2" is "Open"):
 * those count up when somebody adds a closure above.  No line, file or address is in it, so that
 * code which merely moved is not news.  STATE is what it waits for, in one spelling for all Go
 * versions.  The id is the first 12 hex digits of the text's 64-bit FNV-1a hash.
 *
 * Go's own names: cmd/compile/internal/ir/func.go, closureName().
 */
#ifndef GB_GO_FINGERPRINT_H
#define GB_GO_FINGERPRINT_H

#include "go/run.h"

struct gb_err;

/* The frame that the fingerprint names: the innermost outside the standard library, else the
 * goroutine's own function, else who created it. */
const struct gb_site *gb_group_place(const char *module, const struct gb_group *g);

/* Sets g->fingerprint and its id, if not set yet.  `module` is the package's, or NULL. */
int gb_fingerprint(const char *module, struct gb_group *g, struct gb_err *err);

/* How much of a function's name is left without closure suffixes. */
size_t gb_fingerprint_func(const char *func);

#endif
