#include "git/notes_remote.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strlist.h"
#include "git/child.h"
#include "git/notes.h"

#include <git2.h>
#include <string.h>

#define DEADLINE_MS 120000

/* argv begins with "git"; *ret_status is what it exits with. */
static int call(const char *const *argv, struct gb_buf *out, struct gb_buf *errors, int *ret_status,
		struct gb_err *err)
{
	_strlist_ struct gb_strlist env = GB_STRLIST_INIT;
	struct gb_proc_result result = { 0 };
	int rc = gb_env_copy(&env, err);

	if (rc >= 0)
		rc = gb_env_set(&env, "GIT_TERMINAL_PROMPT", "0", err);
	if (rc >= 0)
		rc = gb_proc_run(&(struct gb_proc){ .argv = argv,
						    .env = (const char *const *)gb_strlist_argv(
							    &env),
						    .in = GB_STDIO_NULL,
						    .out = GB_STDIO_BUF,
						    .err = GB_STDIO_BUF,
						    .out_buf = out,
						    .err_buf = errors,
						    .timeout_ms = DEADLINE_MS },
				 &result, err);
	if (rc >= 0)
		*ret_status = result.status;
	return rc;
}

static int refused(const char *what, const char *remote, struct gb_buf *errors, int code,
		   struct gb_err *err)
{
	return gb_fail(err, code, "%s %.200s: %.500s", what, remote, gb_git_reason(errors));
}

int gb_notes_fetch(const char *remote, char ret[41], struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(4096), errors = GB_BUF_INIT(4096);
	const char *const ask[] = { "git", "ls-remote", "--", remote, GB_NOTES_REF, NULL };
	const char *const get[] = { "git",
				    "fetch",
				    "-q",
				    "--no-tags",
				    "--no-write-fetch-head",
				    "--recurse-submodules=no",
				    "--",
				    remote,
				    GB_NOTES_REF,
				    NULL };
	git_oid id;
	int status = 0;
	int rc = call(ask, &out, &errors, &status, err);

	if (rc < 0)
		return rc;
	if (status)
		return refused("ask", remote, &errors, GB_ESYS, err);
	ret[0] = 0;
	if (out.len == 0)
		return 0;
	if (out.len < 41 || git_oid_fromstrn(&id, out.data, 40))
		return gb_fail(err, GB_EPARSE, "ask %.200s: git ls-remote printed no name", remote);
	git_oid_tostr(ret, 41, &id);
	/* What it points at later has this one among its ancestors. */
	rc = call(get, &out, &errors, &status, err);
	if (rc >= 0 && status)
		rc = refused("fetch from", remote, &errors, GB_ESYS, err);
	return rc < 0 ? rc : 0;
}

int gb_notes_push(const char *remote, const char *tip, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(4096), errors = GB_BUF_INIT(4096);
	_free_ char *spec = gb_asprintf("%s:" GB_NOTES_REF, tip);
	const char *const argv[] = {
		"git", "push", "-q", "--no-verify", "--no-follow-tags", "--recurse-submodules=no",
		"--",  remote, spec, NULL
	};
	int status = 0;
	int rc;

	if (!spec)
		return gb_fail_nomem(err);
	rc = call(argv, &out, &errors, &status, err);
	if (rc >= 0 && status)
		rc = refused("push to", remote, &errors, GB_EEXIST, err);
	return rc < 0 ? rc : 0;
}
