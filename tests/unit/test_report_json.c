/* report/json.c, jsonw.c: what was written is read back with our own strict reader. */
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "report/jsonw.h"
#include "report_fixture.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct gb_json *parse(const struct gb_buf *text)
{
	struct gb_json *j = NULL;
	struct gb_err err = GB_ERR_INIT;

	assert_false(text->failed);
	if (gb_json_parse("report.json", text->data, text->len, &j, &err) < 0)
		fail_msg("%s\n%.400s", err.line, text->data);
	return j;
}

static const cJSON *at(const cJSON *item, const char *key)
{
	const cJSON *found = cJSON_GetObjectItemCaseSensitive(item, key);

	if (!found)
		fail_msg("no key \"%s\"", key);
	return found;
}

static int64_t integer(const struct gb_json *j, const cJSON *item, const char *key)
{
	int64_t value;

	if (!gb_json_int(j, at(item, key), &value))
		fail_msg("%s is no integer", key);
	return value;
}

static const char *string(const cJSON *item, const char *key)
{
	return cJSON_GetStringValue(at(item, key));
}

static void check_test(const struct gb_json *j, const cJSON *item, const struct gb_test *t)
{
	size_t groups = t->n_groups ? (size_t)cJSON_GetArraySize(at(item, "goroutines")) : 0;

	assert_string_equal(string(item, "name"), t->name);
	assert_string_equal(string(item, "outcome"), gb_outcome_name(t->outcome));
	assert_string_equal(string(item, "kind"), gb_kind_name(t->kind));
	assert_string_equal(string(at(item, "site"), "file"), t->site.file);
	assert_int_equal(integer(j, at(item, "site"), "line"), t->site.line);
	assert_int_equal(groups, t->n_groups);
	for (int m = 0; m < GB_METRICS; m++) {
		struct gb_measured got;
		const cJSON *order;

		if (!gb_test_measured(t, (enum gb_metric)m, &got))
			continue;
		order = at(at(at(item, "metrics"), gb_metrics[m].name), "in_order");
		assert_true(integer(j, order, "min") == got.min);
		assert_true(integer(j, order, "max") == got.max);
		assert_int_equal(integer(j, order, "n"), got.n);
	}
}

static void check_verdict(const struct gb_json *j, const cJSON *item, const struct gb_judgement *v)
{
	assert_string_equal(string(item, "package"), v->package_path);
	assert_string_equal(string(item, "verdict"), gb_verdict_name(v->verdict));
	if (v->test_name)
		assert_string_equal(string(item, "test"), v->test_name);
	else
		assert_true(cJSON_IsNull(at(item, "test")));
	if (v->metric < 0) {
		assert_true(cJSON_IsNull(at(item, "metric")));
		return;
	}
	assert_string_equal(string(item, "metric"), gb_metrics[v->metric].name);
	assert_true(integer(j, item, "budget") == v->budget);
	assert_true(integer(j, item, "measured") == v->measured);
	assert_true(integer(j, item, "ceiling") == v->ceiling);
}

static void model(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	const cJSON *item, *test;
	struct gb_json *j;
	struct fixture f;
	size_t i = 0;

	(void)state;
	fixture_make(&f, NULL);
	gb_report_json(&f.report, &out);
	j = parse(&out);
	assert_int_equal(integer(j, j->root, "version"), 1);
	assert_int_equal(integer(j, j->root, "exit_status"), 1);
	assert_int_equal(integer(j, j->root, "wall_ms"), 14200);
	assert_string_equal(string(j->root, "module"), "example.com/shop");
	assert_string_equal(string(at(j->root, "environment"), "go_version"), "go1.26.8");
	assert_string_equal(string(at(j->root, "environment"), "gcflags"), "-l");
	assert_int_equal(integer(j, at(j->root, "totals"), "over"), 2);
	assert_int_equal(integer(j, at(j->root, "totals"), "troubles"), 1);
	assert_string_equal(cJSON_GetStringValue(at(j->root, "notes")->child), "one note");
	cJSON_ArrayForEach(item, at(j->root, "packages"))
	{
		const struct gb_package *p = &f.run->packages[i++];
		size_t t = 0;

		assert_string_equal(string(item, "path"), p->path);
		assert_string_equal(string(item, "dir"), p->path + strlen("example.com/shop/"));
		assert_int_equal(cJSON_GetArraySize(at(item, "troubles")), p->n_troubles);
		cJSON_ArrayForEach(test, at(item, "tests")) check_test(j, test, &p->tests[t++]);
		assert_int_equal(t, p->n_tests);
	}
	assert_int_equal(i, f.run->n_packages);
	i = 0;
	cJSON_ArrayForEach(item, at(j->root, "verdicts"))
		check_verdict(j, item, &f.verdicts.v[i++]);
	assert_int_equal(i, f.verdicts.n);
	gb_json_free(j);
	fixture_release(&f);
}

/* Doubles would round these; and minutes later somebody compares them. */
static void exact_integers(void **state)
{
	static const int64_t values[] = { 0, -1, 9007199254740993, INT64_MAX, INT64_MIN };

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);
		struct gb_jsonw w = { .out = &out };
		struct gb_json *j;

		gb_jsonw_open(&w, NULL, '{', false);
		gb_jsonw_int(&w, "value", values[i]);
		gb_jsonw_close(&w, '}');
		j = parse(&out);
		assert_true(integer(j, j->root, "value") == values[i]);
		gb_json_free(j);
	}
}

static void nanoseconds(void **state)
{
	static const struct {
		int64_t ps;
		const char *text;
	} cases[] = {
		{ 0, "{\n\t\"ns\": 0\n}\n" },	       { 12000, "{\n\t\"ns\": 12\n}\n" },
		{ 12345, "{\n\t\"ns\": 12.345\n}\n" }, { 5, "{\n\t\"ns\": 0.005\n}\n" },
		{ -5, "{\n\t\"ns\": -0.005\n}\n" },    { -1500, "{\n\t\"ns\": -1.500\n}\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);
		struct gb_jsonw w = { .out = &out };

		gb_jsonw_open(&w, NULL, '{', false);
		gb_jsonw_milli(&w, "ns", cases[i].ps);
		gb_jsonw_close(&w, '}');
		assert_string_equal(out.data, cases[i].text);
	}
}

static void layout(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);
	struct gb_jsonw w = { .out = &out };

	(void)state;
	gb_jsonw_open(&w, NULL, '{', false);
	gb_jsonw_open(&w, "empty", '[', false);
	gb_jsonw_close(&w, ']');
	gb_jsonw_open(&w, "tight", '{', true);
	gb_jsonw_bool(&w, "a", true);
	gb_jsonw_open(&w, "b", '[', false);
	gb_jsonw_null(&w, NULL);
	gb_jsonw_string(&w, NULL, NULL);
	gb_jsonw_close(&w, ']');
	gb_jsonw_close(&w, '}');
	gb_jsonw_open(&w, "loose", '[', false);
	gb_jsonw_bool(&w, NULL, false);
	gb_jsonw_close(&w, ']');
	gb_jsonw_close(&w, '}');
	assert_string_equal(out.data, "{\n\t\"empty\": [],\n"
				      "\t\"tight\": {\"a\": true, \"b\": [null, null]},\n"
				      "\t\"loose\": [\n\t\tfalse\n\t]\n}\n");
}

/* What is valid UTF-8 comes back byte for byte; what is not still makes sound JSON. */
static void hostile_names(void **state)
{
	static const char valid[] =
		"TestA/\x1b[31m\r\n\t\"\\\x01\x7f \xe2\x80\xae \xf0\x9f\x90\x8c";
	char *long_name = fixture_long_name();
	const char *names[] = { valid, long_name, fixture_hostile };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
		struct gb_json *j;
		struct fixture f;
		const char *name;

		fixture_make(&f, names[i]);
		gb_report_json(&f.report, &out);
		j = parse(&out);
		name = string(at(at(j->root, "packages")->child, "tests")->child, "name");
		if (i < 2)
			assert_string_equal(name, names[i]);
		gb_json_free(j);
		fixture_release(&f);
	}
	free(long_name);
}

static void small_buffer(void **state)
{
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	for (size_t max = 0; max < 4000; max += 97) {
		_buf_ struct gb_buf out = GB_BUF_INIT(max);

		gb_report_json(&f.report, &out);
		assert_true(out.failed);
	}
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(model),	 cmocka_unit_test(exact_integers),
		cmocka_unit_test(nanoseconds),	 cmocka_unit_test(layout),
		cmocka_unit_test(hostile_names), cmocka_unit_test(small_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
