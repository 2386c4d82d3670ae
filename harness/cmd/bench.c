/* bench - what go test -bench printed before and after, judged as nightly judges. */
#include "budget/bench.h"

#include "base/buf.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/term.h"
#include "budget/policy.h"
#include "cmd/profile.h"
#include "command.h"
#include "go/benchlines.h"
#include "pprof/profile.h"
#include "report/bench.h"
#include "report/jsonw.h"

#include <math.h>
#include <string.h>
#include <time.h>

static const char *json, *markdown, *old_cpu, *new_cpu;
static bool all;

static const struct gb_opt opts[] = {
	{ "all", 'a', GB_OPT_FLAG, NULL, "show benchmarks without a difference, too", &all, 0, 0,
	  false },
	{ "old-profile", 0, GB_OPT_STRING, "FILE", "the CPU profile of OLD (go test -cpuprofile)",
	  &old_cpu, 0, 0, false },
	{ "new-profile", 0, GB_OPT_STRING, "FILE",
	  "the CPU profile of NEW: tells the functions that became slower", &new_cpu, 0, 0, false },
	{ "json", 0, GB_OPT_STRING, "FILE", "write all of it as JSON (- for standard output)",
	  &json, 0, 0, false },
	{ "markdown", 0, GB_OPT_STRING, "FILE", "write it as Markdown, for a job summary",
	  &markdown, 0, 0, false },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

struct reading {
	struct gb_benches *b;
	enum gb_bench_side side;
};

static int on_value(void *arg, const struct gb_benchline *v, struct gb_err *err)
{
	const struct reading *r = arg;

	return gb_benches_add(r->b, v->package, v->name, v->metric, r->side, v->value, err);
}

/* A file that is not there, or has nothing, is a mistake of who named it. */
static int read_side(const char *path, enum gb_bench_side side, struct gb_benches *b,
		     struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_RECORD);
	struct reading r = { b, side };
	struct gb_benchlines seen;
	int rc;

	if ((rc = gb_fs_read(path, &text, err)) < 0)
		return rc == GB_ENOMEM ? rc : GB_EUSAGE;
	if ((rc = gb_benchlines_walk(path, text.data, text.len, on_value, &r, &seen, err)) < 0)
		return rc == GB_ENOMEM ? rc : GB_EUSAGE;
	if (!seen.values) {
		gb_fail(err, GB_EUSAGE, "%s has no benchmarks", path);
		return gb_hint(err, "%s",
			       text.data[0] == '{'
				       ? "it looks like JSON; go test -bench without -json writes "
					 "what is read here"
				       : "go test -run '^$' -bench . -count 10 > FILE writes it");
	}
	return 0;
}

/* What the names of all packages have in common, in whole elements: the module, or part of it. */
static char *module_of(const struct gb_benches *b)
{
	const char *first = b->v[0].package;
	size_t len = strlen(first);

	for (size_t i = 1; i < b->n; i++) {
		const char *other = b->v[i].package;

		while (len &&
		       (strncmp(first, other, len) != 0 || (other[len] && other[len] != '/') ||
			(first[len] && first[len] != '/')))
			len--;
	}
	return gb_strndup(first, len);
}

/* One profile is of all benchmarks of its file. */
static int explain(struct gb_benches *b, struct gb_err *err)
{
	_profile_ struct gb_profile *old = NULL, *now = NULL;
	_free_ char *module = NULL;
	int rc;

	if (!old_cpu && !new_cpu)
		return 0;
	if (!old_cpu || !new_cpu)
		return gb_fail(err, GB_EUSAGE, "--old-profile and --new-profile go together");
	if ((rc = gb_profile_open(old_cpu, &old, err)) < 0 ||
	    (rc = gb_profile_open(new_cpu, &now, err)) < 0)
		return rc;
	if (!(module = module_of(b)))
		return gb_fail_nomem(err);
	for (size_t i = 0; i < b->n; i++) {
		struct gb_bench *row = &b->v[i];

		if (row->metric != GB_NS_PER_OP ||
		    (row->word != GB_BENCH_OVER && row->word != GB_BENCH_WARN))
			continue;
		rc = gb_bench_explain(row, module, false, old, now, err);
		if (rc < 0)
			return rc == GB_EPARSE ? GB_EUSAGE : rc;
	}
	return 0;
}

static bool is_stdout(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

static int put(const char *path, const struct gb_buf *out, struct gb_err *err)
{
	if (out->failed)
		return gb_buf_error(out, "the report", err);
	return is_stdout(path) ? gb_command_print(out, err)
			       : gb_fs_write(path, out->data, out->len, err);
}

static void add_json(const struct gb_benches *b, const struct gb_cpu *cpu, struct gb_buf *out)
{
	struct gb_jsonw w = { .out = out };

	gb_jsonw_open(&w, NULL, '{', false);
	gb_jsonw_int(&w, "version", 1);
	gb_jsonw_open(&w, "cpu", '{', true);
	gb_jsonw_double(&w, "warn", cpu->warn);
	gb_jsonw_double(&w, "fail", cpu->fail);
	gb_jsonw_close(&w, '}');
	gb_bench_json(b, "benchmarks", &w);
	gb_jsonw_close(&w, '}');
}

static int show(const struct gb_benches *b, struct gb_bench_look *look, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_REPORT);
	int rc = 0;

	if (json) {
		add_json(b, look->cpu, &text);
		rc = put(json, &text, err);
		gb_buf_release(&text);
	}
	if (rc >= 0 && markdown) {
		text = (struct gb_buf)GB_BUF_INIT(GB_MAX_MARKDOWN);
		gb_bench_markdown(b, look, &text);
		rc = put(markdown, &text, err);
		gb_buf_release(&text);
	}
	if (rc >= 0 && !is_stdout(json) && !is_stdout(markdown)) {
		struct gb_term term;

		gb_term_init(&term, stdout);
		look->colour = term.colour;
		look->utf8 = term.utf8;
		text = (struct gb_buf)GB_BUF_INIT(GB_MAX_REPORT);
		gb_bench_text(b, look, &text);
		rc = put("-", &text, err);
	}
	return rc;
}

/* The name of a file does for a heading, unless both have the same. */
static void headings(const char *old, const char *now, struct gb_bench_look *look)
{
	const char *a = strrchr(old, '/'), *b = strrchr(now, '/');

	look->before = a ? a + 1 : old;
	look->after = b ? b + 1 : now;
	if (strcmp(look->before, look->after) == 0) {
		look->before = old;
		look->after = now;
	}
}

static int judge(const char *old, const char *now, struct gb_err *err)
{
	_benches_ struct gb_benches b = { 0 };
	struct gb_bench_look look = { .all = all };
	struct gb_policy *policy = NULL;
	int rc = gb_policy_load(".", time(NULL), &policy, err);

	headings(old, now, &look);
	if (rc >= 0)
		rc = read_side(old, GB_BEFORE, &b, err);
	if (rc >= 0)
		rc = read_side(now, GB_AFTER, &b, err);
	if (rc >= 0)
		rc = gb_benches_judge(&b, &policy->cpu, err);
	if (rc >= 0)
		rc = explain(&b, err);
	if (rc >= 0) {
		look.cpu = &policy->cpu;
		rc = show(&b, &look, err);
	}
	gb_policy_free(policy);
	if (rc >= 0 && !b.compared) {
		gb_fail(err, GB_EMEASURE, "no benchmark is in both files");
		return gb_hint(err, "names are compared whole, with the -8 of GOMAXPROCS");
	}
	return rc < 0 ? rc : b.words[GB_BENCH_OVER] > 0;
}

static int run(int argc, char **argv, struct gb_err *err)
{
	int first, dashdash;
	int rc = gb_args_parse("bench", opts, argc, argv, &first, &dashdash, err);

	if (rc < 0)
		return rc;
	if (dashdash - first != 2 || dashdash < argc) {
		gb_fail(err, GB_EUSAGE, "bench takes two files, got %d", dashdash - first);
		return gb_hint(err, "gobudget bench OLD NEW, as go test -bench printed them");
	}
	if (is_stdout(json) && is_stdout(markdown))
		return gb_fail(err, GB_EUSAGE,
			       "--json and --markdown cannot both go to standard output");
	return judge(argv[first], argv[first + 1], err);
}

const struct gb_command cmd_bench = {
	.name = "bench",
	.args = "OLD NEW",
	.summary = "judge two outputs of go test -bench",
	.about =
		"Compares benchmarks that were measured before and after, ten times each or more:\n"
		"\n"
		"  go test -run '^$' -bench . -count 10 ./... > new.txt\n"
		"\n"
		"The numbers are benchstat's. Medians of sec/op that rose by more than the\n"
		"policy's cpu.warn (10%) warn, by more than cpu.fail (15%) fail, both only where\n"
		"the Mann-Whitney test says that the difference is real, among all benchmarks\n"
		"there are. The policy is budgets/_policy.json of\n"
		"this folder.\n"
		"\n"
		"Exit status: 0 nothing is over, 1 something is, 2 a file is none, 3 no benchmark\n"
		"is in both.",
	.opts = opts,
	.run = run,
};
