/* base_kept_key - which packages of the base, and what all there is to know of them hangs on. */
#include "cmd/base.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "cmd/cached.h"

#include <stdlib.h>
#include <string.h>

#define FORMAT "gobudget base 1"

/* A workspace file of the work tree is the commit's as well; any other may be what it likes. */
static bool workspace_is_ours(const struct gb_base *b)
{
	const char *named = getenv("GOWORK");
	_free_ char *real = NULL;

	if (!named || !named[0] || strcmp(named, "off") == 0)
		return true;
	return gb_fs_realpath(named, &real, NULL) == 0 && gb_path_under(real, b->top);
}

/* From the top of the work tree, "" for the top; NULL: outside, or no memory. */
static char *below_top(const struct gb_base *b, const char *dir)
{
	_free_ char *real = NULL;

	if (gb_fs_realpath(dir, &real, NULL) < 0 || !gb_path_under(real, b->top))
		return NULL;
	return gb_strdup(strcmp(real, b->top) ? gb_path_relative(real, b->top) : "");
}

static int list(struct gb_base *b, const struct gb_job *j,
		bool (*wanted)(void *arg, const struct gb_package *p), void *arg,
		struct gb_err *err)
{
	struct gb_base_kept *k = &b->kept;

	k->v = gb_calloc(j->run->n_packages + 1, sizeof(*k->v));
	if (!k->v)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < j->run->n_packages; i++) {
		const struct gb_package *p = &j->run->packages[i];
		_free_ char *below = p->dir && wanted(arg, p) ? below_top(b, p->dir) : NULL;
		char *path = below ? gb_strdup(p->path) : NULL;

		if (below && !path)
			return gb_fail_nomem(err);
		if (path)
			k->v[k->n++] =
				(struct gb_base_package){ .path = path, .below = GB_TAKE(below) };
	}
	return 0;
}

static int add_names(const struct gb_strlist *names, int sites, struct gb_hash *h,
		     struct gb_err *err)
{
	_strlist_ struct gb_strlist sorted = GB_STRLIST_INIT;
	int rc = names ? gb_strlist_add_all(&sorted, (const char *const *)names->v, names->n, err)
		       : 0;

	gb_strlist_sort(&sorted);
	gb_hash_number(h, names ? sites : -1);
	gb_hash_number(h, (int64_t)sorted.n);
	for (size_t i = 0; i < sorted.n; i++)
		gb_hash_text(h, sorted.v[i]);
	return rc;
}

/* What is the same for all packages, but the commit's. */
static int find_common(struct gb_base *b, const struct gb_job *j, struct gb_err *err)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;
	_free_ char *cwd = NULL, *below = NULL;
	char job[GB_HASH_HEX + 1];
	int rc;

	if ((rc = cached_common(j, job, err)) || (rc = gb_fs_cwd(&cwd, err)))
		return rc;
	below = below_top(b, cwd);
	gb_hash_text(&h, FORMAT);
	gb_hash_text(&h, job);
	gb_hash_text(&h, b->commit);
	gb_hash_text(&h, b->top);
	gb_hash_text(&h, below);
	gb_hash_text(&h, getenv("GOWORK"));
	return gb_hash_end(&h, b->kept.common, err);
}

static int find_first(const struct gb_base_kept *k, const struct gb_job *j,
		      struct gb_base_package *x, struct gb_err *err)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;
	int rc;

	gb_hash_text(&h, k->common);
	gb_hash_text(&h, x->path);
	gb_hash_text(&h, x->below);
	if ((rc = add_names(j->how.explain, j->how.sites, &h, err)))
		return rc;
	return gb_hash_end(&h, x->first, err);
}

static int prepare(struct gb_base *b, const struct gb_job *j, struct gb_err *err)
{
	struct gb_base_kept *k = &b->kept;
	int rc = find_common(b, j, err);

	k->since = cached_moment();
	k->places.inside = b->top;
	if (!rc)
		rc = cached_places(j, k->outside, &k->places, err);
	if (!rc)
		rc = cached_environment(&k->env, err);
	for (size_t i = 0; i < k->n && !rc; i++)
		rc = find_first(k, j, &k->v[i], err);
	return rc;
}

int base_kept_open(struct gb_base *b, const struct gb_job *j,
		   bool (*wanted)(void *arg, const struct gb_package *p), void *arg,
		   struct gb_err *err)
{
	struct gb_base_kept *k = &b->kept;
	bool may = false;
	int rc = list(b, j, wanted, arg, err);

	if (rc || k->off || !workspace_is_ours(b))
		return rc;
	rc = cached_may_flags(j, &may, NULL);
	if (!rc && may)
		rc = gb_cache_open(&k->cache, NULL);
	if (!rc && k->cache.dir)
		rc = prepare(b, j, NULL);
	k->ready = !rc && k->cache.dir && may;
	return rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
}

static struct gb_base_package *find(const struct gb_base_kept *k, const char *package)
{
	for (size_t i = 0; i < k->n; i++)
		if (strcmp(k->v[i].path, package) == 0)
			return &k->v[i];
	return NULL;
}

int base_kept_key(struct gb_base *b, const char *package, enum gb_mode mode, const char *test,
		  char key[GB_HASH_HEX + 1], struct gb_err *err)
{
	struct gb_base_package *x = find(&b->kept, package);
	_hash_ struct gb_hash h = GB_HASH_INIT;
	int rc;

	key[0] = '\0';
	if (!b->kept.ready || !x || !x->second[0])
		return 0;
	gb_hash_text(&h, x->second);
	gb_hash_number(&h, (int64_t)mode);
	gb_hash_text(&h, test);
	/* A test alone is the same whatever ran before. */
	gb_hash_number(&h, test ? 0 : ++x->rounds);
	if ((rc = add_names(b->how.explain, b->how.sites, &h, err)))
		return rc;
	return gb_hash_end(&h, key, err);
}

int base_kept_escapes_key(const struct gb_base *b, const struct gb_strlist *folders,
			  char key[GB_HASH_HEX + 1], struct gb_err *err)
{
	_strlist_ struct gb_strlist sorted = GB_STRLIST_INIT;
	_hash_ struct gb_hash h = GB_HASH_INIT;
	int rc = gb_strlist_add_all(&sorted, (const char *const *)folders->v, folders->n, err);

	if (rc)
		return rc;
	gb_strlist_sort(&sorted);
	gb_hash_text(&h, b->kept.common);
	gb_hash_text(&h, "escapes");
	for (size_t i = 0; i < sorted.n; i++)
		gb_hash_text(&h, sorted.v[i]);
	return gb_hash_end(&h, key, err);
}

void base_kept_close(struct gb_base_kept *k)
{
	if (k->cache.put)
		gb_cache_prune(&k->cache, gb_cache_max());
	gb_cache_release(&k->cache);
	for (size_t i = 0; i < k->n; i++) {
		free(k->v[i].path);
		free(k->v[i].below);
	}
	free(k->v);
	gb_strlist_release(&k->env);
	for (size_t i = 0; i < sizeof(k->outside) / sizeof(k->outside[0]); i++)
		free(k->outside[i]);
	*k = (struct gb_base_kept){ 0 };
}
