/* json_scan - see json_scan.h. */
#include "base/json_scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/utf8.h"

#define MAX_NUMBER 63 /* cJSON reads no further */

struct reader {
	const char *text;
	size_t len, at;
	struct gb_json_scan *s;
	bool nomem;
};

static bool fail_at(struct reader *r, size_t at, const char *what)
{
	r->s->error = at;
	r->s->what = what;
	return false;
}

static bool fail(struct reader *r, const char *what)
{
	return fail_at(r, r->at, r->at < r->len ? what : "the text ends too early");
}

static char peek(const struct reader *r)
{
	return r->at < r->len ? r->text[r->at] : '\0';
}

static void skip_space(struct reader *r)
{
	while (r->at < r->len && r->text[r->at] && strchr(" \t\r\n", r->text[r->at]))
		r->at++;
}

static bool take(struct reader *r, char c)
{
	if (r->at >= r->len || r->text[r->at] != c)
		return false;
	r->at++;
	return true;
}

static bool add_place(struct reader *r, size_t key)
{
	struct gb_json_scan *s = r->s;

	if (gb_grow((void **)&s->places, &s->cap, s->n + 1, sizeof(*s->places), SIZE_MAX, NULL) <
	    0) {
		r->nomem = true;
		return false;
	}
	s->places[s->n++] = (struct gb_json_place){ r->at, key };
	return true;
}

static bool hex4(struct reader *r, uint32_t *ret)
{
	uint32_t n = 0;

	for (int i = 0; i < 4; i++, r->at++) {
		char c = peek(r);

		if (c >= '0' && c <= '9')
			n = n << 4 | (uint32_t)(c - '0');
		else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			n = n << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return fail(r, "\\u needs four hexadecimal digits");
	}
	*ret = n;
	return true;
}

/* Behind "\u".  NUL is refused: C strings, and so every name of ours, would end there. */
static bool scan_unicode(struct reader *r)
{
	size_t start = r->at - 2;
	uint32_t high, low;

	if (!hex4(r, &high))
		return false;
	if (high == 0)
		return fail_at(r, start, "\\u0000 is not accepted");
	if (high >= 0xDC00 && high <= 0xDFFF)
		return fail_at(r, start, "half a surrogate pair");
	if (high < 0xD800 || high > 0xDFFF)
		return true;
	if (!take(r, '\\') || !take(r, 'u'))
		return fail_at(r, start, "half a surrogate pair");
	if (!hex4(r, &low))
		return false;
	if (low < 0xDC00 || low > 0xDFFF)
		return fail_at(r, start, "half a surrogate pair");
	return true;
}

static bool scan_escape(struct reader *r)
{
	char c = peek(r);

	if (!c || !strchr("\"\\/bfnrtu", c))
		return fail(r, "unknown escape");
	r->at++;
	return c != 'u' || scan_unicode(r);
}

/* At the opening quote. */
static bool scan_string(struct reader *r)
{
	size_t start = r->at++;

	while (r->at < r->len) {
		unsigned char c = (unsigned char)r->text[r->at];
		uint32_t cp;
		size_t n;

		if (c == '"') {
			r->at++;
			return true;
		}
		if (c == '\\') {
			r->at++;
			if (!scan_escape(r))
				return false;
			continue;
		}
		if (c < 0x20)
			return fail(r, "a control character in a string needs an escape");
		n = gb_utf8_decode(r->text + r->at, r->len - r->at, &cp);
		if (!n)
			return fail(r, "invalid UTF-8");
		r->at += n;
	}
	return fail_at(r, start, "a string without its closing quote");
}

static bool skip_digits(struct reader *r)
{
	size_t start = r->at;

	while (peek(r) >= '0' && peek(r) <= '9')
		r->at++;
	return r->at > start;
}

static bool scan_number(struct reader *r)
{
	size_t start = r->at;
	char digits[MAX_NUMBER + 1];

	take(r, '-');
	if (take(r, '0')) {
		if (peek(r) >= '0' && peek(r) <= '9')
			return fail_at(r, start, "a number with a leading zero");
	} else if (!skip_digits(r)) {
		return fail(r, "a number needs digits");
	}
	if (take(r, '.') && !skip_digits(r))
		return fail(r, "a number needs digits after its point");
	if (take(r, 'e') || take(r, 'E')) {
		if (!take(r, '+'))
			take(r, '-');
		if (!skip_digits(r))
			return fail(r, "a number needs digits in its exponent");
	}
	if (r->at - start > MAX_NUMBER)
		return fail_at(r, start, "a number longer than 63 characters");
	memcpy(digits, r->text + start, r->at - start);
	digits[r->at - start] = '\0';
	if (strtod(digits, NULL) - strtod(digits, NULL) != 0)
		return fail_at(r, start, "a number out of range");
	return true;
}

static bool scan_word(struct reader *r, const char *word)
{
	size_t n = strlen(word);

	if (r->len - r->at < n || memcmp(r->text + r->at, word, n) != 0)
		return fail(r, "expected a value");
	r->at += n;
	return true;
}

static bool scan_value(struct reader *r, size_t key, int depth);

static bool scan_array(struct reader *r, int depth)
{
	r->at++;
	skip_space(r);
	if (take(r, ']'))
		return true;
	for (;;) {
		skip_space(r);
		if (!scan_value(r, r->at, depth))
			return false;
		skip_space(r);
		if (take(r, ']'))
			return true;
		if (!take(r, ','))
			return fail(r, "expected , or ]");
	}
}

static bool scan_object(struct reader *r, int depth)
{
	r->at++;
	skip_space(r);
	if (take(r, '}'))
		return true;
	for (;;) {
		size_t key;

		skip_space(r);
		key = r->at;
		if (peek(r) != '"')
			return fail(r, "expected a key in quotes");
		if (!scan_string(r))
			return false;
		skip_space(r);
		if (!take(r, ':'))
			return fail(r, "expected :");
		skip_space(r);
		if (!scan_value(r, key, depth))
			return false;
		skip_space(r);
		if (take(r, '}'))
			return true;
		if (!take(r, ','))
			return fail(r, "expected , or }");
	}
}

static bool scan_value(struct reader *r, size_t key, int depth)
{
	char c = peek(r);

	if (!add_place(r, key))
		return false;
	if ((c == '{' || c == '[') && depth >= GB_MAX_JSON_DEPTH)
		return fail(r, "nested too deeply");
	switch (c) {
	case '{':
		return scan_object(r, depth + 1);
	case '[':
		return scan_array(r, depth + 1);
	case '"':
		return scan_string(r);
	case 't':
		return scan_word(r, "true");
	case 'f':
		return scan_word(r, "false");
	case 'n':
		return scan_word(r, "null");
	default:
		if (c == '-' || (c >= '0' && c <= '9'))
			return scan_number(r);
		return fail(r, "expected a value");
	}
}

int gb_json_scan(const char *text, size_t len, struct gb_json_scan *s)
{
	struct reader r = { text, len, 0, s, false };

	skip_space(&r);
	if (scan_value(&r, r.at, 0)) {
		skip_space(&r);
		if (r.at == len)
			return 0;
		fail(&r, "text after the end of the value");
	}
	return r.nomem ? GB_ENOMEM : GB_EPARSE;
}

void gb_json_scan_release(struct gb_json_scan *s)
{
	free(s->places);
	memset(s, 0, sizeof(*s));
}
