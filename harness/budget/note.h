/*
 * note - what was measured at one commit, as its git note keeps it.
 *
 *	{"version":1,"measured":{
 *	"go1.26 linux/amd64 ...":{
 *	"example.com/shop/store":{
 *	"TestCache":{"goroutines":0,"alloc_space":9216}}}}}
 *
 * By environment (gb_environment_text()), package and test, sorted, a test to a line; integers
 * exact.  Of two measurements of one thing bytes and objects keep the smaller, goroutines the
 * larger, as the judge takes samples: merging in any order, and twice, gives the same text.
 */
#ifndef GB_BUDGET_NOTE_H
#define GB_BUDGET_NOTE_H

#include "go/run.h"

struct gb_buf;

struct gb_note_value {
	char *env, *package, *test;
	enum gb_metric metric;
	int64_t value;
};

struct gb_note {
	struct gb_note_value *v; /* sorted, each once, after parse and fold */
	size_t n, cap;
};

/* GB_EUSAGE for anything that is no note. */
int gb_note_parse(const char *name, const char *text, size_t len, struct gb_note *ret,
		  struct gb_err *err);
/* What a run measured of tests that passed. */
int gb_note_of_run(const struct gb_run *run, struct gb_note *ret, struct gb_err *err);
/* A copy of one value more; in order, or after the last. */
int gb_note_add(struct gb_note *note, const struct gb_note_value *v, struct gb_err *err);
void gb_note_write(const struct gb_note *note, struct gb_buf *out);
/* The value of that environment, package, test and metric, or NULL. */
const struct gb_note_value *gb_note_find(const struct gb_note *note,
					 const struct gb_note_value *like);
void gb_note_release(struct gb_note *note);

/* The one text of two. */
int gb_note_merge(const char *a, const char *b, struct gb_buf *out, struct gb_err *err);

#endif
