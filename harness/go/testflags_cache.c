/* testflags_cache - flags with which a measurement can be another time's as well. */
#include "go/testflags.h"

#include "base/err.h"
#include "base/mem.h"

/*
 * What they say is part of the key, and all there is to them.  Not here: what has the tests run
 * more than once or write files, names files or programs, or wants output.  go test's own list
 * (tryCacheWithID) for the tests, and what compiles the same from the same text.
 */
static const char *const plain[] = { "asan",	 "asmflags", "buildmode", "buildvcs", "cpu",
				     "failfast", "fullpath", "gcflags",	  "mod",      "modcacherw",
				     "msan",	 "p",	     "parallel",  "race",     "run",
				     "short",	 "skip",     "tags",	  "timeout",  "trimpath",
				     "vet",	 NULL };

static int first_other(const struct gb_strlist *words, char **ret, struct gb_err *err)
{
	_strlist_ struct gb_strlist others = GB_STRLIST_INIT;
	int rc = gb_testflags_without(words, plain, &others, err);

	if (rc || !others.n)
		return rc;
	*ret = gb_strdup(others.v[0]);
	return *ret ? 0 : gb_fail_nomem(err);
}

int gb_testflags_uncacheable(const struct gb_testflags *f, const char *goflags, char **ret,
			     struct gb_err *err)
{
	_strlist_ struct gb_strlist words = GB_STRLIST_INIT;
	const struct {
		const char *name, *value;
	} taken[] = { { "-exec", f->exec }, { "-overlay", f->overlay }, { "-C", f->chdir } };
	int rc;

	*ret = NULL;
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (taken[i].value && taken[i].value[0]) {
			*ret = gb_strdup(taken[i].name);
			return *ret ? 0 : gb_fail_nomem(err);
		}
	if ((rc = gb_quoted_split(goflags ? goflags : "", &words, err)) ||
	    (rc = first_other(&words, ret, err)) || *ret)
		return rc;
	return first_other(&f->rest, ret, err);
}
