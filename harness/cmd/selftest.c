#include "cmd/selftest.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strlist.h"
#include "base/supervise.h"
#include "base/text.h"
#include "budget/budget.h"
#include "budget/policy.h"

#include <stdlib.h>
#include <string.h>

#define MAX_MS	   (10 * 60 * 1000) /* the standard library may have to be compiled */
#define MAX_OUTPUT (16 * GB_KIB)

static int write_asset(const char *dir, const struct gb_asset *a, struct gb_err *err)
{
	const char *name = strcmp(a->name, "policy.json") == 0 ? GB_POLICY_FILE : a->name;
	_free_ char *path = gb_path_join(dir, name);

	return path ? gb_fs_write(path, a->data, a->len, err) : gb_fail_nomem(err);
}

static int write_module(const char *dir, struct gb_err *err)
{
	_free_ char *budgets = gb_path_join(dir, GB_BUDGET_DIR);
	int rc = budgets ? gb_fs_mkdirs(budgets, err) : gb_fail_nomem(err);

	for (size_t i = 0; i < gb_selftest_assets_n && rc >= 0; i++)
		rc = write_asset(dir, &gb_selftest_assets[i], err);
	return rc;
}

/* Of the user's settings what chooses the toolchain, not what is meant for their module. */
static int environment(const char *go_version, struct gb_strlist *env, struct gb_err *err)
{
	int rc = gb_env_copy(env, err);

	if (rc >= 0)
		rc = gb_env_set(env, "GOFLAGS", "", err);
	if (rc >= 0)
		rc = gb_env_set(env, "GOWORK", "off", err);
	if (rc >= 0 && go_version && gb_starts(go_version, "go1.") &&
	    strspn(go_version + 2, "0123456789.") == strlen(go_version + 2))
		rc = gb_env_set(env, "GOTOOLCHAIN", go_version, err);
	/* The base of a change here is no business of that module. */
	return rc < 0 ? rc : gb_env_set(env, "GITHUB_ACTIONS", NULL, err);
}

static const char *text_of(const cJSON *object, const char *key)
{
	const cJSON *item = object ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;

	return cJSON_IsString(item) ? item->valuestring : "";
}

static bool fails(const struct gb_json *j, const char *test, const char *metric)
{
	const cJSON *v;

	cJSON_ArrayForEach(v, cJSON_GetObjectItemCaseSensitive(j->root, "verdicts"))
	{
		if (strcmp(text_of(v, "test"), test) == 0 &&
		    strcmp(text_of(v, "action"), "fail") == 0 &&
		    (!metric || strcmp(text_of(v, "metric"), metric) == 0))
			return true;
	}
	return false;
}

static int judge(const struct gb_json *j, int status, struct gb_selftest *s, struct gb_err *err)
{
	const cJSON *env = cJSON_GetObjectItemCaseSensitive(j->root, "environment");
	bool leak = fails(j, "TestLeak", "goroutines");
	bool growth = fails(j, "TestGrowth", "alloc_space");
	bool quiet = !fails(j, "TestQuiet", NULL);

	s->fires = leak && growth && quiet && status == 1;
	s->accounting = gb_strdup(text_of(env, "accounting"));
	if (*text_of(env, "why_fallback"))
		s->why = gb_strdup(text_of(env, "why_fallback"));
	if (s->fires)
		s->what = gb_strdup("a planted goroutine and a planted megabyte were found, and "
				    "nothing else");
	else
		s->what = gb_asprintf("planted goroutine %s, planted megabyte %s, innocent test "
				      "%s, exit status %d",
				      leak ? "found" : "NOT FOUND", growth ? "found" : "NOT FOUND",
				      quiet ? "left alone" : "BLAMED", status);
	return s->what && s->accounting ? 0 : gb_fail_nomem(err);
}

/* What the check said last, where it wrote no report. */
static int nothing_came(const struct gb_buf *output, int status, struct gb_selftest *s,
			struct gb_err *err)
{
	const char *end = output->data + output->len, *line = end;

	while (end > output->data && end[-1] == '\n')
		end--;
	line = end;
	while (line > output->data && line[-1] != '\n')
		line--;
	s->what = gb_asprintf("it could not run (exit status %d): %.*s", status, (int)(end - line),
			      line);
	return s->what ? 0 : gb_fail_nomem(err);
}

static int check(const char *dir, const char *go_version, struct gb_selftest *s, struct gb_err *err)
{
	_strlist_ struct gb_strlist env = GB_STRLIST_INIT;
	_buf_ struct gb_buf output = GB_BUF_INIT(MAX_OUTPUT), text = GB_BUF_INIT(GB_MAX_REPORT);
	_free_ char *self = NULL, *report = gb_path_join(dir, "report.json");
	_json_ struct gb_json *j = NULL;
	struct gb_proc_result r;
	int rc = report ? gb_self_path(&self, err) : gb_fail_nomem(err);

	if (rc < 0 || (rc = environment(go_version, &env, err)) < 0)
		return rc;
	const char *const argv[] = { self, "check", "--quiet", "--json", report, NULL };
	const struct gb_proc p = { .argv = argv,
				   .dir = dir,
				   .env = (const char *const *)gb_strlist_argv(&env),
				   .in = GB_STDIO_NULL,
				   .out = GB_STDIO_BUF,
				   .err = GB_STDIO_BUF,
				   .out_buf = &output,
				   .err_buf = &output,
				   .timeout_ms = MAX_MS };
	if ((rc = gb_proc_run(&p, &r, err)) < 0)
		return rc;
	s->wall_ms = r.wall_ms;
	if (gb_fs_read(report, &text, NULL) < 0)
		return nothing_came(&output, r.status, s, err);
	if ((rc = gb_json_parse("report.json", text.data, text.len, &j, err)) < 0)
		return rc;
	return judge(j, r.status, s, err);
}

int gb_selftest(const char *go_version, struct gb_selftest *ret, struct gb_err *err)
{
	_free_ char *dir = NULL;
	struct gb_selftest s = { 0 };
	int rc = gb_fs_scratch(&dir, err);

	if (rc < 0)
		return rc;
	if ((rc = write_module(dir, err)) >= 0)
		rc = check(dir, go_version, &s, err);
	gb_fs_remove_tree(dir, NULL);
	if (rc < 0) {
		gb_selftest_release(&s);
		return rc;
	}
	*ret = s;
	return 0;
}

void gb_selftest_release(struct gb_selftest *s)
{
	free(s->what);
	free(s->accounting);
	free(s->why);
	*s = (struct gb_selftest){ 0 };
}
