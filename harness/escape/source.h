/*
 * source - one Go source file, read far enough to know its functions and loops.
 *
 * A tolerant scanner, no parser: it knows comments, strings, brackets, `func`, `for`,
 * `go`, `defer` and the shape of types.  What it does not understand it steps over, so
 * that any bytes at all give a structure, only a poorer one.  Work and memory are
 * proportional to the text, which is at most GB_MAX_GO_SOURCE bytes.
 *
 * Places are offsets of bytes in the text; gb_source_offset() makes them of the compiler's
 * line and column.
 */
#ifndef GB_ESCAPE_SOURCE_H
#define GB_ESCAPE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;

enum gb_token_kind { GB_TOKEN_END, GB_TOKEN_NAME, GB_TOKEN_LITERAL, GB_TOKEN_MARK };

struct gb_token {
	uint32_t off, len;
	uint32_t match; /* of a bracket: the token of its partner; else its own number */
	unsigned char kind;
	bool first; /* nothing but blanks stands before it on its line */
};

struct gb_source_func {
	char *name; /* "(*T).M", "F", "F.func1"; owned; "init.func1" at package level */
	bool literal;
	bool by_go, by_defer;
	int outer;			     /* the function around it, -1: none */
	int loops;			     /* loops around it within that function */
	uint32_t params, results, body, end; /* tokens: after the name, after the parameters, the
						* brace, its partner; body == end: it has none */
	uint32_t receiver;		     /* token of its bracket; 0: none */
	uint32_t at;			     /* token of `func` */
	int literals;			     /* how many stand directly in it */
	int index;			     /* of a literal: among all of the file, from 0 */
};

struct gb_source_loop {
	uint32_t at, body, end; /* tokens of `for`, its brace and the partner */
	int outer;		/* the loop around it, -1: none */
	int func;		/* the function around it, -1: none */
	int depth;		/* loops around it within that function */
	uint32_t vars[2];	/* tokens of the variables it declares; 0: none */
};

struct gb_source {
	char *text;
	size_t len;
	uint32_t *lines; /* offset of each line */
	size_t n_lines, cap_lines;
	struct gb_token *tokens; /* the last one is GB_TOKEN_END */
	size_t n_tokens, cap_tokens;
	struct gb_source_func *funcs; /* by `at` */
	size_t n_funcs, cap_funcs, n_literals;
	struct gb_source_loop *loops; /* by `at` */
	size_t n_loops, cap_loops;
};

/* Copies the text.  GB_ELIMIT past GB_MAX_GO_SOURCE, GB_ENOMEM. */
int gb_source_read(const char *text, size_t len, struct gb_source **ret, struct gb_err *err);
void gb_source_free(struct gb_source *s);
void gb_cleanup_source(struct gb_source **ps);
#define _source_ __attribute__((cleanup(gb_cleanup_source)))

/* -1: there is no such place. */
int64_t gb_source_offset(const struct gb_source *s, int line, int col);
void gb_source_place(const struct gb_source *s, uint32_t off, int *ret_line, int *ret_col);

/* The token at this offset, or the first behind it; always one. */
uint32_t gb_source_token(const struct gb_source *s, int64_t off);
bool gb_token_is(const struct gb_source *s, uint32_t token, const char *text);
/* Is this the name of a variable here, not a field behind a point or a key before a colon? */
bool gb_token_is_use(const struct gb_source *s, uint32_t token);

/* The innermost function around a place, its parameters included; a function literal is not
 * around its own `func`.  -1: none. */
int gb_source_func_around(const struct gb_source *s, uint32_t token);
/* The innermost loop whose body is around it; -1: none. */
int gb_source_loop_around(const struct gb_source *s, uint32_t token);

#endif
