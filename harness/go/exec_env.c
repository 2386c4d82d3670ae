/* exec_env - the environment of a test binary: the user's, not ours. */
#include "go/exec.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"
#include "go/secrets.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int put_back(const char *entry, struct gb_strlist *env, struct gb_err *err)
{
	const char *eq = strchr(entry, '=');
	_free_ char *name = gb_strndup(entry, eq ? (size_t)(eq - entry) : strlen(entry));

	return name ? gb_env_set(env, name, eq ? eq + 1 : NULL, err) : gb_fail_nomem(err);
}

/* go test puts GOROOT/bin first on PATH, so that tests find the same go command: theirs must
 * be the real one, as the symlink goes away with us. */
static int mend_path(const struct gb_exec_config *c, struct gb_strlist *env, struct gb_err *err)
{
	const char *path = gb_env_get(env, "PATH");
	_free_ char *ours = gb_asprintf("%s/bin", c->goroot);
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	_free_ char *mended = NULL;

	if (!ours)
		return gb_fail_nomem(err);
	while (path) {
		size_t len = strcspn(path, ":");
		if (strlen(ours) == len && strncmp(path, ours, len) == 0)
			gb_buf_addf(&out, "%s/bin", c->real_root);
		else
			gb_buf_add(&out, path, len);
		path = path[len] ? path + len + 1 : NULL;
		if (path)
			gb_buf_addc(&out, ':');
	}
	if (out.failed)
		return gb_buf_error(&out, "PATH", err);
	mended = gb_buf_detach(&out);
	return mended ? gb_env_set(env, "PATH", mended, err) : gb_fail_nomem(err);
}

/* A go command that GOTOOLCHAIN chose tells tests where GOROOT is: there, not at the symlink. */
static int mend_root(const struct gb_exec_config *c, struct gb_strlist *env, struct gb_err *err)
{
	const char *root = gb_env_get(env, "GOROOT");

	if (!root || strcmp(root, c->goroot) != 0)
		return 0;
	return gb_env_set(env, "GOROOT", c->real_root, err);
}

int gb_exec_env(const struct gb_exec_config *c, bool plugins, struct gb_strlist *env,
		struct gb_err *err)
{
	int rc = gb_secrets_strip(env, err);

	for (size_t i = 0; i < c->user_env.n && !rc; i++)
		rc = put_back(c->user_env.v[i], env, err);
	if (!rc && c->goroot && c->real_root)
		rc = mend_root(c, env, err);
	for (size_t i = 0; plugins && i < c->plugin_env.n && !rc; i++)
		rc = put_back(c->plugin_env.v[i], env, err);
	if (!rc && c->goroot && c->real_root && gb_env_get(env, "PATH"))
		rc = mend_path(c, env, err);
	return rc;
}

/* A quarter of what this machine or container has. */
static int64_t memory_share(void)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(4096);
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	int64_t all = pages > 0 && size > 0 ? (int64_t)pages * size : (int64_t)4 << 30;

	if (gb_fs_read("/sys/fs/cgroup/memory.max", &text, NULL) == 0) {
		char *end;
		long long max = strtoll(text.data, &end, 10);
		if (end != text.data && max > 0 && max < all)
			all = max;
	}
	return all / 4;
}

int gb_exec_env_exact(int64_t memory, struct gb_strlist *env, struct gb_err *err)
{
	const char *old = gb_env_get(env, "GODEBUG");
	_free_ char *debug =
		gb_asprintf("%s%srandautoseed=0", old ? old : "", old && *old ? "," : "");
	int64_t share = memory_share();
	_free_ char *limit = NULL;
	int rc;

	if (memory && memory / 2 < share)
		share = memory / 2;
	limit = gb_asprintf("%" PRId64, share);
	if (!debug || !limit)
		return gb_fail_nomem(err);
	if ((rc = gb_env_set(env, "GODEBUG", debug, err)) ||
	    (rc = gb_env_set(env, "GOMAXPROCS", "1", err)) ||
	    (rc = gb_env_set(env, "GOGC", "off", err)))
		return rc;
	return gb_env_get(env, "GOMEMLIMIT") ? 0 : gb_env_set(env, "GOMEMLIMIT", limit, err);
}
