/* cmd/profile: the table of views agrees with help and with the one table of options. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "cmd/profile.h"
#include "command.h"

static void test_help_names_views(void **state)
{
	(void)state;
	for (size_t i = 0; gb_views[i]; i++) {
		const struct gb_view *v = gb_views[i];
		_free_ char *line = gb_asprintf("  %s %s  ", v->name, v->args);

		assert_non_null(v->run);
		assert_true(*v->summary);
		if (!strstr(cmd_profile.about, line))
			fail_msg("help profile has no line \"%s\"", line);
	}
}

static bool is_option(const char *name, size_t len)
{
	for (const struct gb_opt *o = cmd_profile.opts; o->name; o++)
		if (strlen(o->name) == len && strncmp(o->name, name, len) == 0)
			return true;
	return false;
}

static void test_options_of_views_exist(void **state)
{
	(void)state;
	for (size_t i = 0; gb_views[i]; i++) {
		for (const char *word = gb_views[i]->opts; *word;) {
			size_t len = strcspn(word, " ");

			if (!is_option(word, len))
				fail_msg("%s: no option \"%.*s\"", gb_views[i]->name, (int)len,
					 word);
			word += len + strspn(word + len, " ");
		}
	}
}

static void test_values(void **state)
{
	static const struct {
		const char *unit;
		bool exact, diff;
		int64_t value;
		const char *want, *percent;
	} rows[] = {
		{ "bytes", false, false, 9216, "9,216 B", "92.16%" },
		{ "bytes", true, false, 9216, "9216", "92.16%" },
		{ "bytes", false, true, 64, "+64 B", " 0.64%" },
		{ "bytes", true, true, -64, "-64", " 0.64%" },
		{ "bytes", false, true, 0, "0", "    0%" },
		{ "count", false, false, 12345, "12,345", "123.45%" },
		{ "count", false, true, -10000, "-10,000", "  100%" },
		{ "count", false, false, 9995, "9,995", "  100%" },
		{ "count", false, false, 9994, "9,994", "99.94%" },
		{ "nanoseconds", false, false, 840, "840ns", " 8.40%" },
		{ "nanoseconds", false, false, 1500, "1.50us", "15.00%" },
		{ "nanoseconds", false, true, 12345678, "+12.3ms", "123456.78%" },
		{ "nanoseconds", false, false, 62100000000, "62.1s", "621000000.00%" },
		{ "nanoseconds", false, false, 7200000000000, "2.00h", "72000000000.00%" },
		{ "nanoseconds", true, false, 1500, "1500", "15.00%" },
		{ "count", false, false, INT64_MIN, "-9,223,372,036,854,775,808",
		  "92233720368547760.00%" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_values v = { rows[i].unit, rows[i].exact, rows[i].diff, 10000 };
		char out[GB_VALUE_SIZE];

		assert_string_equal(gb_value(&v, out, rows[i].value), rows[i].want);
		assert_string_equal(gb_value_percent(&v, out, rows[i].value), rows[i].percent);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_help_names_views),
		cmocka_unit_test(test_options_of_views_exist),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
