/*
 * roam - which packages look at files that they neither import nor have below them.
 *
 * A test may read ../../fixtures, have the go command build a neighbour, or look for the top of
 * the repository.  What it reads so is known only when it runs; that it may do so stands in its
 * sources, or in those of a helper: a path that goes up, the caller's own file name, `go` or
 * `git rev-parse` as a child.  This takes rather too much for such than too little.
 */
#ifndef GB_PLAN_ROAM_H
#define GB_PLAN_ROAM_H

#include "plan/packages.h"

#include <stddef.h>

/* Does a Go source speak of files elsewhere?  `text` ends with NUL behind len. */
bool gb_plan_source_roams(const char *text, size_t len);

/* Sets `roams` of every row below `top`; a source that cannot be read roams.  GB_ENOMEM. */
int gb_plan_scan(struct gb_plan_packages *p, const char *top, struct gb_err *err);

#endif
