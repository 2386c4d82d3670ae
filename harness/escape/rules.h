/*
 * rules - patterns in the compiler's diagnostics that are mostly bugs.
 *
 *  loop-variable     a loop's variable is captured by reference by a closure that lives longer
 *		      than the iteration: all closures see the last value.  Language versions
 *		      before Go 1.22; each iteration has its own variable since.
 *  captured-pointer  what a closure holds outlives the function: a deferred closure calls a
 *		      method that hands its receiver to a goroutine; a goroutine shares a
 *		      variable with a function that goes on to use it and waits for nothing;
 *		      deferred closures of a loop pile up.  All versions.
 *  large-capture     a closure stored in a map or a package's variable keeps much: a variable
 *		      larger than `large` bytes, or a whole slice or string for its length alone.
 *		      All versions.
 *  closure-in-loop   an inner loop makes a closure for a call each time round.  All versions.
 *
 * Test files are left out.  A rule is silent where it cannot be sure: where the source
 * cannot be read, a type is not plain, or a function waits for anything at all.
 */
#ifndef GB_ESCAPE_RULES_H
#define GB_ESCAPE_RULES_H

#include "escape/escape.h"

struct gb_err;

enum gb_rule {
	GB_RULE_LOOP_VARIABLE,
	GB_RULE_CAPTURED_POINTER,
	GB_RULE_LARGE_CAPTURE,
	GB_RULE_CLOSURE_IN_LOOP,
	GB_RULES
};

#define GB_RULES_LARGE 1024 /* bytes, where the policy does not say */

struct gb_rule_info {
	const char *name;
	const char *summary;
	int before; /* only for language versions before 1.N; 0: all */
};

extern const struct gb_rule_info gb_rules[GB_RULES];

int gb_rule_find(const char *name); /* -1: none */

struct gb_warning {
	enum gb_rule rule;
	const char *package, *file, *func; /* borrowed from the escapes */
	int line, col;
	char *reason, *fix; /* a sentence each, without a full stop */
};

struct gb_warnings {
	struct gb_warning *v; /* by package, file, line */
	size_t n, cap;
};

struct gb_rule_options {
	uint32_t off;  /* bit r: not this one */
	int64_t large; /* bytes */
};

/* Of the packages that were asked for. */
int gb_rules_check(const struct gb_escapes *e, const struct gb_rule_options *o,
		   struct gb_warnings *ret, struct gb_err *err);
void gb_warnings_release(struct gb_warnings *w);
#define _warnings_ __attribute__((cleanup(gb_warnings_release)))

#endif
