/*
 * cache - a private folder of things that can be had again, at some cost.
 *
 *	$GOBUDGET_CACHE, else $XDG_CACHE_HOME/gobudget, else ~/.cache/gobudget
 *	(macOS: ~/Library/Caches/gobudget).  GOBUDGET_CACHE=off: none.
 *
 *	DIR/v1/KIND/ab/cdef...	entries: KIND is a word, ab cdef... the key, a SHA-256 in hex
 *	DIR/NAME/		folders of whoever asks for one; prune leaves them alone
 *
 * An entry is one file, written beside its name and renamed: whole or not there.  Its first line
 * has its kind, key, length and checksum.  What does not match, is not ours, is no file or is too
 * large is not there: the caller cannot tell it from a miss, and never gets bytes that were not
 * put under that key.  (Who can write into the folder can make checksums: so it belongs to this
 * user, and nobody else can write into it, or there is no cache.)
 *
 * The folder may be deleted at any time, and used by any number of processes at once.  No entry is
 * promised to stay: prune removes those that were not used for longest.  Nothing is synced: what a
 * power cut tears is a miss.
 */
#ifndef GB_BASE_CACHE_H
#define GB_BASE_CACHE_H

#include "base/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_buf;
struct gb_err;

struct gb_cache {
	char *dir; /* absolute; NULL: there is no cache, every get misses and every put is nothing */
	char *why;  /* there is none: a line for people */
	size_t put; /* bytes that this process has put */
};

/* Finds the folder, and makes it if need be.  That there is none is no error; GB_ENOMEM is. */
int gb_cache_open(struct gb_cache *c, struct gb_err *err);
void gb_cache_release(struct gb_cache *c);
#define _cache_ __attribute__((cleanup(gb_cache_release)))

/* Appends what was put under that key; `key` has GB_HASH_HEX digits.  GB_ENOTFOUND: a miss, also
 * where it exceeds ret->max; GB_ENOMEM.  Using an entry makes it young again. */
int gb_cache_get(const struct gb_cache *c, const char *kind, const char *key, struct gb_buf *ret,
		 struct gb_err *err);

/* Best effort: what cannot be kept (a full disk) is not.  More than GB_MAX_CACHE_ENTRY is not. */
void gb_cache_put(struct gb_cache *c, const char *kind, const char *key, const void *data,
		  size_t len);

/* A folder of one's own in it, 0700, made if need be.  GB_ENOTFOUND: no cache.  Caller frees. */
int gb_cache_folder(const struct gb_cache *c, const char *name, char **ret, struct gb_err *err);

/* Removes entries until at most `max` bytes are left, and what killed writers left behind. */
void gb_cache_prune(const struct gb_cache *c, size_t max);

/* $GOBUDGET_CACHE_SIZE ("64 MiB"), else 256 MiB. */
size_t gb_cache_max(void);

struct gb_cache_usage {
	size_t entries;
	int64_t bytes;
};
/* Entries only, not folders.  What cannot be looked at does not count. */
void gb_cache_measure(const struct gb_cache *c, struct gb_cache_usage *ret);

#endif
