/* What the environment says of where we are.  See context.h. */
#include "github/context.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The compiler must not take it for useless. */
static void wipe(char *s)
{
	for (volatile char *p = s; *p; p++)
		*p = '\0';
}

static char *from_env(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return gb_strdup(value && *value ? value : otherwise);
}

static int64_t number(const char *name)
{
	const char *value = getenv(name);
	int64_t n;

	return value && gb_parse_int(value, 1, INT64_MAX, &n, NULL) == 0 ? n : 0;
}

/* A copy without the blanks that secrets are pasted with.  It is no longer to be seen in
 * /proc/PID/environ, nor by a child. */
static char *take_token(const char *name)
{
	char *value = getenv(name), *copy = NULL;
	size_t len, skip;

	if (!value)
		return NULL;
	skip = strspn(value, " \t\r\n");
	len = strlen(value);
	while (len > skip && strchr(" \t\r\n", value[len - 1]))
		len--;
	if (len > skip)
		copy = gb_strndup(value + skip, len - skip);
	wipe(value);
	unsetenv(name);
	return copy;
}

static bool is_name(const char *s, size_t len)
{
	if (len == 0 || len > 100 || (len <= 2 && strspn(s, ".") >= len))
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = s[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      strchr("-._", c)))
			return false;
	}
	return true;
}

/* It becomes part of every path. */
static bool is_repository(const char *s)
{
	const char *slash = strchr(s, '/');

	return slash && is_name(s, (size_t)(slash - s)) && is_name(slash + 1, strlen(slash + 1));
}

static void no_slash_at_end(char *s)
{
	for (size_t len = strlen(s); len > 0 && s[len - 1] == '/';)
		s[--len] = '\0';
}

static void take_commit(struct gb_context *c)
{
	const char *sha = getenv("GITHUB_SHA");

	memcpy(c->sha, c->event.head_sha, sizeof(c->sha));
	/* Of a pull request that is the test merge, which nobody will look at; of a
	 * workflow_run the default branch. */
	if (!*c->sha && !c->event.number && !gb_streq(c->event.name, "workflow_run") && sha &&
	    strlen(sha) == 40 && strspn(sha, "0123456789abcdef") == 40)
		memcpy(c->sha, sha, 41);
}

static int read(struct gb_context *c, struct gb_err *err)
{
	int rc = gb_event_read(&c->event, err);
	char *other;

	c->token = take_token("GITHUB_TOKEN");
	other = take_token("GH_TOKEN");
	if (c->token && other)
		wipe(other);
	if (c->token)
		free(other);
	else
		c->token = other;
	if (rc < 0)
		return rc;
	c->actions = gb_streq(getenv("GITHUB_ACTIONS"), "true");
	c->api = from_env("GITHUB_API_URL", "https://api.github.com");
	c->server = from_env("GITHUB_SERVER_URL", "https://github.com");
	c->repository = from_env("GITHUB_REPOSITORY", NULL);
	if (!c->api || !c->server)
		return gb_fail_nomem(err);
	no_slash_at_end(c->api);
	no_slash_at_end(c->server);
	if (c->repository && !is_repository(c->repository))
		return gb_fail(err, GB_EUSAGE, "GITHUB_REPOSITORY is \"%.200s\", not owner/name",
			       c->repository);
	c->pull = c->event.number;
	c->run = number("GITHUB_RUN_ID");
	c->attempt = number("GITHUB_RUN_ATTEMPT");
	if (gb_streq(c->event.name, "workflow_run")) {
		c->run = c->event.run.id;
		c->attempt = c->event.run.attempt;
		c->pull = 0;
	}
	take_commit(c);
	return 0;
}

int gb_context_read(struct gb_context *ret, struct gb_err *err)
{
	struct gb_context c = { 0 };
	int rc = read(&c, err);

	if (rc < 0) {
		gb_context_release(&c);
		return rc;
	}
	*ret = c;
	return 0;
}

void gb_context_release(struct gb_context *c)
{
	gb_event_release(&c->event);
	if (c->token)
		wipe(c->token);
	free(c->token);
	free(c->api);
	free(c->server);
	free(c->repository);
	*c = (struct gb_context){ 0 };
}

void gb_context_run_url(const struct gb_context *c, struct gb_buf *out)
{
	if (!c->repository || !c->run || strpbrk(c->server, " \t\r\n\"'<>()[]&|`\\"))
		return;
	gb_buf_addf(out, "%s/%s/actions/runs/%" PRId64, c->server, c->repository, c->run);
	if (c->attempt > 1)
		gb_buf_addf(out, "/attempts/%" PRId64, c->attempt);
}
