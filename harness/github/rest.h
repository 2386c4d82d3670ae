/*
 * rest - GitHub's REST API: one answer, or one line that says why there is none.
 *
 * Tries again as retry.h says; all waiting together, that between writes included, takes at most
 * GB_REST_WAIT_MS, and all requests together at most GB_REST_WORK_MS: after that every failure
 * is final.  Writes are a second apart.  What the token lacks is the hint of a 403.
 *
 * Time is the clock's, so that tests need not wait.  The token is in this process's memory and
 * in the requests' header, nowhere else.
 */
#ifndef GB_GITHUB_REST_H
#define GB_GITHUB_REST_H

#include "base/json.h"

#include <stdbool.h>
#include <stdint.h>

struct gb_err;
struct gb_http_request;
struct gb_http_response;
struct gb_rest;

#define GB_REST_WAIT_MS INT64_C(60000)
#define GB_REST_WORK_MS INT64_C(180000)

struct gb_rest_clock {
	int64_t (*now_ms)(void *arg);				/* of any beginning */
	int64_t (*wall_s)(void *arg);				/* since 1970 */
	int (*wait)(void *arg, int64_t ms, struct gb_err *err); /* 0, or GB_EINTR */
	void *arg;
};

extern const struct gb_rest_clock gb_rest_real_clock;

struct gb_rest_options {
	const char *base; /* "https://api.github.com", or with "/api/v3"; no slash at its end */
	const char *token;
	int64_t timeout_ms;		   /* of one request; 0: http.h's */
	const struct gb_rest_clock *clock; /* NULL: the real one */
	/* For tests: instead of gb_http_send(). */
	int (*send)(void *arg, const struct gb_http_request *q, struct gb_http_response *ret,
		    struct gb_err *err);
	void *send_arg;
};

struct gb_rest_reply {
	int status;	      /* 0: none came */
	struct gb_json *json; /* NULL for an empty answer */
	char *next;	      /* of a list: the URL of its next page, or NULL */
	bool unknown;	      /* of a failure: the write may have been done all the same */
};

/* GB_EUSAGE: the base or the token cannot be used. */
int gb_rest_open(const struct gb_rest_options *o, struct gb_rest **ret, struct gb_err *err);
void gb_rest_close(struct gb_rest *r);

/*
 * `path` begins with "/" and goes behind the base, or is a whole URL of the same origin.
 *
 * 0: an answer 2xx, JSON or nothing.  GB_ENOTFOUND: 404, 410.  GB_EUSAGE: any other answer that is
 * final.  GB_ETIME: given up, it may work later.  GB_ELIMIT, GB_EINTR, GB_ENOMEM.  *ret is set in
 * any case and released by the caller.  A POST of which nobody knows whether it was done is not
 * sent again: GB_ETIME with ret->unknown, for the caller to look.
 */
int gb_rest_call(struct gb_rest *r, const char *method, const char *path, const char *body,
		 struct gb_rest_reply *ret, struct gb_err *err);
/* The same for any other write that must not be done twice. */
int gb_rest_call_once(struct gb_rest *r, const char *method, const char *path, const char *body,
		      struct gb_rest_reply *ret, struct gb_err *err);
void gb_rest_reply_release(struct gb_rest_reply *r);

/* Before a caller sends a POST again: waits as after the try number `tries`.  GB_ETIME: no more. */
int gb_rest_pause(struct gb_rest *r, int tries, struct gb_err *err);

/*
 * Every entry of a list, page after page.  `key`: the list is this member of the answer; NULL: it
 * is the answer.  A negative return of `each` ends it and is returned, 1 ends it well.
 */
int gb_rest_list(struct gb_rest *r, const char *path, const char *key,
		 int (*each)(void *arg, const struct gb_json *j, const cJSON *entry,
			     struct gb_err *err),
		 void *arg, struct gb_err *err);

/* Milliseconds waited so far. */
int64_t gb_rest_waited(const struct gb_rest *r);

/* A Link header's URL of that relation ("next"), appended; false: there is none. */
bool gb_rest_link(const char *header, const char *rel, struct gb_buf *out);

#endif
