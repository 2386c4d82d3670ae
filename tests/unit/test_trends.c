/* report/trends*.c: what stands in shells, in Prometheus and in JSON, whatever the names are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "report/trends.h"

#define NASTY "TestA/it's \"odd\"\\\n\x1b[1m\xff$(x)<b>"

static struct gb_night nights[] = {
	{ .id = "1111111111111111111111111111111111111111",
	  .author = (char *)"A",
	  .subject = (char *)"one",
	  .env = (char *)"go1.26 linux/amd64",
	  .when = 1760000000 },
	{ .id = "2222222222222222222222222222222222222222",
	  .author = (char *)"A",
	  .subject = (char *)NASTY,
	  .env = (char *)"go1.26 linux/amd64",
	  .when = 1760086400,
	  .zone = 60 },
	{ .id = "3333333333333333333333333333333333333333",
	  .author = (char *)"A",
	  .subject = (char *)"three",
	  .env = (char *)"go1.26 linux/amd64",
	  .when = INT64_MAX },
};
static struct gb_point points[] = {
	{ .night = 0, .value = 100 },
	{ .night = 1,
	  .value = 9007199254740993,
	  .has_budget = true,
	  .budget = 200,
	  .ceiling = 200 },
	{ .night = 2, .value = 1500, .has_budget = true, .budget = 2000, .ceiling = 2000 },
};
static struct gb_change changes[] = {
	{ .from = 1, .told = 2, .before = 100, .after = 150 },
	{ .kind = GB_DRIFT, .from = 0, .told = 2, .before = 0, .after = 1 },
};
static struct gb_series series[] = {
	{ .package = (char *)"m/a",
	  .test = (char *)NASTY,
	  .metric = GB_ALLOC_SPACE,
	  .points = points,
	  .n = 3,
	  .trend = { .v = changes, .n = 2 } },
	{ .package = (char *)"m/a",
	  .test = (char *)"BenchmarkB",
	  .metric = GB_NS_PER_OP,
	  .points = points,
	  .n = 1 },
};
static const struct gb_trends trends = { .nights = nights,
					 .n_nights = 3,
					 .series = series,
					 .n = 2,
					 .env = (char *)"go1.26 linux/amd64" };

static void test_words(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	char text[32];

	(void)state;
	gb_trends_bisect(&trends, &series[0], &changes[0], &out);
	assert_string_equal(out.data,
			    "gobudget bisect 'TestA/it'\\''s \"odd\"\\\n\x1b[1m\xff$(x)<b>' m/a "
			    "111111111111..222222222222 --metric alloc_space");
	gb_buf_clear(&out);
	gb_trends_bisect(&trends, &series[0], &changes[1], &out);
	assert_int_equal(out.len, 0);
	assert_string_equal(gb_trends_percent(text, sizeof(text), &changes[0]), "+50.0%");
	assert_string_equal(gb_trends_percent(text, sizeof(text), &changes[1]), "from 0");
	assert_string_equal(gb_trends_day(text, sizeof(text), &nights[0]), "2025-10-09");
	assert_string_equal(gb_trends_day(text, sizeof(text), &nights[2]), "no date");
}

static void test_moved(void **state)
{
	struct gb_change one = { .before = 100, .after = 150 };
	struct gb_point nights_now[] = { { .value = 100 }, { .value = 150 }, { .value = 900 } };
	struct gb_series s = { .points = nights_now, .n = 3, .trend = { .v = &one, .n = 1 } };

	(void)state;
	/* One night more or less is not where it is now. */
	assert_true(gb_series_moved(&s) == 0.5);
	one.before = 0;
	assert_true(gb_series_moved(&s) == 150);
	s.trend.n = 0;
	assert_true(gb_series_moved(&s) == 0);
	assert_false(gb_series_is_over(&series[0]));
	assert_false(gb_series_is_over(&series[1]));
}

static void test_text_is_safe(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	const struct gb_trends_look look = { .all = true };

	(void)state;
	gb_trends_text(&trends, &look, &out);
	assert_false(out.failed);
	assert_null(strchr(out.data, '\x1b'));
	assert_null(strchr(out.data, '\xff'));
	assert_non_null(strstr(out.data, "now 1,500 B, budget 2,000 B, 3 nights"));
	assert_non_null(strstr(out.data, "drifting since 2025-10-09"));
	assert_non_null(strstr(out.data, "1 of 2 series changed for good in 3 nights"));
}

static void test_json_is_exact(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);

	(void)state;
	gb_trends_json(&trends, &(struct gb_trends_look){ .newest = 1 }, &out);
	assert_false(out.failed);
	assert_non_null(strstr(out.data, "[1, 9007199254740993, 200]"));
	assert_non_null(strstr(out.data, "[0, 100, null]"));
	assert_non_null(strstr(out.data, "\"bisect\": null"));
}

static void test_openmetrics(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);

	(void)state;
	gb_trends_openmetrics(&trends, &out);
	assert_false(out.failed);
	assert_non_null(strstr(out.data, "gobudget_measured{package=\"m/a\",test=\"TestA/it's "
					 "\\\"odd\\\"\\\\\\n\xEF\xBF\xBD[1m\xEF\xBF\xBD$(x)<b>\","
					 "metric=\"alloc_space\"} 1500\n"));
	/* 100 picoseconds. */
	assert_non_null(strstr(out.data, "metric=\"ns/op\"} 0.000000000100\n"));
	assert_non_null(strstr(out.data, "+Inf\n"));
	assert_string_equal(out.data + out.len - 6, "# EOF\n");
}

static void test_page(void **state)
{
	const struct gb_trends_look look = { .commits = "https://example.com/commit/" };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);

	(void)state;
	gb_trends_html(&trends, &look, &out);
	assert_false(out.failed);
	assert_null(strstr(out.data, "$(x)<b>"));
	assert_null(strstr(out.data, "\x1b"));
	assert_non_null(strstr(out.data, "TestA/it&#39;s &#34;odd&#34;\\\n"));
	assert_non_null(strstr(out.data, "href=\"https://example.com/commit/2222222222"));
	/* Nights without a gap; 100, 3 more, which no budget has; then 200 and 2,000; no window. */
	assert_non_null(strstr(out.data, "{\"streams\":[\".D\",\"oG"));
	assert_non_null(strstr(out.data, "\",\"ByMwwD\",\"B.C\"],\"changes\":[[0,1,2],[1,0,2]]}"));
	assert_non_null(
		strstr(out.data, "{\"streams\":[\"A\",\"oG\",\"B\",\"B\"],\"changes\":[]}"));
}

static void test_who_did_it(void **state)
{
	struct gb_bisections all = { 0 };
	const struct gb_trends_look look = { .found = &all,
					     .commits = "https://example.com/commit/" };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_bisected *b;

	(void)state;
	gb_trends_text(&trends, &look, &out);
	assert_non_null(strstr(out.data, "\n    which commit: gobudget bisect"));
	gb_buf_clear(&out);

	assert_int_equal(gb_bisections_add(&all, &changes[0], &b, NULL), 0);
	b->why = gb_strdup("the time\x1b[1m is over");
	b->left = 7;
	gb_trends_text(&trends, &look, &out);
	assert_non_null(strstr(out.data,
			       "    not found: the time\xEF\xBF\xBD[1m is over; it is one "
			       "of 7 commits\n    which commit: gobudget bisect"));
	gb_trends_html(&trends, &look, &out);
	assert_non_null(strstr(out.data, "it is one of 7 commits<br><code>gobudget bisect"));
	gb_buf_clear(&out);

	memset(b->commit, 'c', 40);
	b->author = gb_strdup("Eve <b>");
	b->subject = gb_strdup("Make\nroom");
	b->evidence = gb_strdup("TestA\n  at store.go:7");
	gb_trends_text(&trends, &look, &out);
	assert_non_null(strstr(out.data, "    the commit: cccccccccccc  Eve <b>  Make room\n"
					 "      TestA\n        at store.go:7\n"));
	assert_null(strstr(out.data, "which commit"));
	gb_buf_clear(&out);
	gb_trends_html(&trends, &look, &out);
	assert_non_null(
		strstr(out.data, "<br>the commit: <a href=\"https://example.com/commit/cccc"));
	assert_non_null(strstr(out.data, "by Eve &#60;b&#62;<pre class=\"source\">TestA"));
	gb_bisections_release(&all);
}

/* Only with the flags of that night it measures what was measured; times are bisected by nobody. */
static void test_how_to_go_on(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_series s = series[1];
	char *was = nights[1].env;

	(void)state;
	nights[1].env = (char *)"go1.26 linux/amd64 gomaxprocs=2 -gcflags=-l -tags=a,b cgo race "
				"runtime accounting";
	s.test = (char *)"TestB";
	s.metric = GB_ALLOC_SPACE;
	gb_trends_bisect(&trends, &s, &changes[0], &out);
	assert_string_equal(out.data,
			    "gobudget bisect TestB m/a 111111111111..222222222222 --metric "
			    "alloc_space -- -race -tags=a,b");
	gb_buf_clear(&out);
	s.metric = GB_NS_PER_OP;
	gb_trends_bisect(&trends, &s, &changes[0], &out);
	assert_int_equal(out.len, 0);
	nights[1].env = was;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),	     cmocka_unit_test(test_moved),
		cmocka_unit_test(test_text_is_safe), cmocka_unit_test(test_json_is_exact),
		cmocka_unit_test(test_openmetrics),  cmocka_unit_test(test_page),
		cmocka_unit_test(test_who_did_it),   cmocka_unit_test(test_how_to_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
