/* report/sarif.c: results where they belong, and no name that is more than text.  The official schema
 * is tests/e2e/sarif.sh's business. */
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "evidence_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct gb_json *render(const struct gb_report *r)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	struct gb_json *j = NULL;
	struct gb_err err = GB_ERR_INIT;

	gb_report_sarif(r, &out);
	assert_false(out.failed);
	if (gb_json_parse("r.sarif", out.data, out.len, &j, &err) < 0)
		fail_msg("%s\n%.400s", err.line, out.data);
	return j;
}

/* a.b[0].c */
static const cJSON *at(const cJSON *item, const char *path)
{
	char key[64];

	while (item && *path) {
		size_t len = strcspn(path, ".[");

		if (*path == '[') {
			item = cJSON_GetArrayItem(item, path[1] - '0');
			path = strchr(path, ']') + 1;
		} else {
			memcpy(key, path, len);
			key[len] = '\0';
			item = cJSON_GetObjectItemCaseSensitive(item, key);
			path += len;
		}
		path += *path == '.';
	}
	return item;
}

static const char *text(const cJSON *item, const char *path)
{
	const char *s = cJSON_GetStringValue(at(item, path));

	return s ? s : "";
}

static const cJSON *results(const struct gb_json *j)
{
	return at(j->root, "runs[0].results");
}

/* The first result of that rule and level. */
static const cJSON *result(const struct gb_json *j, const char *rule, const char *level)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, results(j))
	{
		if (!strcmp(text(item, "ruleId"), rule) && !strcmp(text(item, "level"), level))
			return item;
	}
	fail_msg("no result of %s, %s", rule, level);
	return NULL;
}

static void model(void **state)
{
	struct evidence_fixture e;
	struct gb_json *j;
	struct fixture f;
	const cJSON *x, *rules;
	size_t n = 0;

	(void)state;
	fixture_make(&f, NULL);
	evidence_make(&e, &f, false, NULL);
	f.report.root = "services/shop";
	j = render(&f.report);
	assert_string_equal(text(j->root, "version"), "2.1.0");
	rules = at(j->root, "runs[0].tool.driver.rules");
	/* At the line that allocates, and the test beside it. */
	x = result(j, "alloc_space", "error");
	assert_string_equal(text(x, "locations[0].physicalLocation.artifactLocation.uri"),
			    "services/shop/store/cache.go");
	assert_true(at(x, "locations[0].physicalLocation.region.startLine")->valueint == 41);
	assert_string_equal(text(x, "locations[0].logicalLocations[0].fullyQualifiedName"),
			    "example.com/shop/store.(*Cache).Put");
	assert_string_equal(text(x, "relatedLocations[0].physicalLocation.artifactLocation.uri"),
			    "services/shop/store/store_test.go");
	/* Where the goroutines are created. */
	x = result(j, "goroutines", "error");
	assert_string_equal(text(x, "locations[0].physicalLocation.artifactLocation.uri"),
			    "services/shop/store/cache.go");
	/* What only warns is a warning; gone stands at its budget. */
	result(j, "alloc_space", "warning");
	x = result(j, "gone", "error");
	assert_string_equal(text(x, "locations[0].physicalLocation.artifactLocation.uri"),
			    "services/shop/budgets/store.json");
	result(j, "incomparable", "warning");
	cJSON_ArrayForEach(x, results(j))
	{
		const cJSON *rule = cJSON_GetArrayItem(rules, at(x, "ruleIndex")->valueint);

		assert_string_equal(text(x, "ruleId"), text(rule, "id"));
		assert_int_equal(cJSON_GetArraySize(at(x, "locations")), 1);
		assert_int_equal(strlen(text(x, "partialFingerprints.gobudget/v1")), 32);
		n++;
	}
	/* Neither what is new, slack, waived nor within. */
	assert_int_equal(n, 6);
	x = at(j->root, "runs[0].invocations[0].toolExecutionNotifications[0].message.text");
	assert_non_null(strstr(x->valuestring, "panic: boom"));
	gb_json_free(j);
	evidence_release(&e);
	fixture_release(&f);
}

/* The fingerprint of the first result of goroutines. */
static char *print_of(struct fixture *f)
{
	struct gb_json *j = render(&f->report);
	char *print = gb_strdup(
		text(result(j, "goroutines", "error"), "partialFingerprints.gobudget/v1"));

	gb_json_free(j);
	return print;
}

static void fingerprints_stay(void **state)
{
	_free_ char *was = NULL, *moved = NULL, *other = NULL;
	struct gb_group *g;
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	was = print_of(&f);
	for (size_t i = 0; i < f.run->packages[0].tests[0].n_groups; i++) {
		g = &f.run->packages[0].tests[0].groups[i];
		g->created.line += 7;
		g->frames[1].line += 7;
	}
	f.run->packages[0].tests[0].site.line += 7;
	moved = print_of(&f);
	assert_string_equal(was, moved);
	for (size_t i = 0; i < f.run->packages[0].tests[0].n_groups; i++) {
		g = &f.run->packages[0].tests[0].groups[i];
		free(g->created.func);
		g->created.func = gb_strdup("example.com/shop/store.(*Cache).Other");
	}
	other = print_of(&f);
	assert_string_not_equal(was, other);
	fixture_release(&f);
}

static void hostile_names(void **state)
{
	static const char link[] = "TestA/[click](https://example.com/)";
	char *long_name = fixture_long_name();
	const char *const names[] = { fixture_hostile, link, long_name };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct evidence_fixture e;
		struct gb_json *j;
		struct fixture f;
		const cJSON *x;

		fixture_make(&f, names[i]);
		evidence_make(&e, &f, true, names[i]);
		j = render(&f.report);
		x = result(j, "goroutines", "error");
		if (names[i] == link)
			assert_non_null(strstr(text(x, "message.text"),
					       "\\[click\\](https://example.com/)"));
		cJSON_ArrayForEach(x, results(j))
		{
			const char *uri =
				text(x, "locations[0].physicalLocation.artifactLocation.uri");

			for (const char *s = uri; *s; s++)
				if (!strchr("%-._~/0123456789abcdefghijklmnopqrstuvwxyz"
					    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
					    *s))
					fail_msg("no URI: %s", uri);
			assert_true(*uri);
		}
		gb_json_free(j);
		evidence_release(&e);
		fixture_release(&f);
	}
	free(long_name);
}

/* Nobody knows where the other modules of a workspace lie. */
static void other_modules(void **state)
{
	struct gb_json *j;
	struct fixture f;
	const cJSON *x;

	(void)state;
	fixture_make(&f, NULL);
	f.report.root = "main";
	free(f.run->packages[0].module);
	f.run->packages[0].module = gb_strdup("example.com/shop/store");
	j = render(&f.report);
	x = at(result(j, "goroutines", "error"), "locations[0].physicalLocation.artifactLocation");
	assert_string_equal(text(x, "uri"), "store/cache.go");
	assert_string_equal(text(x, "uriBaseId"), "example.com/shop/store");
	assert_non_null(cJSON_GetObjectItemCaseSensitive(at(j->root, "runs[0].originalUriBaseIds"),
							 "example.com/shop/store"));
	gb_json_free(j);
	fixture_release(&f);
}

static void small_buffer(void **state)
{
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	for (size_t max = 0; max < 4000; max += 97) {
		_buf_ struct gb_buf out = GB_BUF_INIT(max);

		gb_report_sarif(&f.report, &out);
		assert_true(out.failed);
	}
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(model),	 cmocka_unit_test(fingerprints_stay),
		cmocka_unit_test(hostile_names), cmocka_unit_test(other_modules),
		cmocka_unit_test(small_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
