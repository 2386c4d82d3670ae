/* exec_args - see exec_args.h. */
#include "go/exec_args.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PATTERN GB_MIB

/* Of "-test.run=x" or "--test.v" the name's length, and where it begins; 0: another word. */
static size_t test_flag(const char *arg, const char **ret_name)
{
	const char *s = arg;

	if (*s++ != '-')
		return 0;
	s += *s == '-';
	if (!gb_starts(s, "test."))
		return 0;
	*ret_name = s + 5;
	return strcspn(s + 5, "=");
}

static bool is_named(const char *arg, const char *const *names)
{
	const char *name;
	size_t len = test_flag(arg, &name);

	for (; len && *names; names++)
		if (strlen(*names) == len && strncmp(*names, name, len) == 0)
			return true;
	return false;
}

/* Everything but the flags of these names. */
static int drop(const struct gb_strlist *args, const char *const *names, struct gb_strlist *ret,
		struct gb_err *err)
{
	bool over = false;

	for (size_t i = 0; i < args->n; i++) {
		over = over || strcmp(args->v[i], "--") == 0;
		if (!over && is_named(args->v[i], names))
			continue;
		int rc = gb_strlist_add(ret, args->v[i], err);
		if (rc)
			return rc;
	}
	return 0;
}

const char *gb_args_get(const struct gb_strlist *args, const char *name)
{
	const char *const names[] = { name, NULL };
	const char *found = NULL;

	for (size_t i = 0; i < args->n && strcmp(args->v[i], "--") != 0; i++)
		if (is_named(args->v[i], names)) {
			const char *value = strchr(args->v[i], '=');
			found = value ? value + 1 : "";
		}
	return found;
}

int gb_args_quiet(const struct gb_strlist *args, struct gb_strlist *ret, struct gb_err *err)
{
	static const char *const files[] = {
		"coverprofile", "gocoverdir",	"cpuprofile", "memprofile",
		"blockprofile", "mutexprofile", "trace",      "outputdir",
		"testlogfile",	"artifacts",	NULL
	};

	return drop(args, files, ret, err);
}

void gb_quote_meta(struct gb_buf *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\.+*?()|[]{}^$", *text))
			gb_buf_addc(out, '\\');
		gb_buf_addc(out, *text);
	}
}

/* "TestA/b c" to "^TestA$/^b c$". */
static void add_path(struct gb_buf *out, const char *test)
{
	_buf_ struct gb_buf part = GB_BUF_INIT(GB_MAX_NAME);

	for (;;) {
		size_t len = strcspn(test, "/");
		gb_buf_clear(&part);
		gb_buf_add(&part, test, len);
		gb_buf_addc(out, '^');
		gb_quote_meta(out, part.data);
		gb_buf_addc(out, '$');
		if (part.failed)
			out->failed = true;
		if (!test[len])
			return;
		gb_buf_addc(out, '/');
		test += len + 1;
	}
}

int gb_args_only(const struct gb_strlist *args, const char *test, struct gb_strlist *ret,
		 struct gb_err *err)
{
	static const char *const others[] = { "run", "skip",	"bench",    "list", "count",
					      "cpu", "shuffle", "failfast", NULL };
	_buf_ struct gb_buf pattern = GB_BUF_INIT(MAX_PATTERN);
	bool bench = gb_starts(test, "Benchmark");
	int rc;

	add_path(&pattern, test);
	if (pattern.failed)
		return gb_buf_error(&pattern, "test name", err);
	if (bench && (rc = gb_strlist_add(ret, "-test.run=^$", err)))
		return rc;
	rc = gb_strlist_addf(ret, err, "-test.%s=%s", bench ? "bench" : "run", pattern.data);
	return rc ? rc : drop(args, others, ret, err);
}

/* Does `with` say something of the flag that stands here? */
static bool is_replaced(const char *arg, const struct gb_strlist *with)
{
	const char *name, *other;
	size_t len = test_flag(arg, &name);

	for (size_t i = 0; i < with->n && len; i++)
		if (test_flag(with->v[i], &other) == len && strncmp(name, other, len) == 0)
			return true;
	return false;
}

int gb_args_with(const struct gb_strlist *args, const struct gb_strlist *with,
		 struct gb_strlist *ret, struct gb_err *err)
{
	bool over = false;
	int rc = 0;

	/* Ours stand first: what is no flag ends the flags. */
	for (size_t i = 0; i < with->n && !rc; i++)
		if (strchr(with->v[i], '='))
			rc = gb_strlist_add(ret, with->v[i], err);
	for (size_t i = 0; i < args->n && !rc; i++) {
		over = over || strcmp(args->v[i], "--") == 0;
		if (over || !is_replaced(args->v[i], with))
			rc = gb_strlist_add(ret, args->v[i], err);
	}
	return rc;
}

int64_t gb_go_duration_ms(const char *text)
{
	static const struct {
		const char *name;
		double ms;
	} units[] = { { "ns", 1e-6 }, { "us", 1e-3 }, { "\xc2\xb5s", 1e-3 }, { "ms", 1 },
		      { "s", 1000 },  { "m", 60000 }, { "h", 3600000 } };
	double sum = 0;

	if (strcmp(text, "0") == 0)
		return 0;
	if (!*text)
		return -1;
	while (*text) {
		char *end;
		size_t digits = strspn(text, "0123456789.");
		double n = strtod(text, &end);
		if (!digits || end != text + digits)
			return -1;
		/* "ms" before "m": a unit is the letters up to the next digit. */
		size_t len = strcspn(end, "0123456789."), u = 0;
		const size_t all = sizeof(units) / sizeof(units[0]);
		while (u < all &&
		       (strlen(units[u].name) != len || strncmp(units[u].name, end, len) != 0))
			u++;
		if (u == all)
			return -1;
		sum += n * units[u].ms;
		text = end + len;
	}
	return sum < 9e15 ? (int64_t)sum : -1;
}

int gb_args_without(const struct gb_strlist *args, const struct gb_strlist *tests,
		    int64_t elapsed_ms, struct gb_strlist *ret, bool *ret_late, struct gb_err *err)
{
	static const char *const others[] = { "skip", "timeout", NULL };
	_buf_ struct gb_buf skip = GB_BUF_INIT(MAX_PATTERN);
	const char *old = gb_args_get(args, "skip"), *timeout = gb_args_get(args, "timeout");
	int64_t limit = timeout ? gb_go_duration_ms(timeout) : 0;
	int rc;

	*ret_late = limit > 0 && elapsed_ms >= limit;
	if (old && *old)
		gb_buf_addf(&skip, "%s|", old);
	gb_buf_adds(&skip, "^(");
	for (size_t i = 0; i < tests->n; i++) {
		if (i)
			gb_buf_addc(&skip, '|');
		gb_quote_meta(&skip, tests->v[i]);
	}
	gb_buf_adds(&skip, ")$");
	if (skip.failed)
		return gb_buf_error(&skip, "list of tests to skip", err);
	if ((rc = gb_strlist_addf(ret, err, "-test.skip=%s", skip.data)))
		return rc;
	if (limit > 0)
		rc = gb_strlist_addf(ret, err, "-test.timeout=%" PRId64 "ms",
				     *ret_late ? 1 : limit - elapsed_ms);
	else if (timeout)
		rc = gb_strlist_addf(ret, err, "-test.timeout=%s", timeout);
	return rc ? rc : drop(args, others, ret, err);
}
