#include "budget/note.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "budget/note_samples.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void release_value(struct gb_note_value *v)
{
	free(v->env);
	free(v->package);
	free(v->test);
}

void gb_note_release(struct gb_note *note)
{
	for (size_t i = 0; i < note->n; i++)
		release_value(&note->v[i]);
	free(note->v);
	note_samples_release(note);
	*note = (struct gb_note){ 0 };
}

static int add(struct gb_note *note, const struct gb_note_value *like, struct gb_err *err)
{
	struct gb_note_value *v;
	int rc = gb_grow((void **)&note->v, &note->cap, note->n + 1, sizeof(*note->v), GB_MAX_TESTS,
			 err);

	if (rc < 0)
		return rc;
	v = &note->v[note->n++];
	*v = (struct gb_note_value){ .env = gb_strdup(like->env),
				     .package = gb_strdup(like->package),
				     .test = gb_strdup(like->test),
				     .metric = like->metric,
				     .value = like->value };
	return v->env && v->package && v->test ? 0 : gb_fail_nomem(err);
}

int gb_note_add(struct gb_note *note, const struct gb_note_value *v, struct gb_err *err)
{
	return add(note, v, err);
}

static int same_test(const struct gb_note_value *a, const struct gb_note_value *b)
{
	int order = strcmp(a->env, b->env);

	if (!order)
		order = strcmp(a->package, b->package);
	return order ? order : strcmp(a->test, b->test);
}

static int in_order(const void *a, const void *b)
{
	const struct gb_note_value *x = a, *y = b;
	int order = same_test(x, y);

	return order ? order : (int)x->metric - (int)y->metric;
}

const struct gb_note_value *gb_note_find(const struct gb_note *note,
					 const struct gb_note_value *like)
{
	return note->n ? bsearch(like, note->v, note->n, sizeof(*note->v), in_order) : NULL;
}

static void fold(struct gb_note *note)
{
	size_t n = 0;

	if (note->n)
		qsort(note->v, note->n, sizeof(*note->v), in_order);
	for (size_t i = 0; i < note->n; i++) {
		struct gb_note_value *last = n ? &note->v[n - 1] : NULL, *v = &note->v[i];

		if (!last || in_order(last, v) != 0) {
			note->v[n++] = *v;
			continue;
		}
		if (gb_metrics[v->metric].goroutine ? v->value > last->value
						    : v->value < last->value)
			last->value = v->value;
		release_value(v);
	}
	note->n = n;
}

int gb_note_fold(struct gb_note *note, struct gb_err *err)
{
	fold(note);
	return note_samples_fold(note, err);
}

static int read_test(const struct gb_json *j, const cJSON *test, struct gb_note_value *like,
		     struct gb_note *note, struct gb_err *err)
{
	const cJSON *item;

	if (!cJSON_IsObject(test))
		return gb_json_fail(j, test, err, "expected an object");
	cJSON_ArrayForEach(item, test)
	{
		int m = gb_metric_find(item->string), rc;

		/* A metric of a newer gobudget is not ours to judge. */
		if (m < 0)
			continue;
		like->test = test->string;
		like->metric = (enum gb_metric)m;
		if (!gb_json_int(j, item, &like->value) || like->value < 0)
			return gb_json_fail(j, item, err, "expected a whole number");
		if ((rc = add(note, like, err)) < 0)
			return rc;
	}
	return 0;
}

static int read_environments(const struct gb_json *j, const cJSON *measured, struct gb_note *note,
			     struct gb_err *err)
{
	const cJSON *env, *package, *test;

	cJSON_ArrayForEach(env, measured)
	{
		if (!cJSON_IsObject(env))
			return gb_json_fail(j, env, err, "expected an object");
		cJSON_ArrayForEach(package, env)
		{
			if (!cJSON_IsObject(package))
				return gb_json_fail(j, package, err, "expected an object");
			cJSON_ArrayForEach(test, package)
			{
				struct gb_note_value like = { .env = env->string,
							      .package = package->string };
				int rc = read_test(j, test, &like, note, err);

				if (rc < 0)
					return rc;
			}
		}
	}
	return 0;
}

int gb_note_parse(const char *name, const char *text, size_t len, struct gb_note *ret,
		  struct gb_err *err)
{
	_json_ struct gb_json *j = NULL;
	struct gb_note note = { 0 };
	const cJSON *version, *measured;
	int64_t number;
	int rc = gb_json_parse(name, text, len, &j, err);

	if (rc < 0)
		return rc;
	version = cJSON_GetObjectItemCaseSensitive(j->root, "version");
	measured = cJSON_GetObjectItemCaseSensitive(j->root, "measured");
	if (!cJSON_IsObject(j->root) || !version || !cJSON_IsObject(measured))
		rc = gb_fail(err, GB_EUSAGE, "%s: is no note of gobudget's", name);
	else if (!gb_json_int(j, version, &number) || number != 1)
		rc = gb_json_fail(j, version, err, "only version 1 is known");
	else
		rc = read_environments(j, measured, &note, err);
	if (rc >= 0)
		rc = note_samples_read(j, &note, err);
	if (rc >= 0)
		rc = gb_note_fold(&note, err);
	if (rc < 0) {
		gb_note_release(&note);
		return rc;
	}
	*ret = note;
	return 0;
}

static int add_test(const struct gb_package *p, const struct gb_test *t, char *env,
		    struct gb_note *note, struct gb_err *err)
{
	for (int m = 0; m < GB_METRICS; m++) {
		struct gb_note_value like = { env, p->path, t->name, (enum gb_metric)m, 0 };
		struct gb_measured v;
		int rc;

		if (!gb_metrics[m].judged || !gb_test_measured(t, (enum gb_metric)m, &v))
			continue;
		like.value = gb_metrics[m].goroutine ? v.max : v.min;
		if (like.value >= 0 && (rc = add(note, &like, err)) < 0)
			return rc;
	}
	return 0;
}

int gb_note_of_run(const struct gb_run *run, struct gb_note *ret, struct gb_err *err)
{
	_free_ char *env = gb_environment_text(&run->env);
	struct gb_note note = { 0 };
	int rc = env ? 0 : gb_fail_nomem(err);

	for (size_t i = 0; i < run->n_packages && rc >= 0; i++)
		for (size_t k = 0; k < run->packages[i].n_tests && rc >= 0; k++)
			if (run->packages[i].tests[k].outcome == GB_PASS)
				rc = add_test(&run->packages[i], &run->packages[i].tests[k], env,
					      &note, err);
	if (rc < 0) {
		gb_note_release(&note);
		return rc;
	}
	fold(&note);
	*ret = note;
	return 0;
}

void gb_note_write(const struct gb_note *note, struct gb_buf *out)
{
	const struct gb_note_value *last = NULL;

	gb_buf_adds(out, "{\"version\":1,\"measured\":{");
	for (size_t i = 0; i < note->n; i++) {
		const struct gb_note_value *v = &note->v[i];
		bool env = !last || strcmp(last->env, v->env) != 0;
		bool package = env || strcmp(last->package, v->package) != 0;
		bool test = package || strcmp(last->test, v->test) != 0;

		if (last)
			gb_buf_adds(out, env ? "}}}," : package ? "}}," : test ? "}," : ",");
		if (env) {
			gb_buf_addc(out, '\n');
			gb_buf_add_json(out, v->env);
			gb_buf_adds(out, ":{");
		}
		if (package) {
			gb_buf_addc(out, '\n');
			gb_buf_add_json(out, v->package);
			gb_buf_adds(out, ":{");
		}
		if (test) {
			gb_buf_addc(out, '\n');
			gb_buf_add_json(out, v->test);
			gb_buf_adds(out, ":{");
		}
		gb_buf_addf(out, "\"%s\":%" PRId64, gb_metrics[v->metric].name, v->value);
		last = v;
	}
	gb_buf_adds(out, last ? "}}}}" : "}");
	note_samples_write(note, out);
	gb_buf_adds(out, "}\n");
}

int gb_note_merge(const char *a, const char *b, struct gb_buf *out, struct gb_err *err)
{
	struct gb_note x = { 0 }, y = { 0 };
	int rc = gb_note_parse("our note", a, strlen(a), &x, err);

	if (rc >= 0)
		rc = gb_note_parse("their note", b, strlen(b), &y, err);
	for (size_t i = 0; i < y.n && rc >= 0; i++)
		rc = add(&x, &y.v[i], err);
	for (size_t i = 0; i < y.n_s && rc >= 0; i++)
		rc = gb_note_add_samples(&x, &y.s[i], err);
	if (rc >= 0)
		rc = gb_note_fold(&x, err);
	if (rc >= 0)
		gb_note_write(&x, out);
	gb_note_release(&x);
	gb_note_release(&y);
	return rc;
}
