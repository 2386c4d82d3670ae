/* Notes, written: see notes.h. */
#include "git/notes.h"

#include "base/err.h"
#include "base/mem.h"
#include "git/notes_size.h"
#include "git/repo_git.h"

#include <string.h>
#include <sys/stat.h>

int64_t notes_stored(const struct gb_repo *repo, const char *id)
{
	_free_ char *path = gb_asprintf("%s/objects/%.2s/%s", gb_repo_dir(repo), id, id + 2);
	struct stat st;

	return path && stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

static int64_t stored(const struct gb_repo *repo, const git_oid *id)
{
	char text[41];

	git_oid_tostr(text, sizeof(text), id);
	return notes_stored(repo, text);
}

static int write_tree(git_repository *git, const struct gb_notes *notes, git_oid *ret)
{
	git_treebuilder *b;
	int rc = git_treebuilder_new(&b, git, NULL);

	if (rc)
		return rc;
	for (size_t i = 0; i < notes->n && !rc; i++) {
		git_oid id;

		if (!(rc = git_oid_fromstr(&id, notes->v[i].blob)))
			rc = git_treebuilder_insert(NULL, b, notes->v[i].commit, &id,
						    GIT_FILEMODE_BLOB);
	}
	if (!rc)
		rc = git_treebuilder_write(ret, b);
	git_treebuilder_free(b);
	return rc;
}

/* A job in CI has told git no name. */
static int signature(git_repository *git, git_signature **ret)
{
	int rc = git_signature_default(ret, git);

	return rc == GIT_ENOTFOUND ? git_signature_now(ret, "gobudget", "gobudget@localhost") : rc;
}

static int parents_of(git_repository *git, const struct gb_notes *notes, git_commit **v, size_t *n)
{
	const char *const ids[] = { notes->tip, notes->other };

	for (size_t i = 0; i < 2; i++) {
		git_oid id;
		int rc;

		if (!ids[i][0])
			continue;
		if ((rc = git_oid_fromstr(&id, ids[i])) ||
		    (rc = git_commit_lookup(&v[*n], git, &id)))
			return rc;
		++*n;
	}
	return 0;
}

static int move_ref(git_repository *git, const struct gb_notes *notes, const git_oid *to,
		    const char *message)
{
	git_reference *ref = NULL;
	git_oid was;
	int rc;

	if (!notes->tip[0])
		rc = git_reference_create(&ref, git, GB_NOTES_REF, to, 0, message);
	else if (!(rc = git_oid_fromstr(&was, notes->tip)))
		rc = git_reference_create_matching(&ref, git, GB_NOTES_REF, to, 1, &was, message);
	git_reference_free(ref);
	return rc;
}

static int commit_notes(const struct gb_repo *repo, struct gb_notes *notes, const char *message,
			git_oid *ret)
{
	git_repository *git = gb_repo_git(repo);
	git_commit *parents[2] = { NULL, NULL };
	git_signature *who = NULL;
	git_tree *tree = NULL;
	git_oid id;
	size_t n = 0;
	int rc = write_tree(git, notes, &id);

	if (!rc)
		rc = git_tree_lookup(&tree, git, &id);
	if (!rc)
		rc = signature(git, &who);
	if (!rc)
		rc = parents_of(git, notes, parents, &n);
	if (!rc)
		rc = git_commit_create(ret, git, NULL, who, who, NULL, message, tree, n,
				       (const git_commit **)parents);
	if (!rc)
		notes->grew += stored(repo, &id) + stored(repo, ret);
	for (size_t i = 0; i < n; i++)
		git_commit_free(parents[i]);
	git_signature_free(who);
	git_tree_free(tree);
	return rc;
}

int gb_notes_write(const struct gb_repo *repo, struct gb_notes *notes, const char *message,
		   struct gb_err *err)
{
	git_repository *git = gb_repo_git(repo);
	git_oid id;
	int rc = notes->forward ? git_oid_fromstr(&id, notes->other)
				: commit_notes(repo, notes, message, &id);

	if (!rc)
		rc = move_ref(git, notes, &id, message);
	if (rc == GIT_EMODIFIED || rc == GIT_EEXISTS || rc == GIT_ELOCKED)
		return gb_fail(err, GB_EEXIST, "%s was moved by somebody else", GB_NOTES_REF);
	if (rc)
		return gb_fail(err, GB_ESYS, "write %s: %s", GB_NOTES_REF, gb_git_words());
	git_oid_tostr(notes->tip, sizeof(notes->tip), &id);
	notes->other[0] = 0;
	notes->forward = false;
	return 0;
}
