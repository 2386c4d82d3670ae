/*
 * profile - what the views of `gobudget profile` share.
 *
 * A view is one const struct and one row in profile.c: its words, how many
 * operands it takes, which options of the one table of `profile` mean
 * something to it (any other is refused), and what it does.
 *
 *	gobudget profile VIEW [options] operands
 *
 * Adding one: a file profile_VIEW.c, its row, a golden CLI test.  Files are
 * loaded with gb_profile_open(), so that mistakes in them exit with 2.
 */
#ifndef GB_CMD_PROFILE_H
#define GB_CMD_PROFILE_H

#include "base/buf.h"
#include "pprof/tally.h"
#include "report/jsonw.h"

struct gb_profile_options {
	const char *sample, *focus, *ignore, *granularity, *unit, *source_path, *output, *base;
	int64_t nodecount;
	bool cum, all, json;
};

extern struct gb_profile_options gb_profile_opt;

struct gb_view {
	const char *name;
	const char *args;				 /* "OLD NEW" */
	const char *summary;				 /* one line: lower case, no full stop */
	const char *opts;				 /* names of options, "sample focus ..." */
	int operands;					 /* exactly that many */
	int (*run)(char **operands, struct gb_err *err); /* as a command's run */
};

/* In the order in which help shows them; ends with NULL. */
extern const struct gb_view *const gb_views[];

extern const struct gb_view gb_view_top;
extern const struct gb_view gb_view_list;
extern const struct gb_view gb_view_diff;
extern const struct gb_view gb_view_traces;
extern const struct gb_view gb_view_graph;
extern const struct gb_view gb_view_disasm;
extern const struct gb_view gb_view_flame;

/* A file the user named: one that is not there, or no profile, is GB_EUSAGE. */
int gb_profile_open(const char *path, struct gb_profile **ret, struct gb_err *err);

/* The options' granularity, or `otherwise` where none was given. */
int gb_profile_granularity(enum gb_granularity otherwise, enum gb_granularity *ret,
			   struct gb_err *err);

/* Loads both (old may be NULL) and sums up as the options say; frees nothing on success. */
int gb_profile_tally(const struct gb_profile *p, const struct gb_profile *old,
		     enum gb_granularity by, struct gb_tally *ret, struct gb_err *err);

/*
 * profile_say.c: how values are shown.  A size for people ("1.1 MiB") or, with --unit, the
 * number and nothing else.  In a diff the sign is always there.
 */
struct gb_values {
	const char *unit; /* of the samples: "bytes", "count", "nanoseconds" */
	bool exact, diff;
	int64_t total;
};

int gb_values_of(const struct gb_tally *t, bool diff, struct gb_values *ret, struct gb_err *err);
#define GB_VALUE_SIZE 48
char *gb_value(const struct gb_values *v, char *out, int64_t value);
/* As pprof has it: " 12.34%", "  100%", "0.0031%". */
char *gb_value_percent(const struct gb_values *v, char *out, int64_t value);

/* The line above a table: "alloc_space: 68.9 MiB in 1,234 samples". */
void gb_profile_heading(struct gb_buf *out, const struct gb_tally *t, const struct gb_values *v);

/* Opens the root object and writes what all views have: file, base, type, unit, total. */
void gb_profile_json(struct gb_jsonw *w, const struct gb_profile *p, const struct gb_profile *old,
		     const struct gb_tally *t);
void gb_profile_json_node(struct gb_jsonw *w, const struct gb_node *n); /* its names */

#endif
