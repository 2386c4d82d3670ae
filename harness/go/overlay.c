#include "go/overlay.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "go/assets.h"
#include "go/edits.h"

#include <stdio.h>
#include <string.h>

/* What the loader of originals needs to know. */
struct source {
	const struct gb_overlay_options *o;
	const struct gb_json *user; /* or NULL */
};

static const char *const with_runtime[] = { "testing.edits", "runtime.edits", NULL };
static const char *const with_stress[] = { "testing.edits", "runtime.edits", "stress.edits", NULL };
static const char *const with_random[] = { "testing.edits", "runtime.edits", "stress.edits",
					   "random.edits", NULL };
static const char *const testing_only[] = { "testing.edits", "fallback.edits", NULL };

/* The user's replacement of an absolute path, or NULL. */
static const char *replacement(const struct gb_json *user, const char *path)
{
	const cJSON *map = user ? cJSON_GetObjectItemCaseSensitive(user->root, "Replace") : NULL;
	const cJSON *item = map ? cJSON_GetObjectItemCaseSensitive(map, path) : NULL;

	return cJSON_IsString(item) && item->valuestring[0] ? item->valuestring : NULL;
}

static int load(void *arg, const char *path, struct gb_buf *ret, struct gb_err *err)
{
	const struct source *s = arg;
	_free_ char *full = gb_asprintf("%s/src/%s", s->o->goroot, path);
	_free_ char *absolute = NULL;
	const char *other;

	if (!full)
		return gb_fail_nomem(err);
	other = replacement(s->user, full);
	if (!other)
		return gb_fs_read(full, ret, err);
	if (other[0] != '/' && s->o->user_dir) {
		absolute = gb_path_join(s->o->user_dir, other);
		if (!absolute)
			return gb_fail_nomem(err);
		other = absolute;
	}
	return gb_fs_read(other, ret, err);
}

static int read_user(const struct gb_overlay_options *o, struct gb_json **ret, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_OVERLAY_FILE);
	int rc;

	if (!o->user_overlay)
		return 0;
	rc = gb_fs_read(o->user_overlay, &text, err);
	if (rc < 0)
		return rc;
	return gb_json_parse(o->user_overlay, text.data, text.len, ret, err);
}

static int apply(struct gb_edits *e, const char *const *names, struct gb_err *err)
{
	for (; *names; names++) {
		const struct gb_asset *found = NULL;
		int rc;

		for (size_t i = 0; i < gb_assets_n; i++)
			if (strcmp(gb_assets[i].name, *names) == 0)
				found = &gb_assets[i];
		if (!found)
			return gb_fail(err, GB_EMEASURE, "the agent's %s is not built in", *names);
		rc = gb_edits_apply(e, *names, (const char *)found->data, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* The user's entries, but for those that ours replace. */
static void add_user(struct gb_buf *json, const struct gb_overlay_options *o,
		     const struct gb_json *user, const struct gb_edits *e, const char **comma)
{
	const cJSON *map = user ? cJSON_GetObjectItemCaseSensitive(user->root, "Replace") : NULL;
	const cJSON *item;
	size_t root = strlen(o->goroot);

	cJSON_ArrayForEach(item, map)
	{
		bool ours = false;

		if (!cJSON_IsString(item))
			continue;
		for (size_t i = 0; i < e->n && strncmp(item->string, o->goroot, root) == 0; i++)
			ours |= gb_starts(item->string + root, "/src/") &&
				strcmp(item->string + root + 5, e->files[i].path) == 0;
		if (ours)
			continue;
		gb_buf_adds(json, *comma);
		gb_buf_add_json(json, item->string);
		gb_buf_adds(json, ": ");
		gb_buf_add_json(json, item->valuestring);
		*comma = ",\n";
	}
}

static int write_all(const struct gb_overlay_options *o, const struct gb_json *user,
		     const struct gb_edits *e, char **ret_json, struct gb_err *err)
{
	_buf_ struct gb_buf json = GB_BUF_INIT(GB_MAX_OVERLAY_FILE);
	_free_ char *path = gb_path_join(o->dir, "overlay.json");
	const char *comma = "";

	if (!path)
		return gb_fail_nomem(err);
	gb_buf_adds(&json, "{\"Replace\": {\n");
	add_user(&json, o, user, e, &comma);
	for (size_t i = 0; i < e->n; i++) {
		_free_ char *original = gb_asprintf("%s/src/%s", o->goroot, e->files[i].path);
		_free_ char *name = gb_strdup(e->files[i].path);
		_free_ char *patched = NULL;
		int rc;

		for (char *p = name; p && *p; p++)
			if (*p == '/')
				*p = '_';
		patched = name ? gb_path_join(o->dir, name) : NULL;
		if (!original || !patched)
			return gb_fail_nomem(err);
		rc = gb_fs_write(patched, e->files[i].text.data, e->files[i].text.len, err);
		if (rc < 0)
			return rc;
		gb_buf_adds(&json, comma);
		gb_buf_add_json(&json, original);
		gb_buf_adds(&json, ": ");
		gb_buf_add_json(&json, patched);
		comma = ",\n";
	}
	gb_buf_adds(&json, "\n}}\n");
	if (json.failed)
		return gb_buf_error(&json, "the overlay", err);
	int rc = gb_fs_write(path, json.data, json.len, err);
	if (rc < 0)
		return rc;
	*ret_json = GB_TAKE(path);
	return 0;
}

static int write_set(const struct gb_overlay_options *o, const struct gb_json *user,
		     const char *const *names, char **ret_json, struct gb_err *err)
{
	struct source source = { o, user };
	struct gb_edits e = { .minor = o->minor, .load = load, .arg = &source };
	int rc = apply(&e, names, err);

	if (rc >= 0) {
		rc = write_all(o, user, &e, ret_json, err);
		/* Our folder is gone: that is no anchor that is not there. */
		if (rc == GB_ENOTFOUND)
			rc = GB_ESYS;
	}
	gb_edits_release(&e);
	return rc;
}

static const char *const *edits_for(const struct gb_overlay_options *o)
{
	return o->random ? with_random : o->stress ? with_stress : with_runtime;
}

int gb_overlay_write(const struct gb_overlay_options *o, struct gb_overlay *ret, struct gb_err *err)
{
	_json_ struct gb_json *user = NULL;
	_free_ char *json = NULL, *why = NULL;
	struct gb_err miss = GB_ERR_INIT;
	int rc = read_user(o, &user, err);

	if (rc < 0)
		return rc;
	rc = o->fallback ? GB_ENOTFOUND : write_set(o, user, edits_for(o), &json, &miss);
	if (rc >= 0) {
		*ret = (struct gb_overlay){ GB_TAKE(json), GB_ACCOUNTING_RUNTIME, NULL };
		return 0;
	}
	if (rc != GB_ENOTFOUND)
		return gb_fail(err, rc, "%s", miss.line);
	why = gb_strdup(o->fallback ? "asked for" : miss.line);
	if (!why)
		return gb_fail_nomem(err);
	rc = write_set(o, user, testing_only, &json, &miss);
	if (rc == GB_ENOTFOUND) {
		gb_fail(err, GB_EMEASURE, "this Go's testing package is not one we know: %s",
			miss.line);
		gb_hint(err, "use a released Go between 1.21 and 1.27");
		return GB_EMEASURE;
	}
	if (rc < 0)
		return gb_fail(err, rc, "%s", miss.line);
	*ret = (struct gb_overlay){ GB_TAKE(json), GB_ACCOUNTING_TESTING, GB_TAKE(why) };
	return 0;
}

void gb_overlay_release(struct gb_overlay *o)
{
	free(o->json);
	free(o->why);
	*o = (struct gb_overlay){ NULL, GB_ACCOUNTING_RUNTIME, NULL };
}
