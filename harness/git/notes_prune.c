/* Notes, fewer of them: see notes.h. */
#include "git/notes.h"

#include "base/err.h"
#include "base/mem.h"
#include "git/repo_git.h"

#include <stdlib.h>
#include <string.h>

struct dated {
	struct gb_note_entry e;
	int64_t date;
};

static int newest_first(const void *a, const void *b)
{
	const struct dated *x = a, *y = b;

	if (x->date != y->date)
		return x->date > y->date ? -1 : 1;
	return strcmp(x->e.commit, y->e.commit);
}

/* Those that stay whatever their age are of the end of time. */
static int64_t date_of(git_repository *git, const char *commit, const git_strarray *tags)
{
	git_commit *c;
	git_oid id;
	int64_t date;

	if (git_oid_fromstr(&id, commit) || git_commit_lookup(&c, git, &id))
		return INT64_MAX;
	date = git_commit_time(c);
	git_commit_free(c);
	for (size_t i = 0; i < tags->count; i++) {
		_free_ char *name = gb_asprintf("refs/tags/%s", tags->strings[i]);
		git_reference *ref = NULL;
		git_object *o = NULL;
		bool same = name && !git_reference_lookup(&ref, git, name) &&
			    !git_reference_peel(&o, ref, GIT_OBJECT_COMMIT) &&
			    git_oid_equal(git_object_id(o), &id);

		git_object_free(o);
		git_reference_free(ref);
		if (same)
			return INT64_MAX;
	}
	return date;
}

/* Newest first; *ret_free: so many at the beginning stay whatever their age. */
static int by_age(const struct gb_repo *repo, const struct gb_notes *notes, struct dated **ret,
		  size_t *ret_free, struct gb_err *err)
{
	_free_ struct dated *v = gb_calloc(notes->n + 1, sizeof(*v));
	git_strarray tags = { NULL, 0 };

	*ret_free = 0;
	if (!v)
		return gb_fail_nomem(err);
	if (git_tag_list(&tags, gb_repo_git(repo)))
		return gb_fail(err, GB_ESYS, "list the tags: %s", gb_git_words());
	for (size_t i = 0; i < notes->n; i++) {
		v[i].e = notes->v[i];
		v[i].date = date_of(gb_repo_git(repo), v[i].e.commit, &tags);
		*ret_free += v[i].date == INT64_MAX;
	}
	git_strarray_dispose(&tags);
	if (notes->n)
		qsort(v, notes->n, sizeof(*v), newest_first);
	*ret = GB_TAKE(v);
	return 0;
}

static int by_commit(const void *a, const void *b)
{
	return strcmp(((const struct gb_note_entry *)a)->commit,
		      ((const struct gb_note_entry *)b)->commit);
}

/* The first n of them, and in order again. */
static void take(struct gb_notes *notes, const struct dated *v, size_t n)
{
	notes->n = n;
	for (size_t i = 0; i < n; i++)
		notes->v[i] = v[i].e;
	if (n)
		qsort(notes->v, n, sizeof(*notes->v), by_commit);
}

int gb_notes_prune(const struct gb_repo *repo, struct gb_notes *notes, size_t keep,
		   struct gb_err *err)
{
	_free_ struct dated *v = NULL;
	size_t free_of_age;
	int rc = by_age(repo, notes, &v, &free_of_age, err);

	if (rc < 0)
		return rc;
	take(notes, v, keep < notes->n - free_of_age ? keep + free_of_age : notes->n);
	return 0;
}

static int size_of(git_odb *odb, const char *blob, int64_t *ret)
{
	git_object_t type;
	size_t len = 0;
	git_oid id;

	/* One that is not here takes no room. */
	if (git_oid_fromstr(&id, blob) || !git_odb_exists(odb, &id)) {
		*ret = 0;
		return 0;
	}
	if (git_odb_read_header(&len, &type, odb, &id))
		return -1;
	*ret = (int64_t)len;
	return 0;
}

int gb_notes_bound(const struct gb_repo *repo, struct gb_notes *notes, const char *commit,
		   int64_t max, int64_t *ret_total, struct gb_err *err)
{
	_free_ struct dated *v = NULL;
	git_odb *odb = NULL;
	size_t free_of_age, n = 0;
	int64_t total = 0, size;
	bool full = false;
	int rc = by_age(repo, notes, &v, &free_of_age, err);

	if (rc < 0)
		return rc;
	/* What was measured now comes before all others. */
	for (size_t i = 0; i < notes->n; i++)
		if (strcmp(v[i].e.commit, commit) == 0) {
			struct dated now = v[i];

			memmove(&v[1], &v[0], i * sizeof(*v));
			v[0] = now;
			free_of_age += i >= free_of_age;
			break;
		}
	if (git_repository_odb(&odb, gb_repo_git(repo)))
		return gb_fail(err, GB_ESYS, "read the notes: %s", gb_git_words());
	for (size_t i = 0; i < notes->n && !full; i++) {
		rc = size_of(odb, v[i].e.blob, &size);
		full = rc < 0 || (max && size > max - total && i >= free_of_age);
		if (!full) {
			total += size;
			n++;
		}
	}
	git_odb_free(odb);
	if (rc < 0)
		return gb_fail(err, GB_ESYS, "read the notes: %s", gb_git_words());
	*ret_total = total;
	take(notes, v, n);
	return 0;
}
