/*
 * packages - what go list says of packages: their files, and what they import.
 *
 * Read from the objects that `go list -deps -test -json` prints.  With -test a package comes up
 * to four times: itself, with its own test files ("p [p.test]"), its external tests ("p_test
 * [p.test]") and the program that runs them ("p.test"); so do packages that are compiled anew
 * against a package under test ("q [p.test]").  Each of them is one row here, and
 * imports go from row to row: an import names exactly the variant that is linked.
 *
 * Folders are absolute.  Nothing is looked at on disk: list.h does that.
 */
#ifndef GB_PLAN_PACKAGES_H
#define GB_PLAN_PACKAGES_H

#include "base/strlist.h"

#include <stdbool.h>

struct gb_err;

struct gb_plan_package {
	char *path; /* "p", "p [q.test]", "p.test" */
	char *dir;  /* NULL: none, or one that no change reaches */
	char *away; /* that one: in the module cache or GOROOT */
	char *of;   /* the package that it is a test variant of; NULL: of none */
	char *module, *module_dir;
	char *version;		 /* of the module: "v1.2.3", "v1.2.3 => ../lib"; NULL: a main one */
	char *language;		 /* "1.21": what its go.mod says; NULL: nothing */
	char *godebug;		 /* of a test_main: the defaults that are compiled in */
	char *go_mod;		 /* the go.mod that rules it */
	struct gb_strlist files; /* that go list names, all kinds: names below dir */
	struct gb_strlist ignored; /* sources that its tags leave out: vet looks at them */
	struct gb_strlist leads;   /* absolute: where those of them that are symlinks lead */
	struct gb_strlist imports;
	size_t *to; /* imports as rows; those that are not here are left out */
	size_t n_to;
	bool asked;	/* by a pattern; not a test variant */
	bool test_main; /* "p.test" */
	bool standard;	/* of the standard library */
	bool broken;	/* the go command could not load it, or something that it imports */
	bool native;	/* has C, assembly or the like: may include any file */
	bool compiler;	/* ... and needs another compiler than Go's */
	bool embeds;	/* has patterns of files to embed */
	bool elsewhere; /* outside of the repository, and not where versions are for good */
	bool roams;	/* its sources look at more than what they import and lies below them */
};

struct gb_plan_packages {
	struct gb_plan_package *v;
	size_t n, cap;
	size_t n_files; /* of all */
	void *index;	/* by path */
};

/* Adds the objects that text holds; a stream, not an array.  GB_EPARSE, GB_ELIMIT, GB_ENOMEM. */
int gb_plan_packages_parse(struct gb_plan_packages *p, const char *text, size_t len,
			   struct gb_err *err);

/* After the last one: imports become rows. */
int gb_plan_packages_link(struct gb_plan_packages *p, struct gb_err *err);

/* The row of that path, or NULL. */
struct gb_plan_package *gb_plan_package(const struct gb_plan_packages *p, const char *path);

void gb_plan_packages_release(struct gb_plan_packages *p);

#endif
