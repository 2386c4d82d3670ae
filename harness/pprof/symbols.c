/* symbols - see symbols.h. */
#include "pprof/symbols.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

/* Eight bytes at a time: there are megabytes of names. */
static uint32_t hash_of(const char *s, size_t len)
{
	uint64_t h = len * UINT64_C(0x9E3779B97F4A7C15);

	for (; len >= 8; s += 8, len -= 8) {
		uint64_t word;

		memcpy(&word, s, 8);
		h = (h ^ word) * UINT64_C(0xFF51AFD7ED558CCD);
		h ^= h >> 32;
	}
	for (; len; s++, len--)
		h = (h ^ (unsigned char)*s) * UINT64_C(0x100000001B3);
	h *= UINT64_C(0xC4CEB9FE1A85EC53);
	return (uint32_t)(h >> 32);
}

static int grow_slots(struct gb_symbols *t, struct gb_err *err)
{
	size_t n_slots = t->n_slots ? t->n_slots * 2 : 1024;
	uint32_t *slots = gb_calloc(n_slots, sizeof(*slots));

	if (!slots)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < t->n; i++) {
		size_t at = t->hashes[i] & (n_slots - 1);

		while (slots[at])
			at = (at + 1) & (n_slots - 1);
		slots[at] = (uint32_t)i + 1;
	}
	free(t->slots);
	t->slots = slots;
	t->n_slots = n_slots;
	return 0;
}

int gb_symbol(struct gb_symbols *t, const char *s, uint32_t *ret, struct gb_err *err)
{
	uint32_t hash = hash_of(s, strlen(s));
	size_t at;
	int rc;

	if ((t->n + 1) * 2 > t->n_slots && (rc = grow_slots(t, err)) < 0)
		return rc;
	at = hash & (t->n_slots - 1);
	for (; t->slots[at]; at = (at + 1) & (t->n_slots - 1)) {
		uint32_t i = t->slots[at] - 1;

		if (t->hashes[i] == hash && strcmp(t->v[i], s) == 0) {
			*ret = i;
			return 0;
		}
	}
	if ((rc = gb_grow((void **)&t->v, &t->cap, t->n + 1, sizeof(*t->v), UINT32_MAX - 1, err)) <
		    0 ||
	    (rc = gb_grow((void **)&t->hashes, &t->cap_hashes, t->n + 1, sizeof(*t->hashes),
			  UINT32_MAX - 1, err)) < 0)
		return rc;
	t->v[t->n] = s;
	t->hashes[t->n] = hash;
	t->slots[at] = (uint32_t)t->n + 1;
	*ret = (uint32_t)t->n++;
	return 0;
}

static bool is_clean(const char *path)
{
	size_t len = strlen(path);

	if (len == 0 || strcmp(path, ".") == 0 || strcmp(path, "/") == 0)
		return true;
	return !strstr(path, "//") && !strstr(path, "/./") && !strstr(path, "/../") &&
	       !gb_starts(path, "./") && !gb_starts(path, "../") && !gb_ends(path, "/") &&
	       !gb_ends(path, "/.") && !gb_ends(path, "/..");
}

/* filepath.Clean, in place; what comes out is never longer, but "" is ".". */
static void clean(char *path)
{
	bool rooted = *path == '/';
	char *begin = path + rooted, *to = begin, *barrier = begin;
	const char *from = begin;

	while (*from) {
		size_t len = strcspn(from, "/");

		if (len == 2 && from[0] == '.' && from[1] == '.' && (to > barrier || rooted)) {
			while (to > barrier && *--to != '/')
				;
		} else if (len && !(len == 1 && from[0] == '.')) {
			if (to > begin)
				*to++ = '/';
			memmove(to, from, len);
			if (len == 2 && to[0] == '.' && to[1] == '.')
				barrier = to + len; /* a path that begins above here stays so */
			to += len;
		}
		from += len;
		from += *from == '/';
	}
	if (to == begin && !rooted)
		*to++ = '.';
	*to = '\0';
}

int gb_symbol_path(struct gb_symbols *t, const char *path, uint32_t *ret, struct gb_err *err)
{
	_free_ char *copy = NULL;
	int rc;

	if (gb_starts(path, "/proc/self/cwd/"))
		path += strlen(gb_starts(path, "/proc/self/cwd/./") ? "/proc/self/cwd/./"
								    : "/proc/self/cwd/");
	if (is_clean(path))
		return gb_symbol(t, path, ret, err);
	copy = gb_strdup(path);
	if (!copy)
		return gb_fail_nomem(err);
	clean(copy);
	rc = gb_strlist_add(&t->own, copy, err);
	return rc < 0 ? rc : gb_symbol(t, t->own.v[t->own.n - 1], ret, err);
}

void gb_symbols_release(struct gb_symbols *t)
{
	free(t->v);
	free(t->hashes);
	free(t->slots);
	gb_strlist_release(&t->own);
	*t = (struct gb_symbols){ 0 };
}
