/*
 * merge - the reports of all shards of a plan become the one that a single job would have made.
 *
 * Equal but for times and `runs`, which are the most that a shard took.  Reports that do not
 * belong together are GB_EUSAGE: another plan, commit, base, module or environment, a shard that
 * is there twice.  A shard that is missing, or came to nothing, is never a pass: a note names it.
 *
 * The exit status is the worst of the shards' own and of all taken together: 1, then 2, then 3.
 */
#ifndef GB_REPORT_MERGE_H
#define GB_REPORT_MERGE_H

#include "report/load.h"

/*
 * Sorts the parts by shard, and takes packages and evidence out of them.  What comes out borrows
 * from them: they live as long, and are good for nothing else afterwards.
 */
int gb_report_merge(struct gb_loaded **parts, size_t n, struct gb_loaded **ret, struct gb_err *err);

#endif
