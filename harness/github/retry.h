/*
 * retry - when is a request worth sending again, and how long after?
 *
 * GitHub's rules (docs.github.com, "Rate limits for the REST API", "Best practices"):
 *  - 403 and 429 with x-ratelimit-remaining 0 wait for x-ratelimit-reset, else for
 *    retry-after; 429, and a 403 that speaks of a secondary limit, wait a minute without either
 *  - any other 403 says that the token may not, and 400, 401, 404, 410, 422, 451 are final too
 *  - 408, 5xx and no whole answer: three times more, after 1, 4 and 9 s
 *
 * x-ratelimit-reset is a time of GitHub's clock: the answer's own Date is its "now".
 * Pure.
 */
#ifndef GB_GITHUB_RETRY_H
#define GB_GITHUB_RETRY_H

#include <stdbool.h>
#include <stdint.h>

struct gb_http_response;

#define GB_RETRY_TRIES 3 /* after the first */

enum gb_retry {
	GB_RETRY_NO,
	GB_RETRY_LIMITED, /* nothing was done: safe for any request */
	GB_RETRY_FAULT,	  /* it may have been done, as far as anybody knows */
};

/*
 * What to make of an answer, r, or of none, NULL, at the try number `tries` (0: the first).  *ret_ms:
 * how long to wait.  now_s: seconds since 1970 of our own clock, for an answer without a Date.
 */
enum gb_retry gb_retry_decide(const struct gb_http_response *r, int tries, int64_t now_s,
			      int64_t *ret_ms);

/* 1, 4, 9 s. */
int64_t gb_retry_pause(int tries);

#endif
