/*
 * bisect - the commit after which a test is worse, in as few measurements as git bisect takes.
 *
 * Both ends are measured first.  A commit is bad when its value is nearer to the bad end's than to
 * the good one's, or above --limit.  What notes have of the bad commit's environment is believed.
 */
#include "cmd/bisect.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "cmd/locate.h"
#include "cmd/trust.h"
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bisect b = { .metric = -1, .limit = -1, .runs = 2 };
static const char *metric_name, *json;
static bool trusted;

static const struct gb_opt opts[] = {
	{ "metric", 0, GB_OPT_STRING, "NAME",
	  "which number (the first that is worse of goroutines, alloc_space, alloc_objects)",
	  &metric_name, 0, 0, false },
	{ "limit", 0, GB_OPT_SIZE, "SIZE", "bad is what is above this (half-way between both ends)",
	  &b.limit, 0, 0, false },
	{ "runs", 0, GB_OPT_INT, "N",
	  "runs of each commit, the later half under exact settings (2)", &b.runs, 1, 1000, false },
	{ "json", 0, GB_OPT_STRING, "FILE", "write the result as JSON (- for standard output)",
	  &json, 0, 0, false },
	{ "note", 0, GB_OPT_FLAG, NULL, "keep what is measured in the commits' git notes", &b.note,
	  0, 0, false },
	{ "timeout", 0, GB_OPT_DURATION, "TIME", "deadline of each package (go test's -timeout)",
	  &b.timeout_ms, 0, 0, false },
	{ "memory", 0, GB_OPT_SIZE, "SIZE", "stop a test binary that holds more than this",
	  &b.memory, 0, 0, false },
	{ "trusted", 0, GB_OPT_FLAG, NULL,
	  "measure under pull_request_target and workflow_run, too", &trusted, 0, 0, false },
	{ "quiet", 'q', GB_OPT_FLAG, NULL, "tell only the result", &b.quiet, 0, 0, false },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

static int usage(struct gb_err *err, const char *what)
{
	gb_fail(err, GB_EUSAGE, "bisect: %s", what);
	return gb_hint(err, "gobudget bisect TestCache/evict [./store] v1.0..HEAD");
}

static int read_words(int argc, char **argv, int first, int dashdash, struct gb_err *err)
{
	int end = dashdash < argc ? dashdash : argc, rc = 0;
	const char *dots;

	if (end - first < 2 || !(dots = strstr(argv[end - 1], "..")) || gb_starts(dots, "..."))
		return usage(err, end == first ? "which test, and between which commits?"
					       : "between which commits? GOOD..BAD comes last");
	b.test = argv[first];
	b.range = argv[end - 1];
	if (dots == b.range)
		return usage(err, "which commit is good? GOOD..BAD");
	for (int i = first + 1; i < end - 1 && rc >= 0; i++)
		rc = gb_strlist_add(&b.packages, argv[i], err);
	for (int i = dashdash + 1; i < argc && rc >= 0; i++)
		rc = gb_strlist_add(&b.go_flags, argv[i], err);
	b.good_name = gb_strndup(b.range, (size_t)(dots - b.range));
	b.bad_name = gb_strdup(dots[2] ? dots + 2 : "HEAD");
	return rc < 0 ? rc : b.good_name && b.bad_name ? 0 : gb_fail_nomem(err);
}

static int read_metric(struct gb_err *err)
{
	if (!metric_name)
		return 0;
	b.metric = gb_metric_find(metric_name);
	if (b.metric >= 0 && gb_metrics[b.metric].judged)
		return 0;
	gb_fail(err, GB_EUSAGE, "no metric \"%.100s\" is judged", metric_name);
	return gb_hint(err, "`man gobudget` lists them: alloc_space, goroutines ...");
}

static int not_an_ancestor(struct gb_err *err)
{
	gb_fail(err, GB_EUSAGE, "%s is not among the ancestors of %s", b.good_name, b.bad_name);
	return gb_hint(err, "begin where both parted: $(git merge-base %.100s %.100s)..%.100s",
		       b.good_name, b.bad_name, b.bad_name);
}

static int find_commits(struct gb_err *err)
{
	int rc = gb_repo_commit(b.at.repo, b.bad_name, b.bad, err);

	if (rc >= 0)
		rc = gb_repo_commit(b.at.repo, b.good_name, b.good, err);
	if (rc == GB_ENOTFOUND)
		return err->code = GB_EUSAGE;
	if (rc >= 0 && strcmp(b.good, b.bad) == 0)
		return gb_fail(err, GB_EUSAGE, "%s and %s are the same commit", b.good_name,
			       b.bad_name);
	if (rc >= 0)
		rc = gb_range_reaches(b.at.repo, b.bad, b.good, err);
	if (rc == 0)
		return not_an_ancestor(err);
	if (rc >= 0)
		rc = gb_range_read(b.at.repo, b.good, b.bad, &b.commits, err);
	return rc < 0 ? rc : gb_bisect_begin(&b.choice, &b.commits, err);
}

/* Where no package was named, the one that declares the test in the bad commit. */
static int find_package(struct gb_err *err)
{
	int rc = at_go(&b.at, b.bad, err);

	if (rc < 0 || b.packages.n > 0)
		return rc;
	if (!b.at.dir)
		return gb_fail(err, GB_EUSAGE, "%s has no folder %s", b.bad_name, b.at.below);
	if (strcmp(b.test, GB_PACKAGE_ROW) == 0)
		return usage(err, "(package) of which one?");
	if ((rc = locate_test_in(b.at.dir, b.test, &b.packages, err)) < 0)
		return rc;
	if (b.packages.n == 0) {
		gb_fail(err, GB_EUSAGE, "no _test.go file of %s below here declares %.200s",
			b.bad_name, b.test);
		return gb_hint(err, "the whole name, as go test prints it; or name the package");
	}
	if (b.packages.n > 1) {
		gb_fail(err, GB_EUSAGE, "%.200s is declared in %s and in %s", b.test,
			b.packages.v[0], b.packages.v[1]);
		return gb_hint(err, "gobudget bisect %.100s %.200s %.100s", b.test, b.packages.v[0],
			       b.range);
	}
	return 0;
}

/* Both ends must be known, or there is nothing to compare. */
static int ask_end(const char *name, const char *commit, struct bisect_answer **ret,
		   struct gb_err *err)
{
	int rc = bisect_ask(&b, commit, ret, err);

	if (rc < 0)
		return rc;
	if (!(*ret)->why) {
		bisect_say_end_point(&b, name, *ret);
		return 0;
	}
	bisect_say_log(&b, *ret);
	gb_fail(err, GB_EMEASURE, "%s cannot be measured: %s", name, (*ret)->why);
	return gb_hint(err, "both ends of the range have to be: choose another commit near it");
}

/*
 * Is m worse at the bad end?  By more than is recorded as its spread; and by more than the runs lie
 * apart here, or in all of them (the later half has settings of its own).
 */
static bool is_worse(const struct bisect_answer *good, const struct bisect_answer *bad, int m)
{
	bool goroutine = gb_metrics[m].goroutine;
	int64_t delta, apart;

	if (!((good->has & bad->has) >> m & 1))
		return false;
	delta = goroutine ? bad->most[m] - good->most[m] : bad->least[m] - good->least[m];
	if (delta <= 0 || (bad->has_recorded >> m & 1 && delta <= bad->recorded[m]))
		return false;
	apart = bad->most[m] - bad->least[m];
	if (good->most[m] - good->least[m] > apart)
		apart = good->most[m] - good->least[m];
	return delta > apart || (bad->least[m] > good->least[m] && bad->most[m] > good->most[m]);
}

static int nothing_worse(const struct bisect_answer *good, const struct bisect_answer *bad,
			 struct gb_err *err)
{
	char was[32], is[32];

	if (b.metric < 0) {
		gb_fail(err, GB_EMEASURE, "%s is not worse at %s than at %s in any number", b.test,
			b.bad_name, b.good_name);
		return gb_hint(err, "--metric NAME asks for one that is not looked at by itself");
	}
	gb_metric_format(was, sizeof(was), (enum gb_metric)b.metric, bisect_value(&b, good));
	gb_metric_format(is, sizeof(is), (enum gb_metric)b.metric, bisect_value(&b, bad));
	gb_fail(err, GB_EMEASURE,
		"there is nothing to find: %s of %s is %s at %s and %s at %s, within what its runs "
		"differ by",
		gb_metrics[b.metric].name, b.test, was, b.good_name, is, b.bad_name);
	return gb_hint(err, "--runs 6 measures more often; goroutines that leak now and then "
			    "want that");
}

static int choose_metric(const struct bisect_answer *good, const struct bisect_answer *bad,
			 struct gb_err *err)
{
	static const enum gb_metric order[] = { GB_GOROUTINES, GB_ALLOC_SPACE, GB_ALLOC_OBJECTS,
						GB_BYTES_PER_OP, GB_ALLOCS_PER_OP };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]) && b.metric < 0; i++)
		if (is_worse(good, bad, order[i]))
			b.metric = order[i];
	return b.metric < 0 ? nothing_worse(good, bad, err) : 0;
}

static int choose_limit(const struct bisect_answer *good, const struct bisect_answer *bad,
			struct gb_err *err)
{
	int64_t low, high;
	char text[32];

	if (!(good->has >> b.metric & 1) || !(bad->has >> b.metric & 1))
		return gb_fail(err, GB_EMEASURE, "no %s was measured of %s at both ends",
			       gb_metrics[b.metric].name, b.test);
	low = bisect_value(&b, good);
	high = bisect_value(&b, bad);
	if (b.limit >= 0 && (low > b.limit || high <= b.limit)) {
		gb_metric_format(text, sizeof(text), (enum gb_metric)b.metric, b.limit);
		gb_fail(err, GB_EUSAGE, "%s must lie above %s, and %s not", b.bad_name, text,
			b.good_name);
		return gb_hint(err, "without --limit, half-way between both is taken");
	}
	if (b.limit >= 0)
		return 0;
	if (!is_worse(good, bad, b.metric))
		return nothing_worse(good, bad, err);
	b.half_way = true;
	b.limit = low + (high - low) / 2;
	return 0;
}

static int search(struct gb_bisect_step *s, struct gb_err *err)
{
	for (gb_bisect_next(&b.choice, s); s->state == GB_BISECT_ASK;
	     gb_bisect_next(&b.choice, s)) {
		struct bisect_answer *a;
		int rc;

		bisect_say_question(&b, s);
		if ((rc = bisect_ask(&b, b.commits.v[s->commit].id, &a, err)) < 0)
			return rc;
		a->word = a->why || !(a->has >> b.metric & 1) ? GB_BISECT_SKIP
			  : bisect_value(&b, a) > b.limit     ? GB_BISECT_BAD
							      : GB_BISECT_GOOD;
		bisect_say_answer(&b, s, a);
		gb_bisect_tell(&b.choice, s->commit, a->word);
	}
	return 0;
}

/* Where to go on: the narrowest range that is known. */
static int interrupted(struct gb_err *err)
{
	const char *good = b.good_name, *bad = b.bad_name;

	for (size_t i = 0; i < b.n && b.choice.word; i++) {
		if (b.answers[i]->word == GB_BISECT_GOOD)
			good = b.answers[i]->id;
		if (b.answers[i]->word == GB_BISECT_BAD)
			bad = b.answers[i]->id;
	}
	gb_fail(err, GB_EINTR, "interrupted; nothing is left behind");
	if (b.metric >= 0 && b.limit >= 0)
		return gb_hint(err,
			       "go on with: gobudget bisect %.100s%s%.100s --metric %s "
			       "--limit %lld %.40s..%.40s",
			       b.test, b.packages.n ? " " : "", b.packages.n ? b.packages.v[0] : "",
			       gb_metrics[b.metric].name, (long long)b.limit, good, bad);
	return GB_EINTR;
}

static int add_candidates(size_t **ret, size_t *ret_n, struct gb_err *err)
{
	size_t *v = gb_calloc(b.commits.n, sizeof(*v)), n = 0;

	for (size_t i = 0; v && i < b.commits.n; i++)
		if (gb_bisect_is_candidate(&b.choice, i))
			v[n++] = i;
	*ret = v;
	*ret_n = n;
	return v ? 0 : gb_fail_nomem(err);
}

static int finish(const struct gb_bisect_step *s, struct bisect_result *r, struct gb_err *err)
{
	_free_ size_t *candidates = NULL;
	struct bisect_answer *culprit;
	int rc = add_candidates(&candidates, &r->n_candidates, err);

	r->candidates = candidates;
	if (rc >= 0 && s->state == GB_BISECT_FOUND) {
		rc = bisect_ask(&b, b.commits.v[s->commit].id, &culprit, err);
		r->culprit = rc < 0 ? NULL : culprit;
		if (rc >= 0)
			rc = bisect_result_fill(&b, r, err);
	}
	if (rc >= 0)
		rc = bisect_say_result(&b, r, err);
	if (rc >= 0 && json)
		rc = bisect_json(&b, r, json, err);
	r->candidates = NULL;
	return rc < 0 ? rc : r->culprit ? 0 : 3;
}

static int bisect(struct gb_err *err)
{
	struct bisect_answer *good = NULL, *bad = NULL;
	struct bisect_result r = { 0 };
	struct gb_bisect_step s;
	int rc = at_open(&b.at, err);

	if (rc < 0 || (rc = find_commits(err)) < 0 || (rc = find_package(err)) < 0 ||
	    (rc = gb_notes_load(b.at.repo, NULL, &b.notes, err)) < 0)
		return rc;
	bisect_say_begin(&b);
	if ((rc = ask_end(b.bad_name, b.bad, &bad, err)) < 0 ||
	    (rc = ask_end(b.good_name, b.good, &good, err)) < 0 ||
	    (rc = choose_metric(good, bad, err)) < 0 || (rc = choose_limit(good, bad, err)) < 0 ||
	    (rc = bisect_mark_known(&b, err)) < 0)
		return rc;
	bisect_say_rule(&b);
	if ((rc = search(&s, err)) < 0)
		return rc;
	r.good = good;
	r.bad = bad;
	rc = finish(&s, &r, err);
	bisect_result_release(&r);
	return rc;
}

static int bisect_run(int argc, char **argv, struct gb_err *err)
{
	int first, dashdash;
	int rc = gb_args_parse("bisect", opts, argc, argv, &first, &dashdash, err);

	if (rc >= 0)
		rc = read_words(argc, argv, first, dashdash, err);
	if (rc >= 0)
		rc = read_metric(err);
	if (rc >= 0)
		rc = trust_event(trusted, err);
	b.began_ms = gb_now_ms();
	b.at.quiet = b.quiet;
	b.at.timeout_ms = GB_AT_DEADLINE_MS;
	gb_term_init(&b.term, gb_streq(json, "-") ? stderr : stdout);
	if (rc >= 0)
		rc = bisect(err);
	if (rc == GB_EINTR)
		rc = interrupted(err);
	bisect_release(&b);
	return rc;
}

const struct gb_command cmd_bisect = {
	.name = "bisect",
	.args = "TEST [PACKAGE] GOOD..BAD [-- go test flags]",
	.summary = "find the commit after which a test allocates or leaves more",
	.about =
		"Measures the test's package, whole, at both commits and then at those between\n"
		"that tell most, as git bisect does, in a scratch work tree: yours, the index,\n"
		"HEAD and the stash stay as they are. A commit is bad when its value is nearer to\n"
		"BAD's than to GOOD's, or above --limit. Commits that do not build or lack the\n"
		"test are skipped; what git notes know of this environment costs nothing.\n"
		"\n"
		"Tells the commit with its author, the numbers before and after, the test's\n"
		"budget and who gave it, and the lines that did it (explain --base).\n"
		"\n"
		"Exit status: 0 found, 2 wrong usage, 3 nothing to find, only skipped commits\n"
		"left, or an end of the range could not be measured.",
	.opts = opts,
	.run = bisect_run,
};
