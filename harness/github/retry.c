/* GitHub's rules for trying again.  See retry.h. */
#include "github/retry.h"

#include "base/text.h"
#include "base/units.h"
#include "github/http.h"

#include <curl/curl.h>
#include <string.h>

#define MINUTE_S      60
#define LONGEST_S     (INT64_C(365) * 24 * 3600)
#define LIMITED_TRIES 8

int64_t gb_retry_pause(int tries)
{
	int64_t n = tries + 1;

	return n * n * 1000;
}

static bool number(const char *text, int64_t *ret)
{
	return text && *text && gb_parse_int(text, 0, INT64_MAX / 1000, ret, NULL) == 0;
}

/* What the server takes for now. */
static int64_t its_now(const struct gb_http_response *r, int64_t ours)
{
	const char *date = gb_http_header(r, "date");
	time_t t = date ? curl_getdate(date, NULL) : -1;

	return t > 0 ? (int64_t)t : ours;
}

/* Seconds, or a date; false: it says nothing. */
static bool retry_after(const struct gb_http_response *r, int64_t now_s, int64_t *ret_s)
{
	const char *text = gb_http_header(r, "retry-after");
	time_t t;

	if (number(text, ret_s))
		return true;
	t = text ? curl_getdate(text, NULL) : -1;
	if (t <= 0)
		return false;
	*ret_s = (int64_t)t - its_now(r, now_s);
	return true;
}

static int64_t limited_for(const struct gb_http_response *r, int64_t now_s)
{
	const char *remaining = gb_http_header(r, "x-ratelimit-remaining");
	int64_t n, wait;

	if (remaining && strcmp(remaining, "0") == 0 &&
	    number(gb_http_header(r, "x-ratelimit-reset"), &n))
		wait = n - its_now(r, now_s);
	else if (!retry_after(r, now_s, &wait))
		wait = MINUTE_S;
	/* A reset that has just passed, and one far away, are both told apart by the caller. */
	return wait < 1 ? 1 : wait > LONGEST_S ? LONGEST_S : wait;
}

static bool is_limited(const struct gb_http_response *r)
{
	const char *remaining = gb_http_header(r, "x-ratelimit-remaining");

	if (r->status == 429)
		return true;
	if (r->status != 403)
		return false;
	return (remaining && strcmp(remaining, "0") == 0) || gb_http_header(r, "retry-after") ||
	       strstr(r->body.data, "secondary rate limit") ||
	       strstr(r->body.data, "rate limit exceeded");
}

enum gb_retry gb_retry_decide(const struct gb_http_response *r, int tries, int64_t now_s,
			      int64_t *ret_ms)
{
	int64_t s;

	*ret_ms = 0;
	if (r && is_limited(r)) {
		*ret_ms = limited_for(r, now_s) * 1000;
		return tries < LIMITED_TRIES ? GB_RETRY_LIMITED : GB_RETRY_NO;
	}
	if (r && r->status != 408 && r->status < 500)
		return GB_RETRY_NO;
	*ret_ms = gb_retry_pause(tries);
	if (r && retry_after(r, now_s, &s) && s < LONGEST_S && s * 1000 > *ret_ms)
		*ret_ms = s * 1000;
	return tries < GB_RETRY_TRIES ? GB_RETRY_FAULT : GB_RETRY_NO;
}
