/* gotest - see gotest.h. */
#include "go/gotest.h"

#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_PANIC  (16 * GB_KIB)
#define MAX_ERRORS (16 * GB_KIB)

/* Past the ceiling the beginning goes, in big steps. */
static void keep_end(struct gb_buf *b, const char *data, size_t len)
{
	if (len > b->max) {
		data += len - b->max;
		len = b->max;
	}
	if (b->len > b->max - len) {
		size_t drop = b->len - (b->max - len);
		if (drop < b->max / 4)
			drop = b->max / 4 < b->len ? b->max / 4 : b->len;
		memmove(b->data, b->data + drop, b->len - drop);
		b->len -= drop;
		b->data[b->len] = '\0';
	}
	gb_buf_add(b, data, len);
}

/* Only the beginning is kept. */
static void keep_begin(struct gb_buf *b, const char *data, size_t len)
{
	size_t room = b->max - b->len;

	gb_buf_add(b, data, len < room ? len : room);
}

static void package_init(struct gb_gotest_package *p)
{
	*p = (struct gb_gotest_package){ .output = GB_BUF_INIT(GB_MAX_CHILD_OUTPUT),
					 .panic = GB_BUF_INIT(MAX_PANIC) };
}

static void package_clear(struct gb_gotest_package *p)
{
	gb_buf_release(&p->output);
	gb_buf_release(&p->panic);
}

void gb_gotest_init(struct gb_gotest *g, bool json)
{
	*g = (struct gb_gotest){ .json = json, .errors = GB_BUF_INIT(MAX_ERRORS) };
	package_init(&g->pending);
}

void gb_gotest_release(struct gb_gotest *g)
{
	struct gb_gotest_package *p = g->packages, *next_p;
	struct gb_gotest_build *b = g->builds, *next_b;

	/* Takes the tables away; the elements stay a list. */
	HASH_CLEAR(hh, g->packages);
	HASH_CLEAR(hh, g->builds);
	for (; p; p = next_p) {
		next_p = p->hh.next;
		package_clear(p);
		free(p->path);
		free(p);
	}
	for (; b; b = next_b) {
		next_b = b->hh.next;
		gb_buf_release(&b->text);
		free(b->path);
		free(b);
	}
	package_clear(&g->pending);
	gb_buf_release(&g->errors);
	gb_gotest_init(g, g->json);
}

static int find_package(struct gb_gotest *g, const char *path, size_t len,
			struct gb_gotest_package **ret, struct gb_err *err)
{
	HASH_FIND(hh, g->packages, path, len, *ret);
	if (*ret)
		return 0;
	if (HASH_COUNT(g->packages) >= GB_MAX_PACKAGES)
		return gb_fail(err, GB_ELIMIT, "go test names more than %zu packages",
			       GB_MAX_PACKAGES);
	struct gb_gotest_package *p = gb_malloc(sizeof(*p));
	if (!p)
		return gb_fail_nomem(err);
	package_init(p);
	p->path = gb_strndup(path, len);
	if (!p->path) {
		free(p);
		return gb_fail_nomem(err);
	}
	HASH_ADD_KEYPTR(hh, g->packages, p->path, len, p);
	*ret = p;
	return 0;
}

const struct gb_gotest_package *gb_gotest_package(const struct gb_gotest *g, const char *path)
{
	struct gb_gotest_package *p;

	HASH_FIND_STR(g->packages, path, p);
	return p;
}

static bool begins(const char *line, size_t len, const char *prefix)
{
	size_t n = strlen(prefix);

	return len >= n && memcmp(line, prefix, n) == 0;
}

static bool contains(const char *line, size_t len, const char *what)
{
	return memmem(line, len, what, strlen(what)) != NULL;
}

/* What a test binary, or go test about it, printed. */
static void note_output(struct gb_gotest_package *p, const char *line, size_t len)
{
	if (begins(line, len, "panic: ") || begins(line, len, "fatal error: "))
		gb_buf_clear(&p->panic);
	if (p->panic.len || begins(line, len, "panic: ") || begins(line, len, "fatal error: "))
		keep_begin(&p->panic, line, len);
	keep_end(&p->output, line, len);
}

/* "ok  \tPATH\t0.012s...", "FAIL\tPATH [build failed]", "?   \tPATH\t[no test files]",
 * "\tPATH\t\tcoverage: 0.0% of statements"; false for any other line. */
static bool parse_result(const char *line, size_t len, struct gb_gotest_package *ret,
			 const char **ret_path, size_t *ret_len)
{
	size_t skip, n;

	if (begins(line, len, "ok  \t")) {
		skip = 5;
		ret->result = GB_GOTEST_OK;
	} else if (begins(line, len, "FAIL\t")) {
		skip = 5;
		ret->result = GB_GOTEST_FAIL;
	} else if (begins(line, len, "?   \t")) {
		skip = 5;
		ret->result = GB_GOTEST_NO_FILES;
	} else if (begins(line, len, "\t") && contains(line, len, "\t\tcoverage: ")) {
		skip = 1;
		ret->result = GB_GOTEST_NO_FILES;
	} else {
		return false;
	}
	for (n = 0; skip + n < len && line[skip + n] != '\t' && line[skip + n] != ' '; n++)
		;
	if (!n)
		return false;
	if (ret->result == GB_GOTEST_FAIL &&
	    (contains(line + skip + n, len - skip - n, " failed]")))
		ret->result = GB_GOTEST_BUILD_FAILED;
	ret->no_tests = contains(line + skip + n, len - skip - n, "[no tests to run]");
	*ret_path = line + skip;
	*ret_len = n;
	return true;
}

static void set_result(struct gb_gotest *g, struct gb_gotest_package *p,
		       const struct gb_gotest_package *said)
{
	p->result = said->result;
	p->no_tests = said->no_tests;
	if (p->result == GB_GOTEST_OK || p->result == GB_GOTEST_NO_FILES)
		package_clear(p);
	if (g->on_done)
		g->on_done(g->arg, p->path);
}

static int plain_line(struct gb_gotest *g, const char *line, size_t len, bool whole,
		      struct gb_err *err)
{
	struct gb_gotest_package said, *p;
	const char *path;
	size_t n;
	int rc;

	if (!whole || g->continued[1] || !parse_result(line, len, &said, &path, &n)) {
		note_output(&g->pending, line, len);
		if (whole)
			note_output(&g->pending, "\n", 1);
		return 0;
	}
	if ((rc = find_package(g, path, n, &p, err)))
		return rc;
	/* Everything since the result before was this package's. */
	package_clear(p);
	p->output = g->pending.output;
	p->panic = g->pending.panic;
	package_init(&g->pending);
	set_result(g, p, &said);
	return 0;
}

static int find_build(struct gb_gotest *g, const char *path, size_t len, struct gb_err *err)
{
	struct gb_gotest_build *b;

	HASH_FIND(hh, g->builds, path, len, b);
	if (!b) {
		b = gb_calloc(1, sizeof(*b));
		if (!b)
			return gb_fail_nomem(err);
		b->text = (struct gb_buf)GB_BUF_INIT(GB_MAX_CHILD_OUTPUT);
		b->path = gb_strndup(path, len);
		if (!b->path) {
			free(b);
			return gb_fail_nomem(err);
		}
		HASH_ADD_KEYPTR(hh, g->builds, b->path, len, b);
	}
	g->building = b;
	return 0;
}

/* "# PATH", "# PATH [PATH.test]", then for vet "# [PATH]", then what they say. */
static int build_line(struct gb_gotest *g, const char *line, size_t len, struct gb_err *err)
{
	if (begins(line, len, "# [") && g->building) {
		g->building->vet = true;
		return 0;
	}
	if (begins(line, len, "# ") && len > 2) {
		const char *path = line + 2;
		size_t n = 0;
		while (n < len - 2 && path[n] != ' ')
			n++;
		bool variant = n < len - 2;
		if (n > 5 && memcmp(path + n - 5, "_test", 5) == 0)
			n -= 5;
		int rc = find_build(g, path, n, err);
		if (!rc)
			g->building->variant = variant;
		return rc;
	}
	if (begins(line, len, "go: "))
		g->building = NULL;
	else if (g->building && begins(line, len, "vet: "))
		g->building->vet = true;
	/* Go 1.21 has no second header for vet; a package without its tests has no such file. */
	else if (g->building && !g->building->variant && contains(line, len, "_test.go:"))
		g->building->vet = true;
	struct gb_buf *b = g->building ? &g->building->text : &g->errors;
	keep_begin(b, line, len);
	keep_begin(b, "\n", 1);
	return 0;
}

static const char *member(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsString(item) ? item->valuestring : NULL;
}

/* The text of an output event: whole lines mostly, a long one in pieces. */
static int json_output(struct gb_gotest *g, const char *package, const char *text,
		       struct gb_err *err)
{
	struct gb_gotest_package said, *p;
	const char *path;
	size_t len = strlen(text), n;
	int rc = find_package(g, package, strlen(package), &p, err);

	if (rc)
		return rc;
	if (len && text[len - 1] == '\n' && parse_result(text, len - 1, &said, &path, &n) &&
	    n == strlen(package) && memcmp(path, package, n) == 0) {
		p->no_tests = said.no_tests;
		if (said.result == GB_GOTEST_NO_FILES || said.result == GB_GOTEST_BUILD_FAILED)
			p->result = said.result;
		return 0;
	}
	note_output(p, text, len);
	return 0;
}

static int json_event(struct gb_gotest *g, const cJSON *e, struct gb_err *err)
{
	const char *action = member(e, "Action"), *package = member(e, "Package");
	const char *output = member(e, "Output");
	struct gb_gotest_package said = { 0 }, *p;
	int rc;

	if (!action)
		return 0;
	if (strcmp(action, "build-output") == 0 && output) {
		size_t len = strlen(output);
		return build_line(g, output, len && output[len - 1] == '\n' ? len - 1 : len, err);
	}
	if (!package)
		return 0;
	if (strcmp(action, "output") == 0)
		return output ? json_output(g, package, output, err) : 0;
	if (member(e, "Test"))
		return 0;
	if (strcmp(action, "pass") == 0 || strcmp(action, "skip") == 0)
		said.result = GB_GOTEST_OK;
	else if (strcmp(action, "fail") == 0)
		said.result = member(e, "FailedBuild") ? GB_GOTEST_BUILD_FAILED : GB_GOTEST_FAIL;
	else
		return 0;
	if ((rc = find_package(g, package, strlen(package), &p, err)))
		return rc;
	said.no_tests = p->no_tests;
	/* What its last line said is more exact than the event. */
	if (p->result == GB_GOTEST_NO_FILES || p->result == GB_GOTEST_BUILD_FAILED)
		said.result = p->result;
	set_result(g, p, &said);
	return 0;
}

static int json_line(struct gb_gotest *g, const char *line, size_t len, struct gb_err *err)
{
	_json_ struct gb_json *j = NULL;

	/* Not ours to judge: build errors of older versions come in between as plain text. */
	if (!len || line[0] != '{' || gb_json_parse("go test -json", line, len, &j, NULL) < 0)
		return build_line(g, line, len, err);
	return json_event(g, j->root, err);
}

int gb_gotest_line(struct gb_gotest *g, int stream, const char *line, size_t len, bool whole,
		   struct gb_err *err)
{
	int rc = 0;

	if (stream == 2) {
		if (!g->continued[2])
			rc = build_line(g, line, len, err);
	} else if (!g->json) {
		rc = plain_line(g, line, len, whole, err);
	} else if (whole && !g->continued[1]) {
		rc = json_line(g, line, len, err);
	}
	g->continued[stream == 2 ? 2 : 1] = !whole;
	return rc;
}

const struct gb_gotest_build *gb_gotest_build(const struct gb_gotest *g, const char *path)
{
	struct gb_gotest_build *b;

	HASH_FIND_STR(g->builds, path, b);
	return b ? b : g->builds;
}
