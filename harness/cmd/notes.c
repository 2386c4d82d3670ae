/* notes - measurements in git notes: carried to and from a remote, and pruned. */
#include "cmd/notes.h"

#include "base/buf.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "budget/note.h"
#include "budget/policy.h"
#include "command.h"
#include "git/notes.h"
#include "git/notes_remote.h"

#include <stdlib.h>
#include <string.h>

static int64_t keep = -1;

static const struct gb_opt opts[] = {
	{ "keep", 0, GB_OPT_INT, "N",
	  "prune: keep those of the newest N commits (the policy's, else 500)", &keep, 0, 1000000,
	  false },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

/* Merges a remote's notes into ours; 1: they are to be written. */
static int take(const struct gb_repo *repo, struct gb_notes *ours, void *arg, struct gb_err *err)
{
	const char *tip = arg;
	struct gb_notes theirs = { 0 };
	int rc;

	if (strcmp(ours->tip, tip) == 0)
		return 0;
	rc = gb_notes_load(repo, tip, &theirs, err);
	if (rc >= 0)
		rc = gb_notes_merge(repo, ours, &theirs, gb_note_merge, err);
	gb_notes_release(&theirs);
	return rc;
}

static int fetch(const struct gb_repo *repo, const char *remote, char tip[41], struct gb_err *err)
{
	int rc = gb_notes_fetch(remote, tip, err);

	if (rc < 0 || !tip[0])
		return rc;
	return notes_update(repo, "Merge the notes of a remote", take, tip, NULL, err);
}

/* A remote that refuses although nobody else writes refuses for good. */
#define REFUSALS 5

static int push_all(const struct gb_repo *repo, const char *remote, struct gb_err *err)
{
	char before[41] = "", tip[41] = "";

	for (int i = 0, refusals = 0;; i++) {
		struct gb_notes ours = { 0 };
		struct gb_err own = GB_ERR_INIT;
		int rc = fetch(repo, remote, tip, &own);

		if (rc >= 0)
			rc = gb_notes_load(repo, NULL, &ours, &own);
		if (rc >= 0 && ours.tip[0] && strcmp(ours.tip, tip) != 0)
			rc = gb_notes_push(remote, ours.tip, &own);
		gb_notes_release(&ours);
		if (rc >= 0)
			return 0;
		refusals = strcmp(before, tip) == 0 ? refusals + 1 : 0;
		memcpy(before, tip, sizeof(before));
		if (rc != GB_EEXIST || i == NOTES_TRIES || refusals == REFUSALS ||
		    gb_interrupted()) {
			*err = own;
			return rc;
		}
		notes_wait(i);
	}
}

int notes_push(const char *remote, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	int rc = gb_repo_open_any(".", &repo, err);

	return rc < 0 ? rc : push_all(repo, remote, err);
}

/* The nearest policy from here up to the top of the work tree, of a bare repository HEAD's. */
static int find_policy(const struct gb_repo *repo, struct gb_policy **ret, struct gb_err *err)
{
	_free_ char *here = NULL, *top = NULL;
	char head[41];
	int rc;

	if (!*gb_repo_top(repo))
		return gb_repo_commit(repo, "HEAD", head, NULL) < 0
			       ? gb_policy_default(ret, err)
			       : gb_policy_load_commit(repo, head, "", 0, ret, err);
	if ((rc = gb_fs_realpath(".", &here, err)) < 0 ||
	    (rc = gb_fs_realpath(gb_repo_top(repo), &top, err)) < 0)
		return rc;
	while (gb_path_under(here, top) && strcmp(here, top) != 0) {
		_free_ char *file = gb_path_join(here, GB_POLICY_FILE);

		if (!file)
			return gb_fail_nomem(err);
		if (gb_fs_exists(file))
			break;
		*strrchr(here, '/') = 0;
	}
	return gb_policy_load(here, 0, ret, err);
}

/* --keep, else what the policy says. */
static int how_many(const struct gb_repo *repo, struct gb_err *err)
{
	struct gb_policy *p;
	int rc = keep >= 0 ? 0 : find_policy(repo, &p, err);

	if (rc < 0 || keep >= 0)
		return rc;
	keep = p->keep_notes;
	gb_policy_free(p);
	return 0;
}

static int prune_one(const struct gb_repo *repo, struct gb_notes *notes, void *arg,
		     struct gb_err *err)
{
	size_t before = notes->n;
	int rc = gb_notes_prune(repo, notes, (size_t)keep, err);

	*(size_t *)arg = before - notes->n;
	return rc < 0 ? rc : notes->n < before;
}

static int run(int argc, char **argv, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	_buf_ struct gb_buf out = GB_BUF_INIT(4096);
	const char *verb, *remote = "origin";
	size_t pruned = 0;
	char tip[41];
	int first, dashdash, n;
	int rc = gb_args_parse("notes", opts, argc, argv, &first, &dashdash, err);

	if (rc < 0)
		return rc;
	n = dashdash - first;
	verb = n > 0 ? argv[first] : "";
	bool prune = strcmp(verb, "prune") == 0, pushes = strcmp(verb, "push") == 0;
	if (!(prune || pushes || strcmp(verb, "fetch") == 0) || n > (prune ? 1 : 2) ||
	    dashdash < argc) {
		gb_fail(err, GB_EUSAGE, "notes wants one of push, fetch and prune");
		return gb_hint(err, "gobudget notes push [REMOTE]");
	}
	if (n == 2)
		remote = argv[first + 1];
	if ((rc = gb_repo_open_any(".", &repo, err)) < 0)
		return rc;
	if (!prune)
		return pushes ? push_all(repo, remote, err) : fetch(repo, remote, tip, err);
	if ((rc = how_many(repo, err)) < 0)
		return rc;
	rc = notes_update(repo, "Prune old measurements", prune_one, &pruned, NULL, err);
	gb_buf_addf(&out, "%zu notes dropped\n", pruned);
	return rc < 0 ? rc : gb_command_print(&out, err);
}

const struct gb_command cmd_notes = {
	.name = "notes",
	.args = "push|fetch [REMOTE] | prune",
	.summary = "carry measurements in git notes to and from a remote, or drop old ones",
	.about = "`check --note` keeps what it measured at refs/notes/gobudget. push and fetch\n"
		 "merge that with the notes of REMOTE (origin), test by test, so that nothing of\n"
		 "other writers is lost. prune drops all but those of the newest commits\n"
		 "(the policy's notes.keep, else 500), of tagged commits, and of commits that\n"
		 "are not in this clone.",
	.opts = opts,
	.run = run,
};
