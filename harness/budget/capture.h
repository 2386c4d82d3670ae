/*
 * capture - what a running service's profiles tell, and whether its budget allows that.
 *
 * Shots are taken one after the other; each gets what /debug/pprof answered (gb_capture_add()), in
 * any order, and at the end everything is judged once:
 *
 *	gb_capture_begin(c, now_ms, "10:02:03", err)	a new shot
 *	gb_capture_add(c, kind, bytes, len, err)	... as often as there are profiles
 *	gb_capture_judge(c, err)
 *
 * Goroutines are grouped by where they were created, where they wait and in which state (from the
 * text; no binary profile knows).  Values of the other profiles are summed up by the innermost
 * frame outside the standard library, in the first and the last shot.
 *
 * Growth is per minute: the median of the slopes between any two shots (Theil and Sen), so that
 * one busy moment is no trend.  Of levels the worst shot counts.  `proven` is the most of all
 * shots, since one that was found once can be missed the next time.
 *
 * Waiting is counted in whole minutes.  Blocked is what waits on a channel, in a select or for
 * a lock: a goroutine that sleeps, reads or accepts is not, and neither is the main one.
 */
#ifndef GB_BUDGET_CAPTURE_H
#define GB_BUDGET_CAPTURE_H

#include "budget/service.h"
#include "go/run.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;
struct gb_profile;

enum gb_capture_kind {
	GB_CAPTURE_GOROUTINE,
	GB_CAPTURE_STACKS, /* goroutines as text */
	GB_CAPTURE_LEAK,
	GB_CAPTURE_HEAP,
	GB_CAPTURE_ALLOCS,
	GB_CAPTURE_MUTEX,
	GB_CAPTURE_BLOCK,
	GB_CAPTURE_KINDS,
};

struct gb_capture_source {
	const char *name;  /* "goroutine", as files are named */
	const char *query; /* what is asked for below /debug/pprof/ */
	const char *value; /* of a sample that is summed up, NULL: it is no profile */
	const char *words; /* "live heap": what people read */
};

extern const struct gb_capture_source gb_capture_sources[GB_CAPTURE_KINDS];

#define GB_CAPTURE_UNKNOWN ((int64_t)-1)

struct gb_capture_shot {
	int64_t at_ms;			 /* since the first */
	char *time;			 /* for people */
	int64_t value[GB_CAPTURE_KINDS]; /* the sum of each profile, or GB_CAPTURE_UNKNOWN */
	int64_t blocked;		 /* goroutines that `blocked` of the budget counts */
	bool cut;			 /* the text ends before the last goroutine */
};

/* Goroutines of one kind. */
struct gb_capture_group {
	struct gb_site created; /* func "" for the main goroutine */
	struct gb_site where;	/* innermost frame outside the library, else its own function */
	char *state;
	int64_t *count, *blocked; /* by shot */
	int64_t minutes;	  /* the longest wait in any shot */
	bool leaked, never, main;
	size_t rule; /* of the budget's sites, from 1; 0: none */
};

/* What one place weighs in a profile. */
struct gb_capture_weight {
	struct gb_site site;
	int64_t first, last; /* the same with one shot */
};

struct gb_capture_weights {
	struct gb_capture_weight *v; /* most growth first, then the heaviest */
	size_t n, cap;
	const char *unit; /* "bytes", "nanoseconds", "count"; NULL: there is no such profile */
};

struct gb_capture_verdict {
	const char *name;		    /* "goroutines", "growth.live_heap", "sites" */
	const struct gb_service_site *rule; /* of "sites" */
	int64_t measured, ceiling;
	bool is_bytes, per_minute, over;
	size_t shot; /* that was the worst; of what is per minute, the last */
};

struct gb_capturing {
	const struct gb_service *budget;
	size_t most_shots;
	struct gb_capture_shot *shots;
	size_t n_shots, cap_shots;
	struct gb_capture_group *groups; /* judged: most growth first, then the largest */
	size_t n_groups, cap_groups;
	struct gb_profile *first[GB_CAPTURE_KINDS], *last[GB_CAPTURE_KINDS];
	struct gb_capture_weights weights[GB_CAPTURE_KINDS]; /* judged */
	struct gb_capture_verdict *verdicts;		     /* judged, in the file's order */
	size_t n_verdicts, cap_verdicts;
	size_t n_over;
	double growth[GB_CAPTURE_KINDS]; /* per minute, judged */
	bool grows[GB_CAPTURE_KINDS];	 /* growth is known */
	void *by_key;			 /* of groups */
};

/* The budget has to live as long. */
int gb_capture_new(const struct gb_service *budget, size_t most_shots, struct gb_capturing **ret,
		   struct gb_err *err);
void gb_capture_free(struct gb_capturing *c);
void gb_cleanup_capture(struct gb_capturing **pc);
#define _capture_ __attribute__((cleanup(gb_cleanup_capture)))

int gb_capture_begin(struct gb_capturing *c, int64_t now_ms, const char *time, struct gb_err *err);
/* GB_EPARSE: it is not what it should be; `name` is for that message. */
int gb_capture_add(struct gb_capturing *c, enum gb_capture_kind kind, const char *name,
		   const char *bytes, size_t len, struct gb_err *err);

/* GB_EMEASURE: the budget names what no shot told. */
int gb_capture_judge(struct gb_capturing *c, struct gb_err *err);

/* Per minute, judged; false where fewer than two shots have a value. */
bool gb_capture_growth(const struct gb_capturing *c, enum gb_capture_kind kind, double *ret);

/* For capture*.c.  Another profile than was asked for is malformed input and no wrong usage. */
int gb_capture_no_such_value(int rc, struct gb_err *err);
/* Is this function the standard library's?  By its name and its file, since the module is unknown. */
bool gb_capture_is_library(const char *function, const char *file);
int gb_capture_add_stacks(struct gb_capturing *c, const char *name, const char *text, size_t len,
			  struct gb_err *err);
void gb_capture_groups_release(struct gb_capturing *c);
int gb_capture_slopes(struct gb_capturing *c, struct gb_err *err);
int gb_capture_weigh(struct gb_capturing *c, enum gb_capture_kind kind, struct gb_err *err);
void gb_capture_weights_release(struct gb_capture_weights *w);

#endif
