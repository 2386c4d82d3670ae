#include "budget/measured.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const end_names[GB_MEASURED_ENDS] = { "fine", "build", "fail", "nothing" };

void gb_measured_release(struct gb_measured_commit *m)
{
	gb_note_release(&m->note);
	for (size_t i = 0; i < m->n_tests; i++)
		free(m->tests[i].package);
	free(m->tests);
	free(m->env);
	free(m->why);
	*m = (struct gb_measured_commit){ 0 };
}

int64_t gb_measured_value(const struct gb_measured_test *t, enum gb_metric m)
{
	return gb_metrics[m].goroutine ? t->most[m] : t->least[m];
}

static int add_test(struct gb_measured_commit *m, const char *package,
		    struct gb_measured_test **ret, struct gb_err *err)
{
	int rc = gb_grow((void **)&m->tests, &m->cap_tests, m->n_tests + 1, sizeof(*m->tests),
			 GB_MAX_PACKAGES, err);

	if (rc < 0)
		return rc;
	*ret = &m->tests[m->n_tests++];
	**ret = (struct gb_measured_test){ .package = gb_strdup(package) };
	return (*ret)->package ? 0 : gb_fail_nomem(err);
}

static void take_budget(struct gb_measured_test *t, const struct gb_budgets *budgets,
			const struct gb_run *run, const char *name)
{
	const struct gb_budget_file *f = gb_budgets_package(budgets, t->package);
	const struct gb_budget_block *b = f ? gb_budget_block_for(f, &run->env) : NULL;
	const struct gb_budget_row *row = b ? gb_budget_row_for(b, name) : NULL;

	if (!row)
		return;
	t->has_budget = row->has_budget;
	t->has_spread = row->has_spread;
	memcpy(t->budget, row->budget, sizeof(t->budget));
	memcpy(t->spread, row->spread, sizeof(t->spread));
}

static int take_test(struct gb_measured_commit *m, const struct gb_package *p, const char *name,
		     const struct gb_run *run, const struct gb_budgets *budgets, struct gb_err *err)
{
	const struct gb_test *test = gb_package_test(p, name);
	struct gb_measured_test *t;
	int rc = test ? add_test(m, p->path, &t, err) : 0;

	if (rc < 0 || !test)
		return rc;
	t->outcome = test->outcome;
	for (int i = 0; i < GB_METRICS; i++) {
		struct gb_measured got;

		if (!gb_test_measured(test, (enum gb_metric)i, &got))
			continue;
		t->has |= UINT32_C(1) << i;
		t->least[i] = got.min;
		t->most[i] = got.max;
	}
	take_budget(t, budgets, run, name);
	return 0;
}

static int take_trouble(struct gb_measured_commit *m, const struct gb_package *p,
			struct gb_err *err)
{
	for (size_t i = 0; i < p->n_troubles; i++) {
		const struct gb_trouble *t = &p->troubles[i];
		enum gb_measured_end end =
			t->kind == GB_TROUBLE_BUILD || t->kind == GB_TROUBLE_NO_PACKAGE
				? GB_MEASURED_BUILD
				: GB_MEASURED_FAIL;

		if (t->warning || t->kind == GB_TROUBLE_NO_TESTS)
			continue;
		/* What does not build is the better reason of two. */
		if (m->end == GB_MEASURED_BUILD || (m->end == end))
			return 0;
		m->end = end;
		free(m->why);
		m->why = gb_asprintf("%s: %s%s%s", p->path, t->test ? t->test : "",
				     t->test ? ": " : "", t->text);
		if (!m->why)
			return gb_fail_nomem(err);
	}
	return 0;
}

static int take(const struct gb_run *run, const struct gb_verdicts *v,
		const struct gb_budgets *budgets, const char *test, struct gb_measured_commit *m,
		struct gb_err *err)
{
	int rc = gb_note_of_run(run, &m->note, err);

	m->env = gb_environment_text(&run->env);
	if (rc >= 0 && !m->env)
		rc = gb_fail_nomem(err);
	for (size_t i = 0; i < run->n_packages && rc >= 0; i++) {
		rc = take_trouble(m, &run->packages[i], err);
		if (rc >= 0 && test)
			rc = take_test(m, &run->packages[i], test, run, budgets, err);
	}
	if (rc >= 0 && !m->why && !(m->why = gb_strdup("")))
		rc = gb_fail_nomem(err);
	m->exit_status = gb_judge_exit(v, run);
	m->ran = (int64_t)v->tests;
	m->failing = (int64_t)v->failing;
	m->warning = (int64_t)v->warning;
	for (int i = 0; i < GB_VERDICTS; i++)
		m->count[i] = (int64_t)v->count[i];
	if (m->end == GB_MEASURED_FINE && v->tests == 0)
		m->end = GB_MEASURED_NOTHING;
	return rc;
}

int gb_measured_of_run(const struct gb_run *run, const struct gb_verdicts *v,
		       const struct gb_budgets *budgets, const char *test,
		       struct gb_measured_commit *ret, struct gb_err *err)
{
	struct gb_measured_commit m = { 0 };
	int rc = take(run, v, budgets, test, &m, err);

	if (rc < 0) {
		gb_measured_release(&m);
		return rc;
	}
	*ret = m;
	return 0;
}

static void write_numbers(struct gb_buf *out, const char *key, uint32_t has, const int64_t *v)
{
	bool more = false;

	gb_buf_addf(out, ",\"%s\":{", key);
	for (int i = 0; i < GB_METRICS; i++) {
		if (!(has >> i & 1))
			continue;
		gb_buf_addf(out, "%s\"%s\":%" PRId64, more ? "," : "", gb_metrics[i].name, v[i]);
		more = true;
	}
	gb_buf_addc(out, '}');
}

static void write_test(struct gb_buf *out, const struct gb_measured_test *t)
{
	gb_buf_adds(out, "{\"package\":");
	gb_buf_add_json(out, t->package);
	gb_buf_addf(out, ",\"outcome\":\"%s\"", gb_outcome_name(t->outcome));
	write_numbers(out, "least", t->has, t->least);
	write_numbers(out, "most", t->has, t->most);
	write_numbers(out, "budget", t->has_budget, t->budget);
	write_numbers(out, "spread", t->has_spread, t->spread);
	gb_buf_addc(out, '}');
}

void gb_measured_write(const struct gb_measured_commit *m, struct gb_buf *out)
{
	gb_note_write(&m->note, out);
	/* The note's last brace and newline: more is to come. */
	if (!out->failed && out->len >= 2)
		out->len -= 2;
	gb_buf_adds(out, ",\n\"environment\":");
	gb_buf_add_json(out, m->env);
	gb_buf_addf(out, ",\"known\":%s,\"end\":\"%s\",\"why\":", m->known ? "true" : "false",
		    end_names[m->end]);
	gb_buf_add_json(out, m->why);
	gb_buf_addf(out,
		    ",\n\"exit_status\":%" PRId64 ",\"ran\":%" PRId64 ",\"failing\":%" PRId64
		    ",\"warning\":%" PRId64 ",\n\"verdicts\":{",
		    m->exit_status, m->ran, m->failing, m->warning);
	for (int i = 0; i < GB_VERDICTS; i++)
		gb_buf_addf(out, "%s\"%s\":%" PRId64, i ? "," : "",
			    gb_verdict_name((enum gb_verdict)i), m->count[i]);
	gb_buf_adds(out, "},\n\"tests\":[");
	for (size_t i = 0; i < m->n_tests; i++) {
		gb_buf_adds(out, i ? ",\n" : "\n");
		write_test(out, &m->tests[i]);
	}
	gb_buf_adds(out, "]}\n");
}

/* Reading.  A key that is not there is as wrong as one of another type. */

static int read_string(const struct gb_json *j, const char *key, char **ret, struct gb_err *err)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(j->root, key);

	if (!cJSON_IsString(item))
		return gb_fail(err, GB_EUSAGE, "%s: no \"%s\"", j->name, key);
	*ret = gb_strdup(item->valuestring);
	return *ret ? 0 : gb_fail_nomem(err);
}

static int read_count(const struct gb_json *j, const cJSON *in, const char *key, int64_t *ret,
		      struct gb_err *err)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(in, key);

	if (!item || !gb_json_int(j, item, ret) || *ret < 0)
		return gb_fail(err, GB_EUSAGE, "%s: no number \"%s\"", j->name, key);
	return 0;
}

static int read_numbers(const struct gb_json *j, const cJSON *test, const char *key,
			uint32_t *ret_has, int64_t *ret, struct gb_err *err)
{
	const cJSON *object = cJSON_GetObjectItemCaseSensitive(test, key), *item;

	if (!cJSON_IsObject(object))
		return gb_json_fail(j, test, err, "no \"%s\"", key);
	cJSON_ArrayForEach(item, object)
	{
		int m = gb_metric_find(item->string);

		if (m < 0 || !gb_json_int(j, item, &ret[m]) || ret[m] < 0)
			return gb_json_fail(j, item, err, "expected a metric and its value");
		*ret_has |= UINT32_C(1) << m;
	}
	return 0;
}

static int read_test(const struct gb_json *j, const cJSON *item, struct gb_measured_commit *m,
		     struct gb_err *err)
{
	const cJSON *package = cJSON_GetObjectItemCaseSensitive(item, "package");
	const cJSON *outcome = cJSON_GetObjectItemCaseSensitive(item, "outcome");
	struct gb_measured_test *t;
	uint32_t most = 0;
	int rc, o = 0;

	if (!cJSON_IsString(package) || !cJSON_IsString(outcome))
		return gb_json_fail(j, item, err, "no \"package\" or \"outcome\"");
	while (o < GB_OUTCOMES &&
	       strcmp(gb_outcome_name((enum gb_outcome)o), outcome->valuestring) != 0)
		o++;
	if (o == GB_OUTCOMES)
		return gb_json_fail(j, outcome, err, "no such outcome");
	if ((rc = add_test(m, package->valuestring, &t, err)) < 0)
		return rc;
	t->outcome = (enum gb_outcome)o;
	if ((rc = read_numbers(j, item, "least", &t->has, t->least, err)) < 0 ||
	    (rc = read_numbers(j, item, "most", &most, t->most, err)) < 0 ||
	    (rc = read_numbers(j, item, "budget", &t->has_budget, t->budget, err)) < 0 ||
	    (rc = read_numbers(j, item, "spread", &t->has_spread, t->spread, err)) < 0)
		return rc;
	return most == t->has ? 0 : gb_json_fail(j, item, err, "\"least\" and \"most\" differ");
}

static int read_end(const struct gb_json *j, struct gb_measured_commit *m, struct gb_err *err)
{
	const cJSON *end = cJSON_GetObjectItemCaseSensitive(j->root, "end");
	const cJSON *known = cJSON_GetObjectItemCaseSensitive(j->root, "known");
	int e = 0;

	while (e < GB_MEASURED_ENDS &&
	       !(cJSON_IsString(end) && strcmp(end->valuestring, end_names[e]) == 0))
		e++;
	if (e == GB_MEASURED_ENDS || !cJSON_IsBool(known))
		return gb_fail(err, GB_EUSAGE, "%s: no \"end\" or \"known\"", j->name);
	m->end = (enum gb_measured_end)e;
	m->known = cJSON_IsTrue(known);
	return 0;
}

static int read_all(const struct gb_json *j, struct gb_measured_commit *m, struct gb_err *err)
{
	const cJSON *verdicts = cJSON_GetObjectItemCaseSensitive(j->root, "verdicts");
	const cJSON *tests = cJSON_GetObjectItemCaseSensitive(j->root, "tests"), *item;
	int rc;

	if ((rc = read_string(j, "environment", &m->env, err)) < 0 ||
	    (rc = read_string(j, "why", &m->why, err)) < 0 || (rc = read_end(j, m, err)) < 0 ||
	    (rc = read_count(j, j->root, "exit_status", &m->exit_status, err)) < 0 ||
	    (rc = read_count(j, j->root, "ran", &m->ran, err)) < 0 ||
	    (rc = read_count(j, j->root, "failing", &m->failing, err)) < 0 ||
	    (rc = read_count(j, j->root, "warning", &m->warning, err)) < 0)
		return rc;
	for (int i = 0; i < GB_VERDICTS && rc >= 0; i++)
		rc = read_count(j, verdicts, gb_verdict_name((enum gb_verdict)i), &m->count[i],
				err);
	if (rc >= 0 && !cJSON_IsArray(tests))
		rc = gb_fail(err, GB_EUSAGE, "%s: no \"tests\"", j->name);
	if (rc < 0)
		return rc;
	cJSON_ArrayForEach(item, tests)
	{
		if ((rc = read_test(j, item, m, err)) < 0)
			return rc;
	}
	return 0;
}

int gb_measured_parse(const char *name, const char *text, size_t len,
		      struct gb_measured_commit *ret, struct gb_err *err)
{
	_json_ struct gb_json *j = NULL;
	struct gb_measured_commit m = { 0 };
	int rc = gb_note_parse(name, text, len, &m.note, err);

	if (rc >= 0)
		rc = gb_json_parse(name, text, len, &j, err);
	if (rc >= 0)
		rc = read_all(j, &m, err);
	if (rc < 0) {
		gb_measured_release(&m);
		return rc;
	}
	*ret = m;
	return 0;
}
