#include "cmd/escapes.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "go/compile.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	struct gb_escapes *e;
	struct gb_progress *progress;
	struct gb_err *err;
};

static int on_line(void *arg, const char *line, size_t len)
{
	struct reading *r = arg;

	return gb_escapes_line(r->e, line, len, r->err);
}

static int on_package(void *arg, const struct gb_compiled *p)
{
	struct reading *r = arg;

	return gb_escapes_add_package(r->e, p->path, p->dir, p->module, p->module_dir, p->go,
				      r->err);
}

static void on_tick(void *arg)
{
	const struct reading *r = arg;

	gb_progress_tick(r->progress);
}

static int ask(const struct gb_compile_options *which, struct gb_job *j, const char *phase,
	       struct gb_run *run, struct gb_escapes **ret, struct gb_err *err)
{
	struct gb_compile_options o = *which;
	_escapes_ struct gb_escapes *e = NULL;
	struct reading r = { .progress = &j->progress, .err = err };
	int rc = gb_escapes_new(&e, err);

	if (rc < 0)
		return rc;
	r.e = e;
	o.gcflags = j->policy->gcflags;
	o.more = "-m=2";
	o.jobs = (int)j->o->jobs;
	o.go_flags = &j->o->go_flags;
	o.on_line = on_line;
	o.on_package = on_package;
	o.on_tick = on_tick;
	o.arg = &r;
	gb_progress_start(&j->progress, !j->o->quiet, phase, 0);
	rc = gb_compile(&o, run, err);
	gb_progress_end(&j->progress);
	if (rc >= 0)
		rc = gb_escapes_finish(e, err);
	if (rc < 0)
		return rc;
	*ret = GB_TAKE(e);
	return 0;
}

int escapes_here(struct gb_job *j, bool tests, struct gb_run *run, struct gb_escapes **ret,
		 struct gb_err *err)
{
	struct gb_compile_options o = {
		.patterns = &j->o->patterns,
		.toolchain = &j->go,
		.tests = tests,
		.like = j->measuring,
	};

	return ask(&o, j, "compiling", run, ret, err);
}

/* Of a package without tests the run does not know the folder; its module does. */
static char *folder_of(const struct gb_job *j, const struct gb_package *p)
{
	const struct gb_module *m = gb_toolchain_module(&j->go, p->path, NULL);
	size_t n = m ? strlen(m->path) : 0;

	if (p->dir || !m)
		return gb_strdup(p->dir);
	return p->path[n] == '/' ? gb_path_join(m->dir, p->path + n + 1) : gb_strdup(m->dir);
}

/* Folders of the base for the packages of the run; none may be left. */
static int base_patterns(const struct gb_base *b, const struct gb_job *j, struct gb_strlist *ret,
			 struct gb_err *err)
{
	for (size_t i = 0; i < j->run->n_packages; i++) {
		const struct gb_package *p = &j->run->packages[i];
		_free_ char *here = folder_of(j, p);
		_free_ char *dir = here ? base_folder(b, here) : NULL;
		int rc = dir ? gb_strlist_add(ret, dir, err) : 0;

		if (rc < 0)
			return rc;
	}
	return 0;
}

int escapes_at_base(struct gb_base *b, struct gb_job *j, bool tests, struct gb_strlist *notes,
		    struct gb_escapes **ret, struct gb_err *err)
{
	_strlist_ struct gb_strlist patterns = GB_STRLIST_INIT;
	struct gb_compile_options o = { .patterns = &patterns, .tests = tests };
	struct gb_err own = GB_ERR_INIT;
	int rc = base_files(b, &own);

	if (rc < 0 && rc != GB_ENOMEM && rc != GB_EINTR)
		return gb_strlist_addf(notes, err, "escapes are not compared with %s: %s%s%s",
				       b->name, own.line, own.hint[0] ? "; " : "", own.hint);
	if (rc < 0)
		*err = own;
	else
		rc = base_patterns(b, j, &patterns, err);
	if (rc < 0)
		return rc;
	o.dir = b->dir;
	o.toolchain = &b->go;
	if (patterns.n)
		return ask(&o, j, "compiling the base", NULL, ret, err);
	if ((rc = gb_escapes_new(ret, err)) < 0)
		return rc;
	return gb_escapes_finish(*ret, err);
}

static int set_count(struct gb_package *p, int64_t heap, struct gb_err *err)
{
	struct gb_sample s = { .has = 1u << GB_ESCAPES, .mode = GB_IN_ORDER };
	struct gb_test *t;
	int rc = gb_package_add_test(p, GB_PACKAGE_ROW, GB_PACKAGE, &t, err);

	if (rc < 0)
		return rc;
	s.v[GB_ESCAPES] = heap;
	if (!t->n_samples)
		return gb_test_add_sample(t, &s, err);
	t->samples[0].v[GB_ESCAPES] = heap;
	t->samples[0].has |= s.has;
	return 0;
}

int escapes_count(const struct gb_escapes *e, struct gb_run *run, struct gb_err *err)
{
	for (size_t i = 0; i < e->n_packages; i++) {
		const struct gb_escape_package *x = &e->packages[i];
		struct gb_package *p = x->asked ? gb_run_package(run, x->path) : NULL;
		int rc = p ? set_count(p, x->heap, err) : 0;

		if (rc < 0)
			return rc;
	}
	return 0;
}

int escapes_tell(struct gb_asked *a, struct gb_job *j, const struct gb_base *b, struct gb_err *err)
{
	int rc = gb_rules_check(a->head, &j->policy->rules, &a->warnings, err);

	if (rc >= 0 && a->base)
		rc = gb_escape_diff(a->base, a->head, &a->diff, err);
	a->told = (struct gb_report_escapes){
		.head = a->head,
		.base_set = a->base,
		.base = a->base ? b->name : NULL,
		.diff = a->base ? &a->diff : NULL,
		.warnings = &a->warnings,
	};
	return rc;
}

void escapes_close(struct gb_asked *a)
{
	gb_escape_diff_release(&a->diff);
	gb_warnings_release(&a->warnings);
	gb_escapes_free(a->head);
	gb_escapes_free(a->base);
	*a = (struct gb_asked){ 0 };
}
