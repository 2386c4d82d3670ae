/*
 * policy - the repository-wide rules, in budgets/_policy.json, and waivers.
 *
 *	{
 *	  "gates": {
 *	    "alloc_space":   {"over": "10%", "and": "4 KiB"},
 *	    "goroutines":    {"over": 0}
 *	  },
 *	  "ceilings": [
 *	    {"tests": "**", "goroutines": 2},
 *	    {"tests": "**HTTP**", "packages": "**", "goroutines": 5, "alloc_space": "64 MiB"}
 *	  ],
 *	  "on": {"new": "warn", "gone": "fail", "grew": "warn", "slack": "ignore",
 *         "incomparable": "fail", "hung": "fail", "proven": "fail", "left": "warn",
 *	         "drift": "warn", "window": "fail", "near": "warn"},
 *	  "living": [
 *	    {"created_by": "example.com/shop/pool.(*Pool).start", "count": 4, "reason": "one per CPU"}
 *	  ],
 *	  "warn_only": ["goroutines_peak", "goroutines_created"],
 *	  "slack": {"under": "50%", "and": "64 KiB"},
 *	  "raise": "allow",
 *	  "drift": {"since": "v1.2.0", "over": "5%", "and": "1 KiB"},
 *	  "windows": [
 *	    {"tests": "**", "metric": "alloc_space", "of": "median", "days": 7, "at_least": 3,
 *	     "over": "20%", "and": "1 KiB"}
 *	  ],
 *	  "near": [{"tests": "**", "metric": "alloc_space", "share": "80%", "nights": 3}],
 *	  "notes": {"keep": 500, "max": "64 MiB"},
 *	  "cpu": {"warn": "10%", "fail": "15%"},
 *	  "settle": "1s", "repeats": 4, "record_runs": 5, "gcflags": "-l",
 *	  "rules": {"loop-variable": false, "large-capture": "4 KiB"},
 *	  "hook": {"time": "60s", "on_timeout": "allow"},
 *	  "waivers": [
 *	    {"package": "example.com/shop/store", "test": "TestCache", "metric": "alloc_space",
 *	     "ceiling": "2 MiB", "until": "2026-12-31", "reason": "rewrite under way, #123"}
 *	  ]
 *	}
 *
 * All keys are optional, "$schema" is allowed.  A gate is relative AND absolute: a sample is
 * over when it exceeds the budget by more than `over` and by more than `and`; so
 * the ceiling is budget + max(over x budget, and).  `over` may be a percentage
 * or an absolute amount; of a gate that names only one of the two, the other is the built-in
 * one's.  Ceilings are for tests without a budget of their own
 * for that metric; where several match, the last one that names the metric wins.  Patterns are
 * gb_glob()'s.  The row "(package)" is no test: only a pattern that begins with "(" means it.
 * A list replaces the built-in one, it does not add to it.
 *
 * The built-in policy (no file): 10% for bytes and objects, 0 for goroutine metrics,
 * and much for what hangs on the machine and the moment (budgets/README.md has the numbers);
 * new warn, gone fail, grew warn, slack ignore, incomparable fail, hung and
 * proven fail, drift and near warn, window fail; goroutines_peak and goroutines_created only warn; settle 1s, 4
 * repeats, 5 recording runs, gcflags "-l"; left goroutines of tests without any budget or ceiling
 * warn (`on.left`); none are meant to live.
 *
 * `raise` is what a change needs that lifts its own budget: "allow" (it is shown all the same),
 * "reason" (a new one in its row) or "waiver" (in the base's policy, for at least as much).
 *
 * `hook`: how long `gobudget hook run` may keep a push waiting, and whether the push then goes on
 * ("allow", built in) or not ("block").
 *
 * `living` names goroutines that are meant to live, by the function that creates them (gb_glob()'s
 * patterns), with how many there are in one test binary: see living.h.
 *
 * `drift` judges growth since a fixed commit, too: see drift.h.  There is none in the built-in
 * policy; what it leaves out is 5%, and 0 bytes.  Nothing but `since` must be there.
 * `notes` says of how many of the newest commits `notes prune` and `nightly` keep measurements,
 * and how many bytes all that `nightly` keeps may have, before git packs it.
 * `cpu` says by how much benchmarks may become slower: see bench.h and policy_cpu.h.
 * `windows` are ceilings that move with what earlier nights measured, `near` warns of tests that stay
 * close to their budget: see windows.h.  There are none in the built-in policy.
 *
 * A waiver replaces the ceiling of one metric of one test until the end of its
 * day (UTC); package and test are exact names, not patterns.  An expired one is GB_EUSAGE
 * that says when it ended; one that would not be needed is fine.
 */
#ifndef GB_BUDGET_POLICY_H
#define GB_BUDGET_POLICY_H

#include "escape/rules.h"
#include "go/run.h"

struct gb_err;

#define GB_POLICY_FILE "budgets/_policy.json"

#include <time.h>

enum gb_action { GB_ACT_IGNORE, GB_ACT_WARN, GB_ACT_FAIL };

/* What a change needs that raises its own budget. */
enum gb_raise { GB_RAISE_ALLOW, GB_RAISE_REASON, GB_RAISE_WAIVER };

struct gb_gate {
	bool relative;	/* `over` is a share of the budget, else `amount` */
	double share;	/* 0.10 */
	int64_t amount; /* when not relative */
	int64_t and_;	/* absolute part, 0: none */
};

struct gb_ceiling {
	char *tests, *packages; /* patterns; packages NULL: all */
	int64_t v[GB_METRICS];
	uint32_t has;
	size_t line;
};

struct gb_waiver {
	char *package, *test, *reason;
	enum gb_metric metric;
	int64_t ceiling;
	char until[11]; /* "YYYY-MM-DD" */
	size_t line;
};

/* Goroutines that are meant to live. */
struct gb_living {
	char *created_by; /* a pattern */
	int64_t count;	  /* in one test binary, at least 1 */
	char *reason;
	size_t line;
};

/* Growth since a fixed commit. */
struct gb_drift {
	char *since;  /* a tag, a date "YYYY-MM-DD", or a commit's 40 digits; NULL: not judged */
	double share; /* 0.05 */
	int64_t and_; /* of sizes, and by more than so many bytes */
	char *reason; /* why it was moved, or NULL */
	size_t line;
};

/* By which share the median of a benchmark's ns/op may rise; INFINITY: never. */
struct gb_cpu {
	double warn, fail;
};

/* What a window's ceiling is a share of. */
enum gb_window_of { GB_WINDOW_MEDIAN, GB_WINDOW_MIN, GB_WINDOW_MAX, GB_WINDOW_OFS };

/* A ceiling that moves: above what the nights of so many days measured. */
struct gb_window {
	char *tests, *packages; /* patterns; packages NULL: all */
	enum gb_metric metric;
	enum gb_window_of of;
	int days;
	int at_least; /* nights; with fewer there is no ceiling */
	double over;  /* 0.2 */
	int64_t and_;
	char *reason; /* why it is so loose, or NULL */
	size_t line;
};

/* At this share of its budget or more, so many nights in a row. */
struct gb_near {
	char *tests, *packages;
	enum gb_metric metric;
	double share;
	int nights;
	size_t line;
};

struct gb_policy {
	bool built_in; /* no _policy.json */
	char *path;
	struct gb_gate gates[GB_METRICS];
	struct gb_ceiling *ceilings;
	size_t n_ceilings, cap_ceilings;
	struct gb_waiver *waivers;
	size_t n_waivers, cap_waivers;
	struct gb_living *living;
	size_t n_living, cap_living;
	enum gb_action on_new, on_gone, on_grew, on_slack, on_incomparable, on_hung, on_proven,
		on_left, on_drift, on_window, on_near;
	enum gb_raise raise;
	uint32_t warn_only; /* bit m */
	double slack_under; /* budget more than this share above what was measured ... */
	int64_t slack_and;  /* ... and, of sizes, by more than this many bytes */
	int64_t settle_ms;
	int repeats; /* more runs of a package with a test over budget */
	int record_runs;
	char *gcflags;
	struct gb_rule_options rules;
	struct gb_drift drift;
	struct gb_cpu cpu;
	struct gb_window *windows;
	size_t n_windows, cap_windows;
	struct gb_near *near;
	size_t n_near, cap_near;
	int64_t keep_notes; /* of so many commits */
	int64_t max_notes;  /* bytes of all of them as they are written, 0: any number */
	int64_t hook_ms;    /* a push waits at most so long */
	bool hook_blocks;   /* ... and then does not go on */
};

/* The built-in policy. */
int gb_policy_default(struct gb_policy **ret, struct gb_err *err);
/* `now` decides which waivers have expired. */
int gb_policy_parse(const char *name, const char *text, size_t len, time_t now,
		    struct gb_policy **ret, struct gb_err *err);
/* budgets/_policy.json below module_dir, or the built-in one. */
int gb_policy_load(const char *module_dir, time_t now, struct gb_policy **ret, struct gb_err *err);
struct gb_repo;
/* As a commit has it, see gb_budgets_load_commit(). */
int gb_policy_load_commit(const struct gb_repo *repo, const char *commit, const char *below,
			  time_t now, struct gb_policy **ret, struct gb_err *err);
void gb_policy_free(struct gb_policy *p);

/* budget + headroom, saturating. */
int64_t gb_policy_ceiling(const struct gb_policy *p, enum gb_metric m, int64_t budget);
/* The default ceiling for a test without a budget; false if no rule names the metric. */
bool gb_policy_default_ceiling(const struct gb_policy *p, const char *package, const char *test,
			       enum gb_metric m, int64_t *ret, size_t *ret_rule);
/* The last rule for it, or NULL. */
const struct gb_window *gb_policy_window(const struct gb_policy *p, const char *package,
					 const char *test, enum gb_metric m);
const struct gb_near *gb_policy_near(const struct gb_policy *p, const char *package,
				     const char *test, enum gb_metric m);
const struct gb_waiver *gb_policy_waiver(const struct gb_policy *p, const char *package,
					 const char *test, enum gb_metric m);

#endif
