/*
 * glob - gb_glob of text.h.
 *
 * No recursion, and never more than length of pattern times length of text
 * steps: only the latest `*` and the latest `**` are ever tried again.  That
 * is enough: a later star can take whatever an earlier one gave up, and where
 * a '/' stops a `*`, the literal '/' before the next star pins the earlier one.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

/* One character; a byte that is not UTF-8 stands for itself, out of Unicode's range. */
static size_t next(const char *s, uint32_t *ret)
{
	size_t n = gb_utf8_decode(s, strnlen(s, 4), ret);

	if (n)
		return n;
	*ret = 0x110000u + (unsigned char)*s;
	return 1;
}

/*
 * At '[': does the class hold `c`?  *ret_end is behind its ']'; NULL where the
 * class is never closed, and '[' is then a character like any other.
 */
static bool class_has(const char *p, uint32_t c, const char **ret_end)
{
	bool negate = p[1] == '!' || p[1] == '^', found = false;
	const char *s = p + 1 + negate, *first = s;

	*ret_end = NULL;
	while (*s && (*s != ']' || s == first)) {
		uint32_t low, high;

		if (*s == '\\' && s[1])
			s++;
		s += next(s, &low);
		high = low;
		if (s[0] == '-' && s[1] && s[1] != ']') {
			s++;
			if (*s == '\\' && s[1])
				s++;
			s += next(s, &high);
		}
		found = found || (c >= low && c <= high);
	}
	if (*s == ']')
		*ret_end = s + 1;
	return found != negate;
}

/* One pattern element that is not a star against one character of s. */
static bool one(const char *p, const char *s, const char **ret_p, const char **ret_s)
{
	uint32_t want, c;
	const char *end;

	*ret_s = s + next(s, &c);
	if (*p == '?') {
		*ret_p = p + 1;
		return c != '/';
	}
	if (*p == '[') {
		bool has = class_has(p, c, &end);

		if (end) {
			*ret_p = end;
			return has && c != '/';
		}
	}
	if (*p == '\\' && p[1])
		p++;
	*ret_p = p + next(p, &want);
	return want == c;
}

bool gb_glob(const char *pattern, const char *s)
{
	const char *p = pattern;
	const char *star = NULL, *star_s = NULL;   /* behind the latest `*`, and where it ends */
	const char *stars = NULL, *stars_s = NULL; /* the same of `**` */

	while (*s || *p) {
		uint32_t c;

		if (p[0] == '*' && p[1] == '*') {
			p += strspn(p, "*");
			stars = p;
			stars_s = s;
			star = NULL;
			continue;
		}
		if (*p == '*') {
			star = ++p;
			star_s = s;
			continue;
		}
		if (*p && *s && one(p, s, &p, &s))
			continue;
		if (star && *star_s && *star_s != '/') {
			star_s += next(star_s, &c);
			p = star;
			s = star_s;
		} else if (stars && *stars_s) {
			stars_s += next(stars_s, &c);
			p = stars;
			s = stars_s;
			star = NULL;
		} else {
			return false;
		}
	}
	return true;
}
