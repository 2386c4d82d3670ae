/*
 * base - the same packages at another commit, measured the same way.
 *
 * What is known of that commit from another time is not measured (base_kept.h); if that is
 * all, nothing is written out or built either.  Else the commit's files are written into a scratch folder; go test runs there, as
 * far below its top as we are below the work tree's.  Only the packages asked
 * for are measured, under the exact settings.
 */
#ifndef GB_CMD_BASE_H
#define GB_CMD_BASE_H

#include "cmd/base_kept.h"
#include "cmd/job.h"

struct gb_base {
	char *name; /* "main (3c2fe681b2c4)" */
	char commit[41];
	char *scratch, *dir; /* of ours, and in it the folder that answers to the one here */
	char *top;	     /* the work tree here */
	struct gb_toolchain go;
	struct gb_strlist patterns;
	struct gb_measure_options how;
	struct gb_measuring *measuring;
	const struct gb_policy *policy; /* of here: whose goroutines are meant to live */
	struct gb_run *run;		/* NULL until measured */
	struct gb_base_kept kept;
};

/* Finds the commit; `name` is what people call it, NULL: as in `rev`.  GB_ENOTFOUND: no such
 * commit, no repository. */
int base_open(struct gb_base *b, const char *rev, const char *name, struct gb_err *err);

/* Makes the folder, with nothing in it. */
int base_scratch(struct gb_base *b, struct gb_err *err);

/* Writes its files out and asks the go command there, once: where nothing is to be measured, 100,000 files need not be.
 * GB_ENOTFOUND: it has no folder for the one here.  GB_ESYS: files of it cannot be had. */
int base_files(struct gb_base *b, struct gb_err *err);

/* The folder of the base that answers to `dir` of the work tree; NULL where it has none (or no
 * memory, or no files yet).  Caller frees. */
char *base_folder(const struct gb_base *b, const char *dir);

/*
 * Measures those packages of j that are wanted and exist at the base.  *ret_why: one line, where it
 * came to nothing (did not build, another Go version); caller frees.  Errors are Ctrl-C, no memory.
 */
int base_measure(struct gb_base *b, struct gb_job *j,
		 bool (*wanted)(void *arg, const struct gb_package *p), void *arg, char **ret_why,
		 struct gb_err *err);
/* A package of it once more, or one of its tests alone, as run number 1; 0 where the base has no
 * such thing, or it came to nothing. */
int base_again(struct gb_base *b, const char *package, enum gb_mode mode, const char *test,
	       struct gb_err *err);

/* For what reads sources: the files in which the base allocates, where none are there yet. */
int base_sources(struct gb_base *b, struct gb_err *err);
/* The last of all: files are named as if the base lay in the work tree. */
int base_rename(struct gb_base *b, struct gb_err *err);

void base_close(struct gb_base *b);

#endif
