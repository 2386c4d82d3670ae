/* cached_key - what is the same for all packages of a job, and jobs that are not cached. */
#include "cmd/cached.h"

#include "base/buf.h"
#include "base/cpus.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "go/assets.h"
#include "go/testflags.h"
#include "version.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT "gobudget measurements 1"

/* What the runtime and package time look at without telling anybody. */
static const char *const variables[] = {
	"GODEBUG", "GOGC",     "GOMAXPROCS", "GOMEMLIMIT",	"GORACE",    "GOTRACEBACK",
	"TZ",	   "ZONEINFO", "LD_PRELOAD", "LD_LIBRARY_PATH", "GOCOVERDIR"
};

static void add_self(struct gb_hash *h)
{
	gb_hash_text(h, FORMAT);
	gb_hash_text(h, GB_VERSION);
	gb_hash_text(h, GB_BUILD);
	for (size_t i = 0; i < gb_assets_n; i++) {
		gb_hash_text(h, gb_assets[i].name);
		gb_hash_number(h, (int64_t)gb_assets[i].len);
		gb_hash_add(h, gb_assets[i].data, gb_assets[i].len);
	}
}

/* A release is what its version says; another build of the same name has other tools. */
static int add_tools(const struct gb_toolchain *go, struct gb_hash *h, struct gb_err *err)
{
	_free_ char *dir = gb_asprintf("pkg/tool/%s_%s", go->hostos, go->hostarch);
	const char *const tools[] = { "compile", "link", "asm", "vet" };

	if (!dir)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		_free_ char *path = gb_asprintf("%s/%s/%s", go->real_root, dir, tools[i]);
		struct stat st = { 0 };

		if (!path)
			return gb_fail_nomem(err);
		gb_hash_number(h, stat(path, &st) == 0 ? (int64_t)st.st_size : -1);
		if (!gb_starts(go->version, "go1."))
			gb_hash_number(h, st.st_mtime);
	}
	return 0;
}

static void add_machine(struct gb_hash *h)
{
	_free_ char *quota = gb_cpus_quota();

	gb_hash_number(h, gb_cpus());
	gb_hash_text(h, quota);
	gb_hash_number(h, geteuid());
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		gb_hash_text(h, getenv(variables[i]));
}

static void add_options(const struct gb_job *j, struct gb_hash *h)
{
	const struct gb_measure_options *how = &j->how;

	gb_hash_text(h, how->gcflags);
	gb_hash_number(h, how->settle_ms);
	gb_hash_number(h, how->timeout_ms);
	gb_hash_number(h, how->memory);
	gb_hash_number(h, how->fallback);
	for (size_t i = 0; i < j->go.n_modules; i++)
		gb_hash_text(h, j->go.modules[i].path);
}

/* All but how many packages run side by side. */
static int add_flags(const struct gb_testflags *f, struct gb_hash *h, struct gb_err *err)
{
	static const char *const without[] = { "p", NULL };
	_strlist_ struct gb_strlist words = GB_STRLIST_INIT;
	int rc = gb_testflags_without(&f->rest, without, &words, err);

	gb_hash_number(h, (int64_t)words.n);
	for (size_t i = 0; i < words.n; i++)
		gb_hash_text(h, words.v[i]);
	return rc;
}

int cached_common(const struct gb_job *j, char ret_key[GB_HASH_HEX + 1], struct gb_err *err)
{
	_testflags_ struct gb_testflags flags = { 0 };
	_hash_ struct gb_hash h = GB_HASH_INIT;
	int rc = gb_testflags_parse(j->go.goflags, &j->o->go_flags, &flags, err);

	if (rc)
		return rc;
	add_self(&h);
	gb_hash_text(&h, j->go.settings);
	gb_hash_text(&h, j->go.add_experiment);
	add_machine(&h);
	add_options(j, &h);
	if ((rc = add_tools(&j->go, &h, err)) || (rc = add_flags(&flags, &h, err)))
		return rc;
	return gb_hash_end(&h, ret_key, err);
}

int cached_may_flags(const struct gb_job *j, bool *ret_may, struct gb_err *err)
{
	_testflags_ struct gb_testflags flags = { 0 };
	_free_ char *word = NULL, *here = NULL;
	int rc = gb_fs_cwd(&here, err);

	*ret_may = false;
	/* Nobody comes back to a folder of ours. */
	if (rc || gb_fs_is_scratch(here) || j->o->stress || j->o->bench || j->o->keep)
		return rc;
	if ((rc = gb_testflags_parse(j->go.goflags, &j->o->go_flags, &flags, err)) ||
	    (rc = gb_testflags_uncacheable(&flags, j->go.goflags, &word, err)))
		return rc;
	*ret_may = !word && !flags.packages.n && !flags.has_args;
	return 0;
}

int cached_may(const struct gb_job *j, bool *ret_may, struct gb_err *err)
{
	*ret_may = false;
	return j->o->patterns.n ? cached_may_flags(j, ret_may, err) : 0;
}
