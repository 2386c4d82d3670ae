/*
 * ask - a question to who sits at the terminal.
 */
#ifndef GB_CMD_ASK_H
#define GB_CMD_ASK_H

#include <stdbool.h>

struct gb_err;

/* Somebody can read what is printed, and answer. */
bool gb_can_ask(void);

/* "Write it? [Y/n] "; an empty answer is yes, the end of the input no.  1, 0, or GB_EINTR. */
int gb_ask(const char *question, struct gb_err *err);

#endif
