/* term: what the environment says, and a live line on a real pseudo-terminal. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/term.h"

static const char *const variables[] = { "COLUMNS",	"TERM",	  "NO_COLOR", "CLICOLOR_FORCE",
					 "FORCE_COLOR", "LC_ALL", "LC_CTYPE", "LANG" };

static void clear_environment(void)
{
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		unsetenv(variables[i]);
}

/* The two ends of a pseudo-terminal of the given width. */
static FILE *open_terminal(unsigned short columns, int *ret_master)
{
	struct winsize size = { .ws_col = columns, .ws_row = 24 };
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	int slave;

	assert_true(master >= 0);
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &size), 0);
	*ret_master = master;
	return fdopen(slave, "w");
}

static void test_a_log(void **state)
{
	FILE *file = tmpfile();
	struct gb_term t;

	(void)state;
	clear_environment();
	setenv("TERM", "xterm", 1);
	gb_term_init(&t, file);
	assert_false(t.tty || t.colour || t.live || t.utf8);
	assert_int_equal(t.width, 120);
	gb_term_live(&t, "not here");
	gb_term_live(&t, NULL);
	assert_int_equal(ftell(file), 0);
	fclose(file);
}

static void test_width(void **state)
{
	static const struct {
		const char *columns;
		unsigned short kernel; /* 0: a log */
		size_t width;
	} rows[] = {
		{ NULL, 0, 120 },   { "200", 0, 200 }, { "10", 0, 40 },
		{ "x", 0, 120 },    { "", 0, 120 },    { "99999", 0, 120 },
		{ NULL, 132, 132 }, { "90", 132, 90 }, { NULL, 20, 40 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int master = -1;
		FILE *file = rows[i].kernel ? open_terminal(rows[i].kernel, &master) : tmpfile();
		struct gb_term t;

		clear_environment();
		if (rows[i].columns)
			setenv("COLUMNS", rows[i].columns, 1);
		gb_term_init(&t, file);
		assert_int_equal(t.width, rows[i].width);
		fclose(file);
		if (master >= 0)
			close(master);
	}
}

static void test_a_terminal_that_does_not_know_its_width(void **state)
{
	int master;
	FILE *file = open_terminal(0, &master);
	struct gb_term t;

	(void)state;
	clear_environment();
	gb_term_init(&t, file);
	assert_int_equal(t.width, 80);
	fclose(file);
	close(master);
}

static void test_colour(void **state)
{
	static const struct {
		bool tty;
		const char *term, *name, *value;
		bool colour;
	} rows[] = {
		{ true, "xterm", NULL, NULL, true },
		{ true, "dumb", NULL, NULL, false },
		{ true, NULL, NULL, NULL, false },
		{ true, "xterm", "NO_COLOR", "1", false },
		{ true, "xterm", "NO_COLOR", "", true },
		{ false, "xterm", NULL, NULL, false },
		{ false, "xterm", "FORCE_COLOR", "1", true },
		{ false, "xterm", "FORCE_COLOR", "0", false },
		{ false, "xterm", "FORCE_COLOR", "false", false },
		{ false, NULL, "CLICOLOR_FORCE", "1", true },
		{ false, NULL, "CLICOLOR_FORCE", "0", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int master = -1;
		FILE *file = rows[i].tty ? open_terminal(80, &master) : tmpfile();
		struct gb_term t;

		clear_environment();
		if (rows[i].term)
			setenv("TERM", rows[i].term, 1);
		if (rows[i].name)
			setenv(rows[i].name, rows[i].value, 1);
		gb_term_init(&t, file);
		assert_int_equal(t.tty, rows[i].tty);
		assert_int_equal(t.colour, rows[i].colour);
		fclose(file);
		if (master >= 0)
			close(master);
	}
	setenv("FORCE_COLOR", "1", 1);
	setenv("NO_COLOR", "1", 1);
	struct gb_term t;

	gb_term_init(&t, stdout);
	assert_false(t.colour); /* who says no means it */
}

static void test_utf8_locale(void **state)
{
	static const struct {
		const char *all, *ctype, *lang;
		bool utf8;
	} rows[] = {
		{ NULL, NULL, NULL, false },	  { NULL, NULL, "de_DE.UTF-8", true },
		{ NULL, NULL, "C.utf8", true },	  { "C", NULL, "de_DE.UTF-8", false },
		{ "", "en_GB.UTF-8", "C", true }, { NULL, "POSIX", "C.UTF-8", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_term t;

		clear_environment();
		if (rows[i].all)
			setenv("LC_ALL", rows[i].all, 1);
		if (rows[i].ctype)
			setenv("LC_CTYPE", rows[i].ctype, 1);
		if (rows[i].lang)
			setenv("LANG", rows[i].lang, 1);
		gb_term_init(&t, stdout);
		assert_int_equal(t.utf8, rows[i].utf8);
	}
}

static void assert_written(int master, const char *text)
{
	char got[1000];
	size_t len = 0;

	while (len < strlen(text)) {
		ssize_t n = read(master, got + len, sizeof(got) - 1 - len);

		assert_true(n > 0);
		len += (size_t)n;
	}
	got[len] = '\0';
	assert_string_equal(got, text);
}

static void test_live_line(void **state)
{
	int master;
	FILE *file = open_terminal(40, &master);
	struct gb_term t;

	(void)state;
	clear_environment();
	setenv("TERM", "xterm", 1);
	gb_term_init(&t, file);
	gb_term_live(&t, NULL); /* nothing to take away */
	gb_term_live(&t, "building");
	assert_true(t.live);
	assert_written(master, "\rbuilding\033[K");
	gb_term_live(&t, "running \033[31m");
	assert_written(master, "\rrunning \xEF\xBF\xBD[31m\033[K");
	gb_term_live(&t, "0123456789012345678901234567890123456789");
	assert_written(master, "\r0123456789012345678\xE2\x80\xA6"
			       "1234567890123456789\033[K");
	gb_term_live(&t, NULL);
	assert_written(master, "\r\033[K");
	assert_false(t.live);
	t.dumb = true;
	gb_term_live(&t, "x");
	assert_false(t.live);
	t.dumb = false;
	gb_mem_fail_at(1);
	gb_term_live(&t, "x");
	gb_mem_fail_at(0);
	assert_false(t.live);
	fclose(file);
	close(master);
}

static void test_styles(void **state)
{
	(void)state;
	assert_string_equal(gb_style_on(false, GB_RED), "");
	assert_string_equal(gb_style_off(false), "");
	assert_string_equal(gb_style_on(true, GB_PLAIN), "");
	assert_string_equal(gb_style_on(true, GB_RED), "\033[31m");
	assert_string_equal(gb_style_on(true, GB_CYAN), "\033[36m");
	assert_string_equal(gb_style_off(true), "\033[0m");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_log),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_a_terminal_that_does_not_know_its_width),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_utf8_locale),
		cmocka_unit_test(test_live_line),
		cmocka_unit_test(test_styles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
