/* The REST API over http.h.  See rest.h. */
#include "github/rest.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "github/http.h"
#include "github/retry.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WRITES_APART_MS INT64_C(1000)

struct gb_rest {
	struct gb_http *http;
	char *base;
	const struct gb_rest_clock *clock;
	int (*send)(void *arg, const struct gb_http_request *q, struct gb_http_response *ret,
		    struct gb_err *err);
	void *send_arg;
	int64_t timeout_ms, waited_ms, worked_ms, last_write_ms;
	bool wrote;
};

static int64_t real_now(void *arg)
{
	(void)arg;
	return gb_now_ms();
}

static int64_t real_wall(void *arg)
{
	(void)arg;
	return (int64_t)time(NULL);
}

static int real_wait(void *arg, int64_t ms, struct gb_err *err)
{
	int64_t until = gb_now_ms() + ms, left;

	(void)arg;
	while (!gb_interrupted() && (left = until - gb_now_ms()) > 0) {
		struct pollfd p = { .fd = gb_signal_fd(), .events = POLLIN };

		(void)poll(&p, 1, left < 1000 ? (int)left : 1000);
	}
	return gb_interrupted() ? gb_fail(err, GB_EINTR, "interrupted") : 0;
}

const struct gb_rest_clock gb_rest_real_clock = { real_now, real_wall, real_wait, NULL };

static int send_http(void *arg, const struct gb_http_request *q, struct gb_http_response *ret,
		     struct gb_err *err)
{
	return gb_http_send(arg, q, ret, err);
}

int gb_rest_open(const struct gb_rest_options *o, struct gb_rest **ret, struct gb_err *err)
{
	const struct gb_http_options http = { .base = o->base,
					      .token = o->token,
					      .timeout_ms = o->timeout_ms };
	struct gb_rest *r = gb_calloc(1, sizeof(*r));
	int rc = 0;

	if (!r || !(r->base = gb_strdup(o->base))) {
		free(r);
		return gb_fail_nomem(err);
	}
	r->clock = o->clock ? o->clock : &gb_rest_real_clock;
	r->timeout_ms = o->timeout_ms > 0 ? o->timeout_ms : GB_HTTP_TIMEOUT_MS;
	r->send = o->send ? o->send : send_http;
	r->send_arg = o->send_arg;
	if (!o->send) {
		rc = gb_http_open(&http, &r->http, err);
		r->send_arg = r->http;
	}
	if (rc < 0) {
		free(r->base);
		free(r);
		return rc;
	}
	*ret = r;
	return 0;
}

void gb_rest_close(struct gb_rest *r)
{
	if (!r)
		return;
	if (r->http)
		gb_http_close(r->http);
	free(r->base);
	free(r);
}

void gb_rest_reply_release(struct gb_rest_reply *r)
{
	gb_json_free(r->json);
	free(r->next);
	*r = (struct gb_rest_reply){ 0 };
}

int64_t gb_rest_waited(const struct gb_rest *r)
{
	return r->waited_ms;
}

static int wait_for(struct gb_rest *r, int64_t ms, struct gb_err *err)
{
	if (r->waited_ms + ms > GB_REST_WAIT_MS)
		return gb_fail(err, GB_ETIME,
			       "given up: waiting %" PRId64 " s more would be too long",
			       (ms + 999) / 1000);
	r->waited_ms += ms;
	return r->clock->wait(r->clock->arg, ms, err);
}

int gb_rest_pause(struct gb_rest *r, int tries, struct gb_err *err)
{
	if (tries >= GB_RETRY_TRIES)
		return gb_fail(err, GB_ETIME, "given up after %d tries", tries + 1);
	return wait_for(r, gb_retry_pause(tries), err);
}

static bool is_write(const char *method)
{
	return strcmp(method, "GET") != 0;
}

static int space_writes(struct gb_rest *r, struct gb_err *err)
{
	int64_t since = r->clock->now_ms(r->clock->arg) - r->last_write_ms;

	if (!r->wrote || since >= WRITES_APART_MS)
		return 0;
	return wait_for(r, WRITES_APART_MS - (since > 0 ? since : 0), err);
}

bool gb_rest_link(const char *header, const char *rel, struct gb_buf *out)
{
	_free_ char *wanted = gb_asprintf("rel=\"%s\"", rel);

	/* <URL>; rel="next", <URL>; rel="last" */
	for (const char *at = header; wanted && at && (at = strchr(at, '<'));) {
		const char *end = strchr(at, '>'), *stop, *found;

		if (!end)
			return false;
		stop = strchr(end, '<');
		found = strstr(end, wanted);
		if (found && (!stop || found < stop)) {
			gb_buf_add(out, at + 1, (size_t)(end - at - 1));
			return !out->failed;
		}
		at = stop;
	}
	return false;
}

static int keep_next(const struct gb_http_response *h, struct gb_rest_reply *ret,
		     struct gb_err *err)
{
	_buf_ struct gb_buf url = GB_BUF_INIT(8 * GB_KIB);
	const char *link = gb_http_header(h, "link");

	if (!link || !gb_rest_link(link, "next", &url))
		return url.failed ? gb_buf_error(&url, "a Link header", err) : 0;
	ret->next = gb_buf_detach(&url);
	return ret->next ? 0 : gb_fail_nomem(err);
}

/* What GitHub says, and the first of what it says more exactly. */
static void add_message(struct gb_buf *out, const struct gb_http_response *h)
{
	_json_ struct gb_json *j = NULL;
	const cJSON *message, *errors, *detail;

	if (gb_json_parse("answer", h->body.data, h->body.len, &j, NULL) < 0)
		return;
	message = cJSON_GetObjectItemCaseSensitive(j->root, "message");
	if (cJSON_IsString(message))
		gb_buf_addf(out, ": %.300s", message->valuestring);
	errors = cJSON_GetObjectItemCaseSensitive(j->root, "errors");
	detail = cJSON_IsArray(errors) && errors->child
			 ? cJSON_GetObjectItemCaseSensitive(errors->child, "message")
			 : NULL;
	if (cJSON_IsString(detail))
		gb_buf_addf(out, " (%.200s)", detail->valuestring);
}

static int refused(const struct gb_http_response *h, const char *method, const char *path,
		   struct gb_err *err)
{
	_buf_ struct gb_buf said = GB_BUF_INIT(4 * GB_KIB);
	const char *needs = gb_http_header(h, "x-accepted-github-permissions");
	int code = h->status == 404 || h->status == 410 ? GB_ENOTFOUND : GB_EUSAGE;

	add_message(&said, h);
	gb_fail(err, code, "%s %.200s: %d%s", method, path, h->status, said.data);
	if (h->status == 403 && needs && *needs)
		gb_hint(err, "the token needs %.300s: \"permissions:\" of the workflow grants it",
			needs);
	else if (h->status == 401)
		gb_hint(err, "the token is wrong or has expired");
	return code;
}

/* An answer to the request, or what stands for one. */
static int answer(const struct gb_http_response *h, struct gb_rest_reply *ret, struct gb_err *err)
{
	int rc;

	ret->status = h->status;
	if (h->body.len > 0 &&
	    (rc = gb_json_parse("answer", h->body.data, h->body.len, &ret->json, err)) < 0)
		return rc;
	return keep_next(h, ret, err);
}

/* One try.  *ret_wait: how long to wait before the next one is worth it; -1: it is not. */
static int once(struct gb_rest *r, const struct gb_http_request *q, const char *path, int tries,
		struct gb_rest_reply *ret, int64_t *ret_wait, struct gb_err *err)
{
	struct gb_http_response h = GB_HTTP_RESPONSE_INIT;
	int64_t began = r->clock->now_ms(r->clock->arg);
	struct gb_err own = GB_ERR_INIT;
	int rc = r->send(r->send_arg, q, &h, &own);
	bool none = rc == GB_ESYS || rc == GB_ETIME;
	enum gb_retry again = GB_RETRY_NO;

	*ret_wait = -1;
	ret->unknown = false;
	if (is_write(q->method)) {
		r->wrote = true;
		r->last_write_ms = r->clock->now_ms(r->clock->arg);
	}
	r->worked_ms += r->clock->now_ms(r->clock->arg) - began;
	if (rc >= 0 && h.status >= 200 && h.status < 300 &&
	    (rc = answer(&h, ret, &own)) == GB_EUSAGE)
		none = true; /* half a document, or a proxy's page: as good as none */
	if (none || (rc >= 0 && (h.status < 200 || h.status >= 300)))
		again = gb_retry_decide(none ? NULL : &h, tries, r->clock->wall_s(r->clock->arg),
					ret_wait);
	if (again == GB_RETRY_NO)
		*ret_wait = -1;
	if (none || (rc >= 0 && (h.status >= 500 || h.status == 408)))
		ret->unknown = is_write(q->method) && !h.unsent;
	if (none)
		rc = GB_ETIME;
	else if (rc >= 0 &&
		 (again != GB_RETRY_NO || h.status >= 500 || h.status == 408 || h.status == 429)) {
		(void)refused(&h, q->method, path, &own);
		rc = GB_ETIME;
	} else if (rc >= 0 && (h.status < 200 || h.status >= 300))
		rc = refused(&h, q->method, path, &own);
	if (rc < 0 && err) {
		*err = own;
		err->code = rc;
	}
	gb_http_response_release(&h);
	return rc;
}

static int call(struct gb_rest *r, const char *method, const char *path, const char *body,
		bool only_once, struct gb_rest_reply *ret, struct gb_err *err)
{
	_free_ char *url = gb_asprintf("%s%s", *path == '/' ? r->base : "", path);
	struct gb_http_request q = { .method = method, .url = url, .body = body };
	int rc = url ? 0 : gb_fail_nomem(err);

	for (int tries = 0; rc >= 0; tries++) {
		int64_t wait, left = GB_REST_WORK_MS - r->worked_ms;

		gb_rest_reply_release(ret);
		if (left <= 0)
			return gb_fail(err, GB_ETIME, "given up: the API takes too long");
		q.timeout_ms = left < r->timeout_ms ? left : r->timeout_ms;
		if (is_write(method) && (rc = space_writes(r, err)) < 0)
			return rc;
		rc = once(r, &q, path, tries, ret, &wait, err);
		if (rc != GB_ETIME || wait < 0 || (only_once && ret->unknown))
			break;
		/* The line that says what was wrong is worth more than that we gave up. */
		if (r->waited_ms + wait > GB_REST_WAIT_MS)
			break;
		rc = wait_for(r, wait, err);
	}
	return rc;
}

int gb_rest_call(struct gb_rest *r, const char *method, const char *path, const char *body,
		 struct gb_rest_reply *ret, struct gb_err *err)
{
	return call(r, method, path, body, strcmp(method, "POST") == 0, ret, err);
}

int gb_rest_call_once(struct gb_rest *r, const char *method, const char *path, const char *body,
		      struct gb_rest_reply *ret, struct gb_err *err)
{
	return call(r, method, path, body, true, ret, err);
}

int gb_rest_list(struct gb_rest *r, const char *path, const char *key,
		 int (*each)(void *arg, const struct gb_json *j, const cJSON *entry,
			     struct gb_err *err),
		 void *arg, struct gb_err *err)
{
	_free_ char *at = gb_strdup(path);
	int rc = at ? 0 : gb_fail_nomem(err);

	for (int page = 0; rc == 0 && at; page++) {
		struct gb_rest_reply reply = { 0 };
		const cJSON *list, *entry;

		if (page == GB_MAX_API_PAGES)
			return gb_fail(err, GB_ELIMIT, "GET %.200s has more than %d pages", path,
				       GB_MAX_API_PAGES);
		rc = gb_rest_call(r, "GET", at, NULL, &reply, err);
		list = rc == 0 && reply.json ? reply.json->root : NULL;
		if (list && key)
			list = cJSON_GetObjectItemCaseSensitive(list, key);
		if (rc == 0 && !cJSON_IsArray(list))
			rc = gb_fail(err, GB_EPARSE, "GET %.200s: the answer is no list", path);
		if (rc < 0)
			list = NULL;
		cJSON_ArrayForEach(entry, list)
		{
			rc = each(arg, reply.json, entry, err);
			if (rc != 0)
				break;
		}
		free(at);
		at = GB_TAKE(reply.next);
		gb_rest_reply_release(&reply);
	}
	return rc < 0 ? rc : 0;
}
