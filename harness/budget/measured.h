/*
 * measured - what `gobudget measure` says of a commit: a file from one gobudget to another.
 *
 *	{"version":1,"measured":{...as in budget/note.h...},
 *	"environment":"go1.26 linux/amd64 ...","known":false,"end":"fine","why":"",
 *	"exit_status":0,"ran":12,"failing":0,"warning":0,
 *	"verdicts":{"within":24,"over":0},
 *	"tests":[{"package":"example.com/shop/store","outcome":"pass",
 *	"least":{"alloc_space":9216},"most":{"alloc_space":9280},
 *	"budget":{"alloc_space":9216},"spread":{"alloc_space":64}}]}
 *
 * A note is such a file's beginning.  Tests can write to it while they run, so it is read as
 * anything from outside is.
 */
#ifndef GB_BUDGET_MEASURED_H
#define GB_BUDGET_MEASURED_H

#include "budget/judge.h"
#include "budget/note.h"

enum gb_measured_end {
	GB_MEASURED_FINE,
	GB_MEASURED_BUILD,   /* something did not build */
	GB_MEASURED_FAIL,    /* something failed, or could not be measured to its end */
	GB_MEASURED_NOTHING, /* nothing ran */
	GB_MEASURED_ENDS
};

/* One package's test that was asked about. */
struct gb_measured_test {
	char *package;
	enum gb_outcome outcome;
	uint32_t has; /* bit m: least[m] and most[m] are known */
	int64_t least[GB_METRICS], most[GB_METRICS];
	uint32_t has_budget, has_spread; /* as committed there, for this environment */
	int64_t budget[GB_METRICS], spread[GB_METRICS];
};

struct gb_measured_commit {
	struct gb_note note; /* what was measured; of one that was known, nothing */
	char *env;
	bool known; /* a note had it all: nothing ran */
	enum gb_measured_end end;
	char *why; /* one line: what did not build, or failed; "" */
	int64_t exit_status;
	int64_t ran, failing, warning; /* tests; verdicts */
	int64_t count[GB_VERDICTS];
	struct gb_measured_test *tests;
	size_t n_tests, cap_tests;
};

/* From a run and what was judged; `test` NULL: none is asked about. */
int gb_measured_of_run(const struct gb_run *run, const struct gb_verdicts *v,
		       const struct gb_budgets *budgets, const char *test,
		       struct gb_measured_commit *ret, struct gb_err *err);
void gb_measured_write(const struct gb_measured_commit *m, struct gb_buf *out);
/* GB_EUSAGE for anything that is no such file. */
int gb_measured_parse(const char *name, const char *text, size_t len,
		      struct gb_measured_commit *ret, struct gb_err *err);
void gb_measured_release(struct gb_measured_commit *m);

/* The value that counts: the least of bytes and objects, the most of goroutines. */
int64_t gb_measured_value(const struct gb_measured_test *t, enum gb_metric m);

#endif
