/* report/progress.c: one live line, drawn to a file that takes a terminal's place. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/proc.h"
#include "report/progress.h"
#include "report_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Starts as if standard error were a terminal of 80 columns. */
static void start(struct gb_progress *p, FILE *file, const char *phase, size_t total)
{
	gb_progress_start(p, false, phase, total);
	p->on = true;
	p->term = (struct gb_term){ .file = file, .tty = true, .width = 80, .utf8 = true };
}

/* Draws now, and forgets what was drawn before. */
static void drawn(struct gb_progress *p, FILE *file, char **text, size_t *len)
{
	fflush(file);
	rewind(file);
	p->drawn_ms = -1000000;
	gb_progress_tick(p);
	fflush(file);
	assert_true(*len > 0);
	assert_non_null(*text);
}

static void check(struct gb_progress *p, FILE *file, char **text, size_t *len, const char *expected)
{
	drawn(p, file, text, len);
	if (!strstr(*text, expected))
		fail_msg("no \"%s\" in \"%s\"", expected, *text);
}

static void tells_what_runs(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);
	struct gb_progress p;

	(void)state;
	start(&p, file, "measuring", 3);
	check(&p, file, &text, &len, "building 3 packages …");
	gb_progress_running(&p, "example.com/shop/store");
	check(&p, file, &text, &len, "0/3 running store …");
	gb_progress_running(&p, "example.com/shop/api");
	check(&p, file, &text, &len, "0/3 running store, api …");
	gb_progress_done(&p, "example.com/shop/store");
	check(&p, file, &text, &len, "1/3 running api …");
	gb_progress_done(&p, "example.com/shop/never-started");
	check(&p, file, &text, &len, "2/3 running api …");
	gb_progress_done(&p, "example.com/shop/api");
	check(&p, file, &text, &len, "3/3 …");
	assert_true(p.term.live);
	gb_progress_pause(&p);
	assert_false(p.term.live);
	gb_progress_end(&p);
	assert_false(p.on);
	fclose(file);
	free(text);
}

static void tells_the_phase(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);
	struct gb_progress p;

	(void)state;
	start(&p, file, "rerun 2 of 4", 0);
	check(&p, file, &text, &len, "rerun 2 of 4 …");
	gb_progress_running(&p, "main");
	check(&p, file, &text, &len, "rerun 2 of 4: running main …");
	gb_progress_done(&p, "main");
	check(&p, file, &text, &len, "rerun 2 of 4: 1 done …");
	gb_progress_running(&p, "other");
	check(&p, file, &text, &len, "rerun 2 of 4: 1 done, running other …");
	/* Announced after it was over. */
	gb_progress_running(&p, "example.com/main");
	check(&p, file, &text, &len, "rerun 2 of 4: 1 done, running other …");
	start(&p, file, "rerun 2 of 4", 1);
	check(&p, file, &text, &len, "rerun 2 of 4: 1 package …");
	gb_progress_end(&p);
	fclose(file);
	free(text);
}

static void tells_the_time(void **state)
{
	static const struct {
		int64_t ms;
		const char *shown;
	} cases[] = {
		{ 0, "building …" },
		{ 1500, "building … 1s" },
		{ 125000, "building … 2m" },
	};
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);
	struct gb_progress p;

	(void)state;
	start(&p, file, "measuring", 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		p.started_ms = gb_now_ms() - cases[i].ms;
		check(&p, file, &text, &len, cases[i].shown);
	}
	gb_progress_end(&p);
	fclose(file);
	free(text);
}

static void hostile_names(void **state)
{
	char *text = NULL, *name = fixture_long_name();
	char combining[3000];
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);
	struct gb_progress p;

	(void)state;
	/* Takes two columns and 2,001 bytes. */
	combining[0] = 'a';
	for (size_t i = 0; i < 1000; i++)
		memcpy(combining + 1 + 2 * i, "\xcc\x81", 3);
	start(&p, file, "measuring", 9);
	gb_progress_running(&p, fixture_hostile);
	gb_progress_running(&p, name);
	gb_progress_running(&p, combining);
	gb_progress_running(&p, "");
	gb_progress_running(&p, "one too many");
	for (size_t i = 0; i < p.n_running; i++) {
		assert_true(strlen(p.running[i]) < sizeof(p.running[i]));
		assert_null(strpbrk(p.running[i], "\x1b\n\r\t\x07"));
	}
	drawn(&p, file, &text, &len);
	assert_null(strstr(text, "\x1b[31m"));
	assert_null(strchr(text, '\n'));
	gb_progress_done(&p, combining);
	assert_int_equal(p.n_running, 3);
	gb_progress_end(&p);
	fclose(file);
	free(text);
	free(name);
}

/* Standard error of a test is no terminal: nothing is drawn, all calls are safe. */
static void quiet(void **state)
{
	struct gb_progress p;

	(void)state;
	gb_progress_start(&p, true, "measuring", 2);
	p.on = false;
	gb_progress_running(&p, "a");
	gb_progress_done(&p, "a");
	gb_progress_tick(&p);
	gb_progress_pause(&p);
	gb_progress_end(&p);
	assert_int_equal(p.done, 1);
	assert_false(p.term.live);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_runs), cmocka_unit_test(tells_the_phase),
		cmocka_unit_test(tells_the_time),  cmocka_unit_test(hostile_names),
		cmocka_unit_test(quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
