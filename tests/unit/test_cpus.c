/* cpus: how many, and what they are called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cpus.h"
#include "base/text.h"

static void test_name(void **state)
{
	char *name = gb_cpus_name(), *again = gb_cpus_name(), end[32];
	int n = gb_cpus();

	(void)state;
	assert_true(n >= 1);
	(void)snprintf(end, sizeof(end), ", %d CPU%s", n, n == 1 ? "" : "s");
	assert_non_null(name);
	assert_true(gb_ends(name, end));
	assert_true(strlen(name) > strlen(end));
	assert_null(strchr(name, '\n'));
	assert_string_equal(name, again);
	free(name);
	free(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_name) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
