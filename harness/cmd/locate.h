/*
 * locate - the packages below here that declare a test.
 *
 * A look at the text of the _test.go files, without Go: enough to know which
 * packages to build.  Folders that the go command leaves out (testdata, vendor,
 * names that begin with . or _) are left out.
 */
#ifndef GB_CMD_LOCATE_H
#define GB_CMD_LOCATE_H

struct gb_strlist;
struct gb_err;

/* Adds "./store" for every folder below the current one where `test` ("TestCache/evict": its
 * function is TestCache) is declared; sorted. */
int locate_test(const char *test, struct gb_strlist *ret, struct gb_err *err);
/* The same below another folder; what is added is as seen from there. */
int locate_test_in(const char *dir, const char *test, struct gb_strlist *ret, struct gb_err *err);

#endif
