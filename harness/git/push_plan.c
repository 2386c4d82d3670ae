/* push: which commits are new to the remote, and their bases.  See push.h. */
#include "git/push.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/shallow.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NEAR 256 /* first parents that are asked for */

struct planning {
	const struct gb_repo *repo;
	git_repository *git;
	const char *remote;
	char *prefix; /* "refs/remotes/origin/" */
	git_oid *has; /* what the remote's references hold, as far as known here */
	size_t n_has, cap_has;
	struct gb_push_plan *out;
	struct gb_err *err;
};

static bool is_zero(const char *id)
{
	return id[strspn(id, "0")] == '\0';
}

/* The commit that an object leads to; false: to none, or it is not here. */
static bool peel(git_repository *git, const git_oid *id, git_oid *ret)
{
	git_object *o = NULL, *commit = NULL;
	bool ok = !git_object_lookup(&o, git, id, GIT_OBJECT_ANY) &&
		  !git_object_peel(&commit, o, GIT_OBJECT_COMMIT);

	if (ok)
		*ret = *git_object_id(commit);
	git_object_free(commit);
	git_object_free(o);
	return ok;
}

static bool peel_text(git_repository *git, const char *id, git_oid *ret)
{
	git_oid oid;

	return !is_zero(id) && !git_oid_fromstr(&oid, id) && peel(git, &oid, ret);
}

static bool peel_ref(git_repository *git, const char *name, git_oid *ret)
{
	git_oid oid;

	return !git_reference_name_to_id(&oid, git, name) && peel(git, &oid, ret);
}

static int find_has(struct planning *p)
{
	git_reference_iterator *it = NULL;
	const char *name;
	git_oid id;
	int rc = 0;

	if (git_reference_iterator_glob_new(&it, p->git, "refs/remotes/*"))
		return gb_fail(p->err, GB_ESYS, "list the references: %s", gb_git_words());
	while (rc >= 0 && !git_reference_next_name(&name, it)) {
		if (!gb_starts(name, p->prefix) || !peel_ref(p->git, name, &id))
			continue;
		rc = gb_grow((void **)&p->has, &p->cap_has, p->n_has + 1, sizeof(*p->has),
			     GB_MAX_PUSH_REFS, p->err);
		if (rc >= 0)
			p->has[p->n_has++] = id;
	}
	git_reference_iterator_free(it);
	return rc;
}

static bool is_known(const struct planning *p, const git_oid *commit)
{
	for (size_t i = 0; i < p->n_has; i++)
		if (git_oid_equal(&p->has[i], commit))
			return true;
	return p->n_has && git_graph_reachable_from_any(p->git, commit, p->has, p->n_has) == 1;
}

struct candidate {
	git_oid base;
	size_t ahead; /* commits that it leaves */
	char *name;
};

/* Takes the name.  Kept where it leaves fewer than what was found before. */
static int consider(const struct planning *p, const git_oid *commit, const git_oid *there,
		    struct candidate *best, char *name)
{
	git_oid base;
	size_t ahead;

	if (!name)
		return gb_fail_nomem(p->err);
	if (gb_git_merge_base(p->repo, commit, there, &base, &ahead, NULL) < 0 ||
	    (best->name && ahead >= best->ahead)) {
		free(name);
		return 0;
	}
	free(best->name);
	*best = (struct candidate){ base, ahead, name };
	return 0;
}

/* Along the first parents, to what the remote has. */
static bool nearest(const struct planning *p, const git_oid *commit, git_oid *ret)
{
	git_commit *c = NULL;
	bool found = false;

	if (!p->n_has || git_commit_lookup(&c, p->git, commit))
		return false;
	for (size_t i = 0; i < NEAR && !found; i++) {
		git_commit *parent = NULL;

		if (git_commit_parent(&parent, c, 0))
			break;
		git_commit_free(c);
		c = parent;
		found = is_known(p, git_commit_id(c));
	}
	if (found)
		*ret = *git_commit_id(c);
	git_commit_free(c);
	return found;
}

static int by_default_branch(const struct planning *p, const git_oid *commit,
			     struct candidate *best)
{
	_free_ char *ref = gb_asprintf("%sHEAD", p->prefix);
	git_oid there;

	if (!ref)
		return gb_fail_nomem(p->err);
	/* A push to an address: what another remote has is better than nothing. */
	if (peel_ref(p->git, ref, &there))
		return consider(p, commit, &there, best,
				gb_asprintf("%.200s's default branch", p->remote));
	if (!p->n_has && peel_ref(p->git, "refs/remotes/origin/HEAD", &there))
		return consider(p, commit, &there, best, gb_strdup("origin's default branch"));
	return 0;
}

static int by_upstream(const struct planning *p, const struct gb_push_ref *ref,
		       const git_oid *commit, struct candidate *best)
{
	git_reference *local = NULL, *up = NULL;
	git_oid there;
	int rc = 0;

	if (!git_reference_lookup(&local, p->git, ref->local) && git_reference_is_branch(local) &&
	    !git_branch_upstream(&up, local) && peel_ref(p->git, git_reference_name(up), &there))
		rc = consider(p, commit, &there, best, gb_strdup(git_reference_shorthand(up)));
	git_reference_free(up);
	git_reference_free(local);
	return rc;
}

/* "main" of "refs/heads/main". */
static const char *short_name(const char *ref)
{
	static const char *const prefixes[] = { "refs/heads/", "refs/tags/", "refs/" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (gb_starts(ref, prefixes[i]))
			return ref + strlen(prefixes[i]);
	return ref;
}

static int find_base(const struct planning *p, const struct gb_push_ref *ref, const git_oid *commit,
		     struct candidate *best)
{
	git_oid there;
	int rc = 0;

	if (peel_text(p->git, ref->remote_id, &there))
		rc = consider(p, commit, &there, best,
			      gb_asprintf("what %.200s has of %.200s", p->remote,
					  short_name(ref->remote)));
	if (rc >= 0)
		rc = by_default_branch(p, commit, best);
	if (rc >= 0)
		rc = by_upstream(p, ref, commit, best);
	if (rc >= 0 && is_zero(ref->remote_id) && nearest(p, commit, &there))
		rc = consider(p, commit, &there, best, gb_asprintf("what %.200s has", p->remote));
	return rc;
}

static int add(const struct planning *p, const struct gb_push_ref *ref, const git_oid *commit,
	       struct candidate *best)
{
	struct gb_push_commit c = { 0 };
	int rc = gb_grow((void **)&p->out->v, &p->out->cap, p->out->n + 1, sizeof(*p->out->v),
			 GB_MAX_PUSH_REFS, p->err);

	if (rc < 0)
		return rc;
	git_oid_tostr(c.commit, sizeof(c.commit), commit);
	if (best->name)
		git_oid_tostr(c.base, sizeof(c.base), &best->base);
	c.name = gb_strdup(short_name(ref->remote));
	if (!c.name)
		return gb_fail_nomem(p->err);
	c.base_name = GB_TAKE(best->name);
	p->out->v[p->out->n++] = c;
	return 0;
}

static bool is_planned(const struct planning *p, const git_oid *commit, bool or_below)
{
	for (size_t i = 0; i < p->out->n; i++) {
		git_oid id;

		if (git_oid_fromstr(&id, p->out->v[i].commit))
			continue;
		if (git_oid_equal(&id, commit) ||
		    (or_below && git_graph_descendant_of(p->git, &id, commit) == 1))
			return true;
	}
	return false;
}

static int plan_one(const struct planning *p, const struct gb_push_ref *ref)
{
	bool is_new = is_zero(ref->remote_id), tag = gb_starts(ref->remote, "refs/tags/");
	struct candidate best = { 0 };
	git_oid commit;
	int rc;

	if (gb_starts(ref->remote, "refs/notes/") || !peel_text(p->git, ref->local_id, &commit) ||
	    is_planned(p, &commit, tag) || ((is_new || tag) && is_known(p, &commit)))
		return 0;
	if (p->out->n == GB_MAX_PUSH_COMMITS) {
		p->out->left_out++;
		return 0;
	}
	rc = find_base(p, ref, &commit, &best);
	/* Nothing is left: the remote had it before. */
	if (rc >= 0 && !(best.name && git_oid_equal(&best.base, &commit)))
		rc = add(p, ref, &commit, &best);
	free(best.name);
	return rc;
}

int gb_push_plan(const struct gb_repo *repo, const char *remote, const struct gb_push *push,
		 struct gb_push_plan *ret, struct gb_err *err)
{
	struct gb_push_plan out = { 0 };
	struct planning p = {
		.repo = repo, .git = gb_repo_git(repo), .remote = remote, .out = &out, .err = err
	};
	int rc;

	p.prefix = gb_asprintf("refs/remotes/%s/", remote);
	rc = p.prefix ? find_has(&p) : gb_fail_nomem(err);
	/* Branches first: a tag on the way of one is no work of its own. */
	for (int tags = 0; tags < 2; tags++)
		for (size_t i = 0; i < push->n && rc >= 0; i++)
			if (gb_starts(push->v[i].remote, "refs/tags/") == (tags == 1))
				rc = plan_one(&p, &push->v[i]);
	free(p.prefix);
	free(p.has);
	if (rc < 0) {
		gb_push_plan_release(&out);
		return rc;
	}
	*ret = out;
	return 0;
}

void gb_push_plan_release(struct gb_push_plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->v[i].name);
		free(p->v[i].base_name);
	}
	free(p->v);
	*p = (struct gb_push_plan){ 0 };
}
