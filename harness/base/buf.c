/* buf - see buf.h. */
#include "base/buf.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/utf8.h"

char gb_buf_empty[1] = "";

/* Room for `more` bytes and the NUL, or false with the buffer marked. */
static bool reserve(struct gb_buf *b, size_t more)
{
	size_t need, want;
	char *grown;

	if (b->failed)
		return false;
	if (more > b->max || b->len > b->max - more || b->len + more == SIZE_MAX) {
		b->failed = true;
		return false;
	}
	need = b->len + more + 1;
	if (need <= b->cap)
		return true;
	want = b->cap ? b->cap : 64;
	while (want < need)
		want = want > SIZE_MAX / 2 ? need : want * 2;
	if (b->max < SIZE_MAX && want > b->max + 1)
		want = b->max + 1;
	grown = gb_realloc(b->cap ? b->data : NULL, want);
	if (!grown) {
		b->failed = true;
		b->nomem = true;
		return false;
	}
	b->data = grown;
	b->data[b->len] = '\0';
	b->cap = want;
	return true;
}

void gb_buf_add(struct gb_buf *b, const void *data, size_t len)
{
	if (!len || !reserve(b, len))
		return;
	memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void gb_buf_adds(struct gb_buf *b, const char *s)
{
	gb_buf_add(b, s, strlen(s));
}

void gb_buf_addc(struct gb_buf *b, char c)
{
	gb_buf_add(b, &c, 1);
}

void gb_buf_fill(struct gb_buf *b, char c, size_t n)
{
	if (!n || !reserve(b, n))
		return;
	memset(b->data + b->len, c, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void gb_buf_addf(struct gb_buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	gb_buf_vaddf(b, fmt, ap);
	va_end(ap);
}

void gb_buf_vaddf(struct gb_buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	if (b->failed)
		return;
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		b->failed = true;
	if (n <= 0 || !reserve(b, (size_t)n))
		return;
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	b->len += (size_t)n;
}

static void add_json_char(struct gb_buf *b, unsigned char c)
{
	static const char names[] = "btnvfr"; /* from 0x08; \v is not JSON's */

	if (c == '"' || c == '\\') {
		gb_buf_addc(b, '\\');
		gb_buf_addc(b, (char)c);
	} else if (c >= 0x08 && c <= 0x0D && c != 0x0B) {
		gb_buf_addc(b, '\\');
		gb_buf_addc(b, names[c - 0x08]);
	} else if (c < 0x20 || c == 0x7F) {
		gb_buf_addf(b, "\\u%04x", c);
	} else {
		gb_buf_addc(b, (char)c);
	}
}

void gb_buf_add_json(struct gb_buf *b, const char *s)
{
	size_t left = strlen(s);

	gb_buf_addc(b, '"');
	while (left) {
		uint32_t cp;
		size_t n = gb_utf8_decode(s, left, &cp);

		if (n == 1)
			add_json_char(b, (unsigned char)*s);
		else if (n)
			gb_buf_add(b, s, n);
		else
			gb_buf_adds(b, GB_UTF8_REPLACEMENT);
		s += n ? n : 1;
		left -= n ? n : 1;
	}
	gb_buf_addc(b, '"');
}

int gb_buf_read_fd(struct gb_buf *b, int fd, struct gb_err *err)
{
	for (;;) {
		char extra;
		size_t room;
		ssize_t n;

		if (b->failed)
			return gb_buf_error(b, "input", err);
		if (b->cap < 2 || b->len >= b->cap - 1) {
			size_t want = b->len < 4096 ? 4096 : b->len;

			if (b->len < b->max &&
			    !reserve(b, want < b->max - b->len ? want : b->max - b->len))
				continue;
		}
		room = b->cap ? b->cap - 1 - b->len : 0;
		/* At the ceiling one byte more tells "exactly full" from "too much". */
		n = room ? read(fd, b->data + b->len, room) : read(fd, &extra, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gb_fail_sys(err, errno, "read");
		if (n == 0)
			return 0;
		if (!room) {
			b->failed = true;
			continue;
		}
		b->len += (size_t)n;
		b->data[b->len] = '\0';
	}
}

void gb_buf_clear(struct gb_buf *b)
{
	b->len = 0;
	b->failed = false;
	b->nomem = false;
	b->data[0] = '\0';
}

void gb_buf_release(struct gb_buf *b)
{
	if (b->cap)
		free(b->data);
	b->data = gb_buf_empty;
	b->len = 0;
	b->cap = 0;
	b->failed = false;
	b->nomem = false;
}

char *gb_buf_detach(struct gb_buf *b)
{
	char *s = NULL;

	if (!b->failed)
		s = b->cap ? b->data : gb_strdup("");
	if (s && s == b->data)
		b->cap = 0;
	gb_buf_release(b);
	return s;
}

int gb_buf_error(const struct gb_buf *b, const char *what, struct gb_err *err)
{
	if (b->nomem)
		return gb_fail_nomem(err);
	return gb_fail(err, GB_ELIMIT, "%s exceeds %zu bytes", what, b->max);
}
