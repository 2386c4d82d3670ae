/*
 * secrets - what can publish in a CI job's name is not for the tests that it runs.
 *
 * The names are GitHub Actions' tokens and the files by which a step speaks to
 * later steps (GITHUB_TOKEN, GH_TOKEN, ACTIONS_RUNTIME_*, ACTIONS_ID_TOKEN_REQUEST_*,
 * GITHUB_OUTPUT, GITHUB_ENV, GITHUB_PATH, GITHUB_STATE, GITHUB_STEP_SUMMARY).
 */
#ifndef GB_GO_SECRETS_H
#define GB_GO_SECRETS_H

#include <stdbool.h>

struct gb_err;
struct gb_strlist;

/* `entry` is a name, or "NAME=VALUE". */
bool gb_secret(const char *entry);

/* Takes them out of a child's environment. */
int gb_secrets_strip(struct gb_strlist *env, struct gb_err *err);

/*
 * Takes them out of this process's own environment, values overwritten where they
 * stand: a test can read the environment that its parents were started with
 * (/proc/PID/environ).  Before the first child; whoever needs one of them
 * afterwards has copied it.  Not while other threads read the environment.
 */
void gb_secrets_drop(void);

#endif
