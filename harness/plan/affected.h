/*
 * affected - which packages a change can move.
 *
 * Pure: rows of go list and changed paths go in, one answer for each package that was asked for
 * comes out, with its reason.  The rule is "never less": what cannot be told counts as changed.
 *
 *  - A package can move when a file that go list names for it or for anything that its test
 *    binary links changed, came or went: source, header, embedded file.  A test file moves its own
 *    package alone.
 *  - Files that tests read: all below the package's own folder that is no Go code of another
 *    package.  A package whose test binary holds sources that look further (roam.h) can be moved
 *    by any change.
 *  - C and assembly include what they like: a package with any can be moved by every file that
 *    is not Go.
 *  - Everything can move: go.mod, go.work, their sums or vendor/modules.txt changed, the policy, a
 *    file that a flag names, or one that lies below the folder of no package that was asked for.
 *    Where it is known which modules a change of go.mod moves, packages of those do instead
 *    (modules.h).
 *  - Its own budget file, and what cannot be compared: sources outside of the repository or
 *    that git ignores.
 */
#ifndef GB_PLAN_AFFECTED_H
#define GB_PLAN_AFFECTED_H

#include "git/changes.h"
#include "plan/packages.h"

#include <stddef.h>

struct gb_buf;

enum gb_plan_why {
	GB_PLAN_SAME,	 /* the change cannot move it */
	GB_PLAN_FILE,	 /* a file of its own, or below its folder */
	GB_PLAN_DEPENDS, /* a file of what it depends on */
	GB_PLAN_BUDGET,	 /* its budget file */
	GB_PLAN_NATIVE,	 /* a file that C or assembly may include */
	GB_PLAN_MODULE,	 /* its module has another version, or did not provide it */
	GB_PLAN_READS,	 /* its tests read a changed file the last time: not found out here */
	GB_PLAN_ROAMS,	 /* looks at files elsewhere */
	GB_PLAN_UNKNOWN, /* cannot be compared with the base */
	GB_PLAN_ALL,	 /* a file that everything hangs on */
};

struct gb_plan_change {
	char *path; /* absolute, symlinks resolved up to the top */
	enum gb_change_kind kind;
};

struct gb_plan_changes {
	struct gb_plan_change *v;
	size_t n, cap;
};

int gb_plan_changes_add(struct gb_plan_changes *c, const char *path, enum gb_change_kind kind,
			struct gb_err *err);
void gb_plan_changes_release(struct gb_plan_changes *c);

/* Is anything but budgets and ignored files among them?  Only then roaming matters. */
bool gb_plan_changes_matter(const struct gb_plan_changes *c, const char *budgets);

struct gb_plan_options {
	const char *top;		/* of the work tree */
	const char *budgets;		/* name of the folder with budget files */
	const struct gb_strlist *named; /* files that flags name, absolute; or NULL */
	const char *module_dir;		/* its go.mod moves `moved` and nothing else; or NULL */
	const struct gb_strlist *moved; /* module paths */
};

/* All borrowed from the packages and changes. */
struct gb_plan_target {
	const struct gb_plan_package *package;
	enum gb_plan_why why;
	const char *file; /* the changed one; NULL with UNKNOWN */
	const char *via;  /* the package that it is of, of DEPENDS, NATIVE, ROAMS, UNKNOWN */
};

struct gb_plan {
	struct gb_plan_target *v; /* packages that were asked for, as go list named them */
	size_t n, n_affected;
};

int gb_plan_affected(const struct gb_plan_packages *p, const struct gb_plan_changes *c,
		     const struct gb_plan_options *o, struct gb_plan *ret, struct gb_err *err);
void gb_plan_release(struct gb_plan *plan);

/* "store/cache.go changed", "depends on example.com/shop/store: store/cache.go changed". */
void gb_plan_say(const struct gb_plan_target *t, const char *top, struct gb_buf *out);

#endif
