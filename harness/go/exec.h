/*
 * exec - what `gobudget exec` does: the wrapper around each test binary.
 *
 * go test starts it through -exec, in the package's directory:
 *
 *	gobudget exec CTL [PREFIX...] BINARY ARGS...	     the first run
 *	gobudget exec --from CTL/N --into NAME --mode exact CTL	     the same binary once more
 *	gobudget exec --from CTL/N --into NAME --mode alone --only TestX --sites 200 CTL
 *	gobudget exec --from CTL/N --into NAME --with -test.bench=. --with -test.run=^$ CTL
 *
 * CTL is a folder in the scratch folder of the gobudget that measures; it holds
 *
 *	alive	     locked while that gobudget lives (gb_lock_is_held)
 *	config	     struct gb_exec_config
 *	explain	     names of the tests whose allocation sites are to be told
 *	N/	     one folder per call, named by the wrapper's pid, or as --into says
 *	N/NAME	     the binary, hard-linked, by its own name
 *	N/argv N/dir N/env	     as the binary got them; argv names the linked binary
 *	N/record N/record.2 ...	     what the agent wrote, one per process
 *	N/testlog    what its tests read: environment and files, as package testing tells it
 *	N/result     struct gb_exec_result; written last
 *
 * Files of several values hold NUL-terminated strings; config and result are
 * "key=value" strings, read strictly.
 *
 * The test binary gets the environment it would have had under plain go test
 * (GOTMPDIR, GOROOT, GOTOOLCHAIN, GOEXPERIMENT and PATH as the user had them),
 * less the secrets of a CI job, plus
 *	GOBUDGET_AGENT="RECORD SETTLE_MS MODE[:SITES]"	(order, exact or alone; RECORD is absolute)
 *	GOBUDGET_EXPLAIN=TESTS	the tests whose sites are to be told, a line each, where SITES is given
 *
 * A plugin that a test builds is refused by a binary whose runtime was built
 * otherwise.  So a binary that can open plugins gets our overlay, -gcflags and
 * GOEXPERIMENT for the go commands it may run (through GOFLAGS); no other does.
 *
 * A process that the agent ended because a test hung (exit status 86, last
 * event `hang`) is reported on the standard output as go test reports a
 * failure, and the binary started again without the tests that are done and
 * the one that hung.  A process that died in the middle is not: go test would
 * not either.
 */
#ifndef GB_GO_EXEC_H
#define GB_GO_EXEC_H

#include "base/strlist.h"
#include "base/supervise.h"
#include "go/run.h"

struct gb_err;

#define GB_EXEC_HUNG_STATUS  86
#define GB_EXEC_LOG	     "testlog"
#define GB_EXEC_MAX_RESTARTS 100

struct gb_exec_config {
	int64_t settle_ms;
	int64_t memory; /* bytes, 0: no cap */
	int64_t prefix; /* words of the user's own -exec before the binary */
	int64_t exact;	/* the first run is GB_EXACT too, ... */
	int64_t sites;	/* ... and tells so many allocation sites */
	char *goroot;	/* GOROOT as we call it, NULL where it is the user's */
	char *real_root;
	struct gb_strlist user_env; /* "NAME=VALUE" to put back, "NAME" to take away */
	/* The same for a binary that opens plugins: what it builds must be built as it was. */
	struct gb_strlist plugin_env;
};

int gb_exec_config_write(const char *ctl, const struct gb_exec_config *c, struct gb_err *err);
int gb_exec_config_read(const char *ctl, struct gb_exec_config *ret, struct gb_err *err);
void gb_exec_config_release(struct gb_exec_config *c);
#define _exec_config_ __attribute__((cleanup(gb_exec_config_release)))

struct gb_exec_result {
	struct gb_supervised last; /* of the last process; wall_ms is of all together */
	int64_t records;	   /* processes: 1 and one for each hung test */
	enum gb_mode mode;
};

int gb_exec_result_write(const char *dir, const struct gb_exec_result *r, struct gb_err *err);
/* GB_ENOTFOUND: the wrapper was killed before it could write one. */
int gb_exec_result_read(const char *dir, struct gb_exec_result *ret, struct gb_err *err);
void gb_exec_result_release(struct gb_exec_result *r);
#define _exec_result_ __attribute__((cleanup(gb_exec_result_release)))

/* Path of the record of process number k (from 1) below dir.  NULL: out of memory. */
char *gb_exec_record_path(const char *dir, int64_t k);

struct gb_exec_call {
	const char *ctl;
	enum gb_mode mode;
	const char *only;	  /* with GB_ALONE */
	struct gb_strlist with;	  /* flags in the place of the saved ones (go/exec_args.h) */
	int sites;		  /* how many allocation sites of a test to tell; 0: a few */
	const char *from;	  /* a saved call, or NULL */
	const char *into;	  /* the folder\'s name below ctl, or NULL */
	const char *const *words; /* PREFIX... BINARY ARGS..., NULL-terminated; unused with from */
	void (*say)(const char *text, size_t len); /* to standard output */
};

/* Fills a call from the command's words (argv[0] is "exec").  GB_EUSAGE. */
int gb_exec_parse(char **argv, struct gb_exec_call *ret, struct gb_err *err);
void gb_exec_call_release(struct gb_exec_call *c);
#define _exec_call_ __attribute__((cleanup(gb_exec_call_release)))

/* Runs the test binary to its end and writes the result.  ret says how to end. */
int gb_exec(const struct gb_exec_call *c, struct gb_supervised *ret, struct gb_err *err);

/*
 * The environment of the test binary, from the wrapper's own: what the user had, without the
 * secrets of a CI job.  GOBUDGET_AGENT is not yet in it.
 */
int gb_exec_env(const struct gb_exec_config *c, bool plugins, struct gb_strlist *env,
		struct gb_err *err);
/* Whether a test binary can open plugins; false where it cannot be read. */
bool gb_exec_opens_plugins(const char *binary);
/* GOMAXPROCS=1 GOGC=off, fixed seeds, and a memory limit since nothing is collected. */
int gb_exec_env_exact(int64_t memory, struct gb_strlist *env, struct gb_err *err);

/* NUL-terminated strings in a file, at most GB_MAX_RECORD bytes. */
int gb_exec_list_write(const char *dir, const char *name, const struct gb_strlist *l,
		       struct gb_err *err);
int gb_exec_list_read(const char *dir, const char *name, struct gb_strlist *ret,
		      struct gb_err *err);

#endif
