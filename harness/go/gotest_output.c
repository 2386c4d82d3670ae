/* gotest_output - which of a package's lines are about one test. */
#include "go/gotest.h"

#include <string.h>

static size_t indent_of(const char *line)
{
	return strspn(line, " ");
}

/* "--- FAIL: NAME (0.00s)" behind any indentation and marker. */
static bool is_verdict(const char *line, const char *word, const char *test)
{
	size_t n = strlen(word), len = strlen(test);

	line += strspn(line, " \x16");
	return strncmp(line, "--- ", 4) == 0 && strncmp(line + 4, word, n) == 0 &&
	       strncmp(line + 4 + n, ": ", 2) == 0 && strncmp(line + 6 + n, test, len) == 0 &&
	       strncmp(line + 6 + n + len, " (", 2) == 0;
}

/* "=== RUN   NAME", "=== NAME  NAME", "=== CONT  NAME", "=== PAUSE NAME"; its name or NULL. */
static const char *section(const char *line)
{
	line += *line == '\x16';
	if (strncmp(line, "=== ", 4) != 0 || strlen(line) < 10)
		return NULL;
	return line[9] == ' ' ? line + 10 : NULL;
}

static bool is_name(const char *line, const char *test)
{
	size_t len = strlen(test);

	return strncmp(line, test, len) == 0 && (line[len] == '\n' || line[len] == '\0');
}

static bool is_any_verdict(const char *line)
{
	line += strspn(line, " \x16");
	return strncmp(line, "--- FAIL: ", 10) == 0 || strncmp(line, "--- PASS: ", 10) == 0 ||
	       strncmp(line, "--- SKIP: ", 10) == 0;
}

void gb_gotest_test_output(const char *output, const char *test, struct gb_buf *out)
{
	bool inside = false, verbose = false;
	size_t depth = 0;

	for (const char *line = output, *next; *line; line = next) {
		const char *end = strchr(line, '\n');
		const char *name = section(line);
		next = end ? end + 1 : line + strlen(line);
		if (name) {
			verbose = is_name(name, test);
			inside = false;
			continue;
		}
		if (is_verdict(line, "FAIL", test)) {
			inside = true;
			verbose = false;
			depth = indent_of(line);
			continue;
		}
		/* Another test's verdict or the package's own last lines end both. */
		if (is_any_verdict(line) || strncmp(line, "FAIL", 4) == 0 ||
		    strncmp(line, "exit status ", 12) == 0)
			inside = verbose = false;
		if (inside && *line != '\n' && indent_of(line) <= depth)
			inside = false;
		if ((inside || verbose) && out->len + (size_t)(next - line) <= out->max)
			gb_buf_add(out, line, (size_t)(next - line));
	}
}
