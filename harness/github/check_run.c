/* Check runs over the REST API.  See check_run.h. */
#include "github/check_run.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "github/http.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BATCH ((size_t)50)

struct there {
	const struct gb_check_run *c;
	int64_t id;	   /* 0: none */
	int64_t annotated; /* annotations that it has */
	bool completed;
	char *url;
};

static const cJSON *member(const cJSON *object, const char *key)
{
	return object ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

/* Of several that are the same the first that was made. */
static int each(void *arg, const struct gb_json *j, const cJSON *entry, struct gb_err *err)
{
	struct there *t = arg;
	const char *url = cJSON_GetStringValue(member(entry, "html_url"));
	int64_t id, n = 0;

	if (!gb_streq(cJSON_GetStringValue(member(entry, "external_id")), t->c->external_id) ||
	    !gb_streq(cJSON_GetStringValue(member(entry, "name")), t->c->name) ||
	    !gb_json_int(j, member(entry, "id"), &id) || (t->id && id > t->id))
		return 0;
	(void)gb_json_int(j, member(member(entry, "output"), "annotations_count"), &n);
	t->id = id;
	t->annotated = n > 0 ? n : 0;
	t->completed = gb_streq(cJSON_GetStringValue(member(entry, "status")), "completed");
	free(t->url);
	t->url = gb_strdup(url);
	return url && !t->url ? gb_fail_nomem(err) : 0;
}

static int look(struct gb_rest *r, const struct gb_check_run *c, struct there *ret,
		struct gb_err *err)
{
	_buf_ struct gb_buf path = GB_BUF_INIT(64 * GB_KIB);

	free(ret->url);
	*ret = (struct there){ .c = c };
	gb_buf_addf(&path, "/repos/%s/commits/%s/check-runs?filter=all&per_page=100&check_name=",
		    c->repository, c->sha);
	gb_http_escape(&path, c->name);
	if (path.failed)
		return gb_buf_error(&path, "a request", err);
	return gb_rest_list(r, path.data, "check_runs", each, ret, err);
}

static void string(struct gb_buf *out, const char *key, const char *value, size_t max)
{
	_buf_ struct gb_buf safe = GB_BUF_INIT(GB_MIB), cut = GB_BUF_INIT(GB_MIB);

	gb_safe_lines(&safe, value, SIZE_MAX);
	gb_text_fit(&cut, safe.data, max);
	out->failed = out->failed || safe.failed || cut.failed;
	gb_buf_addf(out, "\"%s\":", key);
	gb_buf_add_json(out, cut.data);
}

static void annotation(struct gb_buf *out, const struct gb_annotation *a)
{
	static const char *const levels[] = { "failure", "warning", "notice" };

	gb_buf_adds(out, "{\"path\":");
	gb_buf_add_json(out, a->file);
	gb_buf_addf(out, ",\"start_line\":%" PRId64 ",\"end_line\":%" PRId64 ",",
		    a->line > 0 ? a->line : 1, a->line > 0 ? a->line : 1);
	gb_buf_addf(out, "\"annotation_level\":\"%s\",", levels[a->level]);
	string(out, "title", a->title, GB_CHECK_TITLE);
	gb_buf_addc(out, ',');
	string(out, "message", a->message, GB_ANNOTATION_MAX);
	gb_buf_addc(out, '}');
}

/* A check needs a place for each: without one there is no annotation. */
static size_t count(const struct gb_check_run *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_annotations && n < GB_CHECK_ANNOTATIONS; i++)
		n += c->annotations[i].file != NULL;
	return n;
}

/* What is sent: the annotations from number `from` on, one batch of them. */
static void body(struct gb_buf *out, const struct gb_check_run *c, size_t from, bool create,
		 bool last)
{
	size_t n = 0;

	gb_buf_addc(out, '{');
	if (create) {
		string(out, "name", c->name, GB_CHECK_TITLE);
		gb_buf_addf(out, ",\"head_sha\":\"%s\",", c->sha);
		string(out, "external_id", c->external_id, GB_CHECK_TITLE);
		gb_buf_addc(out, ',');
	}
	if (create && c->details_url) {
		gb_buf_adds(out, "\"details_url\":");
		gb_buf_add_json(out, c->details_url);
		gb_buf_addc(out, ',');
	}
	if (last)
		gb_buf_addf(out, "\"status\":\"completed\",\"conclusion\":\"%s\",", c->conclusion);
	else
		gb_buf_adds(out, "\"status\":\"in_progress\",");
	gb_buf_adds(out, "\"output\":{");
	string(out, "title", c->title, GB_CHECK_TITLE);
	gb_buf_adds(out, ",\"summary\":");
	gb_buf_add_json(out, c->summary);
	gb_buf_adds(out, ",\"annotations\":[");
	for (size_t i = 0; i < c->n_annotations && n < from + BATCH; i++) {
		if (!c->annotations[i].file)
			continue;
		if (n >= from && n < GB_CHECK_ANNOTATIONS) {
			gb_buf_adds(out, n > from ? "," : "");
			annotation(out, &c->annotations[i]);
		}
		n++;
	}
	gb_buf_adds(out, "]}}");
}

static int send(struct gb_rest *r, const struct gb_check_run *c, const struct there *t, bool last,
		struct gb_rest_reply *reply, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_HTTP_BODY);
	_free_ char *path =
		t->id ? gb_asprintf("/repos/%s/check-runs/%" PRId64, c->repository, t->id)
		      : gb_asprintf("/repos/%s/check-runs", c->repository);

	body(&text, c, (size_t)t->annotated, !t->id, last);
	if (!path || text.failed)
		return gb_buf_error(&text, "a check run", err);
	return gb_rest_call_once(r, t->id ? "PATCH" : "POST", path, text.data, reply, err);
}

/* An update adds annotations: after one of which nobody knows, it has to be looked at again. */
static int step(struct gb_rest *r, const struct gb_check_run *c, struct there *t, int *tries,
		bool last, struct gb_err *err)
{
	struct gb_rest_reply reply = { 0 };
	const cJSON *root;
	int rc = send(r, c, t, last, &reply, err);

	root = reply.json ? reply.json->root : NULL;
	if (rc == GB_ETIME && reply.unknown) {
		rc = gb_rest_pause(r, (*tries)++, err);
		if (rc >= 0)
			rc = look(r, c, t, err);
	} else if (rc >= 0 && !t->id) {
		const char *url = cJSON_GetStringValue(member(root, "html_url"));

		if (!gb_json_int(reply.json, member(root, "id"), &t->id))
			rc = gb_fail(err, GB_EPARSE, "the answer to a check run has no id");
		free(t->url);
		t->url = gb_strdup(url);
	}
	if (rc >= 0 && !reply.unknown) {
		t->annotated += (int64_t)BATCH;
		t->completed = last;
	}
	gb_rest_reply_release(&reply);
	return rc;
}

int gb_check_run_put(struct gb_rest *r, const struct gb_check_run *c, char **ret_url,
		     struct gb_err *err)
{
	struct there t = { 0 };
	size_t n = count(c);
	int tries = 0, rc = look(r, c, &t, err);

	while (rc >= 0 && !t.completed)
		rc = step(r, c, &t, &tries, (size_t)t.annotated + BATCH >= n, err);
	if (rc >= 0)
		*ret_url = GB_TAKE(t.url);
	free(t.url);
	return rc;
}
