/* Commit statuses over the REST API.  See status.h. */
#include "github/status.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "github/retry.h"

#define DESCRIPTION_MAX ((size_t)140)

struct latest {
	const struct gb_status *s;
	const char *description;
	bool same;
};

/* The newest comes first: the first of our context is what is shown. */
static int each(void *arg, const struct gb_json *j, const cJSON *entry, struct gb_err *err)
{
	struct latest *l = arg;
	const char *context =
		cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "context"));
	const cJSON *state = cJSON_GetObjectItemCaseSensitive(entry, "state");
	const cJSON *description = cJSON_GetObjectItemCaseSensitive(entry, "description");

	(void)j;
	(void)err;
	if (!gb_streq(context, l->s->context))
		return 0;
	l->same = gb_streq(cJSON_GetStringValue(state), l->s->state) &&
		  gb_streq(cJSON_GetStringValue(description), l->description);
	return 1;
}

static int post(struct gb_rest *r, const struct gb_status *s, const char *description,
		struct gb_rest_reply *ret, struct gb_err *err)
{
	_free_ char *path = gb_asprintf("/repos/%s/statuses/%s", s->repository, s->sha);
	_buf_ struct gb_buf body = GB_BUF_INIT(64 * GB_KIB);

	gb_buf_addf(&body, "{\"state\":\"%s\",\"context\":", s->state);
	gb_buf_add_json(&body, s->context);
	gb_buf_adds(&body, ",\"description\":");
	gb_buf_add_json(&body, description);
	if (s->url) {
		gb_buf_adds(&body, ",\"target_url\":");
		gb_buf_add_json(&body, s->url);
	}
	gb_buf_addc(&body, '}');
	if (!path || body.failed)
		return gb_buf_error(&body, "a status", err);
	return gb_rest_call(r, "POST", path, body.data, ret, err);
}

int gb_status_put(struct gb_rest *r, const struct gb_status *s, struct gb_err *err)
{
	_free_ char *path =
		gb_asprintf("/repos/%s/commits/%s/statuses?per_page=100", s->repository, s->sha);
	_buf_ struct gb_buf description = GB_BUF_INIT(64 * GB_KIB);
	struct latest l = { .s = s };
	int rc = path ? 0 : gb_fail_nomem(err);

	gb_text_fit(&description, s->description, DESCRIPTION_MAX);
	if (rc >= 0 && description.failed)
		rc = gb_buf_error(&description, "a status", err);
	l.description = description.data;
	if (rc >= 0)
		rc = gb_rest_list(r, path, NULL, each, &l, err);
	/* The same status twice is the same status: it may be sent again at once. */
	for (int tries = 0; rc >= 0 && !l.same; tries++) {
		struct gb_rest_reply reply = { 0 };
		bool unknown;

		rc = post(r, s, description.data, &reply, err);
		unknown = reply.unknown;
		gb_rest_reply_release(&reply);
		if (rc != GB_ETIME || !unknown)
			break;
		rc = gb_rest_pause(r, tries, err);
	}
	return rc;
}
