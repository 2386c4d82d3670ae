/*
 * mem - allocation, with a way to make the Nth one fail.
 *
 * All allocation of the program goes through here, so that a test can fail the
 * 1st, 2nd, 3rd ... allocation and look for leaks and crashes (test_alloc_sweep).
 * Functions return NULL when out of memory; callers turn that into
 * gb_fail_nomem().  Sizes that would overflow fail the same way.  What they
 * return is released with free(), which accepts NULL.
 */
#ifndef GB_BASE_MEM_H
#define GB_BASE_MEM_H

#include "base/banned.h"

#include <stddef.h>

void *gb_malloc(size_t size);
void *gb_calloc(size_t n, size_t size);
void *gb_realloc(void *p, size_t size);
char *gb_strdup(const char *s);		     /* gb_strdup(NULL) is NULL */
char *gb_strndup(const char *s, size_t len); /* copies exactly len bytes and a NUL */
char *gb_asprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Grows an array so that `need` elements of `elem` bytes fit; *cap is in
 * elements.  Doubles.  Fails with GB_ELIMIT past `max` elements.
 *
 *	if ((rc = gb_grow((void **)&t->v, &t->cap, t->n + 1, sizeof(*t->v), GB_MAX_TESTS, err)))
 *		return rc;
 */
struct gb_err;
int gb_grow(void **array, size_t *cap, size_t need, size_t elem, size_t max, struct gb_err *err);

/* Tests only: the allocation number `n` from now on (1 is the next) fails, 0 turns it off. */
void gb_mem_fail_at(size_t n);
size_t gb_mem_count(void); /* allocations asked for since the last gb_mem_fail_at() */

/* _free_ char *s = ...; released at the end of the scope.  GB_TAKE(s) hands it on. */
void gb_cleanup_free(void *pp);
#define _free_ __attribute__((cleanup(gb_cleanup_free)))
#define GB_TAKE(p)                          \
	__extension__({                     \
		__typeof__(p) taken_ = (p); \
		(p) = NULL;                 \
		taken_;                     \
	})

#endif
