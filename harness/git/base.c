#include "git/base.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/partial.h"
#include "git/shallow.h"

#include <stdlib.h>
#include <string.h>

struct search {
	const struct gb_repo *repo;
	git_repository *git;
	git_oid head;
	bool has_head;
	struct gb_base_commit *ret;
	struct gb_err *err;
};

static int found(struct search *s, const git_oid *id, char *name, char *why)
{
	git_commit *c = NULL;
	git_tree *tree = NULL;

	free(s->ret->name);
	free(s->ret->why);
	s->ret->name = name;
	s->ret->why = why;
	if (!name || !why)
		return gb_fail_nomem(s->err);
	git_oid_tostr(s->ret->id, sizeof(s->ret->id), id);
	s->ret->has_tree = !git_commit_lookup(&c, s->git, id) &&
			   (!git_commit_tree(&tree, c) || gb_repo_is_partial(s->repo));
	git_tree_free(tree);
	git_commit_free(c);
	return 1;
}

static int none(struct search *s, char *why)
{
	free(s->ret->why);
	s->ret->why = why;
	return why ? 0 : gb_fail_nomem(s->err);
}

/* The commit that a name means; false: there is none. */
static bool lookup(const struct search *s, const char *rev, git_oid *ret)
{
	git_object *o = NULL, *commit = NULL;
	bool ok = !git_revparse_single(&o, s->git, rev) &&
		  !git_object_peel(&commit, o, GIT_OBJECT_COMMIT);

	if (ok)
		*ret = *git_object_id(commit);
	git_object_free(commit);
	git_object_free(o);
	return ok;
}

static int by_rev(struct search *s, const struct gb_repo *repo, const char *rev)
{
	git_oid id;
	char text[41];
	int rc = gb_repo_commit(repo, rev, text, s->err);

	if (rc < 0)
		return rc;
	git_oid_fromstr(&id, text);
	return found(s, &id, gb_strdup(rev), gb_strdup("as asked for"));
}

/* The parent's name stands in HEAD's own object, also where the parent itself is not here. */
static int by_test_merge(struct search *s)
{
	git_commit *c = NULL;
	git_oid parent;
	unsigned n = 0;

	if (!s->has_head || git_commit_lookup(&c, s->git, &s->head))
		return 0;
	n = git_commit_parentcount(c);
	if (n == 2)
		parent = *git_commit_parent_id(c, 0);
	git_commit_free(c);
	if (n != 2)
		return 0;
	return found(s, &parent, gb_strdup("HEAD^1"),
		     gb_strdup("first parent of the pull request's test merge"));
}

static int by_event(struct search *s, const struct gb_base_clues *clues)
{
	git_oid id;

	if (git_oid_fromstr(&id, clues->event_sha))
		return 0;
	return found(s, &id, gb_strndup(clues->event_sha, 12),
		     gb_asprintf("what the %.40s event stands on", clues->event));
}

static int by_merge_base(struct search *s, const char *ref, char *what)
{
	_free_ char *words = what;
	git_oid there, base;
	size_t ahead;

	if (!words)
		return gb_fail_nomem(s->err);
	if (!s->has_head || !lookup(s, ref, &there))
		return 0;
	if (gb_git_merge_base(s->repo, &s->head, &there, &base, &ahead, NULL) < 0) {
		s->ret->hidden = true;
		return none(s,
			    gb_asprintf("HEAD and %s, %s, have no commit in common%s", ref, words,
					gb_repo_is_shallow(s->repo)
						? " in this clone, which is shallow: `git fetch "
						  "--unshallow` (actions/checkout: fetch-depth: 0)"
						: ""));
	}
	s->ret->hidden = false;
	if (git_oid_equal(&base, &s->head))
		return found(s, &base, gb_strdup("HEAD"),
			     gb_asprintf("nothing is committed since %s, %s", ref, words));
	return found(s, &base, gb_strdup(ref), gb_asprintf("merge base with %s, %s", ref, words));
}

static int by_upstream(struct search *s)
{
	git_reference *head = NULL, *up = NULL;
	int rc = 0;

	if (!git_repository_head(&head, s->git) && git_reference_is_branch(head) &&
	    !git_branch_upstream(&up, head))
		rc = by_merge_base(s, git_reference_name(up),
				   gb_asprintf("the upstream of %s",
					       git_reference_shorthand(head)));
	git_reference_free(up);
	git_reference_free(head);
	return rc;
}

static int search(struct search *s, const struct gb_repo *repo, const struct gb_base_clues *clues)
{
	int rc = 0;

	if (clues->rev)
		return by_rev(s, repo, clues->rev);
	if (clues->test_merge)
		rc = by_test_merge(s);
	if (rc == 0 && clues->event && clues->event_sha && *clues->event_sha)
		rc = by_event(s, clues);
	if (rc == 0 && clues->base_ref) {
		_free_ char *ref = gb_asprintf("refs/remotes/origin/%s", clues->base_ref);

		rc = ref ? by_merge_base(s, ref, gb_strdup("the pull request's base"))
			 : gb_fail_nomem(s->err);
	}
	if (rc == 0)
		rc = by_upstream(s);
	if (rc == 0)
		rc = by_merge_base(s, "refs/remotes/origin/HEAD", gb_strdup("the default branch"));
	return rc;
}

int gb_base_find(const struct gb_repo *repo, const struct gb_base_clues *clues,
		 struct gb_base_commit *ret, struct gb_err *err)
{
	struct gb_base_commit b = { 0 };
	struct search s = { .repo = repo, .git = gb_repo_git(repo), .ret = &b, .err = err };
	int rc;

	s.has_head = lookup(&s, "HEAD", &s.head);
	rc = search(&s, repo, clues);
	if (rc == 0 && !b.why)
		rc = none(&s, gb_strdup(s.has_head ? "no upstream, no origin/HEAD, and none was "
						     "asked for"
						   : "nothing is committed yet"));
	if (rc < 0) {
		gb_base_commit_release(&b);
		return rc;
	}
	*ret = b;
	return 0;
}

void gb_base_commit_release(struct gb_base_commit *b)
{
	free(b->name);
	free(b->why);
	*b = (struct gb_base_commit){ 0 };
}
