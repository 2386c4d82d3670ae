/* Secrets by their looks.  See redact.h. */
#include "github/redact.h"

#include "base/text.h"

#include <string.h>

#define OWN_LEAST ((size_t)8) /* a shorter token of ours would be found everywhere */

enum alphabet { WORD, UPPER, DASHED, DOTTED };

/* A prefix, and how many characters of what alphabet follow at least. */
static const struct {
	const char *prefix;
	enum alphabet rest;
	size_t least;
	size_t keep; /* of the prefix, for people */
} looks[] = {
	{ "ghp_", WORD, 20, 4 },      { "gho_", WORD, 20, 4 },	    { "ghu_", WORD, 20, 4 },
	{ "ghs_", DOTTED, 20, 4 },    { "ghr_", WORD, 20, 4 },	    { "github_pat_", WORD, 20, 11 },
	{ "glpat-", DASHED, 16, 6 },  { "xoxb-", DASHED, 16, 5 },   { "xoxp-", DASHED, 16, 5 },
	{ "xoxa-", DASHED, 16, 5 },   { "AKIA", UPPER, 16, 4 },	    { "ASIA", UPPER, 16, 4 },
	{ "Bearer ", DOTTED, 16, 7 }, { "bearer ", DOTTED, 16, 7 }, { "eyJ", DOTTED, 40, 3 },
};

static bool is_in(enum alphabet a, char c)
{
	bool upper = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

	if (a == UPPER)
		return upper;
	if (upper || (c >= 'a' && c <= 'z') || c == '_')
		return true;
	return (a >= DASHED && c == '-') || (a == DOTTED && c == '.');
}

static size_t blank(char *s, size_t from, size_t to)
{
	memset(s + from, '*', to - from);
	return 1;
}

/* The length of what begins here and looks like a secret; 0: nothing. */
static size_t look(const char *s, size_t len, size_t *ret_keep)
{
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		size_t n = strlen(looks[i].prefix), end = n, dots = 0;

		if (len < n + looks[i].least || memcmp(s, looks[i].prefix, n) != 0)
			continue;
		for (; end < len && is_in(looks[i].rest, s[end]); end++)
			dots += s[end] == '.';
		/* "eyJ" alone is any base64 of "{"; a token has three parts. */
		if (end - n < looks[i].least || (*looks[i].prefix == 'e' && dots != 2))
			continue;
		*ret_keep = looks[i].keep;
		return end;
	}
	return 0;
}

static const char *find(const char *s, size_t len, const char *what)
{
	size_t n = strlen(what);

	for (size_t i = 0; i + n <= len; i++) {
		const char *at = memchr(s + i, *what, len - n + 1 - i);

		if (!at)
			return NULL;
		if (memcmp(at, what, n) == 0)
			return at;
		i = (size_t)(at - s);
	}
	return NULL;
}

/* Is what stands before text[i] no part of a word, or an escape of JSON that ends in a letter? */
static bool begins_word(const char *text, size_t i)
{
	if (i == 0 || !is_in(WORD, text[i - 1]))
		return true;
	return (i >= 2 && text[i - 2] == '\\') ||
	       (i >= 6 && text[i - 6] == '\\' && text[i - 5] == 'u');
}

/* Of a PEM block all letters; a string of JSON stays one, and so do its escapes. */
static void blank_key(char *text, size_t from, size_t to)
{
	for (size_t i = from; i < to && text[i] != '"'; i++) {
		if (text[i] == '\\')
			i += i + 1 < to && text[i + 1] == 'u' ? 5 : 1;
		else if (is_in(WORD, text[i]))
			text[i] = '*';
	}
}

static size_t blank_keys(char *text, size_t len)
{
	static const char head[] = "PRIVATE KEY-----", tail[] = "-----END";
	size_t at = 0, found = 0;
	const char *from;

	while ((from = find(text + at, len - at, head))) {
		const char *to;

		at = (size_t)(from - text) + sizeof(head) - 1;
		to = find(text + at, len - at, tail);
		blank_key(text, at, to ? (size_t)(to - text) : len);
		at = to ? (size_t)(to - text) + sizeof(tail) - 1 : len;
		found++;
	}
	return found;
}

size_t gb_redact(char *text, size_t len, const char *token)
{
	size_t own = token ? strlen(token) : 0, found = 0;

	for (size_t i = 0; i < len;) {
		size_t keep = 0, n = 0;

		if (own >= OWN_LEAST && len - i >= own && memcmp(text + i, token, own) == 0)
			n = own;
		else if (begins_word(text, i))
			n = look(text + i, len - i, &keep);
		if (n)
			found += blank(text, i + keep, i + n);
		i += n ? n : 1;
	}
	return found + blank_keys(text, len);
}
