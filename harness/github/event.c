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

static int read_payload(struct gb_event *e, const struct gb_json *j)
{
	const cJSON *pull = member(j->root, "pull_request");

	take_sha(member(member(pull, "head"), "sha"), e->head_sha);
	take_sha(member(member(j->root, "merge_group"), "base_sha"), e->base_sha);
	if (gb_streq(e->name, "push"))
		take_sha(member(j->root, "before"), e->base_sha);
	if (!gb_json_int(j, member(j->root, "number"), &e->number) || e->number < 0)
		e->number = 0;
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
	return read_payload(e, j);
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
	*e = (struct gb_event){ 0 };
}
