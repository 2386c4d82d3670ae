#include "git/walk_tree.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define MODE_TYPE   0170000u
#define MODE_FOLDER 0040000u
#define RAW_ID	    20
#define HEX_ID	    40
#define MAX_PARENTS ((size_t)65536)

int gb_trail_init(struct gb_trail *t, const char *const *paths, size_t n, struct gb_err *err)
{
	struct gb_trail own = { .ends = gb_calloc(n, sizeof(*own.ends)) };
	size_t cap = 0;
	int rc = own.ends ? 0 : gb_fail_nomem(err);

	for (size_t i = 0; i < n && rc == 0; i++) {
		const char *p = paths[i];

		while (*p && rc == 0) {
			size_t len = strcspn(p, "/");

			rc = gb_grow((void **)&own.parts, &cap, own.n_parts + 1, sizeof(char *),
				     SIZE_MAX, err);
			if (rc == 0 && !(own.parts[own.n_parts] = gb_strndup(p, len)))
				rc = gb_fail_nomem(err);
			if (rc == 0)
				own.n_parts++;
			p += len + (p[len] == '/');
		}
		own.ends[i] = own.n_parts;
	}
	own.n_paths = n;
	if (rc < 0)
		gb_trail_release(&own);
	else
		*t = own;
	return rc;
}

void gb_trail_release(struct gb_trail *t)
{
	for (size_t i = 0; i < t->n_parts; i++)
		free(t->parts[i]);
	free(t->parts);
	free(t->ends);
	*t = (struct gb_trail){ 0 };
}

static bool step_equal(const struct gb_step *a, const struct gb_step *b)
{
	return a->mode == b->mode && (!a->mode || git_oid_equal(&a->id, &b->id));
}

/* An entry is "MODE NAME\0" and the raw id.  Damaged trees end where they cannot be read. */
static void find_entry(const char *p, size_t len, const char *name, struct gb_step *ret)
{
	const char *end = p + len;
	size_t name_len = strlen(name) + 1;

	*ret = (struct gb_step){ .mode = 0 };
	while (p < end) {
		uint32_t mode = 0;
		const char *nul;

		while (p < end && *p >= '0' && *p <= '7')
			mode = mode << 3 | (uint32_t)(*p++ - '0');
		if (p == end || *p++ != ' ' || !(nul = memchr(p, 0, (size_t)(end - p))) ||
		    end - nul <= RAW_ID)
			return;
		if ((size_t)(nul + 1 - p) == name_len && memcmp(p, name, name_len) == 0) {
			ret->mode = mode;
			git_oid_fromraw(&ret->id, (const unsigned char *)nul + 1);
			return;
		}
		p = nul + 1 + RAW_ID;
	}
}

static int step_into(git_odb *odb, const struct gb_step *tree, const char *name,
		     struct gb_step *ret, struct gb_err *err)
{
	git_odb_object *o;

	*ret = (struct gb_step){ .mode = 0 };
	if ((tree->mode & MODE_TYPE) != MODE_FOLDER)
		return 0;
	if (git_odb_read(&o, odb, &tree->id))
		return gb_fail(err, GB_ESYS, "read a folder of a commit: %s", gb_git_words());
	if (git_odb_object_type(o) == GIT_OBJECT_TREE)
		find_entry(git_odb_object_data(o), git_odb_object_size(o), name, ret);
	git_odb_object_free(o);
	return 0;
}

int gb_trail_follow(const struct gb_trail *t, git_odb *odb, struct gb_step *steps,
		    const struct gb_step *near, struct gb_err *err)
{
	size_t part = 0;

	for (size_t i = 0; i < t->n_paths; i++) {
		size_t from = 0; /* step of the tree that holds the part */

		for (; part < t->ends[i]; part++) {
			int rc = 0;

			if (near && step_equal(&steps[from], &near[from]))
				steps[part + 1] = near[part + 1];
			else
				rc = step_into(odb, &steps[from], t->parts[part], &steps[part + 1],
					       err);
			if (rc < 0)
				return rc;
			from = part + 1;
		}
	}
	return 0;
}

bool gb_trail_same(const struct gb_trail *t, const struct gb_step *a, const struct gb_step *b)
{
	static const struct gb_step nothing;

	for (size_t i = 0; i < t->n_paths; i++) {
		size_t at = t->ends[i];

		if (!step_equal(&a[at], b ? &b[at] : &nothing))
			return false;
	}
	return true;
}

/* "KEY <40 digits>\n" at *p; moves behind it. */
static bool take_id(const char **p, const char *end, const char *key, git_oid *ret)
{
	size_t len = strlen(key);

	if ((size_t)(end - *p) < len + HEX_ID + 1 || memcmp(*p, key, len) != 0 ||
	    (*p)[len + HEX_ID] != '\n' || git_oid_fromstrn(ret, *p + len, HEX_ID))
		return false;
	*p += len + HEX_ID + 1;
	return true;
}

/* Behind the last '>' of the committer's line, as git looks for it; 0 where there is none. */
static int64_t committer_date(const char *p, const char *end)
{
	int64_t date = 0;

	while (p < end && *p != '\n') {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end;

		if ((size_t)(stop - p) > 10 && memcmp(p, "committer ", 10) == 0) {
			const char *d = stop;

			while (d > p && d[-1] != '>')
				d--;
			while (d < stop && *d == ' ')
				d++;
			for (; d < stop && *d >= '0' && *d <= '9' && date < INT64_MAX / 10 - 1; d++)
				date = date * 10 + (*d - '0');
			return date;
		}
		p = nl ? nl + 1 : end;
	}
	return date;
}

static int parse_commit(const char *p, size_t len, struct gb_raw_commit *ret, struct gb_err *err)
{
	const char *end = p + len;
	size_t cap = 0;
	git_oid id;

	if (!take_id(&p, end, "tree ", &ret->tree))
		return gb_fail(err, GB_EPARSE, "a commit names no tree");
	while (take_id(&p, end, "parent ", &id)) {
		int rc = gb_grow((void **)&ret->parents, &cap, ret->n_parents + 1, sizeof(id),
				 MAX_PARENTS, err);

		if (rc < 0)
			return rc;
		ret->parents[ret->n_parents++] = id;
	}
	ret->date = committer_date(p, end);
	return 0;
}

int gb_raw_commit_read(git_odb *odb, const git_oid *id, struct gb_raw_commit *ret,
		       struct gb_err *err)
{
	struct gb_raw_commit raw = { .date = 0 };
	git_odb_object *o;
	int rc = git_odb_read(&o, odb, id);

	if (rc == GIT_ENOTFOUND)
		return gb_fail(err, GB_ENOTFOUND, "a commit is not in this clone: %s",
			       gb_git_words());
	if (rc)
		return gb_fail(err, GB_ESYS, "read a commit: %s", gb_git_words());
	if (git_odb_object_type(o) == GIT_OBJECT_COMMIT)
		rc = parse_commit(git_odb_object_data(o), git_odb_object_size(o), &raw, err);
	else
		rc = gb_fail(err, GB_EPARSE, "an object that should be a commit is none");
	git_odb_object_free(o);
	if (rc < 0)
		free(raw.parents);
	else
		*ret = raw;
	return rc;
}
