/*
 * testflags - go test's own command line, read far enough to stay out of its way.
 *
 * Everything the user wrote (GOFLAGS first, then what stood after `--`) is
 * handed on to go test; only what we must know or join with ours is taken out.
 * Understood as the go command does: -f, --f, -test.f; "-f=v" and "-f v" by a
 * table of which flags take values; -args ends the flags.  A word that is no
 * flag's value is a package until an unknown flag comes: from there on a word
 * may be that flag's value, so words stay where they are.
 */
#ifndef GB_GO_TESTFLAGS_H
#define GB_GO_TESTFLAGS_H

#include "base/strlist.h"

#include <stdbool.h>

struct gb_err;

struct gb_testflags {
	struct gb_strlist rest;	    /* to hand on, without what is listed as taken below */
	struct gb_strlist packages; /* taken */
	struct gb_strlist
		gcflags;      /* every -gcflags value, GOFLAGS' first; rest has those of args */
	size_t n_env_gcflags; /* that many of them are GOFLAGS': say them again after ours */
	char *exec;	      /* taken: the user's -exec */
	char *overlay;	      /* taken: the user's -overlay */
	char *chdir;	      /* taken: -C */
	char *tags;	      /* last -tags, or NULL */
	char *vet;	      /* -vet, or NULL */
	char *run, *skip, *bench, *timeout, *count, *cpu, *p;
	bool filtered; /* -run, -skip, -list, -failfast: not every test may run */
	bool list;     /* -list: nothing runs */
	bool json, v, race, msan, asan, cover;
	bool has_args; /* -args was given */
};

/*
 * goflags is GOFLAGS (NULL: none), args what stood after `--` (NULL: none).
 * GB_EUSAGE: -fuzz, -c, -n, a flag without its value, unclosed quotes.
 */
int gb_testflags_parse(const char *goflags, const struct gb_strlist *args, struct gb_testflags *ret,
		       struct gb_err *err);
void gb_testflags_release(struct gb_testflags *f);
#define _testflags_ __attribute__((cleanup(gb_testflags_release)))

/* Appends `args` (as in .rest) without the flags named in the NULL-terminated list. */
int gb_testflags_without(const struct gb_strlist *args, const char *const *names,
			 struct gb_strlist *ret, struct gb_err *err);

/* Appends those of `args` that decide what is compiled: -tags, -race, -mod and so on, of other
 * commands than go test, too.  Not -gcflags, which are joined with ours, nor -cover. */
int gb_testflags_compiling(const struct gb_strlist *args, struct gb_strlist *ret,
			   struct gb_err *err);

/*
 * The first word (of GOFLAGS, then of the flags) with which what was measured says nothing about
 * another time: -count, -bench, -coverprofile, -exec, anything unknown.  *ret NULL: none.
 */
int gb_testflags_uncacheable(const struct gb_testflags *f, const char *goflags, char **ret,
			     struct gb_err *err);

/* Splits as the go command splits GOFLAGS and -exec: blanks, '…' or "…" around a whole field. */
int gb_quoted_split(const char *text, struct gb_strlist *ret, struct gb_err *err);
/* Appends to `out` so that gb_quoted_split() finds it again; false if it has both quotes. */
struct gb_buf;
bool gb_quoted_add(struct gb_buf *out, const char *field);

#endif
