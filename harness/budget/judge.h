/*
 * judge - measured samples against committed budgets.
 *
 * Pure: reads its arguments, allocates the verdicts, touches nothing else; so
 * it is called again after reruns with the same run, which has more samples by
 * then.  Sizes are bytes, counts are goroutines or objects.
 *
 * Bytes and objects are judged by the minimum over the samples: noise only
 * ever adds.  Goroutine metrics are judged by any sample that had too many.
 * Alone metrics are taken from alone samples only.  Under -race bytes and objects only warn.
 *
 * Two gates, kept apart.  `over`: above the ceiling, which is the budget plus the larger of
 * the policy's headroom and, for bytes and objects, twice the recorded spread (five runs of one
 * day do not show the whole range of a test that is unsteady, and none of them was a
 * regression).  `grew`: not over, but more than was measured plus its spread.
 *
 * One verdict per test and metric that has a budget, a default ceiling or a
 * waiver, and was measured; one GB_V_NEW per test (metric -1) that has no budget row although its
 * package's file has a block for this environment, or its module has budgets and the package no
 * file; one GB_V_GONE per budgeted test that never ran (not
 * when the run was filtered or interrupted, not for skipped tests and what is below them, not for
 * packages that were not asked for, did not build or did not finish, not for benchmarks when
 * none ran), and one for a whole package that is no more (test_name NULL; only if run->whole);
 * one GB_V_INCOMPARABLE per package (test NULL) that has budgets, but none for this
 * environment: its tests are then judged by default ceilings only.
 * Failing tests (outcome FAIL, HANG, UNFINISHED) are judged on what they measured only for
 * hung goroutines: their other numbers are of a run that did not end as it should.  Of skipped
 * tests nothing is judged.
 *
 * Hung and proven goroutines are GB_V_OVER with GB_BY_KIND beside the verdict on their number,
 * unless the policy ignores them; a waiver of `goroutines` covers them as well.
 * Goroutines that are meant to live (gb_living_apply()) are no test's: there is one verdict on the
 * row "(package)" for each rule of the policy's list under which the test binary had any, by
 * GB_BY_LIVING: over for more than the rule's count, slack for fewer.
 *
 * Within its budget, ceiling or waiver a test may be over its window (windows.h): GB_V_OVER with
 * GB_BY_WINDOW, unless a waiver allows as much.  Where a window is all there is to judge a metric
 * by and has too few nights yet, the metric is GB_V_NEW.
 *
 * A waiver makes both gates GB_V_WAIVED up to its ceiling, and is the ceiling above it.
 */
#ifndef GB_BUDGET_JUDGE_H
#define GB_BUDGET_JUDGE_H

#include "budget/budget.h"
#include "budget/policy.h"

struct gb_err;

enum gb_verdict {
	GB_V_WITHIN,
	GB_V_OVER,
	GB_V_GREW,
	GB_V_SLACK,
	GB_V_NEW,
	GB_V_GONE,
	GB_V_WAIVED, /* would be over, within its waiver */
	GB_V_INCOMPARABLE,
	GB_V_LEFT, /* no budget or ceiling, but left goroutines behind */
	/* Of gb_judge_base(), see judge_base.h. */
	GB_V_RAISED,	/* this change lifts its own budget */
	GB_V_INHERITED, /* over, and over at the base already */
	/* Of gb_judge_drift(), see drift.h. */
	GB_V_DRIFT, /* grew too far since the policy's anchor */
	/* Beside the verdict on the same number, see windows.h. */
	GB_V_NEAR, /* at a share of its budget or more for some nights */
	GB_VERDICTS
};

enum gb_judged_by {
	GB_BY_BUDGET,
	GB_BY_CEILING,
	GB_BY_WAIVER,
	GB_BY_KIND,   /* hung, proven */
	GB_BY_LIVING, /* the policy's list of goroutines that are meant to live */
	GB_BY_BASE,   /* the base measured here, see judge_difference.h */
	GB_BY_WINDOW, /* what earlier nights measured, see windows.h */
	GB_JUDGED_BY
};

/* Of GB_BY_WINDOW: the ceiling's window; of NEAR: how near, for how long. */
struct gb_judged_window {
	enum gb_window_of of;
	int days, at_least; /* nights */
	size_t nights;	    /* that measured it; of NEAR: in a row, this one among them */
	int64_t percent;    /* over the value, of NEAR of the budget; 12500 is 12.5% */
	int64_t and_;
	int64_t value;	/* the nights' median, say */
	char since[11]; /* of NEAR: "YYYY-MM-DD", "" where the commit's date is none */
	size_t line;	/* of the rule in the policy */
};

struct gb_judgement {
	const struct gb_package *package; /* NULL for GONE of a package that did not run */
	const struct gb_test *test;	  /* NULL for GONE and INCOMPARABLE */
	const char *package_path;
	const char *test_name; /* NULL for a package's verdict; borrowed, as all names */
	int metric;	       /* enum gb_metric, or -1 */
	enum gb_verdict verdict;
	enum gb_action action; /* what this verdict does to the exit status */
	enum gb_judged_by by;
	enum gb_leak leak; /* of GB_BY_KIND */
	bool has_budget;
	int64_t budget;	  /* as committed */
	int64_t ceiling;  /* with headroom, or the waiver's */
	int64_t measured; /* the value that was judged */
	bool has_recorded;
	int64_t recorded, spread; /* what the recording measured */
	size_t over_runs, runs;	  /* of goroutine metrics: "over in 1 of 5 runs" */
	const struct gb_waiver *waiver;
	const struct gb_living *living; /* of GB_BY_LIVING, and its number from 1 */
	int living_rule;
	int64_t at_base;     /* of INHERITED: what the base had */
	enum gb_raise raise; /* of RAISED: what the base's policy wants of it */
	const char *reason;  /* of RAISED: why, as the row says; or NULL */
	const char *was;     /* of RAISED: the package that the test was in at the base; or NULL */
	int64_t at_anchor;   /* of DRIFT: what was measured there ... */
	const char *anchor;  /* ... "v1.2.0 (3c2fe681b2c4)" */
	struct gb_judged_window window;
	const struct gb_budget_file *file; /* where the budget stands, and its line */
	size_t line;
};

struct gb_verdicts {
	struct gb_judgement *v; /* failing first, then warning, then by verdict (worst first), then
				 * the largest relative excess */
	size_t n, cap;
	size_t count[GB_VERDICTS]; /* by verdict; WITHIN counts tests and metrics */
	size_t failing, warning;   /* judgements by action */
	size_t tests;		   /* tests that ran and were measured */
	bool no_budgets;	   /* the module has none: bytes were not judged */
	bool race;		   /* bytes and objects only warn */
};

int gb_judge(const struct gb_run *run, const struct gb_budgets *budgets,
	     const struct gb_policy *policy, struct gb_verdicts *ret, struct gb_err *err);
void gb_verdicts_release(struct gb_verdicts *v);

/* Would more running tell more of this package?  Where something fails for being over its budget
 * or ceiling (bytes may fall under it, leaks show how often they come), or for having grown; and
 * once where bytes or objects grew and that only warns (but not under -race).  Not where goroutines are known to be
 * stuck, and not for other things that only warn. */
bool gb_judge_wants_rerun(const struct gb_verdicts *v, const struct gb_package *p);

/* Adds the names of tests of this package that passed and whose alone metrics are budgeted or have
 * a ceiling; in the order in which they ran. */
struct gb_strlist;
int gb_judge_alone(const struct gb_budgets *b, const struct gb_policy *policy,
		   const struct gb_package *p, const struct gb_environment *env,
		   struct gb_strlist *ret_tests, struct gb_err *err);

/* Is anything budgeted or limited that only the compiler can tell? */
bool gb_judge_wants_compiled(const struct gb_budgets *b, const struct gb_policy *policy,
			     const struct gb_environment *env);

/*
 * Exit status of design.md.  3 wins over 1 only when nothing is over: a regression that was
 * measured is reported as such even if another package failed to build.  3 if any package has a
 * trouble that is not a warning, a hard GONE or INCOMPARABLE, nothing was measured, or every
 * test skipped, unless packages were left out because the change cannot move them or because
 * another shard measures them.
 */
int gb_judge_exit(const struct gb_verdicts *v, const struct gb_run *run);

const char *gb_verdict_name(enum gb_verdict v);
const char *gb_action_name(enum gb_action a);	     /* "fail", "warn", "ignore" */
const char *gb_judged_by_name(enum gb_judged_by by); /* "budget", "ceiling", "waiver", ... */
const char *gb_raise_name(enum gb_raise r);	     /* "allow", "reason", "waiver" */

#endif
