/* merging - what the files of merge share.  Not for anybody else. */
#ifndef GB_REPORT_MERGING_H
#define GB_REPORT_MERGING_H

#include "report/merge.h"

struct gb_merging {
	struct gb_loaded **parts; /* by shard */
	size_t n;
	bool *nothing;		 /* of each: it measured nothing */
	struct gb_loaded *first; /* the first that measured anything; else the first */
	struct gb_loaded *out;
};

/* Zeroed memory that lives as long as the report. */
void *gb_merge_array(struct gb_loaded *out, size_t n, size_t size, struct gb_err *err);

int gb_merge_escapes(const struct gb_merging *m, struct gb_err *err);
int gb_merge_commits(const struct gb_merging *m, struct gb_err *err);

#endif
