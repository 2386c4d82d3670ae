/* stream - see stream.h. */
#include "base/stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/limits.h"

/* Appends; past the ceiling the beginning goes, whatever stood there before included. */
static int keep_end(struct gb_stream *s, const char *data, size_t len, struct gb_err *err)
{
	struct gb_buf *b = s->tail;

	if (len > b->max) {
		data += len - b->max;
		len = b->max;
		s->cut = true;
	}
	if (b->len > b->max - len) {
		size_t drop = b->len - (b->max - len);

		memmove(b->data, b->data + drop, b->len - drop);
		b->len -= drop;
		b->data[b->len] = '\0';
		s->cut = true;
	}
	gb_buf_add(b, data, len);
	return b->failed ? gb_buf_error(b, "output", err) : 0;
}

static int hand_over(struct gb_stream *s, const struct gb_proc *p)
{
	int rc = p->on_line(p->arg, s->number, s->line.data, s->line.len);

	gb_buf_clear(&s->line);
	return rc < 0 ? rc : 0;
}

static int split_lines(struct gb_stream *s, const struct gb_proc *p, const char *data, size_t len,
		       struct gb_err *err)
{
	while (len) {
		const char *end = memchr(data, '\n', len);
		size_t n = end ? (size_t)(end - data) : len;
		bool full = false;
		int rc = 0;

		if (n > s->line.max - s->line.len) {
			n = s->line.max - s->line.len;
			full = true;
		}
		gb_buf_add(&s->line, data, n);
		if (s->line.failed)
			return gb_buf_error(&s->line, "line", err);
		data += n;
		len -= n;
		if (!full && end) {
			data++;
			len--;
		}
		if (full || end)
			rc = hand_over(s, p);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static void close_pipe(struct gb_stream *s)
{
	close(s->fd);
	s->fd = -1;
}

int gb_stream_read(struct gb_stream *s, const struct gb_proc *p, struct gb_err *err)
{
	char block[16384];

	for (int i = 0; i < 16; i++) {
		ssize_t n = read(s->fd, block, sizeof(block));
		int rc;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return 0;
		if (n < 0)
			return gb_fail_sys(err, errno, "read from %s", p->argv[0]);
		if (n == 0)
			return gb_stream_finish(s, p);
		if (s->mode == GB_STDIO_BUF)
			rc = keep_end(s, block, (size_t)n, err);
		else if (s->mode == GB_STDIO_NULL)
			rc = 0;
		else
			rc = split_lines(s, p, block, (size_t)n, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int gb_stream_finish(struct gb_stream *s, const struct gb_proc *p)
{
	if (s->fd < 0)
		return 0;
	close_pipe(s);
	return s->line.len && s->mode == GB_STDIO_LINES ? hand_over(s, p) : 0;
}

void gb_stream_release(struct gb_stream *s)
{
	if (s->fd >= 0)
		close_pipe(s);
	gb_buf_release(&s->line);
}
