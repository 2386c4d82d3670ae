/*
 * family - the living descendants of this process: how much memory, what names.
 *
 * Linux: from /proc.  Elsewhere nothing is known: zero processes, and
 * gb_family_supported is false.  A process that has ended and only waits to be
 * reaped does not count.
 */
#ifndef GB_BASE_FAMILY_H
#define GB_BASE_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct gb_err;

#define GB_MAX_FAMILY ((size_t)100000)

struct gb_relative {
	pid_t pid;
	char name[32]; /* of its program, as the kernel keeps it (15 bytes) */
	int64_t rss;   /* bytes */
};

struct gb_family {
	struct gb_relative *v;
	size_t n, cap;
};

extern const bool gb_family_supported;

/* Every descendant of this process; a family that is there already is replaced. */
int gb_family_list(struct gb_family *ret, struct gb_err *err);
int64_t gb_family_rss(const struct gb_family *f); /* the sum; shared pages count for each */
void gb_family_release(struct gb_family *f);
#define _family_ __attribute__((cleanup(gb_family_release)))

/* One process's resident bytes, 0 where unknown: much cheaper than the list. */
int64_t gb_process_rss(pid_t pid);

#endif
