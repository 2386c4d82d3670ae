/*
 * redact - what looks like a secret is not passed on.
 *
 * A failing test may have printed a token.  In a file of JSON, before anything reads it, each
 * character of one becomes '*': lengths and structure stay.  Known are our own token, GitHub's and
 * GitLab's, Slack's, AWS's key ids, JSON Web Tokens, "Bearer ..." and private keys in PEM.
 */
#ifndef GB_GITHUB_REDACT_H
#define GB_GITHUB_REDACT_H

#include <stddef.h>

/* In place.  `token` may be NULL.  Returns how many there were. */
size_t gb_redact(char *text, size_t len, const char *token);

#endif
