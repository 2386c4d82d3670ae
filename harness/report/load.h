/*
 * load - a report read back: what gb_report_json() wrote becomes the model again.
 *
 * Every renderer gives from the loaded model byte for byte what it gave from the original, the
 * JSON included.  What no renderer shows is not there: of samples only the smallest and the
 * largest of each mode, of values on the heap their words, of paths nothing of the machine
 * that measured.
 *
 * The file is hostile (another job's artifact, a fork's): it has a ceiling (GB_MAX_RESULT), every
 * enum, index and number is checked, and what a renderer takes for granted is required.  Keys
 * that are not known are skipped: a newer gobudget of the same format version may have written
 * them.  Texts are what they are: renderers make them safe.
 *
 * GB_EUSAGE with "<name>:<line>: <path of the key>: <what is wrong>"; GB_ELIMIT; GB_ENOMEM.
 */
#ifndef GB_REPORT_LOAD_H
#define GB_REPORT_LOAD_H

#include "report/report.h"

struct gb_json;

/* Owns all that `report` points to.  Does not move. */
struct gb_loaded {
	struct gb_report report;
	struct gb_run *run, *base_run; /* of the base: tests that have evidence */
	struct gb_verdicts verdicts;
	struct gb_policy policy; /* its path, and what it means to live; all else is zero */
	struct gb_evidences evidence;
	struct gb_escapes *head, *base;
	struct gb_escape_diff diff;
	struct gb_warnings warnings;
	struct gb_report_escapes escapes;
	struct gb_report_shard shard;
	struct gb_strlist shard_packages;
	struct gb_benches *benches;
	struct gb_json *json; /* most texts are the tree's */
	void **kept;	      /* arrays that the above borrow */
	size_t n_kept, cap_kept;
};

/* `name` is for messages. */
int gb_report_load(const char *name, const char *text, size_t len, struct gb_loaded **ret,
		   struct gb_err *err);
/* GB_ENOTFOUND, too. */
int gb_report_load_file(const char *path, struct gb_loaded **ret, struct gb_err *err);
void gb_loaded_free(struct gb_loaded *l);
void gb_cleanup_loaded(struct gb_loaded **pl);
#define _loaded_ __attribute__((cleanup(gb_cleanup_loaded)))

#endif
