/*
 * marker - the first line of what we keep up to date on GitHub, by which we know it again.
 *
 *	<!-- gobudget key=KEY run=ID.ATTEMPT exit=N head=SHA digest=HEX text=HEX -->
 *
 * The key tells several comments of one pull request apart, run and attempt which is newer, the
 * digest whether there is anything new to say: it covers what does not change with the clock.
 * `text` covers what follows, so that a body that somebody edited is known.  Pure.
 */
#ifndef GB_GITHUB_MARKER_H
#define GB_GITHUB_MARKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_buf;
struct gb_err;

#define GB_KEY_MAX 64

struct gb_marker {
	char key[GB_KEY_MAX + 1];
	int64_t run, attempt; /* 0: not of a run */
	int64_t status;	      /* the verdict's exit status */
	char head[41];	      /* "" unknown */
	uint64_t digest, text;
};

/* GB_EUSAGE: a key is 1 to 64 letters, digits, '.', '_' and single '-'. */
int gb_marker_key(const char *key, char ret[GB_KEY_MAX + 1], struct gb_err *err);

/* FNV-1a, 64 bits: tells texts apart, proves nothing. */
uint64_t gb_marker_digest(const char *text);

/* The marker's line and `text`, whose digest is put into m. */
void gb_marker_write(struct gb_marker *m, const char *text, struct gb_buf *out);

/* False: the body's first line is no marker. */
bool gb_marker_read(const char *body, struct gb_marker *ret);

/* Is what follows the marker as we wrote it?  Line ends do not count. */
bool gb_marker_is_whole(const char *body, const struct gb_marker *m);

/* -1, 0, 1 as strcmp: which run is newer. */
int gb_marker_order(const struct gb_marker *a, const struct gb_marker *b);

#endif
