#include "cmd/commit_url.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/remote.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A name of letters, digits, dots and dashes, with a dot in it. */
static bool is_host(const char *s, size_t n)
{
	static const char fine[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";

	return n && strspn(s, fine) >= n && memchr(s, '.', n);
}

/* "owner/name": words of an address, nothing that needs quoting. */
static bool is_path(const char *s, size_t n)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "._~/-";

	return n && strspn(s, fine) >= n && memchr(s, '/', n);
}

int commit_url_of(const char *address, char **ret, struct gb_err *err)
{
	bool web = gb_starts(address, "https://"), ssh = gb_starts(address, "ssh://");
	const char *rest = web ? address + 8 : ssh ? address + 6 : address;
	const char *end = rest + strcspn(rest, web || ssh ? "/" : ":/");
	const char *path = *end ? end + 1 : end, *at, *port;
	size_t n;

	*ret = NULL;
	if (!web && !ssh && *end != ':')
		return 0;
	for (at = end; at > rest && at[-1] != '@'; at--)
		;
	/* The port of ssh is not the web's. */
	port = memchr(at, ':', (size_t)(end - at));
	if (port && web)
		return 0;
	end = port ? port : end;
	path += strspn(path, "/");
	n = strlen(path);
	while (n && path[n - 1] == '/')
		n--;
	n -= n > 4 && strncmp(path + n - 4, ".git", 4) == 0 ? 4 : 0;
	if (!is_host(at, (size_t)(end - at)) || !is_path(path, n))
		return 0;
	*ret = gb_asprintf("https://%.*s/%.*s/commit/", (int)(end - at), at, (int)n, path);
	return *ret ? 0 : gb_fail_nomem(err);
}

int commit_url(const struct gb_repo *repo, char **ret, struct gb_err *err)
{
	_free_ char *address = NULL;
	int rc = gb_remote_url(repo, "origin", &address, err);

	*ret = NULL;
	return rc < 0 || !address ? rc : commit_url_of(address, ret, err);
}
