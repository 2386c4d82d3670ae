/*
 * record - what the agent writes while a test binary runs, and how it is read.
 *
 * One text file per process, appended to with one write(2) per line, so that
 * whatever a process wrote before it was killed can be used.  Fields are
 * separated by tabs; in them \t \n \r \\ stand for tab, newline, return and
 * backslash.  Ids are positive, unique within the file, and given in order of begin.
 *
 *  gobudget 1 ACCOUNTING PACKAGE GOVERSION GOMAXPROCS   first line; runtime or testing; "go1.26.8"
 *  begin ID PARENT KIND NAME FUNC FILE LINE             PARENT 0: none; test example fuzz benchmark
 *  end ID OUTCOME NS GOROUTINES PEAK CREATED BYTES OBJECTS
 *                          pass fail skip unfinished (Goexit); the counts as they were then
 *  final ID GOROUTINES PEAK CREATED BYTES OBJECTS       after settling: replaces end's
 *  bench ID OPS NS BYTES ALLOCS                         of the last, longest b.N
 *  heap ID INUSE PEAK                                   alone only
 *  group ID KIND COUNT STATE CFUNC CFILE CLINE N { FUNC FILE LINE } x N [ M { ... } x M [ STILL ]]
 *                          left hung proven; ID 0: belongs to (package); M: its creators' stacks;
 *                          STILL: how many of them stood there early in settling
 *  site ID BYTES OBJECTS N { FUNC FILE LINE } x N [ HOW ]
 *                          exact and alone only: where it allocated, its subtests included;
 *                          HOW: the runtime's function that was called there
 *  reach ID BYTES OBJECTS N { FUNC FILE LINE } x N [ HOW ]
 *                          alone and asked for: what of it can still be reached after the test
 *  spawn ID COUNT 1 FUNC FILE LINE                      likewise: its go statements
 *  package GOROUTINES PEAK CREATED BYTES OBJECTS        what belongs to no test
 *  gc COUNT TOTAL WORST LIVE                           of the process: collections, ns that they stopped
 *                          the world in all and at worst, bytes reachable at its end
 *  hang ID                                              this test can no longer move: the agent ends the process
 *  done                                                 last line of a complete record
 *
 * The reader trusts nothing: unknown verbs are skipped, a malformed line or a
 * number that is no int64 is GB_EPARSE with its line number, ids must be known.
 * A last line without newline is dropped (the process was killed while writing).
 */
#ifndef GB_GO_RECORD_H
#define GB_GO_RECORD_H

#include "go/run.h"

struct gb_record_test {
	char *name; /* owned */
	struct gb_site site;
	enum gb_kind kind;
	int64_t parent; /* id, 0: top level */
	bool ended, final, hung;
	enum gb_outcome outcome; /* GB_UNFINISHED until ended */
	int64_t ns;
	struct gb_sample sample;
	struct gb_group *groups;
	size_t n_groups, cap_groups;
	struct gb_alloc_site *sites;
	size_t n_sites, cap_sites;
};

struct gb_record {
	char *package, *go_version;
	int gomaxprocs;
	enum gb_accounting accounting;
	struct gb_record_test *tests; /* tests[id - 1] */
	size_t n, cap;
	bool has_package_row;
	struct gb_record_test package_row; /* name GB_PACKAGE_ROW */
	bool complete;			   /* `done` came */
};

/* `name` is for messages.  GB_EPARSE, GB_ELIMIT, GB_ENOMEM.  An empty text is GB_EMEASURE
 * "no record": the agent was not in the binary. */
int gb_record_parse(const char *name, const char *text, size_t len, struct gb_record *ret,
		    struct gb_err *err);
void gb_record_release(struct gb_record *r);

/*
 * Adds a record to a package as samples of run number `run`.  File names below
 * p->module_dir become relative to it.  Takes over the record's groups: those of a test with the
 * same fingerprint, go statement and place are one, whatever the library's frames above.
 */
int gb_record_merge(struct gb_record *r, struct gb_package *p, int run, enum gb_mode mode,
		    struct gb_err *err);

#endif
