/*
 * state - what a set of escapes needs while it is read.  Only for harness/escape.
 *
 *	escapes.c  the set: packages, lookups, release
 *	words.c	   one copy of every string
 *	parse.c	   a line of the compiler into ways, ends, captures, parameters
 *	collect.c  these into escapes: one value at one place is one
 *	files.c	   which file a name means, and its source
 *	relate.c   closures and functions of the sources, who captured what
 *	keeper.c   what keeps a value
 *	say.c	   words for people
 *
 * Strings are words: one copy of each, so that equal ones have equal pointers.
 */
#ifndef GB_ESCAPE_STATE_H
#define GB_ESCAPE_STATE_H

#include "escape/escape.h"
#include "escape/source.h"

/* Where something is.  A file is named as seen from the folder of its package: "x.go",
 * "../other/x.go", or absolute: the go command writes names relative to where it ran when
 * it filled the build cache, which may have been anywhere. */
struct gb_spot {
	const char *package, *file; /* words */
	int line, col;
};

/* "x escapes to heap in F:" and the steps below it. */
struct gb_way {
	struct gb_spot spot;
	const char *expr, *func;
	size_t first, n; /* steps */
};

/* "moved to heap: x", "x escapes to heap". */
struct gb_end {
	struct gb_spot spot;
	const char *expr;
	bool variable;
};

/* "F capturing by ref: x (...)": the place is that of the variable's declaration. */
struct gb_captured {
	struct gb_spot spot;
	const char *name;
	bool by_ref, assigned, address_taken;
	int64_t width;
};

/* Of gb_escapes.params, which has the rest. */
struct gb_param {
	struct gb_spot spot;
	const char *func, *name, *to;
	int derefs;
	size_t first, n;
};

struct gb_escape_file {
	const char *package, *file; /* words */
	const char *name;	    /* word: as reports have it */
	char *path;		    /* where it can be read, or NULL */
};

struct gb_escape_state {
	char **words; /* open addressing: words, or NULL */
	size_t n_words, cap_words;

	struct gb_way *ways;
	size_t n_ways, cap_ways;
	struct gb_end *ends;
	size_t n_ends, cap_ends;
	struct gb_captured *captured;
	size_t n_captured, cap_captured;
	struct gb_param *params;
	size_t n_params, cap_params;
	struct gb_escape_step *steps; /* of ways and parameters, file as in gb_spot */
	size_t n_steps, cap_steps;

	/* What the next line may belong to. */
	const char *package;			       /* NULL: nothing of ours */
	enum { NOTHING, OF_WAY, OF_PARAM } explaining; /* the last one of these */
	struct gb_spot at;			       /* lines of this explanation begin with it */
	const char *to;				       /* of its last flow */

	struct gb_escape_step *own_steps; /* of gb_escapes.v */
	size_t n_own, cap_own;
	struct gb_escape_file *files; /* by package and name, once named */
	size_t n_files, cap_files;
	struct gb_result_type *results;
	size_t n_results, cap_results;
};

/* "func (s *Store) begin() *Batch": all that is known of types beyond one file. */
struct gb_result_type {
	const char *package, *func, *type; /* words: "begin", "Batch" */
};

/* One file while its source is there: its parts of the set. */
struct gb_relating {
	struct gb_escapes *e;
	const struct gb_escape_file *file;
	const struct gb_source *source; /* NULL: cannot be read */
	size_t first, n;		/* of gb_escapes.v */
	size_t closures, n_closures;	/* of gb_escapes.closures: the source's literals in order */
	size_t captured, n_captured;	/* of gb_escape_state.captured */
	size_t params, n_params;	/* of gb_escapes.params */
};

/* One copy of text[0..len); NULL: out of memory. */
const char *gb_word(struct gb_escape_state *s, const char *text, size_t len);

int gb_spot_compare(const struct gb_spot *a, const struct gb_spot *b);

/* The entry of this path, made if need be. */
int gb_escapes_need_package(struct gb_escapes *e, const char *path, struct gb_err *err);

/* The steps of finishing, in this order. */
int gb_escapes_collect(struct gb_escapes *e, struct gb_err *err);
int gb_escapes_name_files(struct gb_escapes *e, struct gb_err *err); /* and sorts by names */
int gb_escapes_relate(struct gb_escapes *e, struct gb_err *err);

/* The parts of relating one file. */
int gb_relate_captures(const struct gb_relating *r, struct gb_err *err);
int gb_relate_facts(const struct gb_relating *r, struct gb_err *err);
int gb_relate_keepers(const struct gb_relating *r, struct gb_err *err);

/* The token at a place of this file, or -1.  The closure around a token: gb_escapes.closures. */
int64_t gb_relate_token(const struct gb_relating *r, int line, int col);
int gb_relate_closure_around(const struct gb_relating *r, uint32_t token);
/* Does the statement that this token belongs to begin with `go`, or `defer`? */
bool gb_relate_in_statement(const struct gb_relating *r, uint32_t token, const char *keyword);

#endif
