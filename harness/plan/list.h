/*
 * list - the packages of a change's work tree, from one `go list` and a look at the disk.
 *
 * The go command is called where and with the flags that decide what is compiled as `go test` will
 * be: -C, -tags, -mod, -race and so on.  Of what it prints only fields are asked for that cost it
 * nothing: no build, no list of all that a package depends on.
 */
#ifndef GB_PLAN_LIST_H
#define GB_PLAN_LIST_H

#include "go/toolchain.h"
#include "plan/packages.h"

struct gb_testflags;

struct gb_plan_list_options {
	const char *dir; /* where it is called; NULL: here */
	const struct gb_toolchain *go;
	const struct gb_testflags *flags;  /* of GOFLAGS and what stood after `--` */
	const struct gb_strlist *patterns; /* empty: the package here */
	const char *top;		   /* of the work tree, symlinks resolved */
};

/*
 * Fills *ret, folders with symlinks resolved.  GB_EMEASURE with the go command's first line if
 * it cannot list at all; a package that it cannot load is a row that is `broken`.
 */
int gb_plan_list(const struct gb_plan_list_options *o, struct gb_plan_packages *ret,
		 struct gb_err *err);

#endif
