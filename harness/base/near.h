/*
 * near - how far a word is from the one that was meant.
 */
#ifndef GB_BASE_NEAR_H
#define GB_BASE_NEAR_H

#include <stddef.h>

/* Letters to add, drop, change or swap (Levenshtein with transpositions).  Words of more than 64 bytes
 * are 64 away from every other. */
size_t gb_distance(const char *a, const char *b);

#endif
