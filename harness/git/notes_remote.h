/*
 * notes_remote - the notes of a remote.
 *
 * git itself carries them, as a child: libgit2's transports know neither the user's credential
 * helpers nor his SSH configuration.  It is never asked for a password (GIT_TERMINAL_PROMPT=0) and
 * runs no hook: a push of notes is no push of code.  It finds the repository from the current folder.
 */
#ifndef GB_GIT_NOTES_REMOTE_H
#define GB_GIT_NOTES_REMOTE_H

struct gb_err;

/* Where the remote's notes are, their objects fetched; "": it has none.  GB_ESYS, git's words. */
int gb_notes_fetch(const char *remote, char ret[41], struct gb_err *err);

/* Pushes ours.  GB_EEXIST: the remote did not take them, as where somebody was faster. */
int gb_notes_push(const char *remote, const char *tip, struct gb_err *err);

#endif
