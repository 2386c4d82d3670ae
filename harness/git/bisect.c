#include "git/bisect.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

int gb_bisect_begin(struct gb_bisect *b, const struct gb_range *range, struct gb_err *err)
{
	size_t n = range->n;

	*b = (struct gb_bisect){ .range = range, .bad = n - 1 };
	b->word = gb_calloc(n, sizeof(*b->word));
	b->cheap = gb_calloc(n, sizeof(*b->cheap));
	b->weight = gb_calloc(n, sizeof(*b->weight));
	b->stamp = gb_calloc(n, sizeof(*b->stamp));
	b->stack = gb_calloc(n, sizeof(*b->stack));
	if (!b->word || !b->cheap || !b->weight || !b->stamp || !b->stack) {
		gb_bisect_end(b);
		return gb_fail_nomem(err);
	}
	b->word[n - 1] = GB_BISECT_BAD;
	return 0;
}

void gb_bisect_end(struct gb_bisect *b)
{
	free(b->word);
	free(b->cheap);
	free(b->weight);
	free(b->stamp);
	free(b->stack);
	*b = (struct gb_bisect){ 0 };
}

void gb_bisect_tell(struct gb_bisect *b, size_t commit, enum gb_bisect_word word)
{
	b->word[commit] = word;
	if (word == GB_BISECT_BAD)
		b->bad = commit;
	b->n_skips += word == GB_BISECT_SKIP;
}

bool gb_bisect_is_candidate(const struct gb_bisect *b, size_t commit)
{
	return b->weight[commit] > 0;
}

/* Weight 1 for the bad commit's ancestors that no good one has.  Children come last in the range,
 * so one pass from there meets each commit after all that have it. */
static size_t find_candidates(struct gb_bisect *b)
{
	enum { FROM_BAD = 1, FROM_GOOD = 2 };
	size_t n = 0;

	memset(b->stamp, 0, b->range->n * sizeof(*b->stamp));
	b->stamp[b->bad] = FROM_BAD;
	for (size_t i = b->range->n; i-- > 0;) {
		const struct gb_range_commit *c = &b->range->v[i];

		if (b->word[i] == GB_BISECT_GOOD)
			b->stamp[i] |= FROM_GOOD;
		for (size_t k = 0; k < c->n_parents; k++)
			b->stamp[c->parents[k]] |= b->stamp[i];
		b->weight[i] = b->stamp[i] == FROM_BAD;
		n += b->weight[i];
	}
	return n;
}

/* Of a merge: its candidates counted one by one. */
static size_t count_from(struct gb_bisect *b, size_t commit)
{
	size_t n = 0, depth = 0;

	b->stamp[commit] = commit + 1;
	b->stack[depth++] = commit;
	while (depth > 0) {
		const struct gb_range_commit *c = &b->range->v[b->stack[--depth]];

		n++;
		for (size_t k = 0; k < c->n_parents; k++) {
			size_t p = c->parents[k];

			if (!b->weight[p] || b->stamp[p] == commit + 1)
				continue;
			b->stamp[p] = commit + 1;
			b->stack[depth++] = p;
		}
	}
	return n;
}

/* Parents come first; on a line of commits each has one more than its parent. */
static void weigh(struct gb_bisect *b)
{
	memset(b->stamp, 0, b->range->n * sizeof(*b->stamp));
	for (size_t i = 0; i < b->range->n; i++) {
		const struct gb_range_commit *c = &b->range->v[i];
		size_t n_parents = 0, most = 0;

		if (!b->weight[i])
			continue;
		for (size_t k = 0; k < c->n_parents; k++) {
			size_t w = b->weight[c->parents[k]];

			n_parents += w > 0;
			most = w > most ? w : most;
		}
		b->weight[i] = n_parents < 2 ? most + 1 : count_from(b, i);
	}
}

/* What is left in the worse of both answers is all but this many. */
static size_t gain(const struct gb_bisect *b, size_t i, size_t n)
{
	size_t w = b->weight[i];

	return w < n - w ? w : n - w;
}

/*
 * How far from skipped commits the next one has to be, in candidates: an eighth of what may be lost
 * there, and more with each that was skipped in vain, but never so far that little is gained.
 */
static size_t distance(const struct gb_bisect *b, size_t n)
{
	size_t skips = 0, d = n / 32;

	for (size_t i = 0; i < b->range->n; i++)
		skips += b->weight[i] && b->word[i] == GB_BISECT_SKIP;
	for (size_t i = 0; i < skips && d * 2 <= n / 4; i++)
		d *= 2;
	return d + 1;
}

static bool is_near_a_skip(const struct gb_bisect *b, size_t commit, size_t d)
{
	for (size_t i = 0; i < b->range->n; i++) {
		size_t w = b->weight[i], v = b->weight[commit];

		if (w && b->word[i] == GB_BISECT_SKIP && (w > v ? w - v : v - w) < d)
			return true;
	}
	return false;
}

/* The neighbours of a commit that does not build do not build either, more often than not. */
static size_t skip_away(const struct gb_bisect *b, size_t n, size_t fallback)
{
	size_t best = fallback, most = 0, d = distance(b, n);

	for (size_t i = 0; i < b->range->n; i++) {
		if (!b->weight[i] || b->word[i] != GB_BISECT_UNKNOWN || gain(b, i, n) <= most ||
		    is_near_a_skip(b, i, d))
			continue;
		best = i;
		most = gain(b, i, n);
	}
	return best;
}

/* git's estimate_bisect_steps(), and the one that is asked now. */
static size_t estimate(size_t n)
{
	size_t e = 1, log = 0;

	if (n < 3)
		return n > 1;
	while (e * 2 <= n) {
		e *= 2;
		log++;
	}
	return (e < 3 * (n - e) ? log : log - 1) + 1;
}

/* The best of those that can be asked, only cheap ones if so; n: there is none. */
static size_t best_of(const struct gb_bisect *b, size_t n, bool cheap)
{
	size_t best = b->range->n, most = 0;

	for (size_t i = 0; i < b->range->n; i++) {
		if (!b->weight[i] || b->word[i] != GB_BISECT_UNKNOWN || (cheap && !b->cheap[i]))
			continue;
		if (best == b->range->n || gain(b, i, n) > most) {
			best = i;
			most = gain(b, i, n);
		}
	}
	return best;
}

static bool was_better_skipped(const struct gb_bisect *b, size_t n, size_t best)
{
	for (size_t i = 0; i < b->range->n && b->n_skips; i++)
		if (b->weight[i] && b->word[i] == GB_BISECT_SKIP &&
		    gain(b, i, n) >= gain(b, best, n))
			return true;
	return false;
}

void gb_bisect_next(struct gb_bisect *b, struct gb_bisect_step *ret)
{
	size_t n = find_candidates(b), best;

	weigh(b);
	*ret = (struct gb_bisect_step){ GB_BISECT_FOUND, b->bad, n, estimate(n) };
	if (n < 2)
		return;
	best = best_of(b, n, true);
	if (best == b->range->n) {
		best = best_of(b, n, false);
		if (best < b->range->n && was_better_skipped(b, n, best))
			best = skip_away(b, n, best);
	}
	ret->state = best < b->range->n ? GB_BISECT_ASK : GB_BISECT_SKIPPED;
	ret->commit = best < b->range->n ? best : b->bad;
}
