#include "plan/modules.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "base/units.h"

#include <string.h>

#define PRUNED_SINCE 17

static const char *member(const cJSON *o, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(o, key);

	return cJSON_IsString(item) ? item->valuestring : "";
}

/* "PATH\tVERSION", "PATH\tVERSION => PATH VERSION": one line of each. */
static int take_lines(const cJSON *root, struct gb_strlist *ret, struct gb_err *err)
{
	const cJSON *item;
	int rc;

	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, "Require"))
	{
		rc = gb_strlist_addf(ret, err, "%s\t%s", member(item, "Path"),
				     member(item, "Version"));
		if (rc)
			return rc;
	}
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, "Replace"))
	{
		const cJSON *from = cJSON_GetObjectItemCaseSensitive(item, "Old");
		const cJSON *to = cJSON_GetObjectItemCaseSensitive(item, "New");

		rc = gb_strlist_addf(ret, err, "%s\t%s => %s %s", member(from, "Path"),
				     member(from, "Version"), member(to, "Path"),
				     member(to, "Version"));
		if (rc)
			return rc;
	}
	gb_strlist_sort(ret);
	return 0;
}

/* What is left without what only chooses versions. */
static int rest_of(cJSON *root, char **ret, struct gb_err *err)
{
	static const char *const keys[] = { "Require", "Replace", "Exclude", "Retract" };
	char *text;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		cJSON_DeleteItemFromObjectCaseSensitive(root, keys[i]);
	text = cJSON_PrintUnformatted(root);
	if (!text)
		return gb_fail_nomem(err);
	*ret = gb_strdup(text);
	cJSON_free(text);
	return *ret ? 0 : gb_fail_nomem(err);
}

static int add_path(struct gb_strlist *ret, const char *line, struct gb_err *err)
{
	_free_ char *path = gb_strndup(line, strcspn(line, "\t"));

	if (!path)
		return gb_fail_nomem(err);
	if (ret->n && strcmp(ret->v[ret->n - 1], path) == 0)
		return 0;
	return gb_strlist_add(ret, path, err);
}

/* The paths of lines that only one side has; both are sorted. */
static int differ(const struct gb_strlist *a, const struct gb_strlist *b, struct gb_strlist *ret,
		  struct gb_err *err)
{
	size_t i = 0, k = 0;
	int rc = 0;

	while ((i < a->n || k < b->n) && !rc) {
		int order = i == a->n ? 1 : k == b->n ? -1 : strcmp(a->v[i], b->v[k]);

		if (order == 0) {
			i++;
			k++;
			continue;
		}
		rc = add_path(ret, order < 0 ? a->v[i++] : b->v[k++], err);
	}
	return rc;
}

static bool is_pruned(const cJSON *root)
{
	const char *go = member(root, "Go");
	_free_ char *minor = NULL;
	int64_t n;

	if (!gb_starts(go, "1."))
		return false;
	minor = gb_strndup(go + 2, strspn(go + 2, "0123456789"));
	return minor && gb_parse_int(minor, PRUNED_SINCE, 100000, &n, NULL) == 0;
}

static int parse(const char *text, size_t len, struct gb_json **ret, struct gb_err *err)
{
	struct gb_err own = GB_ERR_INIT;
	int rc = gb_json_parse("go mod edit", text, len, ret, &own);

	if (rc)
		return gb_fail(err, rc == GB_EUSAGE ? GB_EPARSE : rc, "%s", own.line);
	return cJSON_IsObject((*ret)->root) ? 0 : gb_fail(err, GB_EPARSE, "go mod edit: no object");
}

int gb_plan_modules_compare(const char *before, size_t before_len, const char *now, size_t now_len,
			    struct gb_strlist *ret, bool *ret_all, struct gb_err *err)
{
	_strlist_ struct gb_strlist a = GB_STRLIST_INIT, b = GB_STRLIST_INIT;
	_json_ struct gb_json *x = NULL, *y = NULL;
	_free_ char *rest_x = NULL, *rest_y = NULL;
	bool pruned;
	int rc;

	if ((rc = parse(before, before_len, &x, err)) || (rc = parse(now, now_len, &y, err)) ||
	    (rc = take_lines(x->root, &a, err)) || (rc = take_lines(y->root, &b, err)))
		return rc;
	pruned = is_pruned(y->root);
	if ((rc = rest_of(x->root, &rest_x, err)) || (rc = rest_of(y->root, &rest_y, err)) ||
	    (rc = differ(&a, &b, ret, err)))
		return rc;
	*ret_all = !pruned || strcmp(rest_x, rest_y) != 0;
	return 0;
}

static int read_one(const char *go, const char *file, struct gb_buf *ret, struct gb_err *err)
{
	_buf_ struct gb_buf said = GB_BUF_INIT(GB_MAX_CHILD_OUTPUT);
	const char *const argv[] = { go, "mod", "edit", "-json", file, NULL };
	const struct gb_proc p = { .argv = argv,
				   .in = GB_STDIO_NULL,
				   .out = GB_STDIO_BUF,
				   .err = GB_STDIO_BUF,
				   .out_buf = ret,
				   .err_buf = &said };
	struct gb_proc_result r;
	int rc = gb_proc_run(&p, &r, err);

	if (rc)
		return rc;
	if (r.status || r.out_cut || ret->failed)
		return gb_fail(err, GB_EMEASURE, "go mod edit: %.*s", (int)strcspn(said.data, "\n"),
			       said.data);
	return 0;
}

int gb_plan_modules_moved(const char *go, const char *before, const char *now,
			  struct gb_strlist *ret, bool *ret_all, struct gb_err *err)
{
	_buf_ struct gb_buf a = GB_BUF_INIT(GB_MAX_GO_ENV), b = GB_BUF_INIT(GB_MAX_GO_ENV);
	int rc;

	if ((rc = read_one(go, before, &a, err)) || (rc = read_one(go, now, &b, err)))
		return rc;
	return gb_plan_modules_compare(a.data, a.len, b.data, b.len, ret, ret_all, err);
}
