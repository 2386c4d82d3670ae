/*
 * term - what a terminal can do, and one live line at its bottom.
 *
 * gb_term_init() asks once: is it a TTY, how wide (COLUMNS, then the kernel, then
 * 80 for a log 120), colour (TTY, no NO_COLOR, TERM not dumb; CLICOLOR_FORCE
 * and FORCE_COLOR turn it on), UTF-8 locale.
 *
 * The live line is redrawn in place and taken away by gb_term_live(t, NULL)
 * before anything else is printed.  It is plain text: what is unsafe in it is
 * replaced.  It does nothing where there is no TTY, or a dumb one.
 */
#ifndef GB_BASE_TERM_H
#define GB_BASE_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum gb_style { GB_PLAIN, GB_BOLD, GB_DIM, GB_RED, GB_GREEN, GB_YELLOW, GB_CYAN };

struct gb_term {
	FILE *file;
	bool tty;
	bool colour;
	size_t width; /* columns, at least 40 */
	bool live;    /* a live line is showing */
	bool utf8;    /* the locale says so */
	bool dumb;    /* no cursor movement */
};

void gb_term_init(struct gb_term *t, FILE *file);
void gb_term_live(struct gb_term *t, const char *line);	   /* fitted to the width; NULL clears */
const char *gb_style_on(bool colour, enum gb_style style); /* "" without colour */
const char *gb_style_off(bool colour);

#endif
