/*
 * edits - the agent's hooks, put into the source of one Go version.
 *
 * An .edits file (harness/go/agent/) names files below GOROOT/src and what to
 * replace in them:
 *
 *	file runtime/proc.go		begins a file; a `go A-B` line behind it limits all of it
 *	append agent.go [go A-B]	adds the declarations of an agent file (its package
 *					clause and imports left out: the host's serve)
 *	edit WHAT			begins an edit; WHAT names it in messages
 *	go A-B				limits the edit to versions ("1.21-1.23", "1.25-")
 *	each				replaces every occurrence, of which there must be one
 *	find, with			text to look for and its replacement; several pairs are
 *					alternatives, exactly one of which must match
 *
 * Text lines begin with `|`, comments with `#`.  An anchor has to occur exactly once:
 * a Go version whose source differs is refused, never half patched.
 */
#ifndef GB_GO_EDITS_H
#define GB_GO_EDITS_H

#include "base/buf.h"

#include <stddef.h>

struct gb_err;

struct gb_edited {
	char *path; /* below GOROOT/src */
	struct gb_buf text;
};

struct gb_edits {
	struct gb_edited *files;
	size_t n, cap;
	int minor; /* of the Go version: 26 for 1.26 */
	/* Appends the original of a file; negative like all else. */
	int (*load)(void *arg, const char *path, struct gb_buf *ret, struct gb_err *err);
	void *arg;
};

/*
 * Applies one .edits text, after those applied before.  `name` is for messages.
 * GB_ENOTFOUND: an anchor is not there, or not once (or the file is missing): the line names
 * file and edit.  GB_EPARSE: the .edits text itself is wrong.
 */
int gb_edits_apply(struct gb_edits *e, const char *name, const char *text, struct gb_err *err);
void gb_edits_release(struct gb_edits *e);

#endif
