/*
 * json_scan - RFC 8259 by the letter, for json.c.
 *
 * Walks a text once and notes where each value stands, in the order in which
 * the values begin: the order in which cJSON's tree is walked too.
 */
#ifndef GB_BASE_JSON_SCAN_H
#define GB_BASE_JSON_SCAN_H

#include <stddef.h>

struct gb_json_place {
	size_t value; /* offset of its first byte */
	size_t key;   /* offset of its key's opening quote; of the value where it has none */
};

struct gb_json_scan {
	struct gb_json_place *places;
	size_t n, cap;
	size_t error;	  /* offset of what is wrong ... */
	const char *what; /* ... and what that is; NULL: nothing */
};

/* 0, GB_EPARSE with error and what set, GB_ENOMEM.  `text` has a NUL behind len. */
int gb_json_scan(const char *text, size_t len, struct gb_json_scan *s);
void gb_json_scan_release(struct gb_json_scan *s);

#endif
