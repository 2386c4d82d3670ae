#include "go/record_line.h"

#include "base/err.h"
#include "base/mem.h"

#include <string.h>

void gb_line_fail(struct gb_line *l, const char *what)
{
	if (l->rc >= 0)
		l->rc = gb_fail(l->err, GB_EPARSE, "%s:%zu: %s", l->name, l->number, what);
}

static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (*s == '\\' && s[1]) {
			s++;
			*to++ = *s == 't' ? '\t' : *s == 'n' ? '\n' : *s == 'r' ? '\r' : *s;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

void gb_line_split(struct gb_line *l, char *text)
{
	l->n = l->next = 0;
	for (char *p = text; p; l->n++) {
		char *tab = strchr(p, '\t');

		if (l->n == GB_RECORD_FIELDS) {
			gb_line_fail(l, "too many fields");
			return;
		}
		if (tab)
			*tab++ = '\0';
		l->field[l->n] = p;
		unescape(p);
		p = tab;
	}
}

const char *gb_line_take(struct gb_line *l)
{
	if (l->next < l->n)
		return l->field[l->next++];
	gb_line_fail(l, "a field is missing");
	return "";
}

char *gb_line_copy(struct gb_line *l)
{
	const char *s = gb_line_take(l);
	char *copy;

	if (strlen(s) > GB_MAX_NAME) {
		gb_line_fail(l, "a name is too long");
		return NULL;
	}
	copy = gb_strdup(s);
	if (!copy && l->rc >= 0)
		l->rc = gb_fail_nomem(l->err);
	return copy;
}

bool gb_line_number(struct gb_line *l, int64_t min, int64_t *ret)
{
	const char *s = gb_line_take(l);
	int64_t v = 0;
	bool negative = s[0] == '-';
	const char *p = s + negative;

	*ret = 0;
	if (strcmp(s, "-") == 0)
		return false;
	if (!*p || l->rc < 0) {
		gb_line_fail(l, "expected a number");
		return false;
	}
	for (; *p; p++) {
		if (*p < '0' || *p > '9' || v > (INT64_MAX - (*p - '0')) / 10) {
			gb_line_fail(l, "expected a number that fits 64 bits");
			return false;
		}
		v = v * 10 + (*p - '0');
	}
	v = negative ? -v : v;
	if (v < min) {
		gb_line_fail(l, "a number is negative");
		return false;
	}
	*ret = v;
	return true;
}

int64_t gb_line_count(struct gb_line *l)
{
	int64_t v;

	if (!gb_line_number(l, 0, &v))
		gb_line_fail(l, "expected a number");
	return v;
}

int gb_line_word(struct gb_line *l, const struct gb_word *table, size_t n)
{
	const char *word = gb_line_take(l);

	for (size_t i = 0; i < n; i++)
		if (strcmp(word, table[i].name) == 0)
			return table[i].value;
	gb_line_fail(l, "an unknown word");
	return 0;
}
