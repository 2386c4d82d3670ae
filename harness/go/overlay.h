/*
 * overlay - the agent, laid over one GOROOT's runtime and testing packages.
 *
 * Writes the patched sources and overlay.json (the format of `go build
 * -overlay`: {"Replace": {original: replacement}}) into a folder of ours;
 * GOROOT itself is only read.  A user's own overlay is merged: its entries stay,
 * and where it replaces a file that we patch, its version is the one patched.
 *
 * Every anchor must match (see edits.h).  Where the runtime's source is not one we know, the
 * fallback is laid over testing alone: process-wide counters, tests one at a
 * time; *ret_why then says which anchor is missing.  Where testing does not match either:
 * GB_EMEASURE.
 */
#ifndef GB_GO_OVERLAY_H
#define GB_GO_OVERLAY_H

#include "go/run.h"

struct gb_err;

struct gb_overlay_options {
	const char *goroot;	  /* as the go command will name it */
	int minor;		  /* 26 for go1.26.8 */
	const char *dir;	  /* an empty folder to write into; must outlive the build */
	const char *user_overlay; /* the user's -overlay file, or NULL */
	const char *user_dir;	  /* its relative names are relative to this */
	bool fallback;		  /* do not even try the runtime */
	bool stress;		  /* one of very many runs; not with the fallback */
	bool random;		  /* ... and the scheduler chooses at random */
};

struct gb_overlay {
	char *json; /* path of overlay.json */
	enum gb_accounting accounting;
	char *why; /* why the fallback was used, or NULL */
};

int gb_overlay_write(const struct gb_overlay_options *o, struct gb_overlay *ret,
		     struct gb_err *err);
void gb_overlay_release(struct gb_overlay *o);

#endif
