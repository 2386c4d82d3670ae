#include "cmd/shard.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "go/testflags.h"
#include "plan/list.h"
#include "report/load.h"

#include <string.h>
#include <sys/stat.h>

/* As many bytes of package names as any system takes on a command line, and some for the rest. */
#define MAX_WORDS   (96 * GB_KIB)
#define UNSEEN_FILE (8 * (int64_t)GB_KIB) /* a test file that is not looked at: of Go itself */

int shard_words(struct gb_sharding *s, struct gb_err *err)
{
	int rc;

	if (s->durations && !s->option && !s->of) {
		gb_fail(err, GB_EUSAGE, "--durations is for --shard");
		return gb_hint(err, "--shard 1/4 --durations %s", s->durations);
	}
	if (!s->option)
		return 0;
	if ((rc = gb_shard_parse(s->option, &s->index, &s->of, err)) < 0)
		return rc;
	s->told = (struct gb_report_shard){
		.index = s->index, .of = s->of, .plan = "", .packages = &s->packages
	};
	return 0;
}

static bool is_test_file(const char *name)
{
	return gb_ends(name, "_test.go");
}

static int64_t size_of(const struct gb_plan_package *x, bool *ret_tests)
{
	int64_t sum = 0;

	for (size_t i = 0; i < x->files.n; i++) {
		_free_ char *path = NULL;
		struct stat st;

		if (!is_test_file(x->files.v[i]))
			continue;
		*ret_tests = true;
		path = x->dir ? gb_path_join(x->dir, x->files.v[i]) : NULL;
		sum += path && stat(path, &st) == 0 ? (int64_t)st.st_size : UNSEEN_FILE;
	}
	return sum;
}

/* Of the variants that hold its own tests: "p [p.test]" and "p_test [p.test]". */
static int test_files(const struct gb_plan_packages *all, const char *path, bool *ret_tests,
		      int64_t *ret_size, struct gb_err *err)
{
	static const char *const suffixes[] = { "", "_test" };

	for (size_t i = 0; i < 2; i++) {
		_free_ char *name = gb_asprintf("%s%s [%s.test]", path, suffixes[i], path);
		const struct gb_plan_package *x = name ? gb_plan_package(all, name) : NULL;

		if (!name)
			return gb_fail_nomem(err);
		if (x)
			*ret_size += size_of(x, ret_tests);
	}
	return 0;
}

static int64_t last_ms(const struct gb_run *run, const char *path)
{
	const struct gb_package *p = run ? gb_run_package(run, path) : NULL;

	return p && p->measured ? p->wall_ms : -1;
}

static int add_packages(struct gb_sharding *s, const struct gb_plan_packages *all,
			const struct gb_run *last, struct gb_err *err)
{
	size_t bytes = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct gb_plan_package *p = &all->v[i];
		bool tests = false;
		int64_t size = 0;
		int rc;

		if (!p->asked)
			continue;
		if (p->broken && !p->dir && !p->standard)
			return gb_fail(err, GB_EMEASURE, "package %.200s cannot be found", p->path);
		if (strcmp(p->path, "command-line-arguments") == 0)
			return gb_fail(err, GB_EUSAGE, "shards are of packages, not of files");
		rc = test_files(all, p->path, &tests, &size, err);
		if (rc >= 0)
			rc = gb_shard_add(&s->plan, p->path, tests, size, last_ms(last, p->path),
					  err);
		if (rc < 0)
			return rc;
		bytes += strlen(p->path) + 1;
	}
	if (s->plan.n == 0)
		return gb_fail(err, GB_EMEASURE, "no package was found");
	if (bytes / s->of > MAX_WORDS) {
		gb_fail(err, GB_ELIMIT, "%zu packages are too many to name them", s->plan.n);
		return gb_hint(err, "more shards: each has fewer");
	}
	return 0;
}

static int list(struct gb_sharding *s, const struct gb_job *j, const struct gb_run *last,
		struct gb_err *err)
{
	_testflags_ struct gb_testflags flags = { 0 };
	struct gb_plan_packages all = { 0 };
	_free_ char *top = NULL;
	int rc = gb_testflags_parse(j->go.goflags, &j->o->go_flags, &flags, err);

	if (rc < 0)
		return rc;
	if (flags.packages.n) {
		gb_fail(err, GB_EUSAGE, "shards: package \"%.200s\" stands behind --",
			flags.packages.v[0]);
		return gb_hint(err, "packages go before it: ./... -- FLAGS");
	}
	if ((rc = gb_fs_realpath(j->policy_dir, &top, err)) < 0)
		return rc;
	const struct gb_plan_list_options o = {
		.go = &j->go, .flags = &flags, .patterns = &j->o->patterns, .top = top
	};
	if ((rc = gb_plan_list(&o, &all, err)) >= 0)
		rc = add_packages(s, &all, last, err);
	gb_plan_packages_release(&all);
	return rc;
}

int shard_plan(struct gb_sharding *s, const struct gb_job *j, bool none, struct gb_err *err)
{
	_loaded_ struct gb_loaded *last = NULL;
	int rc = s->durations ? gb_report_load_file(s->durations, &last, err) : 0;

	/* Without that file other jobs would deal in another way. */
	if (rc == GB_ENOTFOUND && err)
		err->code = rc = GB_EUSAGE;
	if (rc >= 0 && !none)
		rc = list(s, j, last ? last->run : NULL, err);
	if (rc >= 0)
		rc = gb_shard_split(&s->plan, s->of, err);
	s->told.plan = rc >= 0 ? s->plan.id : "";
	s->told.all = s->plan.n;
	return rc;
}

int shard_take(struct gb_sharding *s, struct gb_job *j, struct gb_err *err)
{
	struct gb_strlist *patterns = &j->o->patterns;
	int rc = 0;

	for (size_t i = 0; i < s->plan.n && rc >= 0; i++) {
		const struct gb_shard_package *p = &s->plan.v[i];

		rc = gb_strlist_add(p->shard == s->index ? &s->packages : &j->run->elsewhere,
				    p->path, err);
	}
	gb_strlist_release(patterns);
	if (rc >= 0)
		rc = gb_strlist_add_all(patterns, (const char *const *)s->packages.v, s->packages.n,
					err);
	/* Budgets of packages that are nowhere are told once. */
	j->whole = j->whole && s->index == 1;
	return rc;
}

void shard_release(struct gb_sharding *s)
{
	gb_shard_release(&s->plan);
	gb_strlist_release(&s->packages);
	*s = (struct gb_sharding){ 0 };
}
