/*
 * check_run - a check of ours on a commit, with annotations 50 at a time.
 *
 * Run again it goes on where it was: a check of the same name on the same commit, whose
 * external_id says that it is of the same run and text, gets what it lacks, and nothing twice.
 */
#ifndef GB_GITHUB_CHECK_RUN_H
#define GB_GITHUB_CHECK_RUN_H

#include "github/rest.h"
#include "github/runner.h"

#define GB_CHECK_ANNOTATIONS 250	     /* beyond them the log and the report speak */
#define GB_CHECK_TEXT	     ((size_t)65000) /* bytes of a summary; GitHub takes 65,535 characters */
#define GB_CHECK_TITLE	     ((size_t)255)

struct gb_check_run {
	const char *repository, *name, *sha;
	const char *external_id; /* of this run and text */
	const char *conclusion;	 /* "success", "failure" */
	const char *details_url; /* or NULL */
	const char *title, *summary;
	const struct gb_annotation *annotations;
	size_t n_annotations; /* all of them; the worst first */
};

/* *ret_url: the check's page, the caller's to free; NULL: not told. */
int gb_check_run_put(struct gb_rest *r, const struct gb_check_run *c, char **ret_url,
		     struct gb_err *err);

#endif
