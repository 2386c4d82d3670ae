/* Comments of a pull request, which GitHub keeps as those of an issue.  See comment.h. */
#include "github/comment.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct listing {
	const struct gb_comment *c;
	const char *key;
	struct gb_sticky_items *items;
};

struct state {
	struct gb_comment *c;
	const char *key, *head;
	bool asked, outdated;
};

static const char *text_of(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static const char *login_of(const cJSON *entry)
{
	return text_of(cJSON_GetObjectItemCaseSensitive(entry, "user"), "login");
}

static const char *author_of(const struct gb_comment *c)
{
	return c->actual_author ? c->actual_author : c->author;
}

static int each(void *arg, const struct gb_json *j, const cJSON *entry, struct gb_err *err)
{
	struct listing *l = arg;
	int64_t id;

	if (!gb_json_int(j, cJSON_GetObjectItemCaseSensitive(entry, "id"), &id))
		return 0;
	return gb_sticky_add(l->items, id, text_of(entry, "body"), text_of(entry, "html_url"),
			     login_of(entry), author_of(l->c), l->key, err);
}

static int list(void *arg, struct gb_sticky_items *ret, struct gb_err *err)
{
	struct state *s = arg;
	struct listing l = { s->c, s->key, ret };
	_free_ char *path = gb_asprintf("/repos/%s/issues/%" PRId64 "/comments?per_page=100",
					s->c->repository, s->c->pull);

	return path ? gb_rest_list(s->c->rest, path, NULL, each, &l, err) : gb_fail_nomem(err);
}

static int send(struct gb_comment *c, const char *method, const char *path, const char *text,
		struct gb_rest_reply *ret, struct gb_err *err)
{
	_buf_ struct gb_buf body = GB_BUF_INIT(GB_MAX_HTTP_BODY);

	if (!path)
		return gb_fail_nomem(err);
	if (text) {
		gb_buf_adds(&body, "{\"body\":");
		gb_buf_add_json(&body, text);
		gb_buf_adds(&body, "}");
	}
	if (body.failed)
		return gb_buf_error(&body, "a comment", err);
	return gb_rest_call(c->rest, method, path, text ? body.data : NULL, ret, err);
}

/* By whom it was made is known now: what else is theirs is ours. */
static int learn(struct gb_comment *c, const cJSON *made, struct gb_err *err)
{
	const char *login = login_of(made);

	if (!login || gb_streq(login, author_of(c)))
		return 0;
	free(c->actual_author);
	c->actual_author = gb_strdup(login);
	return c->actual_author ? 0 : gb_fail_nomem(err);
}

/* Has the branch moved on?  Where GitHub will not say, it has not. */
static int ask_head(struct state *s, struct gb_err *err)
{
	struct gb_rest_reply reply = { 0 };
	_free_ char *path = gb_asprintf("/repos/%s/pulls/%" PRId64, s->c->repository, s->c->pull);
	const char *sha = NULL;
	int rc;

	if (s->asked || !*s->head)
		return 0;
	s->asked = true;
	rc = path ? gb_rest_call(s->c->rest, "GET", path, NULL, &reply, err) : gb_fail_nomem(err);
	if (rc >= 0 && reply.json)
		sha = text_of(cJSON_GetObjectItemCaseSensitive(reply.json->root, "head"), "sha");
	s->outdated = sha && !gb_streq(sha, s->head);
	gb_rest_reply_release(&reply);
	return rc == GB_EINTR || rc == GB_ENOMEM ? rc : 0;
}

static int create(void *arg, const char *body, int64_t *ret_id, char **ret_url, bool *ret_unknown,
		  struct gb_err *err)
{
	struct state *s = arg;
	struct gb_rest_reply reply = { 0 };
	_free_ char *path =
		gb_asprintf("/repos/%s/issues/%" PRId64 "/comments", s->c->repository, s->c->pull);
	int rc = ask_head(s, err);

	if (rc >= 0 && s->outdated)
		return gb_fail(err, GB_EEXIST, "the branch has moved on");
	if (rc >= 0)
		rc = send(s->c, "POST", path, body, &reply, err);
	*ret_unknown = reply.unknown;
	if (rc >= 0 && reply.json) {
		const cJSON *root = reply.json->root;

		(void)gb_json_int(reply.json, cJSON_GetObjectItemCaseSensitive(root, "id"), ret_id);
		*ret_url = gb_strdup(text_of(root, "html_url"));
		rc = learn(s->c, root, err);
	}
	gb_rest_reply_release(&reply);
	return rc;
}

static int update(void *arg, int64_t id, const char *body, struct gb_err *err)
{
	struct state *s = arg;
	struct gb_rest_reply reply = { 0 };
	_free_ char *path = gb_asprintf("/repos/%s/issues/comments/%" PRId64, s->c->repository, id);
	int rc = send(s->c, "PATCH", path, body, &reply, err);

	gb_rest_reply_release(&reply);
	return rc;
}

static int remove_one(void *arg, int64_t id, struct gb_err *err)
{
	struct state *s = arg;
	struct gb_rest_reply reply = { 0 };
	_free_ char *path = gb_asprintf("/repos/%s/issues/comments/%" PRId64, s->c->repository, id);
	int rc = send(s->c, "DELETE", path, NULL, &reply, err);

	gb_rest_reply_release(&reply);
	return rc;
}

static int wait_before(void *arg, int tries, struct gb_err *err)
{
	struct state *s = arg;

	return gb_rest_pause(s->c->rest, tries, err);
}

int gb_comment_put(struct gb_comment *c, const struct gb_sticky *s, struct gb_sticky_result *ret,
		   struct gb_err *err)
{
	struct state state = { .c = c, .key = s->marker.key, .head = s->marker.head };
	int rc;

	const struct gb_sticky_ops ops = { list, create, update, remove_one, wait_before, &state };

	rc = gb_sticky_put(s, &ops, ret, err);
	if (rc == GB_EEXIST && state.outdated) {
		*ret = (struct gb_sticky_result){ .done = GB_STICKY_NEWER };
		return 0;
	}
	return rc;
}

int gb_comment_author(struct gb_rest *r, const char *token, char **ret, struct gb_err *err)
{
	struct gb_rest_reply reply = { 0 };
	const char *login = NULL;
	int rc;

	if (!gb_starts(token, "ghs_")) {
		rc = gb_rest_call(r, "GET", "/user", NULL, &reply, NULL);
		if (rc == GB_EINTR || rc == GB_ENOMEM) {
			gb_rest_reply_release(&reply);
			return gb_fail(err, rc, rc == GB_EINTR ? "interrupted" : "out of memory");
		}
		if (rc >= 0 && reply.json)
			login = text_of(reply.json->root, "login");
	}
	*ret = gb_strdup(login ? login : GB_DEFAULT_AUTHOR);
	gb_rest_reply_release(&reply);
	return *ret ? 0 : gb_fail_nomem(err);
}
