/*
 * pulls - which pull request is a workflow_run about?
 *
 * Its payload names none where the change comes from a fork, and what an artifact says nobody may
 * believe.  So GitHub is asked for the open pull requests of that branch, and the one whose head
 * is that commit of that repository is it: exactly one, or none.
 */
#ifndef GB_GITHUB_PULLS_H
#define GB_GITHUB_PULLS_H

#include "github/event.h"
#include "github/rest.h"

/* *ret is 0 where there is none, or more than one. */
int gb_pulls_find(struct gb_rest *r, const char *repository, const struct gb_event *e, int64_t *ret,
		  struct gb_err *err);

#endif
