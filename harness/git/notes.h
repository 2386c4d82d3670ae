/*
 * notes - what is kept of commits under refs/notes/gobudget, as git notes keep it.
 *
 * All notes are read as one sorted list, changed, and written back as one tree and one commit.
 * The reference moves only if nobody moved it meanwhile: GB_EEXIST, and the caller reads again.
 * Fan-out is read, and written flat.
 *
 * Merging is by note, three ways: what one side dropped and the other left alone stays dropped;
 * where both have a text, the caller's function makes one of them.  The reference only grows, so a
 * remote takes it without force.
 */
#ifndef GB_GIT_NOTES_H
#define GB_GIT_NOTES_H

#include "git/repo.h"

#include <stddef.h>
#include <stdint.h>

struct gb_buf;

#define GB_NOTES_REF "refs/notes/gobudget"

struct gb_note_entry {
	char commit[41], blob[41];
};

struct gb_notes {
	struct gb_note_entry *v; /* sorted by commit */
	size_t n, cap;
	char tip[41];	/* the commit that has them, "": there are none yet */
	char other[41]; /* what was merged into them, "": nothing */
	bool forward;	/* ... and has all that they had: the reference moves there */
	int64_t grew; /* bytes that the repository took for what was written since they were read */
};

/* `tip` NULL: what our own reference has; it need not be there.  A tip that is not here: GB_ESYS. */
int gb_notes_load(const struct gb_repo *repo, const char *tip, struct gb_notes *ret,
		  struct gb_err *err);
void gb_notes_release(struct gb_notes *notes);

const struct gb_note_entry *gb_notes_find(const struct gb_notes *notes, const char *commit);
int gb_notes_set(const struct gb_repo *repo, struct gb_notes *notes, const char *commit,
		 const char *text, size_t len, struct gb_err *err);

/* Makes `ours` the merge of both; merge() appends the one text of two.  1, or 0 where ours has all of
 * theirs already and nothing is to be written. */
int gb_notes_merge(const struct gb_repo *repo, struct gb_notes *ours, const struct gb_notes *theirs,
		   int (*merge)(const char *a, const char *b, struct gb_buf *out,
				struct gb_err *err),
		   struct gb_err *err);

/* Keeps the newest `keep`, those that a tag names, and those whose commit is not in this clone. */
int gb_notes_prune(const struct gb_repo *repo, struct gb_notes *notes, size_t keep,
		   struct gb_err *err);

/*
 * Drops the oldest until all together have at most `max` bytes as they are written, before git
 * packs them (0: any number); that of `commit`, of tagged commits and of those that are not in this
 * clone stay.  *ret_total: what those that stay have, which is more than max where they alone do.
 */
int gb_notes_bound(const struct gb_repo *repo, struct gb_notes *notes, const char *commit,
		   int64_t max, int64_t *ret_total, struct gb_err *err);

/* Writes them; tip is the new one then.  GB_EEXIST: the reference moved since they were read. */
int gb_notes_write(const struct gb_repo *repo, struct gb_notes *notes, const char *message,
		   struct gb_err *err);

#endif
