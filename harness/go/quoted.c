/* quoted - fields with quotes around them, as the go command splits GOFLAGS and -exec. */
#include "go/testflags.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int add_field(struct gb_strlist *l, const char *s, size_t len, struct gb_err *err)
{
	_free_ char *field = gb_strndup(s, len);

	if (!field)
		return gb_fail_nomem(err);
	return gb_strlist_add(l, field, err);
}

int gb_quoted_split(const char *text, struct gb_strlist *ret, struct gb_err *err)
{
	const char *s = text;
	int rc;

	for (;;) {
		while (is_blank(*s))
			s++;
		if (!*s)
			return 0;
		size_t len = 0;
		if (*s == '"' || *s == '\'') {
			/* No escapes inside; a quote further inside a word does not count. */
			const char *end = strchr(s + 1, *s);
			if (!end)
				return gb_fail(err, GB_EUSAGE, "unterminated %c string in \"%s\"",
					       *s, text);
			if ((rc = add_field(ret, s + 1, (size_t)(end - s - 1), err)))
				return rc;
			s = end + 1;
			continue;
		}
		while (s[len] && !is_blank(s[len]))
			len++;
		if ((rc = add_field(ret, s, len, err)))
			return rc;
		s += len;
	}
}

bool gb_quoted_add(struct gb_buf *out, const char *field)
{
	bool blank = field[0] == '\0' || strpbrk(field, " \t\n\r") != NULL;
	bool single = strchr(field, '\'') != NULL, twice = strchr(field, '"') != NULL;

	if (out->len)
		gb_buf_addc(out, ' ');
	if (!blank && !single && !twice) {
		gb_buf_adds(out, field);
		return true;
	}
	if (single && twice)
		return false;
	gb_buf_addc(out, single ? '"' : '\'');
	gb_buf_adds(out, field);
	gb_buf_addc(out, single ? '"' : '\'');
	return true;
}
