/* sticky: rounds against a list in memory that fails when told to. */
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
#include "github/sticky.h"

#define MAX 8

struct world {
	struct {
		int64_t id;
		char *body;
		const char *login;
	} v[MAX];
	size_t n;
	int64_t next;
	int lists, creates, updates, removes, pauses;
	int create_fails, create_lost; /* the next so many: not done, done but not told */
	int hide;		       /* lists that do not know the newest yet */
	int vanish;		       /* the next so many updates find nothing */
	const char *meanwhile;	       /* before the first create another job makes this one */
};

static struct world w;

static int64_t put(const char *body, const char *login)
{
	assert_true(w.n < MAX);
	w.v[w.n].id = ++w.next;
	w.v[w.n].body = gb_strdup(body);
	w.v[w.n].login = login;
	w.n++;
	return w.next;
}

static void drop(size_t i)
{
	free(w.v[i].body);
	memmove(&w.v[i], &w.v[i + 1], (w.n - i - 1) * sizeof(w.v[0]));
	w.n--;
}

static int list(void *arg, struct gb_sticky_items *ret, struct gb_err *err)
{
	size_t n = w.n;

	(void)arg;
	w.lists++;
	if (w.hide > 0 && n > 0) {
		w.hide--;
		n--;
	}
	for (size_t i = 0; i < n; i++)
		assert_int_equal(gb_sticky_add(ret, w.v[i].id, w.v[i].body, "https://x/1",
					       w.v[i].login, "bot", "k", err),
				 0);
	return 0;
}

static int create(void *arg, const char *body, int64_t *ret_id, char **ret_url, bool *ret_unknown,
		  struct gb_err *err)
{
	(void)arg;
	w.creates++;
	if (w.meanwhile) {
		put(w.meanwhile, "bot");
		w.meanwhile = NULL;
	}
	if (w.create_fails > 0) {
		w.create_fails--;
		*ret_unknown = true;
		return gb_fail(err, GB_ETIME, "500");
	}
	*ret_id = put(body, "bot");
	if (w.create_lost > 0) {
		w.create_lost--;
		*ret_id = 0;
		*ret_unknown = true;
		return gb_fail(err, GB_ETIME, "500");
	}
	*ret_url = gb_strdup("https://x/new");
	return 0;
}

static int update(void *arg, int64_t id, const char *body, struct gb_err *err)
{
	(void)arg;
	w.updates++;
	for (size_t i = 0; i < w.n; i++) {
		if (w.v[i].id != id)
			continue;
		if (w.vanish > 0) {
			w.vanish--;
			drop(i);
			break;
		}
		free(w.v[i].body);
		w.v[i].body = gb_strdup(body);
		return 0;
	}
	return gb_fail(err, GB_ENOTFOUND, "404");
}

static int remove_one(void *arg, int64_t id, struct gb_err *err)
{
	(void)arg;
	w.removes++;
	for (size_t i = 0; i < w.n; i++) {
		if (w.v[i].id == id) {
			drop(i);
			return 0;
		}
	}
	return gb_fail(err, GB_ENOTFOUND, "404");
}

static int pause_before(void *arg, int tries, struct gb_err *err)
{
	(void)arg;
	w.pauses++;
	return tries < 3 ? 0 : gb_fail(err, GB_ETIME, "given up");
}

static const struct gb_sticky_ops ops = { list, create, update, remove_one, pause_before, NULL };

static int reset(void **state)
{
	(void)state;
	while (w.n > 0)
		drop(0);
	w = (struct world){ 0 };
	return 0;
}

/* A body of that run with that text. */
static char *body_of(int64_t run, const char *text, int64_t status)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	struct gb_marker m = { .key = "k", .run = run, .attempt = 1, .status = status };

	m.digest = gb_marker_digest(text);
	gb_marker_write(&m, text, &out);
	return gb_buf_detach(&out);
}

static char *body(int64_t run, const char *text)
{
	return body_of(run, text, strstr(text, "red") ? 1 : 0);
}

static enum gb_sticky_done done_by(int64_t run, const char *text, bool may_create, int want_rc)
{
	_free_ char *ours = body(run, text);
	struct gb_sticky s = { .body = ours, .create = may_create };
	struct gb_sticky_result r = { 0 };
	enum gb_sticky_done done;

	assert_true(gb_marker_read(ours, &s.marker));
	assert_int_equal(gb_sticky_put(&s, &ops, &r, NULL), want_rc);
	done = r.done;
	free(r.url);
	return done;
}

static void one_says(const char *text)
{
	assert_int_equal(w.n, 1);
	if (!strstr(w.v[0].body, text))
		fail_msg("it says %s", w.v[0].body);
}

static void test_made_then_left_then_changed(void **state)
{
	(void)state;
	assert_int_equal(done_by(1, "red", true, 0), GB_STICKY_CREATED);
	one_says("red");
	assert_int_equal(done_by(2, "red", true, 0), GB_STICKY_SAME);
	assert_int_equal(w.updates, 0);
	assert_int_equal(done_by(3, "green", false, 0), GB_STICKY_UPDATED);
	one_says("green");
	assert_int_equal(w.creates, 1);
}

static void test_silent(void **state)
{
	(void)state;
	assert_int_equal(done_by(1, "green", false, 0), GB_STICKY_SILENT);
	assert_int_equal(w.n, 0);
	assert_int_equal(w.lists, 1);
}

static void test_a_newer_run_stays(void **state)
{
	(void)state;
	done_by(5, "new", true, 0);
	assert_int_equal(done_by(4, "old", true, 0), GB_STICKY_NEWER);
	one_says("new");
	/* What is run by hand is about now. */
	assert_int_equal(done_by(0, "by hand", true, 0), GB_STICKY_UPDATED);
	one_says("by hand");
}

static void test_another_job_of_the_run(void **state)
{
	(void)state;
	done_by(5, "red", true, 0);
	assert_int_equal(done_by(5, "green", true, 0), GB_STICKY_WORSE);
	one_says("red");
	assert_int_equal(done_by(5, "redder", true, 0), GB_STICKY_UPDATED);
	assert_int_equal(done_by(6, "green", true, 0), GB_STICKY_UPDATED);
	assert_int_equal(done_by(6, "greener", true, 0), GB_STICKY_UPDATED);
	one_says("greener");
}

static void test_what_somebody_edited_is_mended(void **state)
{
	(void)state;
	done_by(5, "red", true, 0);
	free(w.v[0].body);
	w.v[0].body = body(5, "red");
	*strstr(w.v[0].body, "red") = 'b';
	assert_int_equal(done_by(5, "red", true, 0), GB_STICKY_UPDATED);
	one_says("red");
	/* Even where the marker claims to be newer. */
	*strstr(w.v[0].body, "red") = 'b';
	assert_int_equal(done_by(4, "older", true, 0), GB_STICKY_UPDATED);
	one_says("older");
}

static void test_others_are_left_alone(void **state)
{
	_free_ char *same = body(9, "red");

	(void)state;
	put(same, "mallory");
	put("no marker", "bot");
	assert_int_equal(done_by(1, "red", true, 0), GB_STICKY_CREATED);
	assert_int_equal(w.n, 3);
	assert_string_equal(w.v[0].body, same);
}

static void test_two_of_ours(void **state)
{
	_free_ char *older = body(1, "one"), *newer = body(7, "seven");

	(void)state;
	put(older, "bot");
	put(newer, "bot");
	/* The lowest id stays and says what the newest run said. */
	assert_int_equal(done_by(3, "three", true, 0), GB_STICKY_NEWER);
	one_says("seven");
	assert_int_equal(w.v[0].id, 1);
	put(newer, "bot");
	assert_int_equal(done_by(8, "eight", true, 0), GB_STICKY_UPDATED);
	one_says("eight");
	assert_int_equal(w.v[0].id, 1);
}

static void test_another_job_at_once(void **state)
{
	_free_ char *other = body(2, "theirs");

	(void)state;
	w.meanwhile = other;
	done_by(1, "ours", true, 0);
	one_says("theirs");
	assert_int_equal(w.v[0].id, 1);
	reset(NULL);
	w.meanwhile = other;
	done_by(3, "ours", true, 0);
	one_says("ours");
	assert_int_equal(w.v[0].id, 1);
}

static void test_creating_that_may_have_happened(void **state)
{
	(void)state;
	w.create_lost = 1;
	done_by(1, "red", true, 0);
	one_says("red");
	assert_int_equal(w.creates, 1);
	reset(NULL);
	w.create_fails = 2;
	assert_int_equal(done_by(1, "red", true, 0), GB_STICKY_CREATED);
	one_says("red");
	assert_int_equal(w.creates, 3);
	assert_int_equal(w.pauses, 2);
	reset(NULL);
	w.create_fails = 100;
	done_by(1, "red", true, GB_ETIME);
	assert_int_equal(w.creates, 4);
}

/* GitHub's lists lag behind its writes. */
static void test_a_list_that_lags(void **state)
{
	(void)state;
	w.hide = 2;
	assert_int_equal(done_by(1, "red", true, 0), GB_STICKY_CREATED);
	one_says("red");
}

static void test_gone_before_the_update(void **state)
{
	(void)state;
	done_by(1, "red", true, 0);
	w.vanish = 1;
	assert_int_equal(done_by(2, "redder", true, 0), GB_STICKY_CREATED);
	one_says("redder");
	w.vanish = 1;
	assert_int_equal(done_by(3, "green", false, 0), GB_STICKY_SILENT);
	assert_int_equal(w.n, 0);
}

#define TEST(f) cmocka_unit_test_setup(f, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_made_then_left_then_changed),
		TEST(test_silent),
		TEST(test_a_newer_run_stays),
		TEST(test_another_job_of_the_run),
		TEST(test_what_somebody_edited_is_mended),
		TEST(test_others_are_left_alone),
		TEST(test_two_of_ours),
		TEST(test_another_job_at_once),
		TEST(test_creating_that_may_have_happened),
		TEST(test_a_list_that_lags),
		TEST(test_gone_before_the_update),
	};

	return cmocka_run_group_tests(tests, NULL, reset);
}
