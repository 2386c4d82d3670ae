/* An issue for runs that nobody watches.  See issue.h. */
#include "github/issue.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "github/http.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct state {
	struct gb_issue *i;
	const char *key;
	const char *ours;	       /* what a newer run said closes nothing */
	struct gb_sticky_items *items; /* while listing */
	char *closed_url;	       /* of the one that was solved */
};

static const cJSON *member(const cJSON *object, const char *key)
{
	return object ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

static const char *author_of(const struct gb_issue *i)
{
	return i->actual_author ? i->actual_author : i->author;
}

/* Pull requests are listed with the issues. */
static int each(void *arg, const struct gb_json *j, const cJSON *entry, struct gb_err *err)
{
	struct state *s = arg;
	int64_t number;

	if (member(entry, "pull_request") || !gb_json_int(j, member(entry, "number"), &number))
		return 0;
	return gb_sticky_add(s->items, number, cJSON_GetStringValue(member(entry, "body")),
			     cJSON_GetStringValue(member(entry, "html_url")),
			     cJSON_GetStringValue(member(member(entry, "user"), "login")),
			     author_of(s->i), s->key, err);
}

static int list_all(const struct gb_issue *i, const char *since,
		    int (*each_one)(void *arg, const struct gb_json *j, const cJSON *entry,
				    struct gb_err *err),
		    void *arg, struct gb_err *err)
{
	_buf_ struct gb_buf path = GB_BUF_INIT(64 * GB_KIB);

	gb_buf_addf(&path, "/repos/%s/issues?state=%s&per_page=100&labels=", i->repository,
		    since ? "closed" : "open");
	gb_http_escape(&path, i->label);
	if (since) {
		gb_buf_adds(&path, "&since=");
		gb_http_escape(&path, since);
	}
	if (path.failed)
		return gb_buf_error(&path, "a request", err);
	return gb_rest_list(i->rest, path.data, NULL, each_one, arg, err);
}

static int list(void *arg, struct gb_sticky_items *ret, struct gb_err *err)
{
	struct state *s = arg;

	s->items = ret;
	return list_all(s->i, NULL, each, s, err);
}

struct listing {
	const struct gb_issue *i;
	const char *prefix;
	struct gb_issue_entries *ret;
};

/* What is no time as GitHub writes it is none. */
static void take_time(const cJSON *entry, const char *key, char ret[24])
{
	const char *text = cJSON_GetStringValue(member(entry, key));

	if (text && strlen(text) < 24)
		memcpy(ret, text, strlen(text) + 1);
}

static int each_of_many(void *arg, const struct gb_json *j, const cJSON *entry, struct gb_err *err)
{
	struct listing *l = arg;
	const char *body = cJSON_GetStringValue(member(entry, "body"));
	const char *url = cJSON_GetStringValue(member(entry, "html_url"));
	const char *login = cJSON_GetStringValue(member(member(entry, "user"), "login"));
	struct gb_issue_entry x = { 0 };
	int rc;

	if (member(entry, "pull_request") || !body || !gb_streq(login, author_of(l->i)) ||
	    !gb_json_int(j, member(entry, "number"), &x.item.id) ||
	    !gb_marker_read(body, &x.item.marker) || !gb_starts(x.item.marker.key, l->prefix))
		return 0;
	rc = gb_grow((void **)&l->ret->v, &l->ret->cap, l->ret->n + 1, sizeof(x), GB_MAX_ISSUES,
		     err);
	if (rc < 0)
		return rc;
	take_time(entry, "created_at", x.created);
	take_time(entry, "closed_at", x.closed);
	x.declined = gb_streq(cJSON_GetStringValue(member(entry, "state_reason")), "not_planned");
	x.item.body = gb_strdup(body);
	x.item.url = gb_strdup(url);
	l->ret->v[l->ret->n++] = x;
	return x.item.body && (x.item.url || !url) ? 0 : gb_fail_nomem(err);
}

int gb_issue_list(const struct gb_issue *i, const char *prefix, const char *since,
		  struct gb_issue_entries *ret, struct gb_err *err)
{
	struct listing l = { i, prefix, ret };

	return list_all(i, since, each_of_many, &l, err);
}

void gb_issue_entries_release(struct gb_issue_entries *e)
{
	for (size_t i = 0; i < e->n; i++) {
		free(e->v[i].item.body);
		free(e->v[i].item.url);
	}
	free(e->v);
	*e = (struct gb_issue_entries){ 0 };
}

static int create(void *arg, const char *text, int64_t *ret_id, char **ret_url, bool *ret_unknown,
		  struct gb_err *err)
{
	struct state *s = arg;
	struct gb_rest_reply reply = { 0 };
	_free_ char *path = gb_asprintf("/repos/%s/issues", s->i->repository);
	_buf_ struct gb_buf body = GB_BUF_INIT(GB_MAX_HTTP_BODY);
	const char *login;
	int rc;

	gb_buf_adds(&body, "{\"title\":");
	gb_buf_add_json(&body, s->i->title);
	gb_buf_adds(&body, ",\"labels\":[");
	gb_buf_add_json(&body, s->i->label);
	gb_buf_adds(&body, "],\"body\":");
	gb_buf_add_json(&body, text);
	gb_buf_addc(&body, '}');
	if (!path || body.failed)
		return gb_buf_error(&body, "an issue", err);
	rc = gb_rest_call(s->i->rest, "POST", path, body.data, &reply, err);
	*ret_unknown = reply.unknown;
	if (rc >= 0 && reply.json) {
		const cJSON *root = reply.json->root;

		(void)gb_json_int(reply.json, member(root, "number"), ret_id);
		*ret_url = gb_strdup(cJSON_GetStringValue(member(root, "html_url")));
		login = cJSON_GetStringValue(member(member(root, "user"), "login"));
		if (login && !gb_streq(login, author_of(s->i))) {
			free(s->i->actual_author);
			s->i->actual_author = gb_strdup(login);
			rc = s->i->actual_author ? 0 : gb_fail_nomem(err);
		}
	}
	gb_rest_reply_release(&reply);
	return rc;
}

static int change(struct state *s, int64_t id, const struct gb_buf *body, char **ret_url,
		  struct gb_err *err)
{
	struct gb_rest_reply reply = { 0 };
	_free_ char *path = gb_asprintf("/repos/%s/issues/%" PRId64, s->i->repository, id);
	int rc;

	if (!path || body->failed)
		return gb_buf_error(body, "an issue", err);
	rc = gb_rest_call(s->i->rest, "PATCH", path, body->data, &reply, err);
	if (rc >= 0 && ret_url && reply.json) {
		free(*ret_url);
		*ret_url = gb_strdup(cJSON_GetStringValue(member(reply.json->root, "html_url")));
	}
	gb_rest_reply_release(&reply);
	return rc;
}

static int update(void *arg, int64_t id, const char *text, struct gb_err *err)
{
	struct state *s = arg;
	_buf_ struct gb_buf body = GB_BUF_INIT(GB_MAX_HTTP_BODY);
	bool close = s->i->solved && text == s->ours;

	gb_buf_adds(&body, "{\"body\":");
	gb_buf_add_json(&body, text);
	gb_buf_adds(&body, close ? ",\"state\":\"closed\",\"state_reason\":\"completed\"}" : "}");
	return change(s, id, &body, close ? &s->closed_url : NULL, err);
}

static int close_one(void *arg, int64_t id, struct gb_err *err)
{
	_buf_ struct gb_buf body = GB_BUF_INIT(GB_KIB);

	gb_buf_adds(&body, "{\"state\":\"closed\",\"state_reason\":\"not_planned\"}");
	return change(arg, id, &body, NULL, err);
}

static int wait_before(void *arg, int tries, struct gb_err *err)
{
	struct state *s = arg;

	return gb_rest_pause(s->i->rest, tries, err);
}

int gb_issue_put(struct gb_issue *i, const struct gb_sticky *s, struct gb_sticky_result *ret,
		 struct gb_err *err)
{
	struct state state = { .i = i, .key = s->marker.key, .ours = s->body };
	const struct gb_sticky_ops ops = { list, create, update, close_one, wait_before, &state };
	int rc = gb_sticky_put(s, &ops, ret, err);

	if (rc >= 0 && !ret->url)
		ret->url = GB_TAKE(state.closed_url);
	free(state.closed_url);
	return rc;
}
