/*
 * hash - SHA-256 of what goes into something, for names that stand for contents.
 *
 * libcrypto's.  Add freely, check once: what fails (no memory, a file that cannot be read) makes
 * the end fail.  Strings are added with their NUL and numbers as text, so that neighbours never
 * run into each other: a hash is that of a list of fields.
 *
 *	_hash_ struct gb_hash h = GB_HASH_INIT;
 *	gb_hash_text(&h, "key 1");
 *	gb_hash_number(&h, size);
 *	if ((rc = gb_hash_end(&h, hex, err)))
 *		return rc;
 */
#ifndef GB_BASE_HASH_H
#define GB_BASE_HASH_H

#include "base/banned.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;

#define GB_HASH_HEX 64 /* digits */

struct gb_hash {
	void *context;
	bool failed;
};

#define GB_HASH_INIT        \
	{                   \
		NULL, false \
	}

void gb_hash_add(struct gb_hash *h, const void *data, size_t len); /* bytes as they are */
void gb_hash_text(struct gb_hash *h, const char *s);		   /* NULL is not "" */
void gb_hash_number(struct gb_hash *h, int64_t n);

/* The contents of a regular file, without holding them.  GB_ENOTFOUND, GB_ESYS, GB_ELIMIT (more
 * than `max` bytes); the hash is as before then. */
int gb_hash_file(struct gb_hash *h, const char *path, size_t max, struct gb_err *err);

/* The digits, small letters; then it is empty again. */
int gb_hash_end(struct gb_hash *h, char ret_hex[GB_HASH_HEX + 1], struct gb_err *err);
void gb_hash_release(struct gb_hash *h);
#define _hash_ __attribute__((cleanup(gb_hash_release)))

/* Of one piece of memory. */
int gb_hash_data(const void *data, size_t len, char ret_hex[GB_HASH_HEX + 1], struct gb_err *err);

#endif
