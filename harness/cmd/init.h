/*
 * init - what gobudget init finds out before it asks anything.
 *
 * Folders are absolute.  Of a workspace the policy stands beside go.work, and every module's
 * tests are recorded.  Nothing here writes.
 */
#ifndef GB_CMD_INIT_H
#define GB_CMD_INIT_H

#include "base/asset.h"
#include "base/strlist.h"
#include "go/toolchain.h"

/* Files to write: harness/cmd/init, put into the program by the build. */
extern const struct gb_asset gb_init_assets[];
extern const size_t gb_init_assets_n;

struct gb_init_found {
	struct gb_toolchain go;
	char *dir;		   /* where the policy belongs */
	char *top;		   /* of the work tree, or NULL: no repository */
	char *branch;		   /* the default branch, or NULL */
	char *gomod;		   /* go.mod or go.work, from the top; NULL without a repository */
	struct gb_strlist modules; /* their folders, from dir: "." */
	struct gb_strlist ci;	   /* what runs tests elsewhere: ".gitlab-ci.yml" */
	char *gobudget_workflow;   /* a workflow that speaks of gobudget, or NULL */
	struct gb_strlist test_workflows; /* workflows that speak of go test */
	bool github;			  /* GitHub is where it is, or nothing says otherwise */
	size_t n_budgets;		  /* budget files that are there */
};

/* GB_EUSAGE: not in a module.  GB_EUSAGE likewise for a policy or budget file that is broken. */
int gb_init_find(struct gb_init_found *ret, struct gb_err *err);
void gb_init_found_release(struct gb_init_found *f);

#endif
