/* The line by which we know what is ours.  See marker.h. */
#include "github/marker.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "base/units.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX	     "<!-- gobudget "
#define SUFFIX	     " -->"
#define LONGEST_LINE ((size_t)512)

static bool is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

int gb_marker_key(const char *key, char ret[GB_KEY_MAX + 1], struct gb_err *err)
{
	size_t len = strlen(key);
	/* Two dashes would end an HTML comment. */
	bool good = len > 0 && len <= GB_KEY_MAX && !strstr(key, "--");

	for (size_t i = 0; i < len && good; i++)
		good = is_key_char(key[i]);
	if (!good)
		return gb_fail(
			err, GB_EUSAGE,
			"\"%.100s\" is no key: 1 to %d letters, digits, '.', '_' and single '-'",
			key, GB_KEY_MAX);
	memcpy(ret, key, len + 1);
	return 0;
}

/* GitHub keeps "\r\n" where a browser sent it, and drops blanks at the end. */
static uint64_t digest(const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	size_t len = strlen(text);

	while (len > 0 && strchr(" \t\r\n", text[len - 1]))
		len--;
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\r')
			continue;
		h = (h ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
	}
	return h;
}

uint64_t gb_marker_digest(const char *text)
{
	return digest(text);
}

void gb_marker_write(struct gb_marker *m, const char *text, struct gb_buf *out)
{
	m->text = digest(text);
	gb_buf_addf(out,
		    PREFIX "key=%s run=%" PRId64 ".%" PRId64 " exit=%" PRId64
			   " head=%s digest=%016" PRIx64 " text=%016" PRIx64 SUFFIX "\n",
		    m->key, m->run, m->attempt, m->status, m->head, m->digest, m->text);
	gb_buf_adds(out, text);
}

/* The word behind `name` on the line, up to `stop`; false: not there, or too long. */
static bool field(const char *line, const char *name, const char *stop, char *ret, size_t size)
{
	const char *at = strstr(line, name);
	size_t len;

	if (!at)
		return false;
	at += strlen(name);
	len = strcspn(at, stop);
	if (len >= size)
		return false;
	memcpy(ret, at, len);
	ret[len] = '\0';
	return true;
}

static bool hex(const char *text, uint64_t *ret)
{
	if (strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
		return false;
	*ret = strtoull(text, NULL, 16);
	return true;
}

bool gb_marker_read(const char *body, struct gb_marker *ret)
{
	char line[LONGEST_LINE], run[24], attempt[24], status[24], digest_text[24], whole[24];
	size_t len = strcspn(body, "\r\n");
	struct gb_marker m = { 0 };

	if (len >= sizeof(line) || !gb_starts(body, PREFIX))
		return false;
	memcpy(line, body, len);
	line[len] = '\0';
	if (!gb_ends(line, SUFFIX) || !field(line, " key=", " ", m.key, sizeof(m.key)) ||
	    !field(line, " run=", ".", run, sizeof(run)) ||
	    !field(strstr(line, " run="), ".", " ", attempt, sizeof(attempt)) ||
	    !field(line, " exit=", " ", status, sizeof(status)) ||
	    !field(line, " head=", " ", m.head, sizeof(m.head)) ||
	    !field(line, " digest=", " ", digest_text, sizeof(digest_text)) ||
	    !field(line, " text=", " ", whole, sizeof(whole)))
		return false;
	if (!*m.key || gb_parse_int(run, 0, INT64_MAX, &m.run, NULL) < 0 ||
	    gb_parse_int(attempt, 0, INT64_MAX, &m.attempt, NULL) < 0 ||
	    gb_parse_int(status, 0, 3, &m.status, NULL) < 0 || !hex(digest_text, &m.digest) ||
	    !hex(whole, &m.text))
		return false;
	*ret = m;
	return true;
}

bool gb_marker_is_whole(const char *body, const struct gb_marker *m)
{
	const char *text = strchr(body, '\n');

	return text && digest(text + 1) == m->text;
}

int gb_marker_order(const struct gb_marker *a, const struct gb_marker *b)
{
	if (a->run != b->run)
		return a->run < b->run ? -1 : 1;
	return (a->attempt > b->attempt) - (a->attempt < b->attempt);
}
