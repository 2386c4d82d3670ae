#include "cmd/stress.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What went wrong in one package's reruns, besides what is judged. */
struct gone_wrong {
	size_t troubles; /* of its first run */
	size_t deaths;	 /* runs that did not pass, although no test failed or hung in them */
	int first;	 /* such a run */
	char *death;	 /* what it printed */
	char *failure;	 /* what the first one printed in which a test failed */
};

struct stress {
	struct gb_job *j;
	struct gone_wrong *wrong; /* by package */
	size_t n;
	char phase[80];
};

static void release(struct stress *s)
{
	for (size_t i = 0; s->wrong && i < s->n; i++) {
		free(s->wrong[i].death);
		free(s->wrong[i].failure);
	}
	free(s->wrong);
}

void stress_policy(struct gb_policy *p)
{
	p->on_new = p->on_gone = p->on_slack = GB_ACT_IGNORE;
}

static bool wanted(void *arg, const struct gb_package *p)
{
	(void)arg;
	return p->measured;
}

static bool failed_or_hung(const struct gb_package *p, int number)
{
	for (size_t i = 0; i < p->n_tests; i++)
		if (p->tests[i].folded.last_bad == number)
			return true;
	return false;
}

/* A thousand warnings that say the same are one number. */
static void take_troubles(struct gone_wrong *w, struct gb_package *p, int number)
{
	if (p->n_troubles <= w->troubles)
		return;
	struct gb_trouble *t = &p->troubles[w->troubles];
	char **slot = &w->failure;

	if (!failed_or_hung(p, number)) {
		if (!w->deaths++)
			w->first = number;
		slot = &w->death;
	}
	if (!*slot)
		*slot = GB_TAKE(t->output);
	gb_package_drop_troubles(p, w->troubles);
}

static void fold(struct stress *s, int number)
{
	gb_run_fold(s->j->run, number);
	for (size_t i = 0; i < s->n && number > 0; i++)
		take_troubles(&s->wrong[i], &s->j->run->packages[i], number);
}

/* Tests that left something nobody means to live, so far. */
static size_t leaky(const struct gb_run *run)
{
	size_t n = 0;

	for (size_t i = 0; i < run->n_packages; i++)
		for (size_t k = 0; k < run->packages[i].n_tests; k++) {
			const struct gb_folded *f = &run->packages[i].tests[k].folded;

			n += f->leak_runs[GB_LEFT] || f->leak_runs[GB_HUNG] ||
			     f->leak_runs[GB_PROVEN];
		}
	return n;
}

static bool sub_failed(const struct gb_package *p, const struct gb_test *t)
{
	size_t len = strlen(t->name);

	for (size_t i = 0; i < p->n_tests; i++) {
		const struct gb_test *other = &p->tests[i];

		if (other->folded.outcome[GB_FAIL] && gb_starts(other->name, t->name) &&
		    other->name[len] == '/')
			return true;
	}
	return false;
}

static int tell_failures(struct gb_package *p, const struct gone_wrong *w, int runs,
			 struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < p->n_tests && rc >= 0; i++) {
		const struct gb_test *t = &p->tests[i];

		if (t->folded.outcome[GB_FAIL] && !sub_failed(p, t))
			rc = gb_package_add_trouble(p, GB_TROUBLE_FAIL, false, t->name, w->failure,
						    err, "in %zu of %zu runs",
						    t->folded.outcome[GB_FAIL], t->folded.runs);
	}
	if (rc >= 0 && w->deaths) {
		bool panic = w->death &&
			     (strstr(w->death, "panic: ") || strstr(w->death, "fatal error: "));

		rc = gb_package_add_trouble(p, panic ? GB_TROUBLE_PANIC : GB_TROUBLE_EXIT, false,
					    NULL, w->death, err,
					    "in %zu of %d runs, first in run %d", w->deaths, runs,
					    w->first + 1);
	}
	return rc;
}

static int run_all(struct stress *s, int64_t runs, struct gb_err *err)
{
	struct gb_job *j = s->j;
	int rc = 0;

	fold(s, 0);
	while (rc >= 0 && j->run->runs < runs) {
		int number = j->run->runs;
		size_t n;

		(void)snprintf(s->phase, sizeof(s->phase),
			       "stress, run %d of %" PRId64 ", %zu tests leaked", number + 1, runs,
			       leaky(j->run));
		rc = job_again(j, GB_IN_ORDER, s->phase, wanted, NULL, &n, err);
		fold(s, number);
		if (rc >= 0 && n == 0)
			break;
	}
	return rc;
}

int stress_run(struct gb_job *j, int64_t runs, struct gb_err *err)
{
	__attribute__((cleanup(release))) struct stress s = { .j = j, .n = j->run->n_packages };
	int rc, told = 0;

	s.wrong = gb_calloc(s.n + 1, sizeof(*s.wrong));
	if (!s.wrong)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < s.n; i++)
		s.wrong[i].troubles = j->run->packages[i].n_troubles;
	rc = run_all(&s, runs, err);
	for (size_t i = 0; i < s.n && told >= 0; i++)
		told = tell_failures(&j->run->packages[i], &s.wrong[i], j->run->runs,
				     rc < 0 ? NULL : err);
	return rc < 0 ? rc : told;
}
