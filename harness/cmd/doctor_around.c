#include "cmd/doctor_around.h"

#include "base/cache.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"
#include "cmd/hook_install.h"
#include "cmd/replaced.h"
#include "git/notes.h"
#include "git/partial.h"
#include "git/sparse.h"
#include "github/event.h"

#include <stdlib.h>
#include <string.h>

struct around {
	void (*say)(void *arg, enum gb_health h, const char *what, const char *text,
		    const char *hint);
	void *arg;
};

static int on_left_out(void *arg, const char *path, struct gb_err *err)
{
	size_t *n = arg;

	(void)path;
	(void)err;
	(*n)++;
	return 0;
}

static void look_at_clone(const struct around *a, const struct gb_repo *repo)
{
	size_t left_out = 0;
	_free_ char *replaced = replaced_line(repo);

	if (gb_repo_is_shallow(repo))
		a->say(a->arg, GB_WANTING, "clone",
		       "shallow: bases, history and bisect end where it ends",
		       "`git fetch --unshallow`; actions/checkout: fetch-depth: 0");
	else if (gb_repo_is_partial(repo))
		a->say(a->arg, GB_FINE, "clone",
		       "partial: old files are fetched from its remote when they are needed", NULL);
	if (replaced)
		a->say(a->arg, GB_WANTING, "clone", replaced, NULL);
	(void)gb_repo_left_out(repo, on_left_out, &left_out, NULL);
	if (left_out) {
		_free_ char *text = gb_asprintf("sparse: %zu file%s not here; packages among them "
						"are not measured",
						left_out, left_out == 1 ? " is" : "s are");

		a->say(a->arg, GB_FINE, "clone", text, NULL);
	}
}

static void look_at_notes(const struct around *a, const struct gb_repo *repo)
{
	struct gb_notes notes = { 0 };
	struct gb_err own = GB_ERR_INIT;
	_free_ char *text = NULL;
	char head[41] = "";

	if (gb_notes_load(repo, NULL, &notes, &own) < 0) {
		a->say(a->arg, GB_WANTING, "notes", own.line, own.hint);
		return;
	}
	(void)gb_repo_commit(repo, "HEAD", head, NULL);
	if (notes.n)
		text = gb_asprintf("measurements of %zu commit%s, %s", notes.n,
				   notes.n == 1 ? "" : "s",
				   head[0] && gb_notes_find(&notes, head) ? "HEAD among them"
									  : "none of HEAD");
	else
		text = gb_strdup("none here: check --note keeps measurements, notes fetch brings "
				 "those of a remote");
	a->say(a->arg, GB_FINE, "notes", text, NULL);
	gb_notes_release(&notes);
}

static void look_at_hook(const struct around *a, const struct gb_repo *repo)
{
	struct gb_hook h = { 0 };
	struct gb_err own = GB_ERR_INIT;
	_free_ char *text = NULL;

	if (!*gb_repo_top(repo))
		return;
	if (gb_hook_look(repo, &h, &own) < 0) {
		a->say(a->arg, GB_WANTING, "hook", own.line, own.hint);
		return;
	}
	if (h.state == GB_HOOK_OURS || h.state == GB_HOOK_BY_OTHERS) {
		bool runs = h.executable || h.manager == GB_HOOK_LEFTHOOK ||
			    (h.state == GB_HOOK_BY_OTHERS && h.manager == GB_HOOK_HUSKY);

		text = gb_asprintf("%s%s", h.path,
				   runs ? "" : " is not executable: git does not run it");
		a->say(a->arg, runs ? GB_FINE : GB_WANTING, "hook", text, NULL);
	} else if (h.state == GB_HOOK_OLD) {
		text = gb_asprintf("%s is another version's", h.path);
		a->say(a->arg, GB_WANTING, "hook", text,
		       "`gobudget hook install` brings it up to date");
	} else {
		a->say(a->arg, GB_FINE, "hook",
		       "none: `gobudget hook install` checks what is pushed", NULL);
	}
	gb_hook_release(&h);
}

static int look_at_cache(const struct around *a, struct gb_err *err)
{
	_cache_ struct gb_cache cache = { 0 };
	struct gb_cache_usage u;
	_free_ char *text = NULL;
	char size[32], max[32];
	int rc = gb_cache_open(&cache, err);

	if (rc < 0)
		return rc;
	gb_cache_measure(&cache, &u);
	if (cache.dir)
		text = gb_asprintf("%s, %s of at most %s", cache.dir,
				   gb_format_size(size, sizeof(size), u.bytes),
				   gb_format_size(max, sizeof(max), (int64_t)gb_cache_max()));
	else
		text = gb_strdup(cache.why ? cache.why : "none");
	a->say(a->arg, cache.dir ? GB_FINE : GB_WANTING, "cache", text,
	       cache.dir ? NULL : "without one every package is measured anew");
	return 0;
}

/* What the environment tells; what a token may do only GitHub knows. */
static void look_at_token(const struct around *a, bool token)
{
	struct gb_event event = { 0 };
	struct gb_err own = GB_ERR_INIT;
	_free_ char *text = NULL;

	if (gb_event_read(&event, &own) < 0) {
		a->say(a->arg, GB_WANTING, "github", own.line, own.hint);
		return;
	}
	if (event.fork) {
		a->say(a->arg, GB_WANTING, "github",
		       "a pull request from a fork: its token can only read, and no comment can be "
		       "written",
		       "publish from a workflow_run that follows it");
	} else if (event.name && !token) {
		text = gb_asprintf("%s event, no token in the environment", event.name);
		a->say(a->arg, GB_WANTING, "github", text,
		       "env: GITHUB_TOKEN: ${{ github.token }}, for publish alone");
	} else if (event.name) {
		text = gb_asprintf("%s event, with a token; what it may do was not asked",
				   event.name);
		a->say(a->arg, GB_FINE, "github", text, NULL);
	} else if (token) {
		a->say(a->arg, GB_FINE, "github",
		       "a token, outside of GitHub Actions; what it may do was not asked", NULL);
	}
	gb_event_release(&event);
}

int doctor_around(bool token,
		  void (*say)(void *arg, enum gb_health h, const char *what, const char *text,
			      const char *hint),
		  void *arg, struct gb_err *err)
{
	const struct around a = { say, arg };
	_repo_ struct gb_repo *repo = NULL;
	int rc = gb_repo_open(".", &repo, NULL);

	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	if (rc >= 0) {
		look_at_clone(&a, repo);
		look_at_notes(&a, repo);
		look_at_hook(&a, repo);
	}
	look_at_token(&a, token);
	return look_at_cache(&a, err);
}
