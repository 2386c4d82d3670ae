/*
 * modules - which modules a change of go.mod moves.
 *
 * Since Go 1.17 go.mod names every module that a package of the main module, or a test of it,
 * is linked with, in the version that is selected (go.dev/ref/mod#graph-pruning; a go command
 * that finds it otherwise refuses to go on).  So the two files tell, and neither the graph nor the
 * network is needed: a module moves when its version or what replaces it differs, or only one
 * side has it.  Everything else in the file (go, toolchain, godebug, module, tool, ignore) moves
 * all of it; exclude and retract show in the versions or not at all.
 */
#ifndef GB_PLAN_MODULES_H
#define GB_PLAN_MODULES_H

#include "base/strlist.h"

#include <stdbool.h>
#include <stddef.h>

struct gb_err;

/* Reads two go.mod files as `go mod edit -json` prints them.  *ret_all: not only modules moved, or
 * the file is of before Go 1.17.  `ret` gets the paths of what moved, in order.  GB_EPARSE. */
int gb_plan_modules_compare(const char *before, size_t before_len, const char *now, size_t now_len,
			    struct gb_strlist *ret, bool *ret_all, struct gb_err *err);

/* The same of two files, by that go command.  GB_EMEASURE: it cannot read one. */
int gb_plan_modules_moved(const char *go, const char *before, const char *now,
			  struct gb_strlist *ret, bool *ret_all, struct gb_err *err);

#endif
