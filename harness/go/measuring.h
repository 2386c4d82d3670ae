/*
 * measuring - what the files of measure share.  Not for anybody else.
 *
 *	measure_start.c	  toolchain, scratch folder, overlay
 *	measure.c	  the one go test, its lines, free
 *	measure_args.c	  its command line and configuration
 *	measure_collect.c CTL/N folders into the run
 *	measure_trouble.c why a package did not pass or could not be measured
 *	measure_again.c	  reruns
 *	measure_plain.c	  failing tests once more without our flags
 */
#ifndef GB_GO_MEASURING_H
#define GB_GO_MEASURING_H

#include "go/exec.h"
#include "go/gotest.h"
#include "go/measure.h"
#include "go/overlay.h"
#include "go/testflags.h"

/* One call of the wrapper in the first run. */
struct gb_call_dir {
	char *name;    /* N */
	char *path;    /* CTL/N */
	char *package; /* import path */
	char *dir;     /* the package's */
	bool announced;
	UT_hash_handle hh;	   /* by name, in the order seen */
	UT_hash_handle hh_package; /* by package, once all are known */
};

struct gb_measuring {
	const struct gb_measure_options *o;
	char *dir;     /* where go test runs; NULL: here */
	char *scratch; /* with tmp/, ctl/, overlay/ and the lock ctl/alive */
	char *ctl;
	int alive; /* descriptor of the lock */
	struct gb_toolchain go;
	struct gb_testflags flags;
	struct gb_overlay overlay;
	struct gb_strlist env; /* of our go commands */
	struct gb_gotest said;
	struct gb_call_dir *calls; /* uthash */
	struct gb_call_dir *by_package;
	size_t n_again; /* reruns so far: names of their folders */
	char *last;	/* the record of the last one, or NULL */
	enum gb_mode last_mode;
	int go_status;
	int prefix;	 /* words of the user's -exec */
	bool had_result; /* go test itself ended */
};

/* `go test` as it is started; gcflags and overlay left out where `plain` is set. */
int gb_measuring_argv(const struct gb_measuring *m, const char *self, struct gb_strlist *ret,
		      struct gb_err *err);
/* What must be equal for numbers to be comparable, as far as it is known before anything ran. */
int gb_measuring_environment(const struct gb_measuring *m, struct gb_run *run, struct gb_err *err);
/* The class of the machine that ran nothing: of this one. */
int gb_measuring_class(void);
/* GB_ETIME where the deadline has passed. */
int gb_measuring_late(const struct gb_measuring *m, struct gb_err *err);
/* CTL/explain. */
int gb_measuring_explain(const struct gb_measuring *m, struct gb_err *err);
/* CTL/config. */
int gb_measuring_config(struct gb_measuring *m, struct gb_err *err);
/* All -gcflags together, as the key of a budget block has them. */
int gb_measuring_gcflags_text(const struct gb_measuring *m, char **ret, struct gb_err *err);
/* -tags sorted, without doubles. */
int gb_measuring_tags(const char *tags, char **ret, struct gb_err *err);

/* Looks for calls that are new since the last time and names their packages. */
int gb_measuring_look(struct gb_measuring *m, struct gb_err *err);
/* By import path; NULL: none.  Known only after gb_measuring_collect(). */
const struct gb_call_dir *gb_measuring_call(const struct gb_measuring *m, const char *package);
void gb_measuring_free_calls(struct gb_measuring *m);
/* All records and results into the run, troubles included. */
int gb_measuring_collect(struct gb_measuring *m, struct gb_run *run, struct gb_err *err);

/* Finds or adds a package with its module; dir NULL: unknown. */
int gb_measuring_package(struct gb_measuring *m, const char *path, const char *dir,
			 struct gb_run *run, struct gb_package **ret, struct gb_err *err);

/* One call's records as samples of run number `number`; ret_complete: the last one was. */
int gb_measuring_merge(struct gb_measuring *m, const char *call, struct gb_package *p,
		       struct gb_run *run, int number, enum gb_mode mode, bool *ret_any,
		       bool *ret_complete, struct gb_err *err);

struct gb_ending {
	const struct gb_exec_result *result;  /* NULL: the wrapper was killed */
	const struct gb_gotest_package *said; /* NULL: go test said nothing */
	bool any;			      /* a record came */
	bool complete;			      /* with its last line */
};
int gb_trouble_of_package(struct gb_package *p, const struct gb_ending *e, struct gb_err *err);
/* Packages that did not build, have no tests, or were only named. */
int gb_trouble_of_output(struct gb_measuring *m, const struct gb_gotest_package *said,
			 struct gb_run *run, struct gb_err *err);

/* Failing tests of all packages once more, without our flags and overlay. */
int gb_measuring_without_flags(struct gb_measuring *m, struct gb_run *run, struct gb_err *err);

#endif
