/* nightly_bench - the benchmarks' two sides: which packages, and what came of building them. */
#include "cmd/nightly.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "go/compile.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static void cleanup_dir(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* A benchmark is a function of a test file: where none has such a word there is nothing to build. */
static bool speaks_of_benchmarks(const char *dir)
{
	__attribute__((cleanup(cleanup_dir))) DIR *d = opendir(dir);
	const struct dirent *e;

	while (d && (e = readdir(d)) != NULL) {
		_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_GO_SOURCE);
		_free_ char *path = NULL;

		if (!gb_ends(e->d_name, "_test.go") || !(path = gb_path_join(dir, e->d_name)))
			continue;
		if (gb_fs_read(path, &text, NULL) < 0 || strstr(text.data, "func Benchmark"))
			return true;
	}
	return false;
}

static int copy_text(char **to, const char *from, struct gb_err *err)
{
	*to = gb_strdup(from);
	return *to || !from ? 0 : gb_fail_nomem(err);
}

/* The packages that ran here: those whose tests fail may still have benchmarks that do not. */
static int add_packages(struct nightly *n, struct nightly_side *s, struct gb_err *err)
{
	const struct gb_run *tests = n->job.run;
	int rc = 0;

	for (size_t i = 0; i < tests->n_packages && rc >= 0; i++) {
		const struct gb_package *from = &tests->packages[i];
		struct gb_package *p;

		if (!from->dir || !from->processes || !speaks_of_benchmarks(from->dir))
			continue;
		if ((rc = gb_run_add_package(s->run, from->path, &p, err)) < 0 ||
		    (rc = copy_text(&p->dir, from->dir, err)) < 0 ||
		    (rc = copy_text(&p->module, from->module, err)) < 0 ||
		    (rc = copy_text(&p->module_dir, from->module_dir, err)) < 0)
			break;
		if (s->what == NIGHTLY_HEAD)
			rc = gb_strlist_add(&s->patterns, from->path, err);
	}
	s->v = gb_calloc(s->run->n_packages + 1, sizeof(*s->v));
	return rc < 0 || s->v ? rc : gb_fail_nomem(err);
}

/* As the benchmarks' binaries will tell it, once they are built. */
static int set_environment(struct nightly *n, struct nightly_side *s, struct gb_err *err)
{
	const struct gb_compile_options o = { .go_flags = &s->flags,
					      .toolchain = &n->job.go,
					      .gcflags = "" };
	int rc = gb_compile_environment(&o, s->run, err);

	s->run->env.gomaxprocs = n->job.run->env.gomaxprocs;
	s->run->env.accounting = n->job.run->env.accounting;
	return rc;
}

static int open_side(struct nightly *n, enum nightly_what what, struct gb_err *err)
{
	struct nightly_side *s = &n->sides[what];
	int rc = nightly_flags_bench(n, s, err);

	s->what = what;
	s->rounds = n->o->count;
	s->how = n->job.how;
	s->how.gcflags = "";
	s->how.on_line = NULL;
	s->how.on_package_started = NULL;
	s->how.on_package_done = NULL;
	s->how.bench = NULL;
	s->how.rounds = true;
	s->how.patterns = &s->patterns;
	s->how.go_flags = &s->flags;
	s->how.with = &s->with;
	if (rc < 0)
		return rc;
	if (!(s->run = gb_run_new(err)))
		return GB_ENOMEM;
	rc = set_environment(n, s, err);
	return rc < 0 ? rc : add_packages(n, s, err);
}

int nightly_benchmarks(struct nightly *n, struct gb_err *err)
{
	int rc = n->o->count ? open_side(n, NIGHTLY_HEAD, err) : 0;

	if (rc >= 0 && n->o->count && n->base.commit[0])
		rc = open_side(n, NIGHTLY_BASE, err);
	return rc;
}

int nightly_base_files(struct nightly *n, struct nightly_side *s, struct gb_err *err)
{
	int rc = base_files(&n->base, err);

	s->how.dir = n->base.dir;
	s->how.toolchain = &n->base.go;
	for (size_t i = 0; i < s->run->n_packages && rc >= 0; i++) {
		_free_ char *dir = base_folder(&n->base, s->run->packages[i].dir);

		if (dir)
			rc = gb_strlist_add(&s->patterns, dir, err);
		else
			s->v[i].out = true;
	}
	return rc;
}

static int side_is_out(struct nightly_side *s)
{
	for (size_t i = 0; i < s->run->n_packages; i++)
		s->v[i].out = true;
	return 0;
}

static int look_at_environment(struct nightly *n, struct nightly_side *s,
			       const struct gb_run *built, struct gb_err *err)
{
	_free_ char *env = NULL;
	int rc;

	for (size_t i = 0; i < built->n_packages; i++) {
		if (!built->packages[i].measured)
			continue;
		if (gb_environment_equal(&built->env, &s->run->env))
			return 0;
		if (!(env = gb_environment_text(&built->env)))
			return gb_fail_nomem(err);
		rc = gb_strlist_addf(&n->notes, err,
				     "the benchmarks%s were built for another environment (%s): "
				     "they were not run",
				     s->what == NIGHTLY_BASE ? " of the base" : "", env);
		return rc < 0 ? rc : side_is_out(s);
	}
	return 0;
}

/* What did not build has no binary; the rest goes on. */
int nightly_built(struct nightly *n, struct nightly_side *s, const struct gb_run *built,
		  struct gb_err *err)
{
	int rc = s->what == NIGHTLY_TESTS ? 0 : look_at_environment(n, s, built, err);

	for (size_t i = 0; i < built->n_packages && rc >= 0; i++) {
		const struct gb_package *p = &built->packages[i];

		for (size_t k = 0; k < p->n_troubles && rc >= 0; k++)
			if (!p->troubles[k].warning)
				rc = gb_strlist_addf(&n->notes, err, "%s%s: %s",
						     s->what == NIGHTLY_BASE ? "the base's " : "",
						     p->path, p->troubles[k].text);
	}
	return rc;
}
