/*
 * context - where to tell it: repository, commit, pull request, run, token.
 *
 * From GitHub Actions' environment (docs.github.com, "Store information in variables") and the
 * event.  Of a workflow_run the commit and the run are those that were measured, not ours; its
 * pull request has to be asked for (pulls.h).
 */
#ifndef GB_GITHUB_CONTEXT_H
#define GB_GITHUB_CONTEXT_H

#include "github/event.h"

struct gb_context {
	struct gb_event event;
	bool actions; /* we run in GitHub Actions */
	char *api,
		*server;  /* "https://api.github.com", "https://github.com", no slash at the end */
	char *repository; /* "owner/name"; NULL: not known */
	char *token;	  /* NULL: none */
	char sha[41];	  /* "" not known */
	int64_t pull;	  /* 0: none, or not known yet */
	int64_t run, attempt; /* 0: not known */
};

/*
 * GB_EUSAGE: the payload is no JSON, or a variable is not what it should be.  Takes the token
 * (GITHUB_TOKEN, else GH_TOKEN) out of this process's environment.
 */
int gb_context_read(struct gb_context *ret, struct gb_err *err);
void gb_context_release(struct gb_context *c); /* and wipes the token */

/* The page of the run; nothing where there is none. */
struct gb_buf;
void gb_context_run_url(const struct gb_context *c, struct gb_buf *out);

#endif
