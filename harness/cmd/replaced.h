/* replaced - one line where git shows another history than the one that is read (git/replaced.h). */
#ifndef GB_CMD_REPLACED_H
#define GB_CMD_REPLACED_H

struct gb_repo;

/* "2 replaced objects (git replace) are passed over: ..."; NULL: there are none.  Caller frees. */
char *replaced_line(const struct gb_repo *repo);
/* The same, to standard error. */
void replaced_say(const struct gb_repo *repo);

#endif
