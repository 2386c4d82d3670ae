#include "go/replay.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"
#include "go/move.h"
#include "go/record.h"

#include <inttypes.h>
#include <string.h>

static const char first_line[] = "gobudget measurement 1";

/* A value with a line end cannot be said, and nothing is kept then. */
static void add_text(struct gb_buf *out, const char *key, const char *value)
{
	if (!value)
		return;
	if (strchr(value, '\n'))
		out->failed = true;
	gb_buf_addf(out, "%s %s\n", key, value);
}

static void add_number(struct gb_buf *out, const char *key, int64_t n)
{
	gb_buf_addf(out, "%s %" PRId64 "\n", key, n);
}

void gb_replay_write(const struct gb_run *run, const struct gb_package *p, int64_t at,
		     const char *below, const struct gb_buf *records, struct gb_buf *out)
{
	const struct gb_environment *e = &run->env;

	gb_buf_addf(out, "%s\n", first_line);
	add_number(out, "at", at);
	add_number(out, "wall_ms", p->wall_ms);
	add_text(out, "go", e->go);
	add_text(out, "platform", e->platform);
	add_number(out, "gomaxprocs", e->gomaxprocs);
	add_text(out, "gcflags", e->gcflags ? e->gcflags : "");
	add_text(out, "tags", e->tags ? e->tags : "");
	add_number(out, "cgo", e->cgo);
	add_number(out, "race", e->race);
	add_number(out, "accounting", e->accounting);
	add_text(out, "go_version", run->go_version);
	add_text(out, "why_fallback", run->go_why_fallback);
	if (below) {
		add_text(out, "below", below);
		add_text(out, "dir", p->dir);
		add_text(out, "module", p->module);
		add_text(out, "module_dir", p->module_dir);
	}
	gb_buf_addc(out, '\n');
	if (records)
		gb_buf_add(out, records->data, records->len);
}

struct kept {
	int64_t at, wall_ms, gomaxprocs, cgo, race, accounting;
	char *go, *platform, *gcflags, *tags, *go_version, *why_fallback;
	char *below, *dir, *module, *module_dir;
	const char *records; /* in the text */
	size_t records_len;
	int runs;
};

static void release(struct kept *k)
{
	free(k->go);
	free(k->platform);
	free(k->gcflags);
	free(k->tags);
	free(k->go_version);
	free(k->why_fallback);
	free(k->below);
	free(k->dir);
	free(k->module);
	free(k->module_dir);
}

static int take_line(struct kept *k, char *line, struct gb_err *err)
{
	const struct {
		const char *key;
		int64_t *number;
		int64_t max;
		char **text;
	} keys[] = {
		{ "at", &k->at, INT64_MAX, NULL },
		{ "wall_ms", &k->wall_ms, INT64_MAX, NULL },
		{ "gomaxprocs", &k->gomaxprocs, 1 << 20, NULL },
		{ "cgo", &k->cgo, 1, NULL },
		{ "race", &k->race, 1, NULL },
		{ "accounting", &k->accounting, GB_ACCOUNTING_TESTING, NULL },
		{ "go", NULL, 0, &k->go },
		{ "platform", NULL, 0, &k->platform },
		{ "gcflags", NULL, 0, &k->gcflags },
		{ "tags", NULL, 0, &k->tags },
		{ "go_version", NULL, 0, &k->go_version },
		{ "why_fallback", NULL, 0, &k->why_fallback },
		{ "below", NULL, 0, &k->below },
		{ "dir", NULL, 0, &k->dir },
		{ "module", NULL, 0, &k->module },
		{ "module_dir", NULL, 0, &k->module_dir },
	};
	char *value = strchr(line, ' ');

	if (!value)
		return gb_fail(err, GB_EPARSE, "kept measurement: a line without a value");
	*value++ = '\0';
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].key, line) != 0)
			continue;
		if (keys[i].number)
			return gb_parse_int(value, 0, keys[i].max, keys[i].number, NULL)
				       ? gb_fail(err, GB_EPARSE, "kept measurement: bad %s", line)
				       : 0;
		free(*keys[i].text);
		*keys[i].text = gb_strdup(value);
		return *keys[i].text ? 0 : gb_fail_nomem(err);
	}
	return gb_fail(err, GB_EPARSE, "kept measurement: unknown key");
}

static int parse(const char *text, size_t len, struct kept *k, struct gb_err *err)
{
	const char *end = text + len;
	bool first = true;

	for (const char *nl; text < end; text = nl + 1) {
		_free_ char *line = NULL;
		int rc = 0;

		nl = memchr(text, '\n', (size_t)(end - text));
		if (!nl || nl - text >= (ptrdiff_t)GB_MAX_LINE)
			break;
		if (nl == text && !first) {
			k->records = nl + 1;
			k->records_len = (size_t)(end - k->records);
			return 0;
		}
		if (!(line = gb_strndup(text, (size_t)(nl - text))))
			return gb_fail_nomem(err);
		if (first && strcmp(line, first_line) != 0)
			break;
		if (!first)
			rc = take_line(k, line, err);
		if (rc)
			return rc;
		first = false;
	}
	return gb_fail(err, GB_EPARSE, "not a kept measurement");
}

static int set_environment(struct gb_run *run, struct kept *k, struct gb_err *err)
{
	struct gb_environment *e = &run->env;

	if (!k->go || strlen(k->go) >= sizeof(e->go) || !k->platform ||
	    strlen(k->platform) >= sizeof(e->platform) || !k->gcflags || !k->tags ||
	    !k->go_version || !k->gomaxprocs || !k->at)
		return gb_fail(err, GB_EPARSE, "kept measurement: not its whole environment");
	(void)snprintf(e->go, sizeof(e->go), "%s", k->go);
	(void)snprintf(e->platform, sizeof(e->platform), "%s", k->platform);
	e->gomaxprocs = (int)k->gomaxprocs;
	e->gcflags = GB_TAKE(k->gcflags);
	e->tags = GB_TAKE(k->tags);
	e->cgo = k->cgo != 0;
	e->race = k->race != 0;
	e->accounting = (enum gb_accounting)k->accounting;
	run->go_version = GB_TAKE(k->go_version);
	run->go_why_fallback = GB_TAKE(k->why_fallback);
	return 0;
}

static bool has_tests(const struct gb_package *p)
{
	for (size_t i = 0; i < p->n_tests; i++)
		if (p->tests[i].kind != GB_PACKAGE)
			return true;
	return false;
}

static int set_package(struct gb_package *p, const struct gb_toolchain *go, const char *dir,
		       const struct kept *k, struct gb_err *err)
{
	const struct gb_module *m = gb_toolchain_module(go, p->path, dir);

	/* As go test's word alone would leave it, where there is no binary. */
	p->dir = k->records_len ? gb_strdup(dir) : NULL;
	p->module = m ? gb_strdup(m->path) : NULL;
	p->module_dir = m ? gb_strdup(m->dir) : NULL;
	if ((k->records_len && !p->dir) || (m && (!p->module || !p->module_dir)))
		return gb_fail_nomem(err);
	p->wall_ms = k->wall_ms;
	p->measured_at = k->at;
	p->passed = true;
	return 0;
}

static int move_package(struct kept *k, const char *to, struct gb_err *err)
{
	int rc;

	if (!k->below)
		return gb_fail(err, GB_EPARSE, "kept measurement: it does not say where it lay");
	rc = gb_move(&k->dir, k->below, to, err);
	if (!rc)
		rc = gb_move(&k->module_dir, k->below, to, err);
	/* The folder itself. */
	for (char **p = &k->dir; !rc; p = &k->module_dir) {
		if (*p && strcmp(*p, k->below) == 0) {
			free(*p);
			*p = gb_strdup(to);
			rc = *p ? 0 : gb_fail_nomem(err);
		}
		if (p == &k->module_dir)
			break;
	}
	return rc;
}

static int set_package_below(struct gb_package *p, struct kept *k, const char *to,
			     struct gb_err *err)
{
	int rc = move_package(k, to, err);

	if (rc)
		return rc;
	p->dir = GB_TAKE(k->dir);
	p->module = GB_TAKE(k->module);
	p->module_dir = GB_TAKE(k->module_dir);
	p->wall_ms = k->wall_ms;
	p->measured_at = k->at;
	p->passed = true;
	return 0;
}

static int bad_record(struct gb_err *err)
{
	return gb_fail(err, GB_EPARSE, "kept record: not whole, or of another package");
}

/* Where the records lay, and where they are told to have been; NULL: there. */
struct moving {
	const char *from, *to;
};

static bool ended_well(const struct gb_record *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->tests[i].hung ||
		    (r->tests[i].outcome != GB_PASS && r->tests[i].outcome != GB_SKIP))
			return false;
	return true;
}

static int merge_one(struct gb_package *p, const char *text, size_t len, int number,
		     enum gb_mode mode, const struct moving *moving, struct gb_err *err)
{
	struct gb_record r = { 0 };
	int rc = gb_record_parse("kept record", text, len, &r, err);

	if (rc)
		return rc == GB_ENOMEM ? rc : bad_record(err);
	if (!r.complete || strcmp(r.package, p->path) != 0 || !ended_well(&r))
		rc = bad_record(err);
	if (!rc && moving->from)
		rc = gb_record_move(&r, moving->from, moving->to, err);
	if (!rc)
		rc = gb_record_merge(&r, p, number, mode, err);
	gb_record_release(&r);
	return rc;
}

/* "record exact 1234" at *at, which is moved behind the line. */
static int take_head(const char **at, const char *end, enum gb_mode *ret_mode, size_t *ret_len,
		     struct gb_err *err)
{
	static const char *const words[] = { [GB_IN_ORDER] = "record order ",
					     [GB_EXACT] = "record exact ",
					     [GB_ALONE] = "record alone " };
	const char *nl = memchr(*at, '\n', (size_t)(end - *at));
	_free_ char *line = nl && nl - *at < 64 ? gb_strndup(*at, (size_t)(nl - *at)) : NULL;
	int64_t len;

	for (int mode = GB_IN_ORDER; line && mode <= GB_ALONE; mode++) {
		if (!gb_starts(line, words[mode]))
			continue;
		if (gb_parse_int(line + strlen(words[mode]), 1, INT64_MAX, &len, NULL) ||
		    len > end - nl - 1)
			break;
		*at = nl + 1;
		*ret_mode = (enum gb_mode)mode;
		*ret_len = (size_t)len;
		return 0;
	}
	return bad_record(err);
}

/* All of them; number -1: each is a run of its own, from 0. */
static int merge(struct gb_package *p, struct kept *k, int number, const struct moving *moving,
		 struct gb_err *err)
{
	const char *at = k->records, *end = at + k->records_len;
	int rc = 0;

	for (; at < end && !rc; k->runs++) {
		enum gb_mode mode = GB_IN_ORDER;
		size_t len = 0;

		if (k->runs == (int)GB_MAX_SAMPLES || (rc = take_head(&at, end, &mode, &len, err)))
			return bad_record(err);
		/* No package is measured so at first, but a run kept for itself may be. */
		if (mode == GB_ALONE && !moving->from)
			return bad_record(err);
		rc = merge_one(p, at, len, number < 0 ? k->runs : number, mode, moving, err);
		at += len;
	}
	return rc;
}

static int merge_first(struct gb_package *p, struct kept *k, const struct moving *moving,
		       struct gb_err *err)
{
	int rc;

	if (!k->records_len)
		return gb_package_add_trouble(p, GB_TROUBLE_NO_TESTS, true, NULL, NULL, err,
					      "no test files");
	rc = merge(p, k, -1, moving, err);
	if (!rc && !has_tests(p))
		rc = gb_package_add_trouble(p, GB_TROUBLE_NO_TESTS, true, NULL, NULL, err,
					    "no tests to run");
	return rc;
}

static bool same_strings(const char *a, const char *b)
{
	return gb_streq(a ? a : "", b ? b : "");
}

/* The one package of `from`, if it was measured as those of `run` were. */
static int take_over(struct gb_run *run, struct gb_run *from, struct gb_err *err)
{
	if (!run->go_version) {
		run->env = from->env;
		from->env = (struct gb_environment){ 0 };
		run->go_version = GB_TAKE(from->go_version);
		run->go_why_fallback = GB_TAKE(from->go_why_fallback);
	} else if (!gb_environment_equal(&run->env, &from->env) ||
		   !gb_streq(run->go_version, from->go_version) ||
		   !same_strings(run->go_why_fallback, from->go_why_fallback)) {
		return gb_fail(err, GB_EPARSE, "kept measurement: another environment");
	}
	return gb_run_take_package(run, &from->packages[0], err);
}

/* Into a run of its own, then over to the other one. */
static int replay(struct gb_run *run, const struct gb_toolchain *go, const char *path,
		  const char *dir, const char *to, const char *text, size_t len, struct gb_err *err)
{
	__attribute__((cleanup(release))) struct kept k = { 0 };
	_run_ struct gb_run *own = gb_run_new(err);
	struct moving moving = { NULL, to };
	struct gb_package *p;
	int rc;

	if (!own)
		return GB_ENOMEM;
	if ((rc = parse(text, len, &k, err)) || (rc = set_environment(own, &k, err)) ||
	    (rc = gb_run_add_package(own, path, &p, err)))
		return rc;
	if ((rc = to ? set_package_below(p, &k, to, err) : set_package(p, go, dir, &k, err)))
		return rc;
	moving.from = to ? k.below : NULL;
	if ((rc = merge_first(p, &k, &moving, err)))
		return rc;
	if (!gb_replay_may_keep(p))
		return gb_fail(err, GB_EPARSE, "kept record: something went wrong in it");
	if ((rc = take_over(run, own, err)))
		return rc;
	run->runs = k.runs > run->runs ? k.runs : run->runs;
	return 0;
}

int gb_replay(struct gb_run *run, const struct gb_toolchain *go, const char *path, const char *dir,
	      const char *text, size_t len, struct gb_err *err)
{
	return replay(run, go, path, dir, NULL, text, len, err);
}

int gb_replay_below(struct gb_run *run, const char *path, const char *to, const char *text,
		    size_t len, struct gb_err *err)
{
	return replay(run, NULL, path, NULL, to, text, len, err);
}

/* The same text, read for itself: what is wrong with it must not be found half way. */
static int is_sound(const char *path, const char *to, const struct gb_run *like, const char *text,
		    size_t len, struct gb_err *err)
{
	_run_ struct gb_run *own = gb_run_new(err);
	int rc = own ? gb_replay_below(own, path, to, text, len, err) : GB_ENOMEM;

	if (rc)
		return rc;
	return own->packages[0].measured && gb_environment_equal(&own->env, &like->env) &&
			       gb_streq(own->go_version, like->go_version)
		       ? 0
		       : gb_fail(err, GB_EPARSE, "kept measurement: another environment");
}

int gb_replay_again(struct gb_run *run, const char *path, const char *to, const char *text,
		    size_t len, struct gb_err *err)
{
	__attribute__((cleanup(release))) struct kept k = { 0 };
	struct gb_package *p = gb_run_package(run, path);
	int rc;

	if (!p)
		return gb_fail(err, GB_ENOTFOUND, "no package %s to replay a run of", path);
	if ((rc = is_sound(path, to, run, text, len, err)) || (rc = parse(text, len, &k, err)))
		return rc;
	return merge(p, &k, run->runs, &(struct moving){ k.below, to }, err);
}

bool gb_replay_may_keep(const struct gb_package *p)
{
	if (!p->passed)
		return false;
	for (size_t i = 0; i < p->n_troubles; i++)
		if (p->troubles[i].kind != GB_TROUBLE_NO_TESTS)
			return false;
	for (size_t i = 0; i < p->n_tests; i++)
		if (p->tests[i].outcome != GB_PASS && p->tests[i].outcome != GB_SKIP)
			return false;
	return p->measured || (p->n_troubles == 1 && p->n_tests == 0);
}
