/*
 * windows - the policy's windows: the nights before read, judged by, told.
 *
 *	windows_open()	once the policies are known: from then on gb_judge() judges by them
 *	windows_tell()	after the last judging: what there is to say
 *	windows_close()
 *
 * Windows look back from the base of a change; where that is the commit here, or there is no
 * base, from the parents of the commit here.  Where they cannot be judged, a note says why, and
 * `unjudged` is set where the policy has them fail: then what would pass could not be measured (3).
 * Too few nights yet are no reason for that, as long as all of history is here.
 */
#ifndef GB_CMD_WINDOWS_H
#define GB_CMD_WINDOWS_H

#include "budget/windows.h"
#include "cmd/which_base.h"

struct windows_check {
	struct gb_windows windows;
	char from[41]; /* the commit that they look back from */
	char *why;     /* they cannot be judged, or NULL */
	struct gb_strlist notes;
	bool unjudged;
};

/* Nothing where neither policy has any.  `base` may be NULL: HEAD is what is judged. */
int windows_open(struct windows_check *w, struct gb_job *j, const struct gb_which_base *base,
		 struct gb_err *err);
int windows_tell(struct windows_check *w, const struct gb_job *j, struct gb_err *err);
void windows_close(struct windows_check *w, struct gb_job *j);

#endif
