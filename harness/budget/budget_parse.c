/*
 * Budget files, read.  The JSON layer has refused duplicate keys and bad
 * syntax; here every key must be known and every value possible.
 */
#include "budget/budget.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "budget/amount.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BLOCKS     1000 /* environments of one package */
#define MAX_GOMAXPROCS 65536

/* "1.26": a minor version, not "go1.26" and not "1.26.3". */
static bool is_minor_version(const char *s)
{
	size_t major = strspn(s, "0123456789");
	size_t minor = s[major] == '.' ? strspn(s + major + 1, "0123456789") : 0;

	return major && minor && !s[major + 1 + minor];
}

/* "linux/amd64" */
static bool is_platform(const char *s)
{
	const char *slash = strchr(s, '/');

	if (!slash || slash == s || !slash[1])
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && s != slash)
			return false;
	return true;
}

/* A string that may be empty.  Points into the tree. */
static int read_string(const struct gb_json *j, const cJSON *env, const char *key, const char **ret,
		       struct gb_err *err)
{
	const cJSON *item;
	int rc;

	if ((rc = gb_amount_member(j, env, key, &item, err)) < 0)
		return rc;
	if (!cJSON_IsString(item))
		return gb_json_fail(j, item, err, "expected a string");
	if (strlen(item->valuestring) > GB_MAX_NAME)
		return gb_json_fail(j, item, err, "exceeds %zu bytes", GB_MAX_NAME);
	*ret = item->valuestring;
	return 0;
}

static int read_versions(const struct gb_json *j, const cJSON *item, struct gb_environment *env,
			 struct gb_err *err)
{
	const char *go, *platform;
	int rc;

	if ((rc = read_string(j, item, "go", &go, err)) < 0)
		return rc;
	if (!is_minor_version(go) || strlen(go) >= sizeof(env->go))
		return gb_json_fail(j, cJSON_GetObjectItemCaseSensitive(item, "go"), err,
				    "expected Go's minor version, such as \"1.26\"");
	if ((rc = read_string(j, item, "platform", &platform, err)) < 0)
		return rc;
	if (!is_platform(platform) || strlen(platform) >= sizeof(env->platform))
		return gb_json_fail(j, cJSON_GetObjectItemCaseSensitive(item, "platform"), err,
				    "expected GOOS/GOARCH, such as \"linux/amd64\"");
	memcpy(env->go, go, strlen(go) + 1);
	memcpy(env->platform, platform, strlen(platform) + 1);
	return 0;
}

static int read_gomaxprocs(const struct gb_json *j, const cJSON *env, int *ret, struct gb_err *err)
{
	const cJSON *item;
	int64_t n;
	int rc;

	if ((rc = gb_amount_member(j, env, "gomaxprocs", &item, err)) < 0 ||
	    (rc = gb_amount_whole(j, item, &n, err)) < 0)
		return rc;
	if (n < 1 || n > MAX_GOMAXPROCS || (n & (n - 1)))
		return gb_json_fail(j, item, err, "expected a power of two from 1 to %d",
				    MAX_GOMAXPROCS);
	*ret = (int)n;
	return 0;
}

static int read_flag(const struct gb_json *j, const cJSON *env, const char *key, bool *ret,
		     struct gb_err *err)
{
	const cJSON *item;
	int rc = gb_amount_member(j, env, key, &item, err);

	return rc < 0 ? rc : gb_amount_bool(j, item, ret, err);
}

static int read_accounting(const struct gb_json *j, const cJSON *env, enum gb_accounting *ret,
			   struct gb_err *err)
{
	const char *name;
	int rc = read_string(j, env, "accounting", &name, err);

	if (rc < 0)
		return rc;
	if (!strcmp(name, gb_accounting_name(GB_ACCOUNTING_RUNTIME)))
		*ret = GB_ACCOUNTING_RUNTIME;
	else if (!strcmp(name, gb_accounting_name(GB_ACCOUNTING_TESTING)))
		*ret = GB_ACCOUNTING_TESTING;
	else
		return gb_json_fail(j, cJSON_GetObjectItemCaseSensitive(env, "accounting"), err,
				    "expected \"runtime\" or \"testing\"");
	return 0;
}

/* gcflags and tags of *ret point into the tree. */
static int read_environment(const struct gb_json *j, const cJSON *item, struct gb_environment *ret,
			    struct gb_err *err)
{
	static const char *const keys[] = { "go",  "platform", "gomaxprocs", "gcflags", "tags",
					    "cgo", "race",     "accounting", NULL };
	const char *gcflags, *tags;
	int rc;

	if ((rc = gb_amount_object(j, item, err)) < 0 ||
	    (rc = gb_json_only_keys(j, item, keys, err)) < 0 ||
	    (rc = read_versions(j, item, ret, err)) < 0 ||
	    (rc = read_gomaxprocs(j, item, &ret->gomaxprocs, err)) < 0 ||
	    (rc = read_string(j, item, "gcflags", &gcflags, err)) < 0 ||
	    (rc = read_string(j, item, "tags", &tags, err)) < 0 ||
	    (rc = read_flag(j, item, "cgo", &ret->cgo, err)) < 0 ||
	    (rc = read_flag(j, item, "race", &ret->race, err)) < 0 ||
	    (rc = read_accounting(j, item, &ret->accounting, err)) < 0)
		return rc;
	ret->gcflags = (char *)(uintptr_t)gcflags;
	ret->tags = (char *)(uintptr_t)tags;
	return 0;
}

/* "measured" or "spread": plain numbers by metric. */
static int read_numbers(const struct gb_json *j, const cJSON *row, const char *key, int64_t *v,
			uint32_t *has, struct gb_err *err)
{
	static const char *const no_others[] = { NULL };
	const cJSON *object = cJSON_GetObjectItemCaseSensitive(row, key), *item;
	enum gb_metric m;
	int rc;

	if (!object)
		return 0;
	if ((rc = gb_amount_object(j, object, err)) < 0 ||
	    (rc = gb_amount_only_keys(j, object, no_others, err)) < 0)
		return rc;
	cJSON_ArrayForEach(item, object)
	{
		if ((rc = gb_amount_metric(j, item, item->string, &m, err)) < 0 ||
		    (rc = gb_amount_whole(j, item, &v[m], err)) < 0)
			return rc;
		*has |= 1u << m;
	}
	return 0;
}

static int read_budgets(const struct gb_json *j, const cJSON *row, struct gb_budget_row *r,
			struct gb_err *err)
{
	const cJSON *item;
	int rc;

	cJSON_ArrayForEach(item, row)
	{
		int m = gb_metric_find(item->string);

		if (m < 0)
			continue;
		if (gb_metrics[m].package && strcmp(r->test, GB_PACKAGE_ROW) != 0) {
			gb_json_fail(j, item, err, "no test has %s of its own", item->string);
			gb_hint(err, "it is the package's: its row is \"%s\"", GB_PACKAGE_ROW);
			return GB_EUSAGE;
		}
		if ((rc = gb_amount_read(j, item, (enum gb_metric)m, &r->budget[m], err)) < 0)
			return rc;
		if (cJSON_IsString(item) && !(r->as_written[m] = gb_strdup(item->valuestring)))
			return gb_fail_nomem(err);
		r->has_budget |= 1u << m;
	}
	return 0;
}

static int read_row(const struct gb_json *j, const cJSON *item, struct gb_budget_row *r,
		    struct gb_err *err)
{
	static const char *const others[] = { "measured", "spread", "reason", NULL };
	const cJSON *reason = cJSON_GetObjectItemCaseSensitive(item, "reason");
	const char *text;
	int rc;

	r->line = gb_json_line(j, item);
	if (!(r->test = gb_strdup(item->string)))
		return gb_fail_nomem(err);
	if ((rc = gb_amount_object(j, item, err)) < 0 ||
	    (rc = gb_amount_only_keys(j, item, others, err)) < 0 ||
	    (rc = read_budgets(j, item, r, err)) < 0 ||
	    (rc = read_numbers(j, item, "measured", r->measured, &r->has_measured, err)) < 0 ||
	    (rc = read_numbers(j, item, "spread", r->spread, &r->has_spread, err)) < 0)
		return rc;
	if (r->has_spread & ~r->has_measured)
		return gb_json_fail(j, cJSON_GetObjectItemCaseSensitive(item, "spread"), err,
				    "names a metric that \"measured\" does not");
	if (!reason)
		return 0;
	if ((rc = gb_amount_text(j, reason, &text, err)) < 0)
		return rc;
	return (r->reason = gb_strdup(text)) ? 0 : gb_fail_nomem(err);
}

static int by_test(const void *a, const void *b)
{
	return strcmp(((const struct gb_budget_row *)a)->test,
		      ((const struct gb_budget_row *)b)->test);
}

static int read_tests(const struct gb_json *j, const cJSON *tests, struct gb_budget_block *b,
		      struct gb_err *err)
{
	const cJSON *item;
	int rc;

	if ((rc = gb_amount_object(j, tests, err)) < 0)
		return rc;
	/* Sorted once at the end: adding one by one is quadratic for a file in reverse. */
	cJSON_ArrayForEach(item, tests)
	{
		/* Said of the table: the message would be no more than the name. */
		if (!*item->string)
			return gb_json_fail(j, tests, err, "a test's name is empty");
		if (strlen(item->string) > GB_MAX_NAME)
			return gb_json_fail(j, tests, err, "a test's name exceeds %zu bytes",
					    GB_MAX_NAME);
		if ((rc = gb_grow((void **)&b->rows, &b->cap_rows, b->n_rows + 1, sizeof(*b->rows),
				  GB_MAX_TESTS, err)) < 0)
			return rc;
		struct gb_budget_row *r = &b->rows[b->n_rows++];

		memset(r, 0, sizeof(*r));
		if ((rc = read_row(j, item, r, err)) < 0)
			return rc;
	}
	if (b->n_rows)
		qsort(b->rows, b->n_rows, sizeof(*b->rows), by_test);
	return 0;
}

static int read_block(const struct gb_json *j, const cJSON *item, struct gb_budget_file *f,
		      struct gb_err *err)
{
	static const char *const keys[] = { "env", "tests", NULL };
	const cJSON *env_item, *tests;
	struct gb_environment env = { .go = "" };
	struct gb_budget_block *b;
	int rc;

	if ((rc = gb_amount_object(j, item, err)) < 0 ||
	    (rc = gb_json_only_keys(j, item, keys, err)) < 0 ||
	    (rc = gb_amount_member(j, item, "env", &env_item, err)) < 0 ||
	    (rc = gb_amount_member(j, item, "tests", &tests, err)) < 0 ||
	    (rc = read_environment(j, env_item, &env, err)) < 0)
		return rc;
	if (gb_budget_block_for(f, &env)) {
		gb_json_fail(j, env_item, err, "this environment has a block already");
		gb_hint(err, "move its tests into one block");
		return GB_EUSAGE;
	}
	if (f->n_blocks == MAX_BLOCKS)
		return gb_json_fail(j, item, err, "more than %d environments", MAX_BLOCKS);
	if ((rc = gb_budget_add_block(f, &env, &b, err)) < 0)
		return rc;
	return read_tests(j, tests, b, err);
}

static int read_file(const struct gb_json *j, struct gb_budget_file **ret, struct gb_err *err)
{
	static const char *const keys[] = { "$schema", "package", "environments", NULL };
	const cJSON *package_item, *environments, *schema, *item;
	const char *package, *text;
	int rc;

	if ((rc = gb_amount_object(j, j->root, err)) < 0 ||
	    (rc = gb_json_only_keys(j, j->root, keys, err)) < 0 ||
	    (rc = gb_amount_member(j, j->root, "package", &package_item, err)) < 0 ||
	    (rc = gb_amount_text(j, package_item, &package, err)) < 0 ||
	    (rc = gb_amount_member(j, j->root, "environments", &environments, err)) < 0 ||
	    (rc = gb_amount_array(j, environments, err)) < 0 ||
	    (rc = gb_budget_file_new(j->name, package, ret, err)) < 0)
		return rc;
	if ((schema = cJSON_GetObjectItemCaseSensitive(j->root, "$schema"))) {
		if ((rc = gb_amount_text(j, schema, &text, err)) < 0)
			return rc;
		if (!((*ret)->schema = gb_strdup(text)))
			return gb_fail_nomem(err);
	}
	cJSON_ArrayForEach(item,
			   environments) if ((rc = read_block(j, item, *ret, err)) < 0) return rc;
	return 0;
}

int gb_budget_parse(const char *name, const char *text, size_t len, struct gb_budget_file **ret,
		    struct gb_err *err)
{
	_json_ struct gb_json *j = NULL;
	struct gb_budget_file *f = NULL;
	int rc;

	if (len > GB_MAX_BUDGET_FILE)
		return gb_fail(err, GB_ELIMIT, "%s exceeds %zu bytes", name, GB_MAX_BUDGET_FILE);
	if ((rc = gb_json_parse(name, text, len, &j, err)) < 0)
		return rc;
	if ((rc = read_file(j, &f, err)) < 0) {
		gb_budget_file_free(f);
		return rc;
	}
	*ret = f;
	return 0;
}
