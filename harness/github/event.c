#include "github/event.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const cJSON *member(const cJSON *object, const char *key)
{
	return object ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

/* A name of another kind, or of no object (a push of a new branch: 40 zeros), is left out. */
static void take_sha(const cJSON *item, char ret[41])
{
	const char *s = cJSON_IsString(item) ? item->valuestring : "";

	if (strlen(s) != 40 || strspn(s, "0123456789abcdef") != 40 || strspn(s, "0") == 40)
		return;
	memcpy(ret, s, 41);
}

/* A whole number above zero, else 0. */
static int64_t take_id(const struct gb_json *j, const cJSON *item)
{
	int64_t n;

	return item && gb_json_int(j, item, &n) && n > 0 ? n : 0;
}

static int take_name(const cJSON *item, char **ret, struct gb_err *err)
{
	if (!cJSON_IsString(item) || !*item->valuestring || strlen(item->valuestring) > GB_MAX_NAME)
		return 0;
	*ret = gb_strdup(item->valuestring);
	return *ret ? 0 : gb_fail_nomem(err);
}

static int read_run(struct gb_event *e, const struct gb_json *j, const cJSON *run,
		    struct gb_err *err)
{
	const cJSON *repository = member(run, "head_repository");
	int rc;

	e->run.id = take_id(j, member(run, "id"));
	e->run.attempt = take_id(j, member(run, "run_attempt"));
	e->run.repository = take_id(j, member(repository, "id"));
	take_sha(member(run, "head_sha"), e->head_sha);
	if ((rc = take_name(member(run, "event"), &e->run.event, err)) < 0 ||
	    (rc = take_name(member(run, "head_branch"), &e->run.branch, err)) < 0)
		return rc;
	return take_name(member(member(repository, "owner"), "login"), &e->run.owner, err);
}

static int read_payload(struct gb_event *e, const struct gb_json *j, struct gb_err *err)
{
	const cJSON *pull = member(j->root, "pull_request"), *head = member(pull, "head");
	int64_t from = take_id(j, member(member(head, "repo"), "id"));

	take_sha(member(head, "sha"), e->head_sha);
	take_sha(member(member(j->root, "merge_group"), "base_sha"), e->base_sha);
	if (gb_streq(e->name, "merge_group"))
		take_sha(member(member(j->root, "merge_group"), "head_sha"), e->head_sha);
	if (gb_streq(e->name, "push")) {
		take_sha(member(j->root, "before"), e->base_sha);
		take_sha(member(j->root, "after"), e->head_sha);
	}
	e->number = take_id(j, member(j->root, "number"));
	e->fork = cJSON_IsObject(pull) &&
		  (!from || from != take_id(j, member(member(j->root, "repository"), "id")));
	if (gb_streq(e->name, "workflow_run"))
		return read_run(e, j, member(j->root, "workflow_run"), err);
	return 0;
}

static int read_event(struct gb_event *e, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_EVENT);
	_json_ struct gb_json *j = NULL;
	const char *path = getenv("GITHUB_EVENT_PATH");
	int rc;

	if (!path || !*path)
		return 0;
	rc = gb_fs_read(path, &text, err);
	if (rc == GB_ENOTFOUND)
		return 0;
	if (rc < 0 || (rc = gb_json_parse(path, text.data, text.len, &j, err)) < 0)
		return rc;
	return read_payload(e, j, err);
}

static int copy(const char *name, char **ret, struct gb_err *err)
{
	const char *value = getenv(name);

	if (!value || !*value || strlen(value) > GB_MAX_NAME)
		return 0;
	*ret = gb_strdup(value);
	return *ret ? 0 : gb_fail_nomem(err);
}

int gb_event_read(struct gb_event *ret, struct gb_err *err)
{
	struct gb_event e = { 0 };
	const char *ref = getenv("GITHUB_REF");
	int rc = 0;

	if (gb_streq(getenv("GITHUB_ACTIONS"), "true"))
		rc = copy("GITHUB_EVENT_NAME", &e.name, err);
	if (rc >= 0 && e.name)
		rc = copy("GITHUB_BASE_REF", &e.base_ref, err);
	e.test_merge = e.name && ref && gb_starts(ref, "refs/pull/") && gb_ends(ref, "/merge");
	if (rc >= 0 && e.name)
		rc = read_event(&e, err);
	if (rc < 0) {
		gb_event_release(&e);
		return rc;
	}
	*ret = e;
	return 0;
}

void gb_event_release(struct gb_event *e)
{
	free(e->name);
	free(e->base_ref);
	free(e->run.event);
	free(e->run.owner);
	free(e->run.branch);
	*e = (struct gb_event){ 0 };
}
