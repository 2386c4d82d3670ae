/*
 * child - what git said, where it was called.
 */
#ifndef GB_GIT_CHILD_H
#define GB_GIT_CHILD_H

struct gb_buf;

/* Git's reason: the line of its errors that begins with "fatal: ", else the last one.  Ends `b` there. */
const char *gb_git_reason(struct gb_buf *b);

#endif
