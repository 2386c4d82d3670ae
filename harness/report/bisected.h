/*
 * bisected - what is known of the commit that made a change in trends.
 *
 * Either the one commit, or why it is not known, with those that it may be where bisect came as far
 * as that.  Texts are as they stand in commits and in what was measured: each rendering makes them
 * safe.
 */
#ifndef GB_REPORT_BISECTED_H
#define GB_REPORT_BISECTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_buf;
struct gb_change;
struct gb_err;

struct gb_bisected {
	const struct gb_change *change; /* of which it is told */
	char commit[41];		/* "": not found */
	char *author, *subject;		/* of the commit; NULL: not found */
	int64_t when;			/* seconds, zone in minutes */
	int zone;
	char *evidence; /* the lines that did it, as explain has them; NULL: not known */
	char *why;	/* why it was not found; NULL where it was */
	size_t left;	/* so many commits it may be; 0: nobody knows */
	size_t measured;
};

struct gb_bisections {
	struct gb_bisected *v;
	size_t n, cap;
};

/* NULL: nothing is known. */
const struct gb_bisected *gb_bisected_of(const struct gb_bisections *all,
					 const struct gb_change *c);
/* A place at the end, all zero but for the change. */
int gb_bisections_add(struct gb_bisections *all, const struct gb_change *c,
		      struct gb_bisected **ret, struct gb_err *err);
/* For people, in lines of their own; what was not found says why, and `command` how to go on. */
void gb_bisected_text(const struct gb_bisected *b, const char *command, bool colour,
		      struct gb_buf *out);
/* The same within an element of a page; `commits` is where the web shows them, or NULL. */
void gb_bisected_html(const struct gb_bisected *b, const char *command, const char *commits,
		      struct gb_buf *out);

void gb_bisections_release(struct gb_bisections *all);

#endif
