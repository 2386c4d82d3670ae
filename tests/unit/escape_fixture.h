/*
 * escape_fixture - the module in tests/unit/escapes, as each Go version's compiler sees it.
 *
 * said/go1.N is the standard error of
 *
 *	GOTOOLCHAIN=go1.N.M go list -export '-gcflags=example.com/shapes/...=-l -m=2' ./...
 *
 * 1.23 says what 1.22 says; 1.26 and 1.27 say what 1.25 says.
 */
#ifndef GB_TESTS_ESCAPE_FIXTURE_H
#define GB_TESTS_ESCAPE_FIXTURE_H

#include "escape/escape.h"

#define ESCAPE_VERSIONS 4
extern const char *const escape_versions[ESCAPE_VERSIONS]; /* "go1.21" ... */

/* A finished set of both packages; `language` is the go line of go.mod.  Fails the test. */
struct gb_escapes *escape_fixture(const char *version, const char *language);
/* The same with the source of both packages below `dir`. */
struct gb_escapes *escape_fixture_in(const char *dir, const char *version, const char *language);
/* Feeds text, line by line. */
void escape_feed(struct gb_escapes *e, const char *text);

#endif
