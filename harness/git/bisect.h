/*
 * bisect - which commit to ask next, so that few have to be asked.
 *
 * Commits are numbers in a graph (git/range.h has it), the last one is bad, and whatever lies
 * outside of the graph is good.  The rules are git bisect's: candidates are the ancestors of the
 * bad commit that no good commit has; the next one is that whose answer leaves the fewest in the
 * worse case.  Where that one was skipped, it is the best some way off, as neighbours are likely
 * to be skipped too (git takes one by chance there, which may be far from the middle).
 *
 * Commits whose answer costs nothing are asked first, as long as any is among the candidates.
 */
#ifndef GB_GIT_BISECT_H
#define GB_GIT_BISECT_H

#include "git/range.h"

enum gb_bisect_word { GB_BISECT_UNKNOWN, GB_BISECT_GOOD, GB_BISECT_BAD, GB_BISECT_SKIP };

struct gb_bisect {
	const struct gb_range *range; /* borrowed */
	enum gb_bisect_word *word;    /* by commit */
	bool *cheap;		      /* the caller's to fill */
	size_t bad;		      /* the oldest known to be */
	size_t n_skips;
	size_t *weight; /* of candidates: how many candidates it has, itself too; 0: no candidate */
	size_t *stamp, *stack;
};

enum gb_bisect_state {
	GB_BISECT_ASK,	   /* *commit is the next */
	GB_BISECT_FOUND,   /* *commit is it */
	GB_BISECT_SKIPPED, /* it is among the candidates, which cannot be told apart */
};

struct gb_bisect_step {
	enum gb_bisect_state state;
	size_t commit;
	size_t candidates; /* how many there are, the bad one too */
	size_t about;	   /* so many are to be asked, this one too, if none is skipped */
};

int gb_bisect_begin(struct gb_bisect *b, const struct gb_range *range, struct gb_err *err);
void gb_bisect_next(struct gb_bisect *b, struct gb_bisect_step *ret);
/* What the commit that was asked is. */
void gb_bisect_tell(struct gb_bisect *b, size_t commit, enum gb_bisect_word word);
/* After gb_bisect_next(). */
bool gb_bisect_is_candidate(const struct gb_bisect *b, size_t commit);
void gb_bisect_end(struct gb_bisect *b);

#endif
