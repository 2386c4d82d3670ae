/* report_commits: the commits of a change in every rendering, whoever wrote them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "report_fixture.h"

static struct gb_report_commit two[2];
static struct gb_report_commits commits;
static struct fixture f;

static void make(const char *author, const char *subject)
{
	two[0] = (struct gb_report_commit){ .id = "0123456789abcdef0123456789abcdef01234567",
					    .author = author,
					    .subject = subject,
					    .raised = 2,
					    .lowered = 1,
					    .has = { true },
					    .measured = { 4096 } };
	two[1] = (struct gb_report_commit){ .id = "89abcdef0123456789abcdef0123456789abcdef",
					    .author = "B",
					    .subject = "Say more",
					    .added = 1,
					    .removed = 1 };
	commits = (struct gb_report_commits){
		.v = two,
		.n = 2,
		.columns = { { "example.com/shop/store", "TestCache", GB_ALLOC_SPACE } },
		.n_columns = 1,
	};
	fixture_make_clean(&f);
	f.report.commits = &commits;
}

static void text(struct gb_buf *out, bool quiet, bool verbose)
{
	gb_report_text(
		&f.report,
		&(struct gb_text_options){ .width = 100, .quiet = quiet, .verbose = verbose }, out);
}

static void test_text(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB), quiet = GB_BUF_INIT(GB_MIB);

	(void)state;
	make("Ann Author", "Hold more");
	text(&out, false, false);
	assert_non_null(strstr(out.data,
			       "commits of this change\n"
			       "  0123456789ab  Ann Author  Hold more  2 raised, 1 lowered\n"
			       "                store.TestCache alloc_space 4,096 B\n"
			       "  89abcdef0123  B  Say more  1 new, 1 removed\n"));
	text(&quiet, true, false);
	assert_null(strstr(quiet.data, "commits of"));
	fixture_release(&f);
}

/* Long ranges, and those that tell nothing, only where all is asked for. */
static void test_when_it_is_shown(void **state)
{
	_buf_ struct gb_buf a = GB_BUF_INIT(GB_MIB), b = GB_BUF_INIT(GB_MIB),
			    c = GB_BUF_INIT(GB_MIB);

	(void)state;
	make("A", "s");
	commits.more = 7;
	text(&a, false, false);
	assert_null(strstr(a.data, "commits of"));
	text(&b, false, true);
	assert_non_null(strstr(b.data, "and 7 older"));
	commits.more = 0;
	two[0] = two[1];
	two[0].added = two[0].removed = two[1].added = two[1].removed = 0;
	text(&c, false, false);
	assert_null(strstr(c.data, "commits of"));
	fixture_release(&f);
}

static void test_markdown_and_page(void **state)
{
	_buf_ struct gb_buf md = GB_BUF_INIT(GB_MIB), html = GB_BUF_INIT(16 * GB_MIB);

	(void)state;
	make("Ann", "Hold | more");
	gb_report_markdown(&f.report, 0, &md);
	assert_non_null(strstr(md.data, "<summary>2 commits in this change</summary>"));
	assert_non_null(strstr(md.data, "| <code>0123456789ab</code> | Ann | Hold &#124; more | "));
	gb_report_html(&f.report, &html);
	assert_non_null(strstr(html.data, "<a href=\"#commits\">Commits</a>"));
	assert_non_null(strstr(html.data, "<td>Hold | more</td>"));
	fixture_release(&f);
}

static void test_names_stay_names(void **state)
{
	static const char *const evil[] = { NULL, "<script>@everyone #1\n| x |\n```",
					    "::error::x" };

	(void)state;
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
		_buf_ struct gb_buf md = GB_BUF_INIT(GB_MIB), html = GB_BUF_INIT(16 * GB_MIB),
				    out = GB_BUF_INIT(GB_MIB), json = GB_BUF_INIT(GB_MIB);

		make(evil[i] ? evil[i] : fixture_hostile, evil[i] ? evil[i] : fixture_hostile);
		gb_report_markdown(&f.report, 0, &md);
		gb_report_html(&f.report, &html);
		gb_report_json(&f.report, &json);
		text(&out, false, true);
		assert_false(md.failed || html.failed || out.failed || json.failed);
		assert_null(strstr(md.data, "<script>"));
		assert_null(strstr(md.data, "@everyone"));
		assert_null(strstr(html.data, "<td><script>"));
		assert_null(strchr(out.data, '\033'));
		assert_null(strstr(out.data, "\n::error"));
		fixture_release(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_when_it_is_shown),
		cmocka_unit_test(test_markdown_and_page),
		cmocka_unit_test(test_names_stay_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
