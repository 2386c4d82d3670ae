#include "cmd/range.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/repo.h"

#include <string.h>

/* A test's name may hold two dots, but begins as Go has tests begin. */
static bool is_range(const char *s)
{
	static const char *const tests[] = { "Test", "Benchmark", "Example", "Fuzz", "(" };

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		if (gb_starts(s, tests[i]))
			return false;
	return strstr(s, "..") != NULL;
}

int range_words(const char *command, int argc, char **argv, int first, int dashdash,
		const char **ret_test, const char **ret_range, struct gb_err *err)
{
	int n = dashdash - first;

	if (n > 2 || dashdash < argc) {
		gb_fail(err, GB_EUSAGE, "%s is one word too many",
			dashdash < argc ? argv[dashdash] : argv[first + 2]);
		return gb_hint(err, "gobudget %s [TEST] [REV..REV]", command);
	}
	if (n == 2 || (n == 1 && !is_range(argv[first])))
		*ret_test = argv[first];
	if (n == 2 || (n == 1 && is_range(argv[first])))
		*ret_range = argv[first + n - 1];
	return 0;
}

int range_read(const struct gb_repo *repo, const char *range, char from[41], char until[41],
	       struct gb_err *err)
{
	const char *dots = range ? strstr(range, "..") : NULL;
	const char *to = dots ? dots + 2 : range;
	_free_ char *left = dots ? gb_strndup(range, (size_t)(dots - range)) : NULL;
	int rc;

	if (dots && !left)
		return gb_fail_nomem(err);
	if (dots && dots[2] == '.') {
		gb_fail(err, GB_EUSAGE, "%.200s: three dots name no range here", range);
		return gb_hint(err, "two do: main..HEAD is what HEAD has and main has not");
	}
	rc = gb_repo_commit(repo, to && *to ? to : "HEAD", from, err);
	if (rc == GB_ENOTFOUND && !range) {
		gb_fail(err, GB_EUSAGE, "nothing is committed yet");
		return gb_hint(err, "history is that of commits");
	}
	if (rc >= 0 && dots)
		rc = gb_repo_commit(repo, *left ? left : "HEAD", until, err);
	return rc == GB_ENOTFOUND && err ? (err->code = GB_EUSAGE) : rc;
}

int range_module(const struct gb_repo *repo, char **ret, struct gb_err *err)
{
	_free_ char *cwd = NULL, *top = NULL;
	int rc;

	if (!*gb_repo_top(repo)) {
		*ret = gb_strdup("");
		return *ret ? 0 : gb_fail_nomem(err);
	}
	if ((rc = gb_fs_cwd(&cwd, err)) < 0 ||
	    (rc = gb_fs_realpath(gb_repo_top(repo), &top, err)) < 0)
		return rc;
	_free_ char *here = NULL;
	if ((rc = gb_fs_realpath(cwd, &here, err)) < 0)
		return rc;
	while (gb_path_under(here, top) && strcmp(here, top) != 0) {
		_free_ char *mod = gb_path_join(here, "go.mod");
		char *slash = strrchr(here, '/');

		if (!mod)
			return gb_fail_nomem(err);
		if (gb_fs_exists(mod))
			break;
		*slash = 0;
	}
	*ret = gb_strdup(gb_path_under(here, top) && strcmp(here, top) != 0
				 ? gb_path_relative(here, top)
				 : "");
	return *ret ? 0 : gb_fail_nomem(err);
}

const char *range_platform(void)
{
#if defined(__linux__) && defined(__x86_64__)
	return " linux/amd64";
#elif defined(__linux__) && defined(__aarch64__)
	return " linux/arm64";
#elif defined(__APPLE__) && defined(__aarch64__)
	return " darwin/arm64";
#elif defined(__APPLE__) && defined(__x86_64__)
	return " darwin/amd64";
#else
	return NULL;
#endif
}
