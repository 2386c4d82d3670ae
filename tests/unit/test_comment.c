/* comment: what is ours, who we are, and the requests they make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "fake_rest.h"
#include "github/comment.h"

#define HEAD "0123456789abcdef0123456789abcdef01234567"
#define M                                               \
	"<!-- gobudget key=k run=5.1 exit=0 head=" HEAD \
	" digest=0000000000000001 text=cbf29ce484222325 -->\\n"
#define MINE \
	"{\"id\":3,\"body\":\"" M "\",\"html_url\":\"https://x/3\",\"user\":{\"login\":\"bot\"}}"
#define MADE(login) "{\"id\":3,\"html_url\":\"https://x/3\",\"user\":{\"login\":\"" login "\"}}"
#define AT_HEAD	    "{\"head\":{\"sha\":\"" HEAD "\"}}"

static int put(struct gb_rest *r, struct gb_comment *ret, struct gb_sticky_result *ret_result)
{
	static const char body[] = "<!-- gobudget key=k run=5.1 exit=0 head=" HEAD
				   " digest=0000000000000001 text=cbf29ce484222325 -->\n";
	struct gb_sticky s = { .body = body, .create = true };

	assert_true(gb_marker_read(body, &s.marker));
	*ret = (struct gb_comment){
		.rest = r, .repository = "octo/shop", .pull = 7, .author = "bot"
	};
	return gb_comment_put(ret, &s, ret_result, NULL);
}

static void release(struct gb_comment *c, struct gb_sticky_result *r)
{
	free(c->actual_author);
	free(r->url);
	*r = (struct gb_sticky_result){ 0 };
	fake_rest_end();
}

static void test_made(void **state)
{
	struct gb_sticky_result result = { 0 };
	struct gb_comment c;

	(void)state;
	assert_int_equal(put(FAKE({ 200, "[]" }, { 200, AT_HEAD }, { 201, MADE("bot") },
				  { 200, "[" MINE "]" }),
			     &c, &result),
			 0);
	assert_int_equal(result.done, GB_STICKY_CREATED);
	assert_string_equal(result.url, "https://x/3");
	assert_string_equal(fake_rest_asked(0),
			    "GET https://api/repos/octo/shop/issues/7/comments?per_page=100 ");
	assert_non_null(
		strstr(fake_rest_asked(2),
		       "POST https://api/repos/octo/shop/issues/7/comments {\"body\":\"<!--"));
	release(&c, &result);
}

static void test_the_branch_has_moved_on(void **state)
{
	struct gb_sticky_result result = { 0 };
	struct gb_comment c;

	(void)state;
	assert_int_equal(put(FAKE({ 200, "[]" }, { 200, "{\"head\":{\"sha\":\"other\"}}" }), &c,
			     &result),
			 0);
	assert_int_equal(result.done, GB_STICKY_NEWER);
	assert_int_equal(result.id, 0);
	release(&c, &result);
	/* Where it may not be asked, it has not. */
	assert_int_equal(put(FAKE({ 200, "[]" }, { 403, "{}" }, { 201, MADE("bot") },
				  { 200, "[" MINE "]" }),
			     &c, &result),
			 0);
	assert_int_equal(result.done, GB_STICKY_CREATED);
	release(&c, &result);
}

/* The token turned out to be an app's, which had made one before: the older one stays. */
static void test_who_we_are(void **state)
{
	static const char apps[] = "[{\"id\":2,\"body\":\"" M "\",\"user\":{\"login\":\"app\"}},"
				   "{\"id\":3,\"body\":\"" M "\",\"user\":{\"login\":\"app\"}}]";
	static const char one[] = "[{\"id\":2,\"body\":\"" M "\",\"user\":{\"login\":\"app\"}}]";
	struct gb_sticky_result result = { 0 };
	struct gb_comment c;

	(void)state;
	assert_int_equal(put(FAKE({ 200, one }, { 200, AT_HEAD }, { 201, MADE("app") },
				  { 200, apps }, { 204, NULL }, { 200, one }),
			     &c, &result),
			 0);
	assert_string_equal(c.actual_author, "app");
	assert_string_equal(fake_rest_asked(4),
			    "DELETE https://api/repos/octo/shop/issues/comments/3 ");
	assert_int_equal(result.id, 2);
	release(&c, &result);
}

static void test_entries_of_strangers(void **state)
{
	static const char odd[] =
		"[null, 3, {}, {\"id\":\"3\",\"body\":\"" M "\",\"user\":{\"login\":\"bot\"}},"
		"{\"id\":4,\"body\":null,\"user\":{\"login\":\"bot\"}},"
		"{\"id\":5,\"body\":\"" M "\",\"user\":null}," MINE "]";
	struct gb_sticky_result result = { 0 };
	struct gb_comment c;

	(void)state;
	assert_int_equal(put(FAKE({ 200, odd }), &c, &result), 0);
	assert_int_equal(result.done, GB_STICKY_SAME);
	assert_int_equal(result.id, 3);
	release(&c, &result);
}

static void test_logins(void **state)
{
	static const struct {
		const char *token;
		struct fake_answer answer;
		size_t asked;
		const char *want;
	} rows[] = {
		{ "ghs_abc", { 0, NULL }, 0, GB_DEFAULT_AUTHOR },
		{ "ghp_abc", { 200, "{\"login\":\"mona\"}" }, 1, "mona" },
		{ "ghp_abc", { 403, "{}" }, 1, GB_DEFAULT_AUTHOR },
		{ "ghp_abc", { 200, "[]" }, 1, GB_DEFAULT_AUTHOR },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_rest *r = fake_rest(&rows[i].answer, rows[i].asked);
		_free_ char *login = NULL;

		assert_int_equal(gb_comment_author(r, rows[i].token, &login, NULL), 0);
		assert_string_equal(login, rows[i].want);
		fake_rest_end();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made),	   cmocka_unit_test(test_the_branch_has_moved_on),
		cmocka_unit_test(test_who_we_are), cmocka_unit_test(test_entries_of_strangers),
		cmocka_unit_test(test_logins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
