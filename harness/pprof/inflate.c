/* inflate - see inflate.h. */
#include "pprof/inflate.h"

#include <libdeflate.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"

/* Deflate cannot do better: one bit codes 258 bytes twice over. */
#define BEST_RATIO ((size_t)1032)
#define LEAST_ROOM ((size_t)4096)

struct output {
	unsigned char *data;
	size_t len, room;
};

static void cleanup_decompressor(struct libdeflate_decompressor **pd)
{
	if (*pd)
		libdeflate_free_decompressor(*pd);
}
#define _decompressor_ __attribute__((cleanup(cleanup_decompressor)))

bool gb_is_gzip(const void *data, size_t size)
{
	const unsigned char *p = data;

	return size >= 2 && p[0] == 0x1F && p[1] == 0x8B;
}

/* What the last four bytes promise; right for one member below 4 GiB, else at least a start. */
static size_t promised(const unsigned char *p, size_t size, size_t max)
{
	size_t most = size > max / BEST_RATIO ? max : size * BEST_RATIO;
	size_t want;

	if (size < 4)
		return LEAST_ROOM;
	p += size - 4;
	want = (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
	if (want < LEAST_ROOM)
		want = LEAST_ROOM;
	return want < most ? want : most;
}

static int make_room(struct output *o, size_t room, struct gb_err *err)
{
	unsigned char *grown = gb_realloc(o->data, room + 1);

	if (!grown)
		return gb_fail_nomem(err);
	o->data = grown;
	o->room = room;
	return 0;
}

static int one_member(struct libdeflate_decompressor *d, const char *name, const unsigned char **pp,
		      size_t *left, size_t max, struct output *o, struct gb_err *err)
{
	for (;;) {
		size_t used = 0, made = 0;
		int rc;

		switch (libdeflate_gzip_decompress_ex(d, *pp, *left, o->data + o->len,
						      o->room - o->len, &used, &made)) {
		case LIBDEFLATE_SUCCESS:
			*pp += used;
			*left -= used;
			o->len += made;
			return 0;
		case LIBDEFLATE_INSUFFICIENT_SPACE:
			if (o->room >= max)
				return gb_fail(err, GB_ELIMIT,
					       "%s: exceeds %zu bytes when inflated", name, max);
			rc = make_room(o, o->room > max / 2 ? max : o->room * 2, err);
			if (rc < 0)
				return rc;
			break;
		default:
			gb_fail(err, GB_EPARSE, "%s: gzip data is damaged or cut short", name);
			return gb_hint(err, "was the file still being written?");
		}
	}
}

int gb_inflate(const char *name, const void *data, size_t size, size_t max, unsigned char **ret,
	       size_t *ret_size, struct gb_err *err)
{
	_decompressor_ struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	const unsigned char *p = data;
	struct output o = { NULL, 0, 0 };
	size_t left = size;
	int rc;

	if (!d)
		return gb_fail_nomem(err);
	rc = make_room(&o, promised(p, size, max), err);
	while (rc == 0 && left > 0) {
		if (gb_is_gzip(p, left))
			rc = one_member(d, name, &p, &left, max, &o, err);
		else
			rc = gb_fail(err, GB_EPARSE,
				     "%s: %zu bytes of something else behind gzip data", name,
				     left);
	}
	if (rc < 0) {
		free(o.data);
		return rc;
	}
	*ret = o.data;
	*ret_size = o.len;
	return 0;
}
