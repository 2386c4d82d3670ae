/* mem - see mem.h. */
#include "base/mem.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

static size_t asked;   /* allocations since gb_mem_fail_at() */
static size_t fail_at; /* the one that fails; 0: none */

void gb_mem_fail_at(size_t n)
{
	asked = 0;
	fail_at = n;
}

size_t gb_mem_count(void)
{
	return asked;
}

static bool must_fail(void)
{
	return ++asked == fail_at;
}

/* Size 0 gives a pointer too: NULL means out of memory and nothing else. */
void *gb_malloc(size_t size)
{
	return must_fail() ? NULL : malloc(size ? size : 1);
}

void *gb_calloc(size_t n, size_t size)
{
	if (must_fail() || (size && n > SIZE_MAX / size))
		return NULL;
	return n && size ? calloc(n, size) : calloc(1, 1);
}

void *gb_realloc(void *p, size_t size)
{
	return must_fail() ? NULL : realloc(p, size ? size : 1);
}

char *gb_strdup(const char *s)
{
	return s ? gb_strndup(s, strlen(s)) : NULL;
}

char *gb_strndup(const char *s, size_t len)
{
	char *copy = len < SIZE_MAX ? gb_malloc(len + 1) : NULL;

	if (!copy)
		return NULL;
	if (len)
		memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *gb_asprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return NULL;
	s = gb_malloc((size_t)n + 1);
	if (!s)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}

/* The pointers are copied as bytes: *array may be declared as any pointer type. */
int gb_grow(void **array, size_t *cap, size_t need, size_t elem, size_t max, struct gb_err *err)
{
	size_t want = *cap ? *cap : 8;
	void *old, *grown;

	if (need <= *cap)
		return 0;
	if (need > max)
		return gb_fail(err, GB_ELIMIT, "more than %zu elements", max);
	while (want < need)
		want = want > SIZE_MAX / 2 ? need : want * 2;
	if (want > max)
		want = max;
	if (elem && want > SIZE_MAX / elem)
		return gb_fail_nomem(err);
	memcpy(&old, array, sizeof(old));
	grown = gb_realloc(old, want * elem);
	if (!grown)
		return gb_fail_nomem(err);
	memcpy(array, &grown, sizeof(grown));
	*cap = want;
	return 0;
}

void gb_cleanup_free(void *pp)
{
	void *p;

	memcpy(&p, pp, sizeof(p));
	free(p);
}
