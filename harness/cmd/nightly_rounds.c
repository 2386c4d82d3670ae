/*
 * nightly_rounds - who is next.  See nightly.h.
 *
 * A round takes all packages once, tests and benchmarks, and of benchmarks both sides one right
 * after the other: whatever slows the machine down for a while slows all of them.  Which side is
 * first follows the Thue-Morse sequence: each is as often, and neither a drift nor anything that
 * comes and goes in step with the rounds meets one side more than the other.  A round of a package is not begun where it would not end in time,
 * by how long it took before.
 */
#include "cmd/nightly.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/units.h"

#include <inttypes.h>
#include <stdio.h>

static bool is_wanted(const struct nightly_side *s, size_t package, int64_t round)
{
	const struct nightly_progress *v = &s->v[package];

	return s->run && !v->out && round <= s->rounds && v->done < round;
}

/* How long a round of it takes; 0: nobody knows yet. */
static int64_t usual_ms(const struct nightly_side *s, size_t package)
{
	const struct nightly_progress *v = &s->v[package];

	return v->done ? v->ms / v->done : 0;
}

/* Of those that ran already; the others count as the average of their side. */
static int64_t left_ms(const struct nightly *n)
{
	int64_t left = 0;

	for (int i = 0; i < NIGHTLY_SIDES; i++) {
		const struct nightly_side *s = &n->sides[i];
		int64_t known = 0, ms = 0, unknown = 0;

		for (size_t k = 0; s->run && s->v && k < s->run->n_packages; k++) {
			const struct nightly_progress *v = &s->v[k];

			if (v->out || v->done >= s->rounds)
				continue;
			if (!v->done) {
				unknown += s->rounds;
				continue;
			}
			known++;
			ms += usual_ms(s, k);
			left += usual_ms(s, k) * (s->rounds - v->done);
		}
		if (known)
			left += ms / known * unknown;
	}
	return left;
}

static bool is_in_time(const struct nightly *n, const struct nightly_side *s, size_t package)
{
	int64_t deadline = s->how.deadline_ms;

	(void)n;
	return !deadline || gb_now_ms() + usual_ms(s, package) < deadline;
}

static int once(struct nightly *n, enum nightly_what what, size_t package, int64_t round,
		struct gb_err *err)
{
	struct nightly_side *s = &n->sides[what];
	int rc;

	if (!s->run || package >= s->run->n_packages || !is_wanted(s, package, round) ||
	    n->over_time)
		return 0;
	if (!is_in_time(n, s, package)) {
		n->over_time = true;
		return 0;
	}
	rc = nightly_once(n, s, package, err);
	if (rc == GB_ETIME) {
		n->over_time = true;
		return 0;
	}
	n->job.progress.left_ms = left_ms(n);
	return rc;
}

/* The parity of the ones in its binary digits. */
static bool base_is_first(int64_t round)
{
	uint64_t x = (uint64_t)(round - 1);
	bool odd = false;

	for (; x; x &= x - 1)
		odd = !odd;
	return odd;
}

/* Both sides have the same packages at the same places. */
static int benchmarks(struct nightly *n, int64_t round, struct gb_err *err)
{
	const struct nightly_side *head = &n->sides[NIGHTLY_HEAD];
	enum nightly_what first = base_is_first(round) ? NIGHTLY_BASE : NIGHTLY_HEAD;
	enum nightly_what second = base_is_first(round) ? NIGHTLY_HEAD : NIGHTLY_BASE;
	int rc = 0;

	for (size_t i = 0; head->run && i < head->run->n_packages && rc >= 0; i++) {
		rc = once(n, first, i, round, err);
		if (rc >= 0)
			rc = once(n, second, i, round, err);
	}
	return rc;
}

static int tests(struct nightly *n, int64_t round, struct gb_err *err)
{
	const struct nightly_side *s = &n->sides[NIGHTLY_TESTS];
	int rc = 0;

	for (size_t i = 0; i < s->run->n_packages && rc >= 0; i++)
		rc = once(n, NIGHTLY_TESTS, i, round, err);
	return rc;
}

static size_t count_wanted(const struct nightly *n, int64_t round)
{
	size_t wanted = 0;

	for (int i = 0; i < NIGHTLY_SIDES; i++)
		for (size_t k = 0; n->sides[i].run && k < n->sides[i].run->n_packages; k++)
			wanted += is_wanted(&n->sides[i], k, round);
	return wanted;
}

/* In a log a line for each round is what tells that it goes on. */
static void say_round(const struct nightly *n, int64_t round, int64_t rounds, int64_t began)
{
	char took[32], left[32];
	int64_t more = left_ms(n);

	if (n->o->job.quiet || n->job.progress.term.tty)
		return;
	fprintf(stderr, "round %" PRId64 " of %" PRId64 ": %s", round, rounds,
		gb_format_duration(took, sizeof(took), gb_now_ms() - began));
	if (more > 1000 && !n->over_time)
		fprintf(stderr, ", about %s left", gb_format_duration(left, sizeof(left), more));
	fputc('\n', stderr);
}

static int unreached(struct nightly *n, struct gb_err *err)
{
	static const char *const what[] = { [NIGHTLY_TESTS] = "tests",
					    [NIGHTLY_HEAD] = "benchmarks",
					    [NIGHTLY_BASE] = "the base's benchmarks" };
	int rc = 0;

	for (int i = 0; i < NIGHTLY_SIDES; i++) {
		const struct nightly_side *s = &n->sides[i];

		for (size_t k = 0; s->run && k < s->run->n_packages && rc >= 0; k++)
			if (!s->v[k].out && s->v[k].done < s->rounds)
				rc = gb_strlist_addf(&n->unreached, err,
						     "%s of %s: %" PRId64 " of %" PRId64 " rounds",
						     what[i], s->run->packages[k].path,
						     s->v[k].done, s->rounds);
	}
	return rc;
}

/* As many runs as its most patient package had. */
static void count_runs(struct nightly_side *s)
{
	if (!s->run)
		return;
	s->run->runs = 1;
	for (size_t i = 0; i < s->run->n_packages; i++)
		if (s->v[i].done > s->run->runs)
			s->run->runs = (int)s->v[i].done;
}

int nightly_rounds(struct nightly *n, struct gb_err *err)
{
	int64_t rounds = n->o->repeat > n->o->count ? n->o->repeat : n->o->count;
	int rc = 0;

	for (int64_t round = 1; round <= rounds && rc >= 0 && !n->over_time; round++) {
		size_t wanted = count_wanted(n, round);
		int64_t began = gb_now_ms();
		char phase[64];

		if (!wanted)
			continue;
		(void)snprintf(phase, sizeof(phase), "round %" PRId64 " of %" PRId64, round,
			       rounds);
		gb_progress_start(&n->job.progress, !n->o->job.quiet, phase, wanted);
		n->job.progress.left_ms = left_ms(n);
		rc = tests(n, round, err);
		if (rc >= 0)
			rc = benchmarks(n, round, err);
		gb_progress_end(&n->job.progress);
		if (rc >= 0)
			say_round(n, round, rounds, began);
	}
	for (int i = 0; i < NIGHTLY_SIDES; i++)
		count_runs(&n->sides[i]);
	return rc < 0 ? rc : unreached(n, err);
}
