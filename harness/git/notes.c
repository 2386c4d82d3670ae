#include "git/notes.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "git/notes_size.h"
#include "git/repo_git.h"
#include "git/walk.h"

#include <stdlib.h>
#include <string.h>

static int by_commit(const void *a, const void *b)
{
	return strcmp(((const struct gb_note_entry *)a)->commit,
		      ((const struct gb_note_entry *)b)->commit);
}

static int add(struct gb_notes *notes, const char *commit, const char *blob, struct gb_err *err)
{
	int rc = gb_grow((void **)&notes->v, &notes->cap, notes->n + 1, sizeof(*notes->v),
			 GB_MAX_COMMITS, err);

	if (rc < 0)
		return rc;
	memcpy(notes->v[notes->n].commit, commit, 41);
	memcpy(notes->v[notes->n].blob, blob, 41);
	notes->n++;
	return 0;
}

static void sort(struct gb_notes *notes)
{
	if (notes->n)
		qsort(notes->v, notes->n, sizeof(*notes->v), by_commit);
}

struct loading {
	struct gb_notes *notes;
	struct gb_err *err;
	int rc;
};

/* "ab/cd/ef..." is a commit's name with slashes in it; what is none is somebody else's. */
static int on_entry(const char *root, const git_tree_entry *entry, void *arg)
{
	struct loading *l = arg;
	const char *const parts[] = { root, git_tree_entry_name(entry) };
	char commit[41], blob[41];
	size_t n = 0;

	if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
		return 0;
	for (size_t i = 0; i < 2; i++)
		for (const char *p = parts[i]; *p; p++) {
			if (*p == '/')
				continue;
			if (n == 40 || !strchr("0123456789abcdef", *p))
				return 0;
			commit[n++] = *p;
		}
	if (n != 40)
		return 0;
	commit[n] = 0;
	git_oid_tostr(blob, sizeof(blob), git_tree_entry_id(entry));
	l->rc = add(l->notes, commit, blob, l->err);
	return l->rc < 0 ? -1 : 0;
}

int gb_notes_load(const struct gb_repo *repo, const char *tip, struct gb_notes *ret,
		  struct gb_err *err)
{
	git_repository *git = gb_repo_git(repo);
	struct gb_notes notes = { 0 };
	struct loading l = { &notes, err, 0 };
	git_commit *c = NULL;
	git_tree *tree = NULL;
	git_oid id;
	int rc = tip ? git_oid_fromstr(&id, tip) : git_reference_name_to_id(&id, git, GB_NOTES_REF);

	if (!tip && rc == GIT_ENOTFOUND) {
		*ret = notes;
		return 0;
	}
	if (!rc)
		rc = git_commit_lookup(&c, git, &id);
	if (!rc)
		rc = git_commit_tree(&tree, c);
	if (!rc)
		rc = git_tree_walk(tree, GIT_TREEWALK_PRE, on_entry, &l);
	git_oid_tostr(notes.tip, sizeof(notes.tip), &id);
	git_tree_free(tree);
	git_commit_free(c);
	if (rc || l.rc < 0) {
		gb_notes_release(&notes);
		return l.rc < 0 ? l.rc
				: gb_fail(err, GB_ESYS, "read %s: %s", tip ? tip : GB_NOTES_REF,
					  gb_git_words());
	}
	sort(&notes);
	*ret = notes;
	return 0;
}

void gb_notes_release(struct gb_notes *notes)
{
	free(notes->v);
	*notes = (struct gb_notes){ 0 };
}

const struct gb_note_entry *gb_notes_find(const struct gb_notes *notes, const char *commit)
{
	struct gb_note_entry key;

	if (!notes->n || strlen(commit) != 40)
		return NULL;
	memcpy(key.commit, commit, 41);
	return bsearch(&key, notes->v, notes->n, sizeof(key), by_commit);
}

static int write_blob(const struct gb_repo *repo, const char *text, size_t len, char ret[41],
		      int64_t *grew, struct gb_err *err)
{
	git_repository *git = gb_repo_git(repo);
	git_odb *odb = NULL;
	git_oid id;
	bool known = git_odb_hash(&id, text, len, GIT_OBJECT_BLOB) == 0 &&
		     git_repository_odb(&odb, git) == 0 && git_odb_exists(odb, &id);

	git_odb_free(odb);
	if (git_blob_create_from_buffer(&id, git, text, len))
		return gb_fail(err, GB_ESYS, "write a note: %s", gb_git_words());
	git_oid_tostr(ret, 41, &id);
	if (!known)
		*grew += notes_stored(repo, ret);
	return 0;
}

int gb_notes_set(const struct gb_repo *repo, struct gb_notes *notes, const char *commit,
		 const char *text, size_t len, struct gb_err *err)
{
	struct gb_note_entry *e = (struct gb_note_entry *)(uintptr_t)gb_notes_find(notes, commit);
	char blob[41];
	int rc = write_blob(repo, text, len, blob, &notes->grew, err);

	if (rc < 0)
		return rc;
	if (e) {
		memcpy(e->blob, blob, sizeof(e->blob));
		return 0;
	}
	rc = add(notes, commit, blob, err);
	sort(notes);
	return rc;
}

struct merging {
	const struct gb_repo *repo;
	const struct gb_notes *ours, *theirs, *base;
	int (*merge)(const char *a, const char *b, struct gb_buf *out, struct gb_err *err);
	struct gb_notes merged;
};

static int merge_texts(struct merging *m, const char *commit, const char *a, const char *b,
		       struct gb_err *err)
{
	_buf_ struct gb_buf x = GB_BUF_INIT(GB_MAX_NOTE), y = GB_BUF_INIT(GB_MAX_NOTE),
			    out = GB_BUF_INIT(GB_MAX_NOTE);
	char blob[41];
	int rc = gb_walk_read(m->repo, a, &x, err);

	if (rc >= 0)
		rc = gb_walk_read(m->repo, b, &y, err);
	if (rc >= 0)
		rc = m->merge(x.data, y.data, &out, err);
	if (rc >= 0 && out.failed)
		rc = gb_buf_error(&out, "a note", err);
	if (rc >= 0)
		rc = write_blob(m->repo, out.data, out.len, blob, &m->merged.grew, err);
	return rc < 0 ? rc : add(&m->merged, commit, blob, err);
}

/* One side has it, the other has not: new there, or dropped here. */
static int merge_single(struct merging *m, const struct gb_note_entry *e, struct gb_err *err)
{
	const struct gb_note_entry *was = gb_notes_find(m->base, e->commit);

	if (was && strcmp(was->blob, e->blob) == 0)
		return 0;
	return add(&m->merged, e->commit, e->blob, err);
}

static int merge_lists(struct merging *m, struct gb_err *err)
{
	size_t i = 0, k = 0;
	int rc = 0;

	while (rc >= 0) {
		const struct gb_note_entry *a = i < m->ours->n ? &m->ours->v[i] : NULL;
		const struct gb_note_entry *b = k < m->theirs->n ? &m->theirs->v[k] : NULL;
		int order;

		if (!a && !b)
			break;
		order = !a ? 1 : !b ? -1 : strcmp(a->commit, b->commit);
		i += order <= 0;
		k += order >= 0;
		if (order)
			rc = merge_single(m, order < 0 ? a : b, err);
		else if (strcmp(a->blob, b->blob) == 0)
			rc = add(&m->merged, a->commit, a->blob, err);
		else
			rc = merge_texts(m, a->commit, a->blob, b->blob, err);
	}
	return rc;
}

int gb_notes_merge(const struct gb_repo *repo, struct gb_notes *ours, const struct gb_notes *theirs,
		   int (*merge)(const char *a, const char *b, struct gb_buf *out,
				struct gb_err *err),
		   struct gb_err *err)
{
	struct gb_notes base = { 0 };
	struct merging m = { repo, ours, theirs, &base, merge, { 0 } };
	git_oid a, b, found;
	char id[41];
	bool forward = !ours->tip[0];
	int rc = 0;

	if (ours->tip[0] && !git_oid_fromstr(&a, ours->tip) && !git_oid_fromstr(&b, theirs->tip) &&
	    !git_merge_base(&found, gb_repo_git(repo), &a, &b)) {
		git_oid_tostr(id, sizeof(id), &found);
		if (git_oid_equal(&found, &b))
			return 0;
		forward = git_oid_equal(&found, &a);
		rc = gb_notes_load(repo, id, &base, err);
	}
	if (rc >= 0)
		rc = merge_lists(&m, err);
	gb_notes_release(&base);
	if (rc < 0) {
		gb_notes_release(&m.merged);
		return rc;
	}
	memcpy(m.merged.tip, ours->tip, sizeof(m.merged.tip));
	memcpy(m.merged.other, theirs->tip, sizeof(m.merged.other));
	m.merged.forward = forward;
	free(ours->v);
	*ours = m.merged;
	return 1;
}
