/* args: every kind of option, operands anywhere, "--", complaints, help. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/args.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/strlist.h"

struct values {
	bool verbose, quiet;
	const char *json;
	struct gb_strlist skip;
	int64_t repeats, any, timeout, memory;
};

#define N_OPTS 9

static void make_opts(struct gb_opt opts[N_OPTS], struct values *v)
{
	const struct gb_opt table[N_OPTS] = {
		{ "verbose", 'v', GB_OPT_FLAG, NULL, "say more", &v->verbose, 0, 0, false },
		{ "quiet", 0, GB_OPT_FLAG, NULL, "say less", &v->quiet, 0, 0, false },
		{ "json", 'j', GB_OPT_STRING, "FILE",
		  "write the report model to FILE, for programs that want to know what was "
		  "measured and judged",
		  &v->json, 0, 0, false },
		{ "skip", 0, GB_OPT_STRINGS, "REGEXP", "leave out", &v->skip, 0, 0, false },
		{ "repeats", 'n', GB_OPT_INT, "N", "run N times", &v->repeats, 1, 50, false },
		{ "any", 0, GB_OPT_INT, "N", "any number", &v->any, 0, 0, true },
		{ "timeout-of-each-package", 0, GB_OPT_DURATION, "D", "stop after D", &v->timeout,
		  0, 0, false },
		{ "memory", 0, GB_OPT_SIZE, "SIZE", "at most", &v->memory, 0, 0, false },
		{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
	};

	memset(v, 0, sizeof(*v));
	memcpy(opts, table, sizeof(table));
}

/* Words in one string; each argument a pointer of its own, as main() gets them. */
static int split(char *words, char **argv)
{
	int argc = 0;

	for (char *p = words; *p;) {
		argv[argc++] = p;
		p += strcspn(p, " ");
		if (*p)
			*p++ = '\0';
	}
	argv[argc] = NULL;
	return argc;
}

static int parse(const char *line, struct values *v, struct gb_buf *rest, struct gb_err *err)
{
	struct gb_opt opts[N_OPTS];
	_free_ char *words = gb_strdup(line);
	static char kept[20][100]; /* string values point into argv */
	char *argv[32];
	int first, dashdash, argc = split(words, argv), rc;

	make_opts(opts, v);
	for (int i = 0; i < argc; i++) {
		assert_true(i < 20);
		snprintf(kept[i], sizeof(kept[i]), "%s", argv[i]);
		argv[i] = kept[i];
	}
	rc = gb_args_parse("check", opts, argc, argv, &first, &dashdash, err);
	if (rc < 0)
		return rc;
	assert_null(argv[argc]);
	for (int i = first; i < dashdash; i++)
		gb_buf_addf(rest, "%s ", argv[i]);
	gb_buf_adds(rest, "|");
	for (int i = dashdash + 1; i < argc; i++)
		gb_buf_addf(rest, " %s", argv[i]);
	return 0;
}

static void test_operands_and_what_follows(void **state)
{
	static const char *const rows[][2] = {
		{ "check", "|" },
		{ "check ./...", "./... |" },
		{ "check a -v b", "a b |" },
		{ "check -v a b", "a b |" },
		{ "check a b -v", "a b |" },
		{ "check a --json a a", "a a |" },
		{ "check --", "|" },
		{ "check -v --", "|" },
		{ "check -- -v", "| -v" },
		{ "check a -v b -- -tags=x c -- d", "a b | -tags=x c -- d" },
		{ "check -v -- a", "| a" },
		{ "check a -- -", "a | -" },
		{ "check - a", "- a |" },
		{ "check --json --", "|" },
		{ "check --json -- --", "|" },
		{ "check --json=x --", "|" },
		{ "check --json -- a -- b", "a | b" },
		{ "check a --json --", "a |" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf rest = GB_BUF_INIT(1000);
		struct gb_err err = GB_ERR_INIT;
		struct values v;

		if (parse(rows[i][0], &v, &rest, &err) < 0)
			fail_msg("%s: %s", rows[i][0], err.line);
		assert_string_equal(rest.data, rows[i][1]);
		gb_strlist_release(&v.skip);
	}
}

static void test_values(void **state)
{
	_buf_ struct gb_buf rest = GB_BUF_INIT(1000);
	struct values v;

	(void)state;
	assert_int_equal(parse("check -vj out --skip=a --skip b -n5 --any=-7 --timeout 1m30s "
			       "--memory=2GiB",
			       &v, &rest, NULL),
			 0);
	assert_true(v.verbose);
	assert_false(v.quiet);
	assert_string_equal(v.json, "out");
	assert_int_equal(v.skip.n, 2);
	assert_string_equal(v.skip.v[1], "b");
	assert_int_equal(v.repeats, 5);
	assert_int_equal(v.any, -7);
	assert_int_equal(v.timeout, 90000);
	assert_true(v.memory == 2147483648);
	gb_strlist_release(&v.skip);
	gb_buf_clear(&rest);
	assert_int_equal(parse("check --json= x", &v, &rest, NULL), 0);
	assert_string_equal(v.json, "");
	assert_string_equal(rest.data, "x |");
}

static void test_complaints(void **state)
{
	static const char *const rows[][2] = {
		{ "check --nope", "unknown or ambiguous option --nope" },
		{ "check a --nope=3 b", "unknown or ambiguous option --nope=3" },
		{ "check -x", "unknown option -x" },
		{ "check -vx", "unknown option -x" },
		{ "check --json", "option --json needs a value: FILE" },
		{ "check -j", "option --json needs a value: FILE" },
		{ "check --verbose=1", "option --verbose takes no value" },
		{ "check -n 0", "--repeats: \"0\" is not a whole number from 1 to 50" },
		{ "check -n many", "--repeats: \"many\" is not a whole number from 1 to 50" },
		{ "check --timeout=5",
		  "--timeout-of-each-package: \"5\" is not a duration: expected "
		  "something like 500ms, 1.5s, 2m or 1h" },
		{ "check --memory=x", "--memory: \"x\" is not a size: expected bytes or a number "
				      "with B, KB, MB, GB, KiB, MiB or GiB" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf rest = GB_BUF_INIT(1000);
		struct gb_err err = GB_ERR_INIT;
		struct values v;

		assert_int_equal(parse(rows[i][0], &v, &rest, &err), GB_EUSAGE);
		assert_string_equal(err.line, rows[i][1]);
		assert_string_equal(err.hint, "gobudget help check");
	}
}

static void test_out_of_memory(void **state)
{
	int rc = GB_ENOMEM;

	(void)state;
	for (size_t n = 1; rc == GB_ENOMEM; n++) {
		struct values v;
		struct gb_opt opts[N_OPTS];
		struct gb_err err = GB_ERR_INIT;
		char words[] = "check a --skip x b";
		char *argv[8];
		int first, dashdash, argc = split(words, argv);

		make_opts(opts, &v);
		gb_mem_fail_at(n);
		rc = gb_args_parse("check", opts, argc, argv, &first, &dashdash, &err);
		gb_mem_fail_at(0);
		if (rc < 0)
			assert_string_equal(err.line, "out of memory");
		gb_strlist_release(&v.skip);
	}
	assert_int_equal(rc, 0);
}

static void test_help(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(4000);
	struct gb_opt opts[N_OPTS];
	struct values v;

	(void)state;
	make_opts(opts, &v);
	gb_args_help(opts, &out);
	assert_string_equal(
		out.data,
		"  -v, --verbose      say more\n"
		"      --quiet        say less\n"
		"  -j, --json FILE    write the report model to FILE, for programs that want to\n"
		"                     know what was measured and judged\n"
		"      --skip REGEXP  leave out\n"
		"  -n, --repeats N    run N times\n"
		"      --timeout-of-each-package D\n"
		"                     stop after D\n"
		"      --memory SIZE  at most\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_operands_and_what_follows),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_complaints),
		cmocka_unit_test(test_out_of_memory),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
