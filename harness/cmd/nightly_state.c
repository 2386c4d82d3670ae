/*
 * nightly_state - what a night has measured so far, in the cache.  See nightly.h.
 *
 * An entry for each package and round, by a key of all that decides what is measured: commit,
 * environment, flags, CPU, and how many nights were whole before at this commit.  So a night that
 * was killed goes on where it stopped, and the one after a whole night begins anew.  Where the work
 * tree is not what its commit has, nothing says what was measured, and nothing is kept.
 */
#include "cmd/nightly.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"
#include "cmd/cached.h"

#include <inttypes.h>
#include <string.h>

#define KIND   "nightly"
#define FORMAT "gobudget nightly 1"

static int key_of(const struct nightly *n, const char *name, int64_t night,
		  char ret[GB_HASH_HEX + 1], struct gb_err *err)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;

	gb_hash_text(&h, FORMAT);
	gb_hash_text(&h, n->state.key);
	gb_hash_number(&h, night);
	gb_hash_text(&h, name);
	return gb_hash_end(&h, ret, err);
}

static int make_key(struct nightly *n, struct gb_err *err)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;
	char common[GB_HASH_HEX + 1];
	const struct gb_job_options *o = n->job.o;
	int rc = cached_common(&n->job, common, err);

	if (rc < 0)
		return rc;
	gb_hash_text(&h, common);
	gb_hash_text(&h, n->commit);
	gb_hash_text(&h, n->base.commit);
	gb_hash_text(&h, n->cpu);
	gb_hash_text(&h, n->o->bench);
	gb_hash_number(&h, (int64_t)n->job.go.n_modules);
	if (n->job.go.n_modules)
		gb_hash_text(&h, n->job.go.modules[0].dir);
	for (size_t i = 0; i < o->patterns.n; i++)
		gb_hash_text(&h, o->patterns.v[i]);
	return gb_hash_end(&h, n->state.key, err);
}

static int read_night(struct nightly *n, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(64);
	char key[GB_HASH_HEX + 1];
	int rc = key_of(n, "nights", 0, key, err);

	if (rc < 0)
		return rc;
	rc = gb_cache_get(&n->state.cache, KIND, key, &text, err);
	if (rc == GB_ENOMEM)
		return rc;
	if (rc < 0 || gb_parse_int(text.data, 0, INT64_MAX, &n->state.night, NULL) < 0)
		n->state.night = 0;
	return 0;
}

static int write_night(struct nightly *n, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(64);
	char key[GB_HASH_HEX + 1];
	int rc = key_of(n, "nights", 0, key, err);

	if (rc < 0)
		return rc;
	gb_buf_addf(&text, "%" PRId64, ++n->state.night);
	gb_cache_put(&n->state.cache, KIND, key, text.data, text.len);
	return 0;
}

int nightly_state_open(struct nightly *n, struct gb_err *err)
{
	int rc;

	if (!n->commit[0])
		return 0;
	if ((rc = gb_cache_open(&n->state.cache, err)) < 0 || !n->state.cache.dir)
		return rc;
	if ((rc = make_key(n, err)) < 0 || (rc = read_night(n, err)) < 0)
		return rc;
	return n->o->afresh ? write_night(n, err) : 0;
}

int nightly_state_get(struct nightly *n, const char *name, struct gb_buf *ret, int64_t *ret_ms,
		      struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	char key[GB_HASH_HEX + 1], line[32] = "";
	size_t len;
	int rc = n->state.key[0] ? key_of(n, name, n->state.night, key, err) : GB_ENOTFOUND;

	if (rc < 0)
		return rc;
	if ((rc = gb_cache_get(&n->state.cache, KIND, key, &text, err)) < 0)
		return rc;
	len = strcspn(text.data, "\n");
	if (len < sizeof(line) && len < text.len)
		memcpy(line, text.data, len);
	if (gb_parse_int(line, 0, INT64_MAX, ret_ms, NULL) < 0)
		return GB_ENOTFOUND;
	gb_buf_add(ret, text.data + len + 1, text.len - len - 1);
	return ret->failed ? gb_buf_error(ret, "what was measured", err) : 0;
}

int nightly_state_put(struct nightly *n, const char *name, const struct gb_buf *data, int64_t ms,
		      struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	char key[GB_HASH_HEX + 1];
	int rc = n->state.key[0] ? key_of(n, name, n->state.night, key, err) : 1;

	if (rc)
		return rc < 0 ? rc : 0;
	gb_buf_addf(&text, "%" PRId64 "\n", ms);
	gb_buf_add(&text, data->data, data->len);
	if (text.nomem)
		return gb_fail_nomem(err);
	/* What is too large is measured again. */
	if (!text.failed)
		gb_cache_put(&n->state.cache, KIND, key, text.data, text.len);
	return 0;
}

int nightly_state_end(struct nightly *n, struct gb_err *err)
{
	int rc = n->state.key[0] ? write_night(n, err) : 0;

	if (rc >= 0 && n->state.cache.put)
		gb_cache_prune(&n->state.cache, gb_cache_max());
	return rc;
}
