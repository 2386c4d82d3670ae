/*
 * escape - why the compiler put a value on the heap.
 *
 * The compiler says with -gcflags=-m=2 which values it moves to the heap, on which
 * way each of them gets there, what closures capture, and which parameters leak.  This
 * is that output read (Go 1.21 to 1.27; the go command replays it from the build
 * cache), put together with a look at the source for what the compiler does not say: the
 * function around a line (before Go 1.25), the names of closures, loops, `go` and `defer`.
 *
 *	gb_escapes_new()	 an empty set
 *	gb_escapes_add_package() what go list said of each package
 *	gb_escapes_line()	 every line of the go command's standard error
 *	gb_escapes_finish()	 reads the sources, sorts, finds what keeps each value
 *
 * go/compile.h runs that go command.  A set owns all it points to; every string of it
 * lives as long as the set.  The lookups are for a finished set.
 *
 * A value is what the compiler calls so: a variable ("moved to heap: x"), or an expression
 * ("func literal escapes to heap").  One value at one place is one escape, however
 * many instances of a generic function or variants of a package were compiled.  Files
 * are named as in go/run.h: relative to the package's module where they lie below it.
 * Columns are bytes, from 1.
 *
 * The output is trusted in nothing: lines that are no diagnostics are skipped, and
 * more than limits.h allows is GB_ELIMIT.
 */
#ifndef GB_ESCAPE_ESCAPE_H
#define GB_ESCAPE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;

enum gb_escape_kind {
	GB_ESCAPE_VARIABLE, /* a variable, moved whole */
	GB_ESCAPE_CLOSURE,  /* a function literal with what it captured */
	GB_ESCAPE_MADE,	    /* make, new, &T{}, a literal, append, a string put together */
	GB_ESCAPE_VALUE,    /* copied there: put into an interface, or a method value */
};

/* What keeps a value, or the last thing the compiler knows of its way. */
enum gb_keeper {
	GB_KEPT_UNKNOWN,
	GB_KEPT_RETURN,	   /* returned to the caller */
	GB_KEPT_ELEMENT,   /* stored in a map or slice: m[i] */
	GB_KEPT_GLOBAL,	   /* assigned to a package's variable */
	GB_KEPT_FIELD,	   /* assigned to a field: t.p */
	GB_KEPT_POINTER,   /* assigned through a pointer: *p */
	GB_KEPT_APPEND,	   /* appended to a slice */
	GB_KEPT_SEND,	   /* sent on a channel */
	GB_KEPT_GO,	   /* held by a goroutine */
	GB_KEPT_DEFER,	   /* held by a deferred call in a loop */
	GB_KEPT_CALL,	   /* argument of a call whose parameter leaks */
	GB_KEPT_INTERFACE, /* put into an interface */
	GB_KEPT_PANIC,
	GB_KEPT_SIZE, /* too large for the stack, or of a size not known before */
	GB_KEPT_LOOP, /* lives longer than the loop's iteration that made it */
};

struct gb_escape_step {
	const char *to;	  /* "{heap}", "~r0", "{storage for func literal}", "l" */
	const char *expr; /* "m[i] = func literal"; "" where the compiler gives no words */
	const char *why;  /* its reason: "assign", "captured by a closure", "call parameter" */
	const char *file; /* NULL with "" above */
	int line, col;
	int way; /* 0: the first way to the heap; a value may have several */
};

struct gb_escape {
	const char *package; /* import path, of a test variant the package's own */
	const char *file;
	int line, col;
	const char *expr; /* "i", "func literal", "make([]byte, n)" */
	const char *
		func; /* as stacks name it, without package: "(*Cache).Put", "F.func1"; "" unknown */
	enum gb_escape_kind kind;
	enum gb_keeper keeper;
	const char *kept_by; /* "m[i]", "fmt.Println", "ch"; "" where the keeper says all */
	bool in_test;	     /* in a _test.go file */
	bool loop_var;	     /* declared by a `for`: before Go 1.22 one for all iterations */
	bool constant;	     /* put into an interface, but lies in read-only memory */
	int closure; /* the closure that captured it, or that it is: gb_escapes.closures; -1 */
	const struct gb_escape_step *steps; /* way by way */
	size_t n_steps;
	const char *says; /* in words already, read back from a report; NULL: to be put together */
};

struct gb_capture {
	const char *name;
	bool by_ref, assigned, address_taken;
	int64_t width;		 /* bytes of the variable itself */
	int line, col;		 /* where the variable is declared, in the closure's file */
	int used_line, used_col; /* first use in the closure */
	bool only_len;		 /* the closure asks for nothing but its len() or cap() */
	bool used_after;	 /* the function it is declared in uses it behind the closure */
	const char *type;	 /* "Batch" where it is plainly a *Batch; "" unknown */
	const char *method;	 /* a method that the closure calls on it, "Close"; "" none */
};

/* A function literal. */
struct gb_closure {
	const char *package, *file;
	int line, col;	       /* of `func` */
	int end_line, end_col; /* of its closing brace */
	const char *outer;     /* the function it stands in: "F", "F.func1"; "" at package level */
	const char *name;      /* "F.func1", by order; "" where it cannot be told */
	bool by_go, by_defer;  /* called by the statement it stands in */
	int loops;	       /* loops around it within the function it stands in */
	bool waits;	       /* that function waits for something: Wait(), a receive, select */
	bool heap;  /* it escapes; it costs an allocation only if it captures something */
	int escape; /* gb_escapes.v of the function literal, -1 if not on the heap */
	struct gb_capture *captures;
	size_t n_captures, cap_captures;
};

/* A parameter that does not stay in the call. */
struct gb_leak_param {
	const char *package, *file;
	int line, col; /* of the parameter */
	const char *func, *name;
	const char *to; /* "{heap}", "~r0", "{storage for func literal}" */
	int derefs;	/* 0: itself, 1: what it points to ... */
	bool receiver;	/* of a method */
	bool waits;	/* its function waits for something, as in struct gb_closure */
	bool to_go;	/* a goroutine that it starts holds it */
	const struct gb_escape_step *steps;
	size_t n_steps;
};

struct gb_escape_package {
	const char *path, *dir, *module, *module_dir;
	bool asked;	 /* by gb_escapes_add_package(); else only a dependency */
	int go_minor;	 /* of the module's go line: 21 of "go 1.21.3"; 0 unknown */
	int64_t heap;	 /* values put on the heap by its code, without test files: the metric */
	size_t first, n; /* its part of gb_escapes.v, test files included */
};

struct gb_escapes {
	struct gb_escape *v; /* by package, file, line, column, expression */
	size_t n, cap;
	struct gb_closure *closures; /* by file, line, column */
	size_t n_closures, cap_closures;
	struct gb_leak_param *params; /* by file, line, column */
	size_t n_params, cap_params;
	struct gb_escape_package *packages; /* by path */
	size_t n_packages, cap_packages;
	struct gb_escape_state *state; /* while it is read, and the strings */
};

int gb_escapes_new(struct gb_escapes **ret, struct gb_err *err);
void gb_escapes_free(struct gb_escapes *e);
void gb_cleanup_escapes(struct gb_escapes **pe);
#define _escapes_ __attribute__((cleanup(gb_cleanup_escapes)))

/* `go` is the language version of its module, "1.21"; NULL or "": unknown.  module may be NULL. */
int gb_escapes_add_package(struct gb_escapes *e, const char *path, const char *dir,
			   const char *module, const char *module_dir, const char *go,
			   struct gb_err *err);

/* 1: a diagnostic, 0: something else (an error, a download ...), negative: GB_ELIMIT, GB_ENOMEM. */
int gb_escapes_line(struct gb_escapes *e, const char *line, size_t len, struct gb_err *err);

/* A source that cannot be read leaves only its part unknown. */
int gb_escapes_finish(struct gb_escapes *e, struct gb_err *err);

/* The escapes at a line: *ret points into v.  file as in struct gb_escape. */
size_t gb_escapes_at(const struct gb_escapes *e, const char *file, int line,
		     const struct gb_escape **ret);

/* The same where the package is known: modules of a workspace may have files of one name. */
size_t gb_escapes_in(const struct gb_escapes *e, const char *package, const char *file, int line,
		     const struct gb_escape **ret);

/* The innermost closure around a place, the closure that begins on this line (the first one), the
 * closure of that name ("F.func1", or with its package before it); NULL: none. */
const struct gb_closure *gb_escapes_closure_around(const struct gb_escapes *e, const char *file,
						   int line, int col);
const struct gb_closure *gb_escapes_closure_at(const struct gb_escapes *e, const char *file,
					       int line);
const struct gb_closure *gb_escapes_closure_named(const struct gb_escapes *e, const char *name);

const struct gb_escape_package *gb_escapes_package(const struct gb_escapes *e, const char *path);

/* Counts: a value on the heap.  Constants in an interface and closures that capture nothing are
 * in read-only memory, test files are no part of the product. */
bool gb_escape_counts(const struct gb_escapes *e, const struct gb_escape *x);

/* "i captured by a closure, stored in m[i]": one escape in words, without its place. */
struct gb_buf;
void gb_escape_say(const struct gb_escapes *e, const struct gb_escape *x, struct gb_buf *out);
/* Its last words alone: "stored in m[i]". */
void gb_keeper_say(const struct gb_escape *x, struct gb_buf *out);
/* "i (by reference, 8 bytes), names (24 bytes)": what a closure captured; "nothing". */
void gb_closure_say(const struct gb_closure *c, struct gb_buf *out);

/* "p leaks to the heap", "what is behind names is returned". */
void gb_leak_say(const struct gb_leak_param *x, struct gb_buf *out);

const char *gb_escape_kind_name(enum gb_escape_kind k); /* "variable", "closure", ... */
const char *gb_keeper_name(enum gb_keeper k);		/* "return", "element", "go", ... */

#endif
