/* hash - see hash.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/hash.h"
#include "base/mem.h"

#define BLOCK	  (1 << 16)
#define HASH_SIZE (GB_HASH_HEX / 2)

static bool begin(struct gb_hash *h)
{
	EVP_MD_CTX *c;

	if (h->failed || h->context)
		return !h->failed;
	c = EVP_MD_CTX_new();
	if (!c || EVP_DigestInit_ex(c, EVP_sha256(), NULL) != 1) {
		EVP_MD_CTX_free(c);
		h->failed = true;
		return false;
	}
	h->context = c;
	return true;
}

void gb_hash_add(struct gb_hash *h, const void *data, size_t len)
{
	if (begin(h) && EVP_DigestUpdate(h->context, data, len) != 1)
		h->failed = true;
}

void gb_hash_text(struct gb_hash *h, const char *s)
{
	gb_hash_add(h, s ? "=" : "-", 1);
	if (s)
		gb_hash_add(h, s, strlen(s) + 1);
}

void gb_hash_number(struct gb_hash *h, int64_t n)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%" PRId64, n);
	gb_hash_text(h, text);
}

static void digits(const unsigned char *bytes, char *ret_hex)
{
	for (size_t i = 0; i < HASH_SIZE; i++)
		(void)snprintf(ret_hex + 2 * i, 3, "%02x", bytes[i]);
}

/* A hash of its own, so that a file which cannot be read leaves the other as it was. */
static int hash_fd(int fd, const char *path, size_t max, char *ret_hex, struct gb_err *err)
{
	_hash_ struct gb_hash own = GB_HASH_INIT;
	_free_ char *block = gb_malloc(BLOCK);
	size_t all = 0;

	if (!block)
		return gb_fail_nomem(err);
	gb_hash_add(&own, "", 0);
	for (;;) {
		ssize_t n = read(fd, block, BLOCK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gb_fail_sys(err, errno, "read %s", path);
		if (n == 0)
			break;
		all += (size_t)n;
		if (all > max)
			return gb_fail(err, GB_ELIMIT, "%s exceeds %zu bytes", path, max);
		gb_hash_add(&own, block, (size_t)n);
	}
	return gb_hash_end(&own, ret_hex, err);
}

int gb_hash_file(struct gb_hash *h, const char *path, size_t max, struct gb_err *err)
{
	/* A pipe must not make us wait. */
	_fd_ int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char hex[GB_HASH_HEX + 1];
	struct stat st;
	int rc;

	if (fd < 0 || fstat(fd, &st) < 0)
		return gb_fail_sys(err, errno, "open %s", path);
	if (!S_ISREG(st.st_mode))
		return gb_fail_sys(err, S_ISDIR(st.st_mode) ? EISDIR : EINVAL, "read %s", path);
	if ((rc = hash_fd(fd, path, max, hex, err)))
		return rc;
	gb_hash_text(h, hex);
	return 0;
}

int gb_hash_end(struct gb_hash *h, char ret_hex[GB_HASH_HEX + 1], struct gb_err *err)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	bool good = begin(h) && EVP_DigestFinal_ex(h->context, bytes, NULL) == 1;

	gb_hash_release(h);
	/* Nothing else can fail in it. */
	if (!good)
		return gb_fail_nomem(err);
	digits(bytes, ret_hex);
	return 0;
}

void gb_hash_release(struct gb_hash *h)
{
	EVP_MD_CTX_free(h->context);
	*h = (struct gb_hash)GB_HASH_INIT;
}

int gb_hash_data(const void *data, size_t len, char ret_hex[GB_HASH_HEX + 1], struct gb_err *err)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;

	gb_hash_add(&h, data, len);
	return gb_hash_end(&h, ret_hex, err);
}
