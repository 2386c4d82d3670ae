#include "budget/history_index.h"

#include "base/buf.h"
#include "base/cache.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "git/repo.h"
#include "version.h"

#include <stdlib.h>
#include <string.h>

#define KIND "history"

/* Of everything that the answer hangs on, the program that gives it included. */
static int key_of(const char *what, const char *where, const struct gb_history_options *o,
		  bool whole, char ret[GB_HASH_HEX + 1], struct gb_err *err)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;

	gb_hash_text(&h, "history 1 " GB_VERSION " " GB_BUILD);
	gb_hash_text(&h, what);
	gb_hash_text(&h, where);
	gb_hash_text(&h, o->below);
	gb_hash_text(&h, o->test);
	gb_hash_number(&h, o->metric);
	gb_hash_text(&h, whole ? NULL : o->until);
	gb_hash_number(&h, whole ? 0 : (int64_t)o->max);
	return gb_hash_end(&h, ret, err);
}

/* A miss is no error: 0; 1 where there is something. */
static int get(const struct history_index *x, const char *key, struct gb_buf *ret,
	       struct gb_err *err)
{
	struct gb_err own = GB_ERR_INIT;
	int rc = gb_cache_get(x->cache, KIND, key, ret, &own);

	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	return rc >= 0;
}

static int get_found(struct history_index *x, const char *from, bool whole, struct gb_err *err)
{
	_buf_ struct gb_buf data = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	struct gb_err own = GB_ERR_INIT;
	char key[GB_HASH_HEX + 1];
	int rc = key_of("found", from, x->o, whole, key, err);

	if (rc >= 0)
		rc = get(x, key, &data, err);
	if (rc <= 0)
		return rc;
	rc = history_index_read(data.data, data.len, &x->found, &own);
	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	return rc >= 0;
}

/* "N\n", N paths with a NUL each, and names of 20 bytes. */
static int parse_seen(struct history_index *x, const char *data, size_t len, struct gb_err *err)
{
	const char *p = data, *end = data + len;
	unsigned long n = 0;
	int rc = 0;

	while (p < end && *p >= '0' && *p <= '9' && n < 1000)
		n = n * 10 + (unsigned long)(*p++ - '0');
	if (p == end || *p++ != '\n')
		return 0;
	for (; n > 0 && rc >= 0; n--) {
		const char *nul = memchr(p, 0, (size_t)(end - p));

		if (!nul)
			return 0;
		rc = gb_strlist_add(x->watched, p, err);
		p = nul + 1;
	}
	if (rc < 0 || (end - p) % 20 != 0 || p == end)
		return rc;
	x->known.n = (size_t)(end - p) / 20;
	if (!(x->known.v = gb_calloc(x->known.n, sizeof(*x->known.v))))
		return gb_fail_nomem(err);
	memcpy(x->known.v, p, x->known.n * 20);
	/* A stranger may have sorted it otherwise. */
	gb_walk_seen_sort(&x->known);
	return 1;
}

static void forget(struct history_index *x)
{
	gb_history_release(&x->found);
	gb_walk_seen_release(&x->known);
	gb_strlist_release(x->watched);
}

static int get_known(struct history_index *x, const char *tip, struct gb_err *err)
{
	_buf_ struct gb_buf data = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	char key[GB_HASH_HEX + 1];
	int rc = key_of("seen", tip, x->o, true, key, err);

	if (rc >= 0)
		rc = get(x, key, &data, err);
	if (rc > 0)
		rc = parse_seen(x, data.data, data.len, err);
	if (rc > 0)
		rc = get_found(x, tip, true, err);
	if (rc > 0)
		memcpy(x->known.tip, tip, sizeof(x->known.tip));
	else
		forget(x);
	return rc;
}

/* The newest tip of which all is there. */
static int find_known(struct history_index *x, const struct gb_repo *repo, struct gb_err *err)
{
	_buf_ struct gb_buf data = GB_BUF_INIT(GB_HISTORY_TIPS * 41 + 1);
	int rc = key_of("tips", gb_repo_dir(repo), x->o, true, x->tips_key, err);

	if (rc >= 0)
		rc = get(x, x->tips_key, &data, err);
	if (rc <= 0)
		return rc;
	for (size_t i = 0; i < GB_HISTORY_TIPS && (i + 1) * 41 <= data.len; i++) {
		const char *tip = data.data + i * 41;

		if (strspn(tip, "0123456789abcdef") != 40)
			break;
		memcpy(x->tips[i], tip, 40);
	}
	for (size_t i = 0; i < GB_HISTORY_TIPS && x->tips[i][0] && rc >= 0; i++)
		if ((rc = get_known(x, x->tips[i], err)) > 0)
			break;
	return rc < 0 ? rc : 0;
}

int history_index_open(struct history_index *x, const struct gb_repo *repo,
		       const struct gb_history_options *o, struct gb_err *err)
{
	int rc;

	*x = (struct history_index){ .o = o };
	if (!o->cache || !o->cache->dir || gb_repo_is_shallow(repo))
		return 0;
	x->cache = o->cache;
	rc = get_found(x, o->from, false, err);
	if (rc != 0 || o->until || o->max)
		return rc;
	if (!(x->watched = gb_calloc(1, sizeof(*x->watched))))
		return gb_fail_nomem(err);
	return find_known(x, repo, err);
}

struct gb_history history_index_take(struct history_index *x)
{
	struct gb_history h = x->found;

	x->found = (struct gb_history){ 0 };
	history_index_close(x);
	return h;
}

const struct gb_walk_seen *history_index_known(struct history_index *x,
					       const struct gb_strlist *watched)
{
	if (!x->known.n || watched->n != x->watched->n)
		return NULL;
	for (size_t i = 0; i < watched->n; i++)
		if (strcmp(watched->v[i], x->watched->v[i]) != 0)
			return NULL;
	return &x->known;
}

struct gb_walk_seen *history_index_seen(struct history_index *x)
{
	return x->watched ? &x->seen : NULL;
}

int history_index_append(struct history_index *x, struct gb_history *h, struct gb_err *err)
{
	int rc = gb_grow((void **)&h->commits, &h->cap, h->n + x->found.n, sizeof(*h->commits),
			 GB_MAX_COMMITS, err);

	if (rc < 0)
		return rc;
	if (x->found.n)
		memcpy(h->commits + h->n, x->found.commits, x->found.n * sizeof(*h->commits));
	h->n += x->found.n;
	x->found.n = 0;
	rc = gb_grow((void **)&x->seen.v, &x->seen.cap, x->seen.n + x->known.n, sizeof(*x->seen.v),
		     GB_MAX_COMMITS, err);
	if (rc < 0)
		return rc;
	memcpy(x->seen.v + x->seen.n, x->known.v, x->known.n * sizeof(*x->seen.v));
	x->seen.n += x->known.n;
	return 0;
}

static int put_seen(struct history_index *x, const struct gb_strlist *watched, struct gb_err *err)
{
	_buf_ struct gb_buf data = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	char key[GB_HASH_HEX + 1];
	int rc = key_of("seen", x->o->from, x->o, true, key, err);

	if (rc < 0)
		return rc;
	gb_walk_seen_sort(&x->seen);
	gb_buf_addf(&data, "%zu\n", watched->n);
	for (size_t i = 0; i < watched->n; i++)
		gb_buf_add(&data, watched->v[i], strlen(watched->v[i]) + 1);
	gb_buf_add(&data, x->seen.v, x->seen.n * sizeof(*x->seen.v));
	if (!data.failed)
		gb_cache_put(x->cache, KIND, key, data.data, data.len);
	return 0;
}

static void put_tips(struct history_index *x)
{
	_buf_ struct gb_buf data = GB_BUF_INIT(GB_HISTORY_TIPS * 41 + 1);
	size_t n = 1;

	gb_buf_addf(&data, "%s\n", x->o->from);
	for (size_t i = 0; i < GB_HISTORY_TIPS && x->tips[i][0] && n < GB_HISTORY_TIPS; i++) {
		if (strcmp(x->tips[i], x->o->from) == 0)
			continue;
		gb_buf_addf(&data, "%s\n", x->tips[i]);
		n++;
	}
	gb_cache_put(x->cache, KIND, x->tips_key, data.data, data.len);
}

int history_index_keep(struct history_index *x, const struct gb_strlist *watched,
		       const struct gb_history *h, struct gb_err *err)
{
	_buf_ struct gb_buf data = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	char key[GB_HASH_HEX + 1];
	int rc;

	if (!x->cache || h->cut[0])
		return 0;
	if ((rc = key_of("found", x->o->from, x->o, false, key, err)) < 0)
		return rc;
	history_index_write(h, &data);
	if (data.failed)
		return 0;
	gb_cache_put(x->cache, KIND, key, data.data, data.len);
	if (!x->watched)
		return 0;
	if ((rc = put_seen(x, watched, err)) >= 0)
		put_tips(x);
	return rc;
}

void history_index_close(struct history_index *x)
{
	if (x->watched)
		forget(x);
	gb_history_release(&x->found);
	free(x->watched);
	gb_walk_seen_release(&x->seen);
	*x = (struct history_index){ 0 };
}
