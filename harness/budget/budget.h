/*
 * budget - committed ceilings: one JSON file per package, one block per environment.
 *
 * A file stands at budgets/<path of the package below its module>.json, the
 * module's root package at budgets/_root.json.  (A package path below the module that
 * begins with "_" gets another "_", so that _root and _policy are never a package's.)
 *
 *	{
 *	  "package": "example.com/shop/store",
 *	  "environments": [
 *	    {
 *	      "env": {"go": "1.26", "platform": "linux/amd64", "gomaxprocs": 2, "gcflags": "-l",
 *	              "tags": "", "cgo": true, "race": false, "accounting": "runtime"},
 *	      "tests": {
 *	        "TestCache": {"goroutines": 0, "alloc_space": 9216, "measured": {"goroutines": 0, "alloc_space": 9216}, "spread": {"alloc_space": 64}},
 *	        "TestCache/evict": {"goroutines": 0, "alloc_space": "1.1 MiB"}
 *	      }
 *	    }
 *	  ]
 *	}
 *
 * The number under a metric's own name is the budget.  `measured` is what the
 * recording measured (the minimum; for goroutine metrics the maximum) and
 * `spread` how far its runs lay apart (0 is left out).  People may write
 * budgets as sizes, and what they wrote stays as they wrote it until the budget changes.
 * A row may carry "reason" (why it was raised); a file "$schema", for editors.  Tests are
 * sorted by name, one to a line, so that a diff reads like a review and branches that
 * touch different tests merge.
 *
 * Unknown keys, duplicate keys and impossible values are GB_EUSAGE with file,
 * line and the key's path, and a hint.
 */
#ifndef GB_BUDGET_BUDGET_H
#define GB_BUDGET_BUDGET_H

#include "go/run.h"

struct gb_buf;
struct gb_windows;

#define GB_BUDGET_DIR "budgets"

struct gb_budget_row {
	char *test;
	int64_t budget[GB_METRICS];
	int64_t measured[GB_METRICS];
	int64_t spread[GB_METRICS];
	uint32_t has_budget, has_measured, has_spread; /* bit m */
	char *as_written[GB_METRICS]; /* "1.1 MiB", where a person wrote a size; else NULL */
	char *reason;		      /* or NULL */
	size_t line;		      /* in its file, 0 when not read from one */
};

struct gb_budget_block {
	struct gb_environment env;
	struct gb_budget_row *rows; /* sorted by test name */
	size_t n_rows, cap_rows;
};

struct gb_budget_file {
	char *path;    /* file name relative to the module, for messages */
	char *module;  /* path of its module; NULL unless read by gb_budgets_load() */
	char *schema;  /* its "$schema", or NULL */
	char *package; /* import path */
	struct gb_budget_block *blocks;
	size_t n_blocks, cap_blocks;
};

/* Name of a package's file below the module: "budgets/internal/store.json".  Caller frees.
 * A module "std" or NULL is the standard library.  GB_EUSAGE: the package is not of the module. */
int gb_budget_file_name(const char *module, const char *package, char **ret, struct gb_err *err);

/* `name` is for messages.  GB_EUSAGE for anything that is not a sound budget file. */
int gb_budget_parse(const char *name, const char *text, size_t len, struct gb_budget_file **ret,
		    struct gb_err *err);
/* The text that stands in the repository: parse(write(f)) equals f, write(parse(t)) is stable. */
int gb_budget_write(const struct gb_budget_file *f, struct gb_buf *out, struct gb_err *err);
void gb_budget_file_free(struct gb_budget_file *f);

struct gb_budget_block *gb_budget_block_for(const struct gb_budget_file *f,
					    const struct gb_environment *env);
/* Does it budget anything that only the compiler tells? */
bool gb_budget_has_compiled(const struct gb_budget_block *b);
/* The block for what a compiler of this environment says: GOMAXPROCS and accounting may differ. */
struct gb_budget_block *gb_budget_block_compiled(const struct gb_budget_file *f,
						 const struct gb_environment *env);
struct gb_budget_row *gb_budget_row_for(const struct gb_budget_block *b, const char *test);

/* Editing.  A new file has no blocks; blocks and rows are added empty, rows in their
 * sorted place.  Pointers to blocks and rows are valid until the next add or drop. */
int gb_budget_file_new(const char *path, const char *package, struct gb_budget_file **ret,
		       struct gb_err *err);
int gb_budget_file_copy(const struct gb_budget_file *f, struct gb_budget_file **ret,
			struct gb_err *err);
int gb_budget_add_block(struct gb_budget_file *f, const struct gb_environment *env,
			struct gb_budget_block **ret, struct gb_err *err);
/* Copies a block's rows, of this file or another, into a new block for `env`. */
int gb_budget_copy_block(struct gb_budget_file *f, const struct gb_budget_block *from,
			 const struct gb_environment *env, struct gb_budget_block **ret,
			 struct gb_err *err);
int gb_budget_add_row(struct gb_budget_block *b, const char *test, struct gb_budget_row **ret,
		      struct gb_err *err);
void gb_budget_drop_block(struct gb_budget_file *f, struct gb_budget_block *block);
void gb_budget_drop_row(struct gb_budget_block *b, struct gb_budget_row *row);

/* The budget files of a module, or of all modules of a workspace. */
struct gb_budgets {
	struct gb_budget_file **files; /* sorted by package */
	size_t n, cap;
	bool any;			  /* there is a budget file at all */
	const struct gb_windows *windows; /* ceilings that move (windows.h), or NULL; not owned */
};

#define GB_BUDGETS_INIT                 \
	{                               \
		NULL, 0, 0, false, NULL \
	}

/* Is this file below budgets/ no package's: the policy, or the budget of the running service? */
bool gb_budget_is_other(const char *below);

/* Adds what every .json file under module_dir/budgets holds to `ret`; once for each module.  A missing
 * folder is fine: nothing.  A file whose "package" is not the one its place says is GB_EUSAGE. */
int gb_budgets_load(const char *module, const char *module_dir, struct gb_budgets *ret,
		    struct gb_err *err);

struct gb_repo;
/* The same as a commit has them; `below` is the module's folder from the top of the work tree, ""
 * for the top itself. */
int gb_budgets_load_commit(const struct gb_repo *repo, const char *commit, const char *module,
			   const char *below, struct gb_budgets *ret, struct gb_err *err);
/* One file's text; `path` counts from the module.  Sort when all are there. */
int gb_budgets_add(const char *module, const char *path, const char *text, size_t len,
		   struct gb_budgets *ret, struct gb_err *err);
void gb_budgets_sort(struct gb_budgets *b);

const struct gb_budget_file *gb_budgets_package(const struct gb_budgets *b, const char *package);
void gb_budgets_release(struct gb_budgets *b);

#endif
