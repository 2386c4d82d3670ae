/*
 * move - file names of what was recorded in one folder, as if it had been recorded in another.
 *
 * The base of a comparison lies in a scratch folder, another one at every run: its names mean
 * something only as seen from there.  A name counts where it is `from` with something below it.
 */
#ifndef GB_GO_MOVE_H
#define GB_GO_MOVE_H

struct gb_err;
struct gb_record;
struct gb_run;

/* Before gb_record_merge().  GB_ENOMEM leaves some of them as they were, here and below. */
int gb_record_move(struct gb_record *r, const char *from, const char *to, struct gb_err *err);

/* Where something was allocated, created or stands; the folders of packages stay. */
int gb_run_move(struct gb_run *run, const char *from, const char *to, struct gb_err *err);

/* The name itself, in place. */
int gb_move(char **path, const char *from, const char *to, struct gb_err *err);

#endif
