/*
 * report - verdicts plus evidence: one model, rendered many ways.
 *
 * Borrows the run, the verdicts and the policy; owns its notes.  A renderer is
 * a function that appends text to a buffer; it decides nothing, so that all
 * renderings say the same.  Adding one: a file in report/, a prototype here, an
 * option in cmd/check.c.
 */
#ifndef GB_REPORT_REPORT_H
#define GB_REPORT_REPORT_H

#include "base/strlist.h"
#include "budget/judge.h"
#include "escape/diff.h"
#include "escape/rules.h"
#include "report/commits.h"
#include "report/evidence.h"

struct gb_benches;
struct gb_buf;

/* What the compiler was asked, and said.  All borrowed. */
struct gb_report_escapes {
	const struct gb_escapes *head, *base_set;
	const char *base;		   /* its name; NULL: no base */
	const struct gb_escape_diff *diff; /* to that base, or NULL */
	const struct gb_warnings *warnings;
};

/* Which part of a plan was measured: check --shard.  All borrowed. */
struct gb_report_shard {
	size_t index, of; /* from 1 */
	const char *plan; /* its id (plan/shard.h); "": it came to nothing before */
	size_t all;	  /* packages of the whole plan */
	const struct gb_strlist *packages; /* those of this part, sorted */
};

/* A night's benchmarks, before and after.  All borrowed. */
struct gb_report_bench {
	const struct gb_benches *all; /* judged */
	const char *environment;      /* they were built otherwise than the tests */
	const char *machine;	      /* the CPU: gb_cpus_name() */
	const char *before, *after;   /* what the sides are called; before NULL: there is none */
	const struct gb_cpu *cpu;     /* what they were judged by */
};

struct gb_report {
	const struct gb_run *run;
	const struct gb_verdicts *verdicts;
	const struct gb_policy *policy;
	const char *root; /* the main module's folder in its repository, "" for the top; or NULL */
	const char *module;  /* path of the main module (the first, in a workspace) */
	const char *command; /* how to say it again: "gobudget check ./..." */
	struct gb_strlist
		notes; /* plain sentences: "bytes are not judged until gobudget record has run" */
	int exit_status;
	const struct gb_evidences *evidence;	 /* which line did it; NULL: not asked for */
	const struct gb_report_escapes *escapes; /* NULL: the compiler was not asked */
	const struct gb_report_commits *commits; /* of the change; NULL: not looked at, or one */
	const struct gb_report_shard *shard;	 /* NULL: all of it */
	const struct gb_report_bench *bench;	 /* NULL: no benchmark was compared */
	const char *commit, *base_commit; /* what was judged, and against what; NULL: not known */
};

struct gb_text_options {
	size_t width; /* columns */
	bool colour;
	bool quiet;   /* only what fails, and the last line */
	bool verbose; /* within as well, every stack whole */
};

/* For a terminal or a log: verdicts worst first, goroutine sites, troubles with their output,
 * one last line with the totals. */
void gb_report_text(const struct gb_report *r, const struct gb_text_options *o, struct gb_buf *out);

/* One test, whole: for `explain`. */
void gb_report_explain(const struct gb_report *r, const struct gb_package *package,
		       const struct gb_test *test, const struct gb_text_options *o,
		       struct gb_buf *out);
/* What went wrong, and the notes; after the last test. */
void gb_report_explain_end(const struct gb_report *r, const struct gb_text_options *o,
			   struct gb_buf *out);

/* The model as JSON, version 1, schema budgets/schema/report.json; 64-bit integers exact. */
void gb_report_json(const struct gb_report *r, struct gb_buf *out);

/*
 * For a pull request's comment or a job's summary: the outcome, a table of what fails, its evidence
 * and all else folded.  At most `max` bytes, 0: GB_MAX_MARKDOWN; what does not fit is left out
 * whole, the worst stays, and the text says how much that was.  `max` is 8 KiB or more.
 */
void gb_report_markdown(const struct gb_report *r, size_t max, struct gb_buf *out);

/* A page for people: one file, readable without its script, nothing from the network. */
void gb_report_html(const struct gb_report *r, struct gb_buf *out);

/*
 * SARIF 2.1.0, for code scanning: a result for each verdict that fails or warns and each warning
 * of the compiler, at the line that did it; a rule for each metric.  Fingerprints stay when lines
 * move.
 */
void gb_report_sarif(const struct gb_report *r, struct gb_buf *out);

/* JUnit XML: one suite per package, one case per test; over is a failure, trouble an error. */
void gb_report_junit(const struct gb_report *r, struct gb_buf *out);

#endif
