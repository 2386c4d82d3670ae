/*
 * history_index - what walks over history found, kept in the cache (base/cache.h).
 *
 * What history.h reads follows from the names of commits alone: they stand for all they reach.
 * So an entry is kept under what was asked, the commit where the walk began included, and holds in
 * any repository, whatever references do, and is never out of date.  Only a shallow clone, where a
 * walk ends early, neither gives nor gets any.
 *
 *	found	the commits of gb_history_read(), by all of its options
 *	seen	the commits that such a walk looked at, and the files it watched
 *	tips	the commits from which the same was asked last in this repository: a hint which of
 *		the other two to look for
 *
 * Of new commits on top of one of those only they are walked: see gb_walk_options.known.  Each
 * entry is read as from a stranger: what does not fit is not there.
 */
#ifndef GB_BUDGET_HISTORY_INDEX_H
#define GB_BUDGET_HISTORY_INDEX_H

#include "base/hash.h"
#include "budget/history.h"
#include "git/walk.h"

struct gb_buf;
struct gb_strlist;

#define GB_HISTORY_TIPS 4

struct history_index {
	struct gb_cache *cache; /* NULL: none here */
	const struct gb_history_options *o;
	struct gb_history found; /* what was asked for, or what follows `known` */
	struct gb_walk_seen known, seen;
	struct gb_strlist *watched; /* of the known walk */
	char tips_key[GB_HASH_HEX + 1];
	char tips[GB_HISTORY_TIPS][41];
};

/* 1: it is known, history_index_take() gives it.  0: walk. */
int history_index_open(struct history_index *x, const struct gb_repo *repo,
		       const struct gb_history_options *o, struct gb_err *err);
struct gb_history history_index_take(struct history_index *x);

/* For the walk: an earlier one over the same files, or NULL; where to put what is seen, or NULL. */
const struct gb_walk_seen *history_index_known(struct history_index *x,
					       const struct gb_strlist *watched);
struct gb_walk_seen *history_index_seen(struct history_index *x);
/* The walk met the earlier one: adds its commits. */
int history_index_append(struct history_index *x, struct gb_history *h, struct gb_err *err);
/* Keeps what was found; what cannot be kept is not.  GB_ENOMEM. */
int history_index_keep(struct history_index *x, const struct gb_strlist *watched,
		       const struct gb_history *h, struct gb_err *err);
void history_index_close(struct history_index *x);

/* An entry's bytes, and back: GB_EPARSE for anything that is none. */
void history_index_write(const struct gb_history *h, struct gb_buf *out);
int history_index_read(const char *data, size_t len, struct gb_history *ret, struct gb_err *err);

#endif
