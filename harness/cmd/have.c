#include "cmd/have.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/note.h"
#include "go/compile.h"
#include "go/testflags.h"
#include "plan/list.h"

static bool in_note(const struct gb_note *note, const char *env, const char *package)
{
	for (size_t i = 0; i < note->n; i++)
		if (gb_streq(note->v[i].env, env) && gb_streq(note->v[i].package, package))
			return true;
	return false;
}

static int copy_of(const struct gb_plan_packages *list, const struct gb_note *note, const char *env,
		   struct gb_note *ret, struct gb_err *err)
{
	struct gb_note found = { 0 };
	int rc = 0;

	for (size_t i = 0; i < note->n && rc >= 0; i++) {
		const struct gb_note_value *v = &note->v[i];
		const struct gb_plan_package *p = gb_plan_package(list, v->package);

		if (p && p->asked && gb_streq(v->env, env))
			rc = gb_note_add(&found, v, err);
	}
	if (rc < 0)
		gb_note_release(&found);
	else
		*ret = found;
	return rc;
}

/* As if it had been measured just now; goroutines without their places, and what is not there is
 * not gone. */
static int fill_run(struct gb_run *run, const struct gb_note *note, struct gb_err *err)
{
	int rc = 0;

	run->runs = 1;
	run->filtered = true;
	for (size_t i = 0; i < note->n && rc >= 0; i++) {
		const struct gb_note_value *v = &note->v[i];
		struct gb_sample s = { .has = UINT32_C(1) << v->metric,
				       .mode = gb_metrics[v->metric].alone ? GB_ALONE
									   : GB_IN_ORDER };
		struct gb_package *p;
		struct gb_test *t = NULL;

		s.v[v->metric] = v->value;
		if ((rc = gb_run_add_package(run, v->package, &p, err)) >= 0)
			rc = gb_package_add_test(p, v->test,
						 gb_streq(v->test, GB_PACKAGE_ROW) ? GB_PACKAGE
						 : gb_metrics[v->metric].benchmark ? GB_BENCHMARK
										   : GB_TEST,
						 &t, err);
		if (rc >= 0)
			rc = gb_test_add_sample(t, &s, err);
		if (rc >= 0)
			p->passed = p->measured = true;
	}
	return rc;
}

/* Each package with tests has a program that runs them. */
static int all_in_note(const struct gb_plan_packages *list, const struct gb_note *note,
		       const char *env, bool *ret, struct gb_err *err)
{
	size_t n = 0;

	*ret = false;
	for (size_t i = 0; i < list->n; i++) {
		const struct gb_plan_package *p = &list->v[i];
		_free_ char *program = p->asked ? gb_asprintf("%s.test", p->path) : NULL;

		if (!p->asked)
			continue;
		if (!program)
			return gb_fail_nomem(err);
		if (p->broken)
			return 0;
		if (!gb_plan_package(list, program))
			continue;
		if (!in_note(note, env, p->path))
			return 0;
		n++;
	}
	*ret = n > 0;
	return 0;
}

static int list_packages(struct gb_job *j, struct gb_plan_packages *ret, struct gb_err *err)
{
	_testflags_ struct gb_testflags flags = { 0 };
	_free_ char *top = NULL;
	int rc = gb_testflags_parse(j->go.goflags, &j->o->go_flags, &flags, err);

	if (rc < 0 || (rc = gb_fs_cwd(&top, err)) < 0)
		return rc;
	return gb_plan_list(&(struct gb_plan_list_options){ .go = &j->go,
							    .flags = &flags,
							    .patterns = &j->o->patterns,
							    .top = top },
			    ret, err);
}

static int look(struct gb_job *j, const struct gb_note *note, bool *ret, struct gb_note *ret_note,
		struct gb_err *err)
{
	const struct gb_compile_options here = { .go_flags = &j->o->go_flags,
						 .toolchain = &j->go,
						 .gcflags = j->policy->gcflags };
	struct gb_plan_packages list = { 0 };
	struct gb_err own = GB_ERR_INIT;
	_free_ char *env = NULL;
	int rc = gb_compile_environment(&here, j->run, err);

	if (rc < 0)
		return rc;
	if (!(env = gb_environment_text(&j->run->env)))
		return gb_fail_nomem(err);
	rc = list_packages(j, &list, &own);
	if (rc >= 0)
		rc = all_in_note(&list, note, env, ret, &own);
	if (rc >= 0 && *ret)
		rc = copy_of(&list, note, env, ret_note, &own);
	if (rc >= 0 && *ret)
		rc = fill_run(j->run, ret_note, &own);
	gb_plan_packages_release(&list);
	if (rc == GB_EINTR || rc == GB_ENOMEM) {
		*err = own;
		return rc;
	}
	return 0;
}

int have_all(struct gb_job *j, const char *file, bool *ret, struct gb_note *ret_note,
	     struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE);
	struct gb_note note = { 0 };
	int rc = gb_fs_read(file, &text, err);

	*ret = false;
	if (rc < 0)
		return rc;
	/* A note that somebody else wrote there is none of ours. */
	if (gb_note_parse(file, text.data, text.len, &note, NULL) < 0)
		return 0;
	rc = look(j, &note, ret, ret_note, err);
	gb_note_release(&note);
	return rc;
}
