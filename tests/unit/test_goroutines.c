/* goroutines: what Go prints, of Go 1.21 to 1.27, and what nobody should print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "pprof/goroutines.h"

static struct gb_buf shown;

/* "18 chan receive 5m leaked main.f /a.go:3 < main.g /a.go:1" for each. */
static int show(void *arg, const struct gb_goroutine *g, struct gb_err *err)
{
	(void)arg;
	(void)err;
	gb_buf_addf(&shown, "%lld %s", (long long)g->id, g->state);
	if (g->minutes)
		gb_buf_addf(&shown, " %lldm", (long long)g->minutes);
	gb_buf_adds(&shown, g->leaked ? " leaked" : "");
	gb_buf_adds(&shown, g->never ? " never" : "");
	for (size_t i = 0; i < g->n_frames; i++)
		gb_buf_addf(&shown, ", %s %s:%d", g->frames[i].function, g->frames[i].file,
			    g->frames[i].line);
	gb_buf_addf(&shown, " < %s %s:%d\n", g->created.function, g->created.file, g->created.line);
	return 0;
}

static int read_text(const char *text, size_t len, struct gb_goroutines_text *ret)
{
	struct gb_err err = GB_ERR_INIT;

	gb_buf_release(&shown);
	shown = (struct gb_buf)GB_BUF_INIT(GB_MIB);
	return gb_goroutines_walk("text", text, len, show, NULL, ret, &err);
}

static int read_corpus(const char *name, struct gb_goroutines_text *ret)
{
	_buf_ struct gb_buf path = GB_BUF_INIT(GB_MAX_PATH), text = GB_BUF_INIT(GB_MIB);

	gb_buf_addf(&path, GB_SOURCE_DIR "/tests/fuzz/corpus/goroutines/%s", name);
	assert_int_equal(gb_fs_read(path.data, &text, NULL), 0);
	return read_text(text.data, text.len, ret);
}

static void test_every_go_version(void **state)
{
	static const char *const versions[] = { "1.21.13", "1.22.12", "1.23.12", "1.24.13",
						"1.25.5",  "1.26.8",  "1.27.3" };
	static const char *const has[] = { " chan receive never, main.start.func1 ./dump.go:18 < ",
					   " < main.start ./dump.go:18\n",
					   " select never, main.start.func2 ./dump.go:19 < ",
					   " sync.Mutex.Lock, ",
					   " sleep, time.Sleep runtime/time.go:",
					   " IO wait, internal/poll.runtime_pollWait ",
					   ", net.(*TCPListener).Accept net/tcpsock.go:",
					   "1 running, runtime/pprof.writeGoroutineStacks ",
					   ", main.main ./dump.go:37 <  :0\n" };

	(void)state;
	for (size_t v = 0; v < sizeof(versions) / sizeof(versions[0]); v++) {
		char name[64];
		struct gb_goroutines_text told = { 0 };

		(void)snprintf(name, sizeof(name), "go%s.txt", versions[v]);
		assert_int_equal(read_corpus(name, &told), 0);
		assert_true(told.n >= 7 && told.n <= 9);
		assert_false(told.cut);
		for (size_t i = 0; i < sizeof(has) / sizeof(has[0]); i++) {
			if (!strstr(shown.data, has[i]))
				fail_msg("%s: no \"%s\" in\n%s", name, has[i], shown.data);
		}
	}
}

static void test_all_that_a_line_can_have(void **state)
{
	struct gb_goroutines_text told = { 0 };

	(void)state;
	assert_int_equal(read_corpus("waiting.txt", &told), 0);
	assert_string_equal(shown.data,
			    "18 chan receive 5m never, main.(*pool[...]).work "
			    "/src/my code/main.go:12 < main.start /src/my code/main.go:20\n"
			    "19 chan receive leaked, main.a :0 < main.b /src/a.go:7\n"
			    "20 runnable <  :0\n");
	assert_int_equal(told.n, 3);
}

/* Its creator would have come last. */
static void test_a_cut_goroutine_is_left_out(void **state)
{
	struct gb_goroutines_text told = { 0 };

	(void)state;
	assert_int_equal(read_corpus("cut.txt", &told), 0);
	assert_int_equal(told.n, 1);
	assert_true(told.cut);
	assert_string_equal(shown.data, "1 select 2m, main.main /m.go:3 <  :0\n");
}

static void test_what_is_no_such_text(void **state)
{
	static const char *const texts[] = { "", "\n", "<html>\n", "goroutine profile: total 3\n",
					     "goroutine 1 [\n" };
	struct gb_goroutines_text told = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (read_text(texts[i], strlen(texts[i]), &told) != GB_EPARSE)
			fail_msg("\"%s\"", texts[i]);
	}
}

static void test_frames_have_a_ceiling(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);
	struct gb_goroutines_text told = { 0 };

	(void)state;
	gb_buf_adds(&text, "goroutine 5 [select]:\n");
	for (int i = 0; i < 1000; i++)
		gb_buf_adds(&text, "main.f(0x1)\n\t/a.go:1 +0x1\n");
	gb_buf_adds(&text, "created by main.g\n\t/a.go:9 +0x1\n");
	assert_int_equal(read_text(text.data, text.len, &told), 0);
	assert_non_null(strstr(shown.data, " < main.g /a.go:9\n"));
}

static int stop(void *arg, const struct gb_goroutine *g, struct gb_err *err)
{
	(void)arg;
	(void)g;
	return gb_fail(err, GB_ELIMIT, "enough");
}

static void test_a_caller_can_stop(void **state)
{
	static const char text[] = "goroutine 5 [select]:\n\ngoroutine 6 [select]:\n";
	struct gb_goroutines_text told = { 0 };

	(void)state;
	assert_int_equal(gb_goroutines_walk("t", text, strlen(text), stop, NULL, &told, NULL),
			 GB_ELIMIT);
}

static int release(void **state)
{
	(void)state;
	gb_buf_release(&shown);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_go_version),
		cmocka_unit_test(test_all_that_a_line_can_have),
		cmocka_unit_test(test_a_cut_goroutine_is_left_out),
		cmocka_unit_test(test_what_is_no_such_text),
		cmocka_unit_test(test_frames_have_a_ceiling),
		cmocka_unit_test(test_a_caller_can_stop),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
