/*
 * group - is anybody of a process group still running?
 *
 * Zombies do not count.  They do for kill(2), and where process 1 of a
 * container reaps nobody they stay for ever.
 */
#ifndef GB_BASE_GROUP_H
#define GB_BASE_GROUP_H

#include <stdbool.h>
#include <sys/types.h>

bool gb_group_alive(pid_t group);

#endif
