/*
 * hook_install - the pre-push hook as a file: put there, looked at, taken away.
 *
 * The hook is a few lines of sh (harness/cmd/hook/pre-push.sh) that call `gobudget hook run`.  A
 * hook that is there already is moved to pre-push.gobudget-before, and ours calls it first, with the
 * same words and lines; uninstalling moves it back, the very file.
 *
 * Files that people write are theirs: lefthook's configuration, an existing husky hook, and a folder of
 * hooks that serves other repositories too are not touched; what to add is said.
 */
#ifndef GB_CMD_HOOK_INSTALL_H
#define GB_CMD_HOOK_INSTALL_H

#include "base/asset.h"
#include "git/hooks.h"

/* The script: harness/cmd/hook, put into the program by the build. */
extern const struct gb_asset gb_hook_assets[];
extern const size_t gb_hook_assets_n;

enum gb_hook_state {
	GB_HOOK_NONE,	   /* no pre-push hook */
	GB_HOOK_FOREIGN,   /* another one */
	GB_HOOK_OURS,	   /* ours, as this program would write it */
	GB_HOOK_OLD,	   /* ours, but another version's, or calling another program */
	GB_HOOK_BY_OTHERS, /* somebody's file calls `gobudget hook run` */
};

enum gb_hook_manager { GB_HOOK_GIT, GB_HOOK_HUSKY, GB_HOOK_LEFTHOOK, GB_HOOK_SHARED };

struct gb_hook {
	enum gb_hook_manager manager;
	enum gb_hook_state state;
	char *path;	 /* of the hook; of lefthook, its configuration */
	char *before;	 /* where the hook that was there first is kept */
	bool has_before; /* it is there */
	bool executable; /* git (or husky) would run it */
	char *script;	 /* what ours would be */
	struct gb_hooks hooks;
};

int gb_hook_look(const struct gb_repo *repo, struct gb_hook *ret, struct gb_err *err);
void gb_hook_release(struct gb_hook *h);

/* Whether ours may be written here; if not, what to add instead is for gb_hook_lines(). */
bool gb_hook_can_install(const struct gb_hook *h);
/* GB_EEXIST: both a foreign hook and one that was kept from before are there. */
int gb_hook_install(const struct gb_hook *h, struct gb_err *err);
/* Only where the state is OURS or OLD. */
int gb_hook_uninstall(const struct gb_hook *h, struct gb_err *err);
/* The lines to add by hand. */
const char *gb_hook_lines(const struct gb_hook *h);

#endif
