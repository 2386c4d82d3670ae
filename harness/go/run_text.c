/* What a run's enums and environment are called: for people and for files. */
#include "go/run.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <string.h>

const char *gb_kind_name(enum gb_kind k)
{
	static const char *const names[] = {
		[GB_TEST] = "test",	      [GB_EXAMPLE] = "example", [GB_FUZZ] = "fuzz",
		[GB_BENCHMARK] = "benchmark", [GB_PACKAGE] = "package",
	};

	return names[k];
}

const char *gb_outcome_name(enum gb_outcome o)
{
	static const char *const names[] = {
		[GB_PASS] = "pass", [GB_SKIP] = "skip", [GB_UNFINISHED] = "unfinished",
		[GB_FAIL] = "fail", [GB_HANG] = "hang",
	};

	return names[o];
}

const char *gb_leak_name(enum gb_leak l)
{
	static const char *const names[] = {
		[GB_LEFT] = "left",
		[GB_HUNG] = "hung",
		[GB_PROVEN] = "proven",
	};

	return names[l];
}

const char *gb_trouble_name(enum gb_trouble_kind k)
{
	static const char *const names[] = {
		[GB_TROUBLE_BUILD] = "build",
		[GB_TROUBLE_VET] = "vet",
		[GB_TROUBLE_FAIL] = "fail",
		[GB_TROUBLE_PANIC] = "panic",
		[GB_TROUBLE_EXIT] = "exit",
		[GB_TROUBLE_SIGNAL] = "signal",
		[GB_TROUBLE_TIMEOUT] = "timeout",
		[GB_TROUBLE_MEMORY] = "memory",
		[GB_TROUBLE_HANG] = "hang",
		[GB_TROUBLE_NO_RECORD] = "no record",
		[GB_TROUBLE_CHILDREN] = "children",
		[GB_TROUBLE_NO_TESTS] = "no tests",
		[GB_TROUBLE_NO_PACKAGE] = "no package",
	};

	return names[k];
}

const char *gb_accounting_name(enum gb_accounting a)
{
	return a == GB_ACCOUNTING_TESTING ? "testing" : "runtime";
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

char *gb_environment_text(const struct gb_environment *e)
{
	_buf_ struct gb_buf b = GB_BUF_INIT(GB_MAX_LINE);

	if (!e->go[0])
		return gb_strdup("nothing was built");
	gb_buf_addf(&b, "go%s %s gomaxprocs=%d", e->go, e->platform, e->gomaxprocs);
	if (*or_empty(e->gcflags))
		gb_buf_addf(&b, " -gcflags=%s", e->gcflags);
	else
		gb_buf_adds(&b, " optimised");
	if (*or_empty(e->tags))
		gb_buf_addf(&b, " -tags=%s", e->tags);
	gb_buf_adds(&b, e->cgo ? " cgo" : " no-cgo");
	if (e->race)
		gb_buf_adds(&b, " race");
	gb_buf_addf(&b, " %s accounting", gb_accounting_name(e->accounting));
	return gb_buf_detach(&b);
}

bool gb_environment_equal(const struct gb_environment *a, const struct gb_environment *b)
{
	return !strcmp(a->go, b->go) && !strcmp(a->platform, b->platform) &&
	       a->gomaxprocs == b->gomaxprocs &&
	       !strcmp(or_empty(a->gcflags), or_empty(b->gcflags)) &&
	       !strcmp(or_empty(a->tags), or_empty(b->tags)) && a->cgo == b->cgo &&
	       a->race == b->race && a->accounting == b->accounting;
}
