#include "git/partial.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strlist.h"
#include "base/text.h"
#include "git/child.h"
#include "git/repo_git.h"

#include <string.h>

#define DEADLINE_MS (10 * 60 * 1000)
#define AT_ONCE	    1000 /* objects on one command line: 40 KiB */
/* Trees lead to trees; git sends all below one at once, but not every server does. */
#define ROUNDS 64

static int on_promisor(const git_config_entry *entry, void *arg)
{
	char **ret = arg;
	size_t skip = strlen("remote."), tail = strlen(".promisor"), len = strlen(entry->name);

	if (*ret || len <= skip + tail || !gb_starts(entry->name, "remote.") ||
	    !gb_ends(entry->name, ".promisor") ||
	    (strcmp(entry->value ? entry->value : "true", "true") != 0))
		return 0;
	*ret = gb_strndup(entry->name + skip, len - skip - tail);
	return *ret ? 0 : -1;
}

/* The remote that promised what is missing; NULL: none, or no memory. */
static char *promisor(const struct gb_repo *repo)
{
	git_config *config = NULL, *now = NULL;
	git_buf name = { NULL, 0, 0 };
	char *found = NULL;

	if (!git_repository_config(&config, gb_repo_git(repo)) &&
	    !git_config_snapshot(&now, config)) {
		if (!git_config_get_string_buf(&name, now, "extensions.partialclone"))
			found = gb_strdup(name.ptr);
		else /* not by an expression: libgit2 1.5 leaks 20 KiB for each entry that is none */
			(void)git_config_foreach(now, on_promisor, &found);
	}
	git_buf_dispose(&name);
	git_config_free(now);
	git_config_free(config);
	return found;
}

bool gb_repo_is_partial(const struct gb_repo *repo)
{
	_free_ char *remote = promisor(repo);

	return remote != NULL;
}

struct missing {
	struct gb_strlist ids;
	struct gb_err *err;
};

static int on_line(void *arg, int stream, const char *line, size_t len)
{
	struct missing *m = arg;

	if (stream != 1 || len != 41 || line[0] != '?')
		return 0;
	return gb_strlist_addf(&m->ids, m->err, "%.40s", line + 1);
}

static int call(const struct gb_repo *repo, struct gb_strlist *words, struct missing *m,
		struct gb_buf *errors, struct gb_err *err)
{
	_strlist_ struct gb_strlist env = GB_STRLIST_INIT, argv = GB_STRLIST_INIT;
	struct gb_proc p = { .in = GB_STDIO_NULL,
			     .out = m ? GB_STDIO_LINES : GB_STDIO_NULL,
			     .err = GB_STDIO_BUF,
			     .err_buf = errors,
			     .on_line = on_line,
			     .arg = m,
			     .timeout_ms = DEADLINE_MS };
	struct gb_proc_result r = { 0 };
	int rc = gb_env_copy(&env, err);

	if (rc >= 0)
		rc = gb_env_set(&env, "GIT_TERMINAL_PROMPT", "0", err);
	if (rc >= 0)
		rc = gb_strlist_add(&argv, "git", err);
	if (rc >= 0)
		rc = gb_strlist_addf(&argv, err, "--git-dir=%s",
				     git_repository_path(gb_repo_git(repo)));
	if (rc >= 0)
		rc = gb_strlist_add_all(&argv, (const char *const *)words->v, words->n, err);
	if (rc < 0)
		return rc;
	p.argv = (const char *const *)gb_strlist_argv(&argv);
	p.env = (const char *const *)gb_strlist_argv(&env);
	rc = gb_proc_run(&p, &r, err);
	return rc < 0 ? rc : r.status;
}

static int list(const struct gb_repo *repo, const struct gb_partial *p, struct missing *m,
		struct gb_err *err)
{
	_strlist_ struct gb_strlist words = GB_STRLIST_INIT;
	_buf_ struct gb_buf errors = GB_BUF_INIT(4096);
	const char *const first[] = { "rev-list", "--objects", "--missing=print" };
	int rc = gb_strlist_add_all(&words, first, 3, err);

	if (rc >= 0 && !p->history)
		rc = gb_strlist_add(&words, "--no-walk", err);
	if (rc >= 0 && p->trees)
		rc = gb_strlist_add(&words, "--filter=blob:none", err);
	if (rc >= 0)
		rc = gb_strlist_add(&words, p->commit, err);
	if (rc >= 0 && p->history && p->until)
		rc = gb_strlist_addf(&words, err, "^%s", p->until);
	if (rc >= 0)
		rc = gb_strlist_add(&words, "--", err);
	if (rc >= 0 && p->path && *p->path)
		rc = gb_strlist_addf(&words, err, ":(top,literal)%s", p->path);
	m->err = err;
	if (rc >= 0)
		rc = call(repo, &words, m, &errors, err);
	if (rc > 0)
		return gb_fail(err, GB_ESYS, "list what %.12s lacks: %.300s", p->commit,
			       gb_git_reason(&errors));
	return rc;
}

static int fetch(const struct gb_repo *repo, const char *remote, const struct gb_strlist *ids,
		 size_t from, struct gb_err *err)
{
	_strlist_ struct gb_strlist words = GB_STRLIST_INIT;
	_buf_ struct gb_buf errors = GB_BUF_INIT(4096);
	/* As git's own promisor-remote.c calls it. */
	const char *const first[] = { "-c",
				      "fetch.negotiationAlgorithm=noop",
				      "fetch",
				      "-q",
				      "--no-tags",
				      "--no-write-fetch-head",
				      "--no-auto-gc",
				      "--recurse-submodules=no",
				      "--filter=blob:none",
				      "--",
				      remote };
	size_t n = ids->n - from < AT_ONCE ? ids->n - from : AT_ONCE;
	int rc = gb_strlist_add_all(&words, first, sizeof(first) / sizeof(first[0]), err);

	if (rc >= 0)
		rc = gb_strlist_add_all(&words, (const char *const *)ids->v + from, n, err);
	if (rc >= 0)
		rc = call(repo, &words, NULL, &errors, err);
	if (rc > 0) {
		gb_fail(err, GB_ESYS,
			"this clone is partial, and %.100s does not give the rest: %.300s", remote,
			gb_git_reason(&errors));
		return gb_hint(err,
			       "`git fetch --refetch --no-filter` brings all, once it answers");
	}
	return rc;
}

static bool has_commit(const struct gb_repo *repo, const char *commit)
{
	git_commit *c = NULL;
	git_oid id;
	bool has = !git_oid_fromstr(&id, commit) && !git_commit_lookup(&c, gb_repo_git(repo), &id);

	git_commit_free(c);
	return has;
}

static int bring(const struct gb_repo *repo, const char *remote, const struct gb_partial *p,
		 struct gb_err *err)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct missing m = { .ids = GB_STRLIST_INIT };
		int rc = list(repo, p, &m, err);
		size_t n = m.ids.n;

		for (size_t at = 0; at < n && rc >= 0; at += AT_ONCE)
			rc = fetch(repo, remote, &m.ids, at, err);
		gb_strlist_release(&m.ids);
		if (rc < 0 || n == 0)
			return rc;
	}
	return 0;
}

int gb_partial_bring(const struct gb_repo *repo, const struct gb_partial *p, struct gb_err *err)
{
	_free_ char *remote = promisor(repo);
	struct gb_partial trees = *p;
	struct gb_err own = GB_ERR_INIT;
	int rc;

	/* A commit that is not here at all was cut off, and nobody promised it. */
	if (!remote || !has_commit(repo, p->commit))
		return 0;
	rc = bring(repo, remote, p, &own);
	if (rc == GB_ESYS && p->path && *p->path) {
		/* Without trees (--filter=tree:0) git cannot follow a path: those come first. */
		trees.path = NULL;
		trees.trees = true;
		own = (struct gb_err)GB_ERR_INIT;
		rc = bring(repo, remote, &trees, &own);
		if (rc >= 0)
			rc = bring(repo, remote, p, &own);
	}
	if (rc < 0 && err)
		*err = own;
	return rc;
}
