#include "cmd/hook_trouble.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *text_of(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsString(item) ? item->valuestring : NULL;
}

static int add(struct gb_troubles *t, const char *package, const char *dir, const char *test,
	       const char *kind, struct gb_err *err)
{
	struct gb_trouble_row *r;
	int rc;

	if (!package || !kind)
		return 0;
	if ((rc = gb_grow((void **)&t->v, &t->cap, t->n + 1, sizeof(*t->v), GB_MAX_TESTS, err)) < 0)
		return rc;
	r = &t->v[t->n++];
	*r = (struct gb_trouble_row){ .package = gb_strdup(package),
				      .dir = gb_strdup(dir),
				      .test = gb_strdup(test),
				      .kind = gb_strdup(kind) };
	return r->package && r->kind && !r->dir == !dir && !r->test == !test ? 0
									     : gb_fail_nomem(err);
}

static int read_package(struct gb_troubles *t, const cJSON *p, struct gb_err *err)
{
	const cJSON *x;
	int rc;

	cJSON_ArrayForEach(x, cJSON_GetObjectItemCaseSensitive(p, "troubles"))
	{
		const char *kind = text_of(x, "kind");

		if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(x, "warning")) ||
		    gb_streq(kind, "no tests"))
			continue;
		if ((rc = add(t, text_of(p, "path"), text_of(p, "dir"), text_of(x, "test"), kind,
			      err)) < 0)
			return rc;
	}
	return 0;
}

static const char *dir_of(const cJSON *packages, const char *path)
{
	const cJSON *p;

	cJSON_ArrayForEach(p, packages)
	{
		if (gb_streq(text_of(p, "path"), path))
			return text_of(p, "dir");
	}
	return NULL;
}

static int read_report(struct gb_troubles *t, const struct gb_json *j, struct gb_err *err)
{
	const cJSON *packages = cJSON_GetObjectItemCaseSensitive(j->root, "packages");
	const cJSON *x;
	int rc;

	cJSON_ArrayForEach(x, packages)
	{
		if ((rc = read_package(t, x, err)) < 0)
			return rc;
	}
	cJSON_ArrayForEach(x, cJSON_GetObjectItemCaseSensitive(j->root, "verdicts"))
	{
		const char *verdict = text_of(x, "verdict"), *package = text_of(x, "package");

		if (!gb_streq(text_of(x, "action"), "fail") ||
		    (!gb_streq(verdict, "gone") && !gb_streq(verdict, "incomparable")))
			continue;
		if ((rc = add(t, package, dir_of(packages, package), text_of(x, "test"), verdict,
			      err)) < 0)
			return rc;
	}
	return 0;
}

int gb_troubles_read(const char *path, struct gb_troubles *ret, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_REPORT);
	_json_ struct gb_json *j = NULL;
	struct gb_troubles t = { .read = true };
	int rc;

	if (!gb_fs_exists(path)) {
		*ret = (struct gb_troubles){ 0 };
		return 0;
	}
	if ((rc = gb_fs_read(path, &text, err)) < 0 ||
	    (rc = gb_json_parse(gb_path_base(path), text.data, text.len, &j, err)) < 0)
		return rc;
	if ((rc = read_report(&t, j, err)) < 0) {
		gb_troubles_release(&t);
		return rc;
	}
	*ret = t;
	return 0;
}

static bool is_one_of(const char *kind, const char *const *names)
{
	while (*names && strcmp(*names, kind) != 0)
		names++;
	return *names;
}

static bool covers(const struct gb_trouble_row *base, const struct gb_trouble_row *r)
{
	static const char *const verdicts[] = { "gone", "incomparable", NULL };
	/* What came after it never ran. */
	static const char *const ends[] = { "build",   "panic",	 "exit",      "signal",
					    "timeout", "memory", "no record", NULL };

	if (!gb_streq(base->package, r->package))
		return false;
	if (is_one_of(base->kind, verdicts) || is_one_of(r->kind, verdicts))
		return gb_streq(base->kind, r->kind) && gb_streq(base->test, r->test);
	return is_one_of(base->kind, ends) ||
	       (gb_streq(base->test, r->test) && (r->test || gb_streq(base->kind, r->kind)));
}

static bool has(const struct gb_troubles *base, const struct gb_trouble_row *r)
{
	for (size_t i = 0; i < base->n; i++)
		if (covers(&base->v[i], r))
			return true;
	return false;
}

size_t gb_troubles_inherit(struct gb_troubles *head, const struct gb_troubles *base)
{
	size_t left = 0;

	for (size_t i = 0; i < head->n; i++) {
		head->v[i].inherited = has(base, &head->v[i]);
		left += !head->v[i].inherited;
	}
	return left;
}

void gb_troubles_release(struct gb_troubles *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->v[i].package);
		free(t->v[i].dir);
		free(t->v[i].test);
		free(t->v[i].kind);
	}
	free(t->v);
	*t = (struct gb_troubles){ 0 };
}
