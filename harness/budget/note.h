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
 *
 * A night also keeps what its rounds of benchmarks gave, since times are compared by all of them
 * and only on one CPU (gb_cpus_name()):
 *
 *	"benchmarks":{
 *	"go1.26 linux/amd64 ...":{
 *	"AMD EPYC 7763 64-Core Processor, 4 CPUs":{
 *	"example.com/shop/store":{
 *	"BenchmarkGet":{"ns/op":[41200,41350,41350]}}}}}}
 *
 * Samples are sorted, times in picoseconds.  Merging two lists gives each value as often as the
 * one has it that has it more often; of more than GB_MAX_NOTE_SAMPLES a choice stays that hangs on
 * the values alone.
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

/* Of one benchmark. */
struct gb_note_samples {
	char *env, *cpu, *package, *test;
	enum gb_metric metric;
	int64_t *v; /* sorted, the least first */
	size_t n;
};

struct gb_note {
	struct gb_note_value *v; /* sorted, each once, after parse and fold */
	size_t n, cap;
	struct gb_note_samples *s; /* likewise */
	size_t n_s, cap_s;
};

/* GB_EUSAGE for anything that is no note. */
int gb_note_parse(const char *name, const char *text, size_t len, struct gb_note *ret,
		  struct gb_err *err);
/* What a run measured of tests that passed. */
int gb_note_of_run(const struct gb_run *run, struct gb_note *ret, struct gb_err *err);
/* A copy of one value more; in order, or after the last. */
int gb_note_add(struct gb_note *note, const struct gb_note_value *v, struct gb_err *err);
/* A copy of one list more; those that are not sorted are.  Nothing of no samples. */
int gb_note_add_samples(struct gb_note *note, const struct gb_note_samples *like,
			struct gb_err *err);
/* The list of that environment, CPU, benchmark and metric, or NULL. */
const struct gb_note_samples *gb_note_find_samples(const struct gb_note *note,
						   const struct gb_note_samples *like);
/* Of an even number what lies between the two in the middle.  n is not 0. */
int64_t gb_note_median(const struct gb_note_samples *s);
/* After the last was added: in order, each once. */
int gb_note_fold(struct gb_note *note, struct gb_err *err);
void gb_note_write(const struct gb_note *note, struct gb_buf *out);
/* The value of that environment, package, test and metric, or NULL. */
const struct gb_note_value *gb_note_find(const struct gb_note *note,
					 const struct gb_note_value *like);
void gb_note_release(struct gb_note *note);

/* The one text of two. */
int gb_note_merge(const char *a, const char *b, struct gb_buf *out, struct gb_err *err);

#endif
