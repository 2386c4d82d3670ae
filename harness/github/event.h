/*
 * event - what GitHub Actions says of the run we are in.
 *
 * Read from the environment and the payload file that it names
 * (GITHUB_EVENT_NAME, GITHUB_EVENT_PATH; docs.github.com, "Events that trigger
 * workflows").  Payloads hold what strangers chose: every value is checked before
 * it is kept.  Object names are 40 hexadecimal digits.
 */
#ifndef GB_GITHUB_EVENT_H
#define GB_GITHUB_EVENT_H

#include <stdbool.h>
#include <stdint.h>

struct gb_err;

/* Of workflow_run: the run that has ended.  All of it is what a stranger may have chosen. */
struct gb_event_run {
	int64_t id, attempt;  /* 0: not told */
	char *event;	      /* "pull_request", ...; or NULL */
	char *owner, *branch; /* where its commit came from; or NULL */
	int64_t repository;   /* the id of that repository; 0: it is no more */
};

struct gb_event {
	char *name;	   /* "pull_request", "push" ...; NULL: not in GitHub Actions */
	char *base_ref;	   /* of a pull request: the branch's name; or NULL */
	char base_sha[41]; /* of a merge group or a push: what it stands on; else "" */
	char head_sha[41]; /* what is reported on: of a pull request its own head, not the test
			    * merge; of a merge group, a push, a workflow_run their commit */
	int64_t number;	   /* of the pull request; 0: none */
	bool test_merge;   /* GITHUB_REF is refs/pull/N/merge */
	bool fork;	   /* the pull request comes from another repository, or one that is gone */
	struct gb_event_run run;
};

/*
 * An event without a readable payload keeps what the environment says.  GB_EUSAGE: the payload
 * is no JSON; GB_ELIMIT: it is too large.
 */
int gb_event_read(struct gb_event *ret, struct gb_err *err);
void gb_event_release(struct gb_event *e);

#endif
