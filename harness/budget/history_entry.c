/*
 * One history as bytes, for history_index.c: numbers as 8 bytes, least first, texts with their
 * length before them and one more than it for what is there, 0 for none.
 */
#include "budget/history_index.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char magic[8] = "gbhist1\n";

static void put_number(struct gb_buf *out, int64_t n)
{
	unsigned char b[8];

	for (size_t i = 0; i < sizeof(b); i++)
		b[i] = (unsigned char)((uint64_t)n >> (8 * i));
	gb_buf_add(out, b, sizeof(b));
}

static void put_text(struct gb_buf *out, const char *s)
{
	size_t len = s ? strlen(s) : 0;

	put_number(out, s ? (int64_t)len + 1 : 0);
	gb_buf_add(out, s ? s : "", len);
}

static void put_change(struct gb_buf *out, const struct gb_history_change *x)
{
	put_text(out, x->package);
	put_text(out, x->test);
	put_text(out, x->env);
	put_text(out, x->reason);
	put_number(out, x->metric);
	put_number(out, x->has_old | x->has_now << 1 | x->has_recorded << 2);
	put_number(out, x->old);
	put_number(out, x->now);
	put_number(out, x->recorded);
}

void history_index_write(const struct gb_history *h, struct gb_buf *out)
{
	gb_buf_add(out, magic, sizeof(magic));
	put_number(out, (int64_t)h->n);
	for (size_t i = 0; i < h->n; i++) {
		const struct gb_history_commit *c = &h->commits[i];

		gb_buf_add(out, c->id, 40);
		put_text(out, c->author);
		put_text(out, c->subject);
		put_text(out, c->trouble);
		put_number(out, c->date);
		put_number(out, c->when);
		put_number(out, c->zone);
		put_number(out, (int64_t)c->n);
		for (size_t k = 0; k < c->n; k++)
			put_change(out, &c->v[k]);
	}
}

/* Past the end, or not what can be: `bad` from then on, and zeros. */
struct reader {
	const char *p, *end;
	bool bad, nomem;
};

static int64_t take_number(struct reader *r)
{
	uint64_t n = 0;

	if (r->bad || r->end - r->p < 8) {
		r->bad = true;
		return 0;
	}
	for (size_t i = 0; i < 8; i++)
		n |= (uint64_t)(unsigned char)r->p[i] << (8 * i);
	r->p += 8;
	return (int64_t)n;
}

static size_t take_count(struct reader *r, size_t least_each)
{
	int64_t n = take_number(r);

	if (n < 0 || (uint64_t)n > (uint64_t)(r->end - r->p) / least_each)
		r->bad = true;
	return r->bad ? 0 : (size_t)n;
}

static char *take_text(struct reader *r, bool needed)
{
	size_t len = take_count(r, 1);
	char *s;

	if (!len) {
		r->bad = r->bad || needed;
		return NULL;
	}
	len--;
	if (memchr(r->p, 0, len)) {
		r->bad = true;
		return NULL;
	}
	if (!(s = gb_strndup(r->p, len)))
		r->bad = r->nomem = true;
	r->p += len;
	return s;
}

static void take_change(struct reader *r, struct gb_history_change *x)
{
	int64_t metric, flags;

	x->package = take_text(r, true);
	x->test = take_text(r, true);
	x->env = take_text(r, true);
	x->reason = take_text(r, false);
	metric = take_number(r);
	flags = take_number(r);
	if (metric < 0 || metric >= GB_METRICS || flags < 0 || flags > 7) {
		r->bad = true;
		metric = flags = 0;
	}
	x->metric = (enum gb_metric)metric;
	x->has_old = flags & 1;
	x->has_now = flags >> 1 & 1;
	x->has_recorded = flags >> 2 & 1;
	x->old = take_number(r);
	x->now = take_number(r);
	x->recorded = take_number(r);
}

static void take_commit(struct reader *r, struct gb_history_commit *c)
{
	int64_t zone;
	size_t n;

	if (r->end - r->p < 40) {
		r->bad = true;
		return;
	}
	memcpy(c->id, r->p, 40);
	if (strspn(c->id, "0123456789abcdef") != 40) {
		r->bad = true;
		return;
	}
	r->p += 40;
	c->author = take_text(r, true);
	c->subject = take_text(r, true);
	c->trouble = take_text(r, false);
	c->date = take_number(r);
	c->when = take_number(r);
	zone = take_number(r);
	if (zone < INT32_MIN || zone > INT32_MAX)
		r->bad = true;
	c->zone = (int)zone;
	n = take_count(r, 9 * 8);
	if (n > GB_MAX_CHANGES || r->bad) {
		r->bad = true;
		return;
	}
	if (n && !(c->v = gb_calloc(n, sizeof(*c->v)))) {
		r->bad = r->nomem = true;
		return;
	}
	c->cap = n;
	while (c->n < n && !r->bad)
		take_change(r, &c->v[c->n++]);
}

int history_index_read(const char *data, size_t len, struct gb_history *ret, struct gb_err *err)
{
	struct reader r = { .p = data, .end = data + len };
	struct gb_history h = { 0 };
	size_t n;

	if (len < sizeof(magic) || memcmp(data, magic, sizeof(magic)) != 0)
		return gb_fail(err, GB_EPARSE, "is no history");
	r.p += sizeof(magic);
	n = take_count(&r, 40 + 7 * 8);
	if (n && !(h.commits = gb_calloc(n, sizeof(*h.commits))))
		return gb_fail_nomem(err);
	h.cap = n;
	while (h.n < n && !r.bad)
		take_commit(&r, &h.commits[h.n++]);
	if (!r.bad && r.p == r.end) {
		*ret = h;
		return 0;
	}
	gb_history_release(&h);
	return r.nomem ? gb_fail_nomem(err) : gb_fail(err, GB_EPARSE, "is no history");
}
