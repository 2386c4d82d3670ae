/*
 * bisect - the parts of `gobudget bisect`.
 *
 *	bisect.c	the command: its words
 *	bisect_find.c	the way from question to answer; trends goes it, too
 *	bisect_ask.c	a commit's value: from its note, or measured
 *	bisect_result.c	what belongs to the culprit: budgets, evidence
 *	bisect_say.c	what people read; bisect_json.c what programs do
 *
 * A value is the least of bytes and objects, the most of goroutines, as a note has them.
 */
#ifndef GB_CMD_BISECT_H
#define GB_CMD_BISECT_H

#include "base/term.h"
#include "budget/history.h"
#include "cmd/at_commit.h"
#include "git/bisect.h"
#include "git/notes.h"

/* One commit asked, in the order in which they were. */
struct bisect_answer {
	char id[41];
	bool known;   /* from its note */
	uint32_t has; /* bit m: least[m], most[m]; 0: none, see why */
	int64_t least[GB_METRICS], most[GB_METRICS];
	uint32_t has_budget, has_recorded;
	int64_t budget[GB_METRICS];   /* as committed there, where it was measured */
	int64_t recorded[GB_METRICS]; /* the spread that stands in the budget file */
	char *env;		      /* NULL: not known */
	char *why;		      /* why it has none: "does not build: ..."; NULL */
	char *log;		      /* of that measurement; NULL */
	int64_t wall_ms;
	enum gb_bisect_word word;
};

struct bisect {
	/* as asked */
	const char *test, *range;
	struct gb_strlist packages; /* patterns, from the folder; of one package in the end */
	struct gb_strlist go_flags;
	int metric;    /* -1: the first that is worse */
	int64_t limit; /* a commit above it is bad; -1: half-way */
	bool half_way;
	int64_t runs, timeout_ms, memory;
	bool note, quiet;
	bool no_lines;	     /* which lines it was is not asked */
	bool silent;	     /* not even what a measurement said that brought nothing */
	int64_t deadline_ms; /* of gb_now_ms(): nothing is measured from then on; 0: none */
	struct bisect_memory *others; /* what was measured for other questions; or NULL */

	struct gb_at at;
	struct gb_notes notes;
	struct gb_range commits;
	struct gb_bisect choice;
	char good[41], bad[41];
	char *good_name, *bad_name; /* as asked */
	char *package, *env;	    /* of the bad commit */
	struct bisect_answer **answers;
	size_t n, cap;
	size_t measured; /* commits */
	struct gb_term term;
	int64_t began_ms;
};

/* ---- bisect_ask.c */

/* The answer of a commit, asked now if it was not before; stays until bisect_release(). */
int bisect_ask(struct bisect *b, const char *commit, struct bisect_answer **ret,
	       struct gb_err *err);
/* As above if that costs nothing, else NULL. */
int bisect_ask_note(struct bisect *b, const char *commit, struct bisect_answer **ret,
		    struct gb_err *err);
int64_t bisect_value(const struct bisect *b, const struct bisect_answer *a);
/* Marks as cheap all commits of the range whose note has the metric. */
int bisect_mark_known(struct bisect *b, struct gb_err *err);
void bisect_release(struct bisect *b);

/* All of the question, but not its scratch folder and the notes: for the next one. */
void bisect_clear(struct bisect *b);

/* What was measured of whole packages, for questions about their other tests. */
struct bisect_memory {
	struct bisect_remembered {
		char id[41];
		char *package; /* as it was asked for */
		struct gb_note note;
		char *why; /* it has no value; NULL */
	} * v;
	size_t n, cap;
};

void bisect_memory_release(struct bisect_memory *m);

/* ---- bisect_find.c */

/*
 * Both ends, then those between that tell most.  b->at is open, b->notes are loaded; the metric
 * and the limit are set where they were not.  GB_ETIME: the deadline has passed; b->choice is as far
 * as it came.  r->culprit is NULL where only candidates are left.
 */
struct bisect_result;
int bisect_find(struct bisect *b, struct bisect_result *r, struct gb_err *err);

/* ---- bisect_say.c */

void bisect_say_begin(struct bisect *b);
void bisect_say_end_point(struct bisect *b, const char *name, const struct bisect_answer *a);
void bisect_say_rule(struct bisect *b);
/* Before a commit is asked (in a log, where a line may stand for minutes), and after. */
void bisect_say_question(struct bisect *b, const struct gb_bisect_step *s);
void bisect_say_answer(struct bisect *b, const struct gb_bisect_step *s,
		       const struct bisect_answer *a);
/* The end of what a measurement that brought nothing said. */
void bisect_say_log(const struct bisect *b, const struct bisect_answer *a);

/* A budget in force, and the commit that gave it. */
struct bisect_budget {
	bool has;
	int64_t value;
	char id[41];
	char *author, *reason; /* reason: or NULL */
	int64_t when;
	int zone;
};

struct bisect_result {
	const struct bisect_answer *good, *bad;
	const struct bisect_answer *culprit, *parent; /* NULL: not found; without a value */
	struct gb_commit_words words;		      /* of the culprit */
	size_t *candidates;			      /* where only skipped ones remain */
	size_t n_candidates;
	struct bisect_budget before, at, now; /* before the culprit, at it, at the bad commit */
	char *evidence;			      /* text for people; NULL: none, and why: */
	char *no_evidence;
};

int bisect_say_result(struct bisect *b, const struct bisect_result *r, struct gb_err *err);
/* budgets/schema/bisect.json */
int bisect_json(const struct bisect *b, const struct bisect_result *r, const char *path,
		struct gb_err *err);
void bisect_add_day(struct gb_buf *out, int64_t when, int zone);

/* ---- bisect_result.c */

/* The parent's numbers, budgets and their authors, and the lines. */
int bisect_result_fill(struct bisect *b, struct bisect_result *r, struct gb_err *err);
void bisect_result_release(struct bisect_result *r);

#endif
