/* banned: each function on the list is refused by the compiler, in a file that includes err.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/proc.h"
#include "tempdir.h"

static bool compiles(const char *statement)
{
	static const char *const argv[] = {
		"cc", "-std=c11", "-fsyntax-only", "-I", GB_SOURCE_DIR "/harness", "banned.c", NULL
	};
	_free_ char *text = gb_asprintf("#include <unistd.h>\n#include \"base/err.h\"\n"
					"void f(char *s, time_t *t);\n"
					"void f(char *s, time_t *t)\n{\n\t(void)s;\n\t(void)t;\n"
					"\t%s;\n}\n",
					statement);
	struct gb_proc p = { .argv = argv, .out = GB_STDIO_NULL, .err = GB_STDIO_NULL };
	struct gb_proc_result r;

	assert_int_equal(gb_fs_write("banned.c", text, strlen(text), NULL), 0);
	assert_int_equal(gb_proc_run(&p, &r, NULL), 0);
	return r.status == 0;
}

static void test_banned(void **state)
{
	static const char *const statements[] = {
		"strcpy(s, s)",	      "strcat(s, s)",	   "strncpy(s, s, 1)", "strncat(s, s, 1)",
		"stpcpy(s, s)",	      "sprintf(s, \"x\")", "gets(s)",	       "strtok(s, s)",
		"asctime(NULL)",      "ctime(t)",	   "ctime_r(t, s)",    "gmtime(t)",
		"localtime(t)",	      "(void)atoi(s)",	   "(void)atol(s)",    "(void)atof(s)",
		"(void)system(s)",    "popen(s, s)",	   "tmpnam(s)",	       "mktemp(s)",
		"asctime_r(NULL, s)", "vsprintf(s, s, 0)",
	};

	(void)state;
	assert_true(compiles("snprintf(s, 1, \"x\")"));
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		if (compiles(statements[i]))
			fail_msg("%s", statements[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_banned) };

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
