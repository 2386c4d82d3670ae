/* image - see image.h.  Only the first bytes of the file are read. */
#include "pprof/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/mem.h"

#define HEAD 65536 /* headers and segment tables lie in it */

struct head {
	unsigned char *data;
	size_t len;
};

static int read_head(const char *path, struct head *ret, struct gb_err *err)
{
	_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	_free_ unsigned char *data = gb_malloc(HEAD);
	size_t len = 0;

	if (fd < 0)
		return gb_fail_sys(err, errno, "open %s", path);
	if (!data)
		return gb_fail_nomem(err);
	while (len < HEAD) {
		ssize_t n = read(fd, data + len, HEAD - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gb_fail_sys(err, errno, "read %s", path);
		if (n == 0)
			break;
		len += (size_t)n;
	}
	ret->data = GB_TAKE(data);
	ret->len = len;
	return 0;
}

static uint64_t number(const struct head *h, size_t at, size_t size)
{
	uint64_t v = 0;

	if (at > h->len || h->len - at < size)
		return 0;
	for (size_t i = 0; i < size; i++) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		v = v << 8 | h->data[at + i];
#else
		v |= (uint64_t)h->data[at + i] << (8 * i);
#endif
	}
	return v;
}

/* The executable segment that holds the mapping's first byte. */
static uint64_t elf_slide(const struct head *h, const struct gb_profile_mapping *m)
{
	size_t at = (size_t)number(h, 32, 8), size = (size_t)number(h, 54, 2);
	size_t n = (size_t)number(h, 56, 2);

	for (size_t i = 0; i < n && at < h->len; i++, at += size) {
		uint64_t type = number(h, at, 4), flags = number(h, at + 4, 4);
		uint64_t offset = number(h, at + 8, 8), vaddr = number(h, at + 16, 8);
		uint64_t in_file = number(h, at + 32, 8);

		/* A mapping begins at a page, a segment need not. */
		if (type == 1 && (flags & 1) && m->offset + 0xFFFF >= offset &&
		    m->offset < offset + in_file)
			return m->start - m->offset + offset - vaddr;
	}
	return 0;
}

static uint64_t macho_slide(const struct head *h, const struct gb_profile_mapping *m)
{
	size_t at = 32, n = (size_t)number(h, 16, 4);

	for (size_t i = 0; i < n && at < h->len; i++) {
		uint64_t command = number(h, at, 4), size = number(h, at + 4, 4);

		if (command == 0x19 && h->len - at >= 32 &&
		    memcmp(h->data + at + 8, "__TEXT\0", 7) == 0)
			return m->start - number(h, at + 24, 8);
		if (size < 8)
			break;
		at += (size_t)size;
	}
	return 0;
}

static const struct gb_profile_mapping *mapping_of(const char *path, const struct gb_profile *p)
{
	const char *name = gb_path_base(path);

	for (size_t i = 0; i < p->n_mappings; i++) {
		if (strcmp(gb_path_base(gb_profile_str(p, p->mappings[i].file)), name) == 0)
			return &p->mappings[i];
	}
	return p->n_mappings ? &p->mappings[0] : NULL;
}

int gb_image_slide(const char *path, const struct gb_profile *p, uint64_t *ret, struct gb_err *err)
{
	const struct gb_profile_mapping *m = mapping_of(path, p);
	struct head h = { NULL, 0 };
	_free_ unsigned char *data = NULL;
	int rc = read_head(path, &h, err);

	if (rc < 0)
		return rc;
	data = h.data;
	*ret = 0;
	if (!m || m->start == 0)
		return 0;
	if (h.len > 64 && memcmp(data, "\177ELF\2", 5) == 0)
		*ret = elf_slide(&h, m);
	else if (h.len > 32 && number(&h, 0, 4) == 0xFEEDFACF)
		*ret = macho_slide(&h, m);
	return 0;
}
