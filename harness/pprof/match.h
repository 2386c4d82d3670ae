/*
 * match - regular expressions that a file brings along, safe whatever they are.
 *
 * The C library's take any amount of memory for some expressions ("(a|b)*a" and
 * a hundred "(a|b)" behind it).  Here an expression becomes a list of states
 * (Thompson's construction) that are followed side by side: memory is that of the expression,
 * time at most its length times the text's.
 *
 * Understood: characters, `.`, classes, `\` before punctuation, \d \w \s, groups, |, * + ?.
 * Not understood, and said so: anchors, counted repetitions, everything else.
 */
#ifndef GB_PPROF_MATCH_H
#define GB_PPROF_MATCH_H

#include <stdbool.h>

struct gb_err;
struct gb_match;

#define GB_MATCH_LONGEST 1024 /* characters of an expression */

/* *ret is NULL where the expression is not understood or too long.  0 or GB_ENOMEM. */
int gb_match_compile(const char *pattern, struct gb_match **ret, struct gb_err *err);
bool gb_match_whole(struct gb_match *m, const char *text); /* all of it; not for two threads */
void gb_match_free(struct gb_match *m);
void gb_cleanup_match(struct gb_match **pm);
#define _match_ __attribute__((cleanup(gb_cleanup_match)))

#endif
