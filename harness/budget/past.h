/*
 * past - what git notes keep of the nights before a commit, for ceilings that move with it.
 *
 * A night is a commit that has a note, among the ancestors of `from`, by the committer's clock.
 * A commit that claims to be younger than `from` by more than a day is none, nor is one that is too
 * old.  Rows are sorted, each with a point for every night on which its test was measured in that
 * environment, newest first.
 *
 * Notes are anybody's to write: one that cannot be read is no night, and the first such is told.
 */
#ifndef GB_BUDGET_PAST_H
#define GB_BUDGET_PAST_H

#include "go/metric.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;
struct gb_repo;

struct gb_past_point {
	int64_t when; /* seconds since 1970 */
	int64_t value;
};

struct gb_past_row {
	char *env, *package, *test;
	enum gb_metric metric;
	struct gb_past_point *points; /* newest first, at least one */
	size_t n, cap;
};

struct gb_past {
	struct gb_past_row *rows;
	size_t n;
	size_t nights;
	int64_t when;  /* of `from` */
	char cut[41];  /* where a shallow clone ends before all was seen, "": it does not */
	char *trouble; /* why the note of a commit says nothing, or NULL */
};

struct gb_past_options {
	const char *from; /* 40 digits */
	bool after;	  /* `from` is the one that is judged: its own note is no night */
	int days;	  /* nights so long before `from` ... */
	size_t nights; /* ... and older ones while there are fewer than this, up to GB_PAST_DAYS */
	/* Is anything to be known of it? */
	bool (*wants)(void *arg, const char *package, const char *test, enum gb_metric m);
	void *arg;
};

#define GB_PAST_DAYS 366

/* GB_ELIMIT past GB_MAX_PAST_NIGHTS, _VALUES and _BYTES.  No notes at all: no nights. */
int gb_past_read(const struct gb_repo *repo, const struct gb_past_options *o, struct gb_past *ret,
		 struct gb_err *err);
/* A commit may claim any time: as one that days can be taken from and added to. */
int64_t gb_past_date(int64_t date);
const struct gb_past_row *gb_past_find(const struct gb_past *p, const char *env,
				       const char *package, const char *test, enum gb_metric m);
void gb_past_release(struct gb_past *p);

struct gb_note;
/* One night more, older than all before it; takes what it needs out of the note. */
int gb_past_add(struct gb_past *p, struct gb_note *note, int64_t when,
		const struct gb_past_options *o, struct gb_err *err);

#endif
