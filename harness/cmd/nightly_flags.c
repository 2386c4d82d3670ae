/* nightly_flags - what go test is told of tests, and what of benchmarks.  See nightly.h. */
#include "cmd/nightly.h"

#include "base/err.h"
#include "base/mem.h"
#include "go/testflags.h"

#include <string.h>

static int refuse(const char *flag, const char *instead, struct gb_err *err)
{
	gb_fail(err, GB_EUSAGE, "nightly sets go test's -%s itself", flag);
	return gb_hint(err, "%s", instead);
}

static int look(const struct gb_testflags *f, struct gb_err *err)
{
	if (f->bench)
		return refuse("bench", "gobudget nightly --bench REGEXP", err);
	if (f->count)
		return refuse("count", "--repeat N rounds of tests, --count N of benchmarks", err);
	if (f->cpu)
		return refuse("cpu", "set GOMAXPROCS: one night has one number of CPUs", err);
	if (f->chdir)
		return refuse("C", "go to that folder first", err);
	if (f->list || f->json)
		return gb_fail(err, GB_EUSAGE, "nightly runs no go test -%s",
			       f->list ? "list" : "json");
	if (f->packages.n) {
		gb_fail(err, GB_EUSAGE, "nightly wants its packages before --");
		return gb_hint(err, "gobudget nightly %s -- ...", f->packages.v[0]);
	}
	return 0;
}

int nightly_flags_tests(struct nightly *n, struct gb_err *err)
{
	_testflags_ struct gb_testflags f = { 0 };
	int rc = gb_testflags_parse(n->job.go.goflags, &n->o->job.go_flags, &f, err);

	return rc < 0 ? rc : look(&f, err);
}

/*
 * Built with nothing to run; what the rounds run is said in `with`.  Ours come first: what follows
 * -args is the tests' own.  Vet has seen the files already.
 */
int nightly_flags_bench(struct nightly *n, struct nightly_side *s, struct gb_err *err)
{
	static const char *const names[] = {
		"run",		"skip",	    "vet",     "cover",	     "coverprofile", "covermode",
		"coverpkg",	"failfast", "v",       "cpuprofile", "memprofile",   "blockprofile",
		"mutexprofile", "trace",    "shuffle", NULL
	};
	int rc = gb_strlist_add(&s->flags, "-run=^$", err);

	if (rc >= 0)
		rc = gb_strlist_add(&s->flags, "-vet=off", err);
	if (rc >= 0)
		rc = gb_testflags_without(&n->o->job.go_flags, names, &s->flags, err);
	if (rc >= 0)
		rc = gb_strlist_addf(&s->with, err, "-test.bench=%s", n->o->bench);
	return rc < 0 ? rc : gb_strlist_add(&s->with, "-test.count=1", err);
}
