/* measure_trouble - why a package did not pass, in one line and its own words. */
#include "go/measuring.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define TIMED_OUT "panic: test timed out after "

static int first_line(const char *text)
{
	size_t len = strcspn(text, "\n");

	return (int)(len < 900 ? len : 900);
}

static const char *output_of(const struct gb_ending *e)
{
	return e->said && e->said->output.len ? e->said->output.data : NULL;
}

static bool is_below(const char *test, const char *parent)
{
	size_t len = strlen(parent);

	return strncmp(test, parent, len) == 0 && test[len] == '/';
}

/* Whether a subtest of it has the same outcome: then that one is the guilty one. */
static bool has_guilty_child(const struct gb_package *p, const struct gb_test *t)
{
	for (size_t i = 0; i < p->n_tests; i++)
		if (p->tests[i].outcome == t->outcome && is_below(p->tests[i].name, t->name))
			return true;
	return false;
}

/* The innermost test that had not ended; NULL if there are several, as in parallel. */
static const char *unfinished(const struct gb_package *p)
{
	const char *found = NULL;

	for (size_t i = 0; i < p->n_tests; i++) {
		const struct gb_test *t = &p->tests[i];
		if (t->outcome != GB_UNFINISHED || t->kind == GB_PACKAGE || has_guilty_child(p, t))
			continue;
		if (found)
			return NULL;
		found = t->name;
	}
	return found;
}

/* "--- FAIL: TestX (0.00s)" right before the panic, where testing printed it. */
static const char *panicking(const struct gb_package *p, const char *output)
{
	const char *panic = strstr(output, "\npanic: "), *line = panic;
	char name[1024];

	while (line && line > output && line[-1] != '\n')
		line--;
	while (line && (*line == ' ' || *line == '\x16'))
		line++;
	if (!line || sscanf(line, "--- FAIL: %1023s (", name) != 1)
		return NULL;
	const struct gb_test *t = gb_package_test(p, name);
	return t ? t->name : NULL;
}

/* The first name under "running tests:" of a timeout's panic. */
static const char *running(const struct gb_package *p, const char *panic)
{
	const char *s = strstr(panic, "running tests:\n\t");
	char name[1024];

	if (!s || sscanf(s + strlen("running tests:\n"), " %1023s (", name) != 1)
		return NULL;
	const struct gb_test *t = gb_package_test(p, name);
	return t ? t->name : NULL;
}

static int add_timeout(struct gb_package *p, const struct gb_ending *e, struct gb_err *err)
{
	const char *panic = e->said ? e->said->panic.data : gb_buf_empty;
	const char *test = running(p, panic), *text = panic + strcspn(panic, " ");

	text += *text == ' ';
	if (!gb_starts(panic, TIMED_OUT))
		return gb_package_add_trouble(p, GB_TROUBLE_TIMEOUT, false, unfinished(p),
					      output_of(e), err, "go test ended it: ran too long");
	return gb_package_add_trouble(p, GB_TROUBLE_TIMEOUT, false, test ? test : unfinished(p),
				      panic, err, "%.*s", first_line(text), text);
}

/* How the last process ended, where that was not the end of its tests. */
static int add_death(struct gb_package *p, const struct gb_ending *e, struct gb_err *err)
{
	const struct gb_supervised *r = &e->result->last;
	const char *panic = e->said ? e->said->panic.data : "";
	const char *test = unfinished(p);

	if (r->over_memory)
		return gb_package_add_trouble(p, GB_TROUBLE_MEMORY, false, test, output_of(e), err,
					      "held more memory than it may, and was stopped");
	if (r->status && (gb_starts(panic, TIMED_OUT) || r->forwarded == SIGQUIT))
		return add_timeout(p, e, err);
	if (r->signal)
		return gb_package_add_trouble(p, GB_TROUBLE_SIGNAL, false, test, output_of(e), err,
					      "killed by signal %d (%s)", r->signal,
					      strsignal(r->signal));
	if (e->complete || (!e->any && r->status == 0))
		return 0;
	if (r->status == 2 && *panic) {
		const char *guilty = output_of(e) ? panicking(p, output_of(e)) : NULL;
		return gb_package_add_trouble(p, GB_TROUBLE_PANIC, false, guilty ? guilty : test,
					      panic, err, "%.*s", first_line(panic), panic);
	}
	return gb_package_add_trouble(p, GB_TROUBLE_EXIT, false, test, output_of(e), err,
				      e->any ? "exit status %d before its tests were done"
					     : "exit status %d before any test",
				      r->status);
}

static int add_outcomes(struct gb_package *p, const struct gb_ending *e, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < p->n_tests && !rc; i++) {
		const struct gb_test *t = &p->tests[i];
		if ((t->outcome != GB_FAIL && t->outcome != GB_HANG) || has_guilty_child(p, t))
			continue;
		/* A test of a test framework runs tests that are meant to fail. */
		if (t->outcome == GB_FAIL && p->passed)
			continue;
		if (t->outcome == GB_HANG) {
			rc = gb_package_add_trouble(p, GB_TROUBLE_HANG, false, t->name, NULL, err,
						    "hung: nothing could move any more");
			continue;
		}
		_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CHILD_OUTPUT);
		if (output_of(e))
			gb_gotest_test_output(output_of(e), t->name, &text);
		rc = gb_package_add_trouble(p, GB_TROUBLE_FAIL, false, t->name,
					    text.len ? text.data : NULL, err, "failed");
	}
	return rc;
}

static int add_children(struct gb_package *p, const struct gb_supervised *r, struct gb_err *err)
{
	_buf_ struct gb_buf names = GB_BUF_INIT(GB_KIB);

	if (!r->children.n)
		return 0;
	for (size_t i = 0; i < r->children.n && !names.failed; i++)
		gb_buf_addf(&names, "%s%s", i ? ", " : "", r->children.v[i]);
	return gb_package_add_trouble(p, GB_TROUBLE_CHILDREN, false, NULL, NULL, err,
				      "%zu process%s outlived the tests and %s stopped: %s",
				      r->children.n, r->children.n == 1 ? "" : "es",
				      r->children.n == 1 ? "was" : "were", names.data);
}

static bool has_tests(const struct gb_package *p)
{
	for (size_t i = 0; i < p->n_tests; i++)
		if (p->tests[i].kind != GB_PACKAGE)
			return true;
	return false;
}

static bool has_trouble(const struct gb_package *p)
{
	for (size_t i = 0; i < p->n_troubles; i++)
		if (!p->troubles[i].warning)
			return true;
	return false;
}

int gb_trouble_of_package(struct gb_package *p, const struct gb_ending *e, struct gb_err *err)
{
	const struct gb_supervised *r = e->result ? &e->result->last : NULL;
	int rc = r ? add_death(p, e, err) : add_timeout(p, e, err);

	if (!rc)
		rc = add_outcomes(p, e, err);
	if (!rc && r)
		rc = add_children(p, r, err);
	if (rc || !r)
		return rc;
	if (!e->any && !has_trouble(p))
		return gb_package_add_trouble(
			p, GB_TROUBLE_NO_RECORD, false, NULL, output_of(e), err,
			"%s, and nothing was recorded: its binary was built without the accounting",
			r->status ? "failed" : "passed");
	if (!has_tests(p) && !has_trouble(p))
		return gb_package_add_trouble(p, GB_TROUBLE_NO_TESTS, true, NULL, NULL, err,
					      "no tests to run");
	if (!p->passed && !has_trouble(p))
		return gb_package_add_trouble(p, GB_TROUBLE_EXIT, false, NULL, output_of(e), err,
					      "exit status %d after its tests were done",
					      r->status);
	return 0;
}

/* go's words (1.21 to 1.27) for a pattern that means nothing, not for an import that does not. */
static bool is_no_package(const char *path, const char *text)
{
	static const char *const before[] = { "package ", "no required module provides package ",
					      "cannot find package \"" };
	size_t len = strlen(path);

	if (gb_starts(text, "stat ") && strstr(text, "directory not found"))
		return true;
	if (gb_starts(text, "no Go files in ") || gb_starts(text, "malformed import path "))
		return true;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		if (gb_starts(text, before[i]) &&
		    strncmp(text + strlen(before[i]), path, len) == 0 &&
		    strchr(" ;\"\n", text[strlen(before[i]) + len]))
			return true;
	return false;
}

int gb_trouble_of_output(struct gb_measuring *m, const struct gb_gotest_package *said,
			 struct gb_run *run, struct gb_err *err)
{
	const struct gb_gotest_build *b = NULL;
	enum gb_trouble_kind kind = GB_TROUBLE_BUILD;
	struct gb_package *p;
	int rc;

	if (said->result != GB_GOTEST_NO_FILES && said->result != GB_GOTEST_BUILD_FAILED)
		return 0;
	if ((rc = gb_measuring_package(m, said->path, NULL, run, &p, err)))
		return rc;
	if (said->result == GB_GOTEST_NO_FILES) {
		p->passed = true;
		return gb_package_add_trouble(p, GB_TROUBLE_NO_TESTS, true, NULL, NULL, err,
					      "no test files");
	}
	b = gb_gotest_build(&m->said, said->path);
	const char *text = b && b->text.len ? b->text.data : "did not build";
	if (b && b->vet)
		kind = GB_TROUBLE_VET;
	else if (is_no_package(said->path, text))
		kind = GB_TROUBLE_NO_PACKAGE;
	return gb_package_add_trouble(p, kind, false, NULL, b ? b->text.data : NULL, err, "%.*s",
				      first_line(text), text);
}
