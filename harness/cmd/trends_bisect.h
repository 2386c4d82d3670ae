/*
 * trends_bisect - the commits behind the changes that trends tell.
 *
 * A step upwards between a commit and its child needs nobody to look.  The others, as far as they are
 * news, are bisected where that is asked for: the worst movers first, all in one scratch work tree,
 * within a time.  What was measured for one change answers for others.  Times are bisected by
 * nobody: nights differ.
 */
#ifndef GB_CMD_TRENDS_BISECT_H
#define GB_CMD_TRENDS_BISECT_H

#include "report/trends.h"

struct gb_repo;

#define TRENDS_BISECT_MS ((int64_t)30 * 60 * 1000)

struct trends_bisecting {
	const struct gb_repo *repo;
	const struct gb_trends *t;
	size_t newest;	 /* nights that are news */
	bool run;	 /* measure; else only what is known without */
	int64_t time_ms; /* for all of them together */
};

/* Tells on standard error what it is at.  GB_EINTR, GB_ENOMEM, and what keeps all of it from
 * beginning; what one change meets is told of that change. */
int trends_bisect(const struct trends_bisecting *o, struct gb_bisections *ret, struct gb_err *err);

#endif
