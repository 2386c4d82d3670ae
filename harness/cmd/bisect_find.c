/* From the question to the answer.  See bisect.h. */
#include "cmd/bisect.h"

#include "base/err.h"
#include "base/mem.h"
#include "cmd/locate.h"

#include <string.h>

static int not_an_ancestor(struct bisect *b, struct gb_err *err)
{
	gb_fail(err, GB_EUSAGE, "%s is not among the ancestors of %s", b->good_name, b->bad_name);
	return gb_hint(err, "begin where both parted: $(git merge-base %.100s %.100s)..%.100s",
		       b->good_name, b->bad_name, b->bad_name);
}

static int find_commits(struct bisect *b, struct gb_err *err)
{
	int rc = gb_repo_commit(b->at.repo, b->bad_name, b->bad, err);

	if (rc >= 0)
		rc = gb_repo_commit(b->at.repo, b->good_name, b->good, err);
	if (rc == GB_ENOTFOUND)
		return err->code = GB_EUSAGE;
	if (rc >= 0 && strcmp(b->good, b->bad) == 0)
		return gb_fail(err, GB_EUSAGE, "%s and %s are the same commit", b->good_name,
			       b->bad_name);
	if (rc >= 0)
		rc = gb_range_reaches(b->at.repo, b->bad, b->good, err);
	if (rc == 0)
		return not_an_ancestor(b, err);
	if (rc >= 0)
		rc = gb_range_read(b->at.repo, b->good, b->bad, &b->commits, err);
	return rc < 0 ? rc : gb_bisect_begin(&b->choice, &b->commits, err);
}

/* Where no package was named, the one that declares the test in the bad commit. */
static int find_package(struct bisect *b, struct gb_err *err)
{
	int rc = at_go(&b->at, b->bad, err);

	if (rc < 0 || b->packages.n > 0)
		return rc;
	if (!b->at.dir)
		return gb_fail(err, GB_EUSAGE, "%s has no folder %s", b->bad_name, b->at.below);
	if (strcmp(b->test, GB_PACKAGE_ROW) == 0) {
		gb_fail(err, GB_EUSAGE, "bisect: (package) of which one?");
		return gb_hint(err, "gobudget bisect '(package)' ./store v1.0..HEAD");
	}
	if ((rc = locate_test_in(b->at.dir, b->test, &b->packages, err)) < 0)
		return rc;
	if (b->packages.n == 0) {
		gb_fail(err, GB_EUSAGE, "no _test.go file of %s below here declares %.200s",
			b->bad_name, b->test);
		return gb_hint(err, "the whole name, as go test prints it; or name the package");
	}
	if (b->packages.n > 1) {
		gb_fail(err, GB_EUSAGE, "%.200s is declared in %s and in %s", b->test,
			b->packages.v[0], b->packages.v[1]);
		return gb_hint(err, "gobudget bisect %.100s %.200s %.100s", b->test,
			       b->packages.v[0], b->range);
	}
	return 0;
}

/* Both ends must be known, or there is nothing to compare. */
static int ask_end(struct bisect *b, const char *name, const char *commit,
		   struct bisect_answer **ret, struct gb_err *err)
{
	int rc = bisect_ask(b, commit, ret, err);

	if (rc < 0)
		return rc;
	if (!(*ret)->why) {
		bisect_say_end_point(b, name, *ret);
		return 0;
	}
	bisect_say_log(b, *ret);
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

static int nothing_worse(struct bisect *b, const struct bisect_answer *good,
			 const struct bisect_answer *bad, struct gb_err *err)
{
	char was[32], is[32];

	if (b->metric < 0) {
		gb_fail(err, GB_EMEASURE, "%s is not worse at %s than at %s in any number", b->test,
			b->bad_name, b->good_name);
		return gb_hint(err, "--metric NAME asks for one that is not looked at by itself");
	}
	gb_metric_format(was, sizeof(was), (enum gb_metric)b->metric, bisect_value(b, good));
	gb_metric_format(is, sizeof(is), (enum gb_metric)b->metric, bisect_value(b, bad));
	gb_fail(err, GB_EMEASURE,
		"there is nothing to find: %s of %s is %s at %s and %s at %s, within what its runs "
		"differ by",
		gb_metrics[b->metric].name, b->test, was, b->good_name, is, b->bad_name);
	return gb_hint(err, "--runs 6 measures more often; goroutines that leak now and then "
			    "want that");
}

static int choose_metric(struct bisect *b, const struct bisect_answer *good,
			 const struct bisect_answer *bad, struct gb_err *err)
{
	static const enum gb_metric order[] = { GB_GOROUTINES, GB_ALLOC_SPACE, GB_ALLOC_OBJECTS,
						GB_BYTES_PER_OP, GB_ALLOCS_PER_OP };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]) && b->metric < 0; i++)
		if (is_worse(good, bad, order[i]))
			b->metric = order[i];
	return b->metric < 0 ? nothing_worse(b, good, bad, err) : 0;
}

static int choose_limit(struct bisect *b, const struct bisect_answer *good,
			const struct bisect_answer *bad, struct gb_err *err)
{
	int64_t low, high;
	char text[32];

	if (!(good->has >> b->metric & 1) || !(bad->has >> b->metric & 1))
		return gb_fail(err, GB_EMEASURE, "no %s was measured of %s at both ends",
			       gb_metrics[b->metric].name, b->test);
	low = bisect_value(b, good);
	high = bisect_value(b, bad);
	if (b->limit >= 0 && (low > b->limit || high <= b->limit)) {
		gb_metric_format(text, sizeof(text), (enum gb_metric)b->metric, b->limit);
		gb_fail(err, GB_EUSAGE, "%s must lie above %s, and %s not", b->bad_name, text,
			b->good_name);
		return gb_hint(err, "without --limit, half-way between both is taken");
	}
	if (b->limit >= 0)
		return 0;
	if (!is_worse(good, bad, b->metric))
		return nothing_worse(b, good, bad, err);
	b->half_way = true;
	b->limit = low + (high - low) / 2;
	return 0;
}

static int search(struct bisect *b, struct gb_bisect_step *s, struct gb_err *err)
{
	for (gb_bisect_next(&b->choice, s); s->state == GB_BISECT_ASK;
	     gb_bisect_next(&b->choice, s)) {
		struct bisect_answer *a;
		int rc;

		bisect_say_question(b, s);
		if ((rc = bisect_ask(b, b->commits.v[s->commit].id, &a, err)) < 0)
			return rc;
		a->word = a->why || !(a->has >> b->metric & 1) ? GB_BISECT_SKIP
			  : bisect_value(b, a) > b->limit      ? GB_BISECT_BAD
							       : GB_BISECT_GOOD;
		bisect_say_answer(b, s, a);
		gb_bisect_tell(&b->choice, s->commit, a->word);
	}
	return 0;
}

static int add_candidates(struct bisect *b, size_t **ret, size_t *ret_n, struct gb_err *err)
{
	size_t *v = gb_calloc(b->commits.n, sizeof(*v)), n = 0;

	for (size_t i = 0; v && i < b->commits.n; i++)
		if (gb_bisect_is_candidate(&b->choice, i))
			v[n++] = i;
	*ret = v;
	*ret_n = n;
	return v ? 0 : gb_fail_nomem(err);
}

static int finish(struct bisect *b, const struct gb_bisect_step *s, struct bisect_result *r,
		  struct gb_err *err)
{
	struct bisect_answer *culprit;
	int rc = add_candidates(b, &r->candidates, &r->n_candidates, err);

	if (rc < 0 || s->state != GB_BISECT_FOUND)
		return rc;
	rc = bisect_ask(b, b->commits.v[s->commit].id, &culprit, err);
	r->culprit = rc < 0 ? NULL : culprit;
	return rc < 0 ? rc : bisect_result_fill(b, r, err);
}

int bisect_find(struct bisect *b, struct bisect_result *r, struct gb_err *err)
{
	struct bisect_answer *good = NULL, *bad = NULL;
	struct gb_bisect_step s;
	int rc = find_commits(b, err);

	if (rc < 0 || (rc = find_package(b, err)) < 0)
		return rc;
	bisect_say_begin(b);
	if ((rc = ask_end(b, b->bad_name, b->bad, &bad, err)) < 0 ||
	    (rc = ask_end(b, b->good_name, b->good, &good, err)) < 0 ||
	    (rc = choose_metric(b, good, bad, err)) < 0 ||
	    (rc = choose_limit(b, good, bad, err)) < 0 || (rc = bisect_mark_known(b, err)) < 0)
		return rc;
	bisect_say_rule(b);
	if ((rc = search(b, &s, err)) < 0)
		return rc;
	r->good = good;
	r->bad = bad;
	return finish(b, &s, r, err);
}
