/*
 * toolchain - which go command runs, what it says of itself, and how we call it.
 *
 * The go command is $GOBUDGET_GO (for tests) or `go` on PATH.  It is asked in
 * the user's directory, so that go.mod's toolchain line, GOTOOLCHAIN, GOFLAGS,
 * `go env -w` and go.work choose the version exactly as for `go test`.
 *
 * Three things make our call differ from the user's, all of them in gb_toolchain_env():
 *  - A toolchain that GOTOOLCHAIN fetched lies under GOMODCACHE, where Go 1.25
 *    and later refuse overlays.  Such a toolchain is called through a symlink
 *    in our scratch folder with GOTOOLCHAIN=local (gb_toolchain_link; compiled
 *    packages do not depend on the path, so the build cache still hits).
 *  - Go 1.26 and later: GOEXPERIMENT gains nosizespecializedmalloc, or the
 *    compiler calls allocators that the accounting does not see.
 *  - GOTMPDIR is our scratch folder.
 * The test binaries themselves get the user's values back (go/exec.h).
 */
#ifndef GB_GO_TOOLCHAIN_H
#define GB_GO_TOOLCHAIN_H

#include "base/strlist.h"

#include <stdbool.h>

struct gb_err;

#define GB_GO_OLDEST_MINOR 21

struct gb_module {
	char *path; /* "example.com/shop"; "std", "cmd" in GOROOT/src */
	char *dir;
};

struct gb_toolchain {
	char *command;	 /* the go command as called (below the symlink where there is one) */
	char *goroot;	 /* as called: overlay keys are made of it */
	char *real_root; /* as the go command said */
	char *version;	 /* "go1.26.8", "go1.27rc1", "devel go1.28-abc" */
	int minor;	 /* 26 of "go1.26.8" */
	char *modcache, *cache, *goflags, *goexperiment, *gomod, *gowork;
	char *goos, *goarch, *hostos, *hostarch;
	char *settings; /* all that it was asked and more that decides what is built: JSON text */
	bool cgo;
	bool linked;		   /* goroot is a symlink of ours */
	char *set_gowork;	   /* what GOWORK must be, or NULL: as in the environment */
	char *add_experiment;	   /* what GOEXPERIMENT must gain, or NULL */
	struct gb_module *modules; /* main modules; more than one in a workspace */
	size_t n_modules, cap_modules;
};

/*
 * Asks the go command in `dir` (NULL: here).  GB_ENOTFOUND with a hint when there is
 * none; GB_EMEASURE when it is older than 1.21, or what it says cannot be used.
 */
int gb_toolchain_find(const char *dir, struct gb_toolchain *ret, struct gb_err *err);
/* With another GOWORK than the environment's; NULL: the same. */
int gb_toolchain_find_in(const char *dir, const char *gowork, struct gb_toolchain *ret,
			 struct gb_err *err);
void gb_toolchain_release(struct gb_toolchain *t);
#define _toolchain_ __attribute__((cleanup(gb_toolchain_release)))

/*
 * A deep copy; in the situation above its command and goroot lie below a symlink: in GOCACHE,
 * under a name that stays, else dir/goroot.  The compiler writes the path of files that the
 * overlay replaces into what is cached: were it another at every run, a plugin would not fit
 * the binary that opens it.
 */
int gb_toolchain_link(const struct gb_toolchain *t, const char *dir, struct gb_toolchain *ret,
		      struct gb_err *err);

/* GB_EMEASURE where test binaries of GOOS could not run here and the user has no -exec. */
int gb_toolchain_can_run(const struct gb_toolchain *t, bool has_exec, struct gb_err *err);

/* Makes `env` (the user's) the environment of our go commands; tmp is GOTMPDIR. */
int gb_toolchain_env(const struct gb_toolchain *t, const char *tmp, struct gb_strlist *env,
		     struct gb_err *err);

/* Adds the -gcflags arguments that give every package of every main module `flags`;
 * none when flags is empty. */
int gb_toolchain_gcflags(const struct gb_toolchain *t, const char *flags, struct gb_strlist *args,
			 struct gb_err *err);

/* The main module that a package belongs to, or NULL.  Longest path wins. */
const struct gb_module *gb_toolchain_module(const struct gb_toolchain *t, const char *package,
					    const char *dir);

/*
 * "go1.26.8", "go1.27rc1", "go1.27-abc", "devel go1.28-abc Mon...", "go1.25.5 X:foo",
 * "go1.22.2-vendor" to 26 ...; -1 where there is no "go1.N".
 */
int gb_go_minor(const char *version);

#endif
