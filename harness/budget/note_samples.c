/* note_samples - the rounds of benchmarks that a note keeps.  See note.h. */
#include "budget/note_samples.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void release(struct gb_note_samples *s)
{
	free(s->env);
	free(s->cpu);
	free(s->package);
	free(s->test);
	free(s->v);
}

void note_samples_release(struct gb_note *note)
{
	for (size_t i = 0; i < note->n_s; i++)
		release(&note->s[i]);
	free(note->s);
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int gb_note_add_samples(struct gb_note *note, const struct gb_note_samples *like,
			struct gb_err *err)
{
	struct gb_note_samples *s;
	int rc = !like->n ? 0
			  : gb_grow((void **)&note->s, &note->cap_s, note->n_s + 1,
				    sizeof(*note->s), GB_MAX_TESTS, err);

	if (rc < 0 || !like->n)
		return rc;
	s = &note->s[note->n_s++];
	*s = (struct gb_note_samples){ .env = gb_strdup(like->env),
				       .cpu = gb_strdup(like->cpu),
				       .package = gb_strdup(like->package),
				       .test = gb_strdup(like->test),
				       .metric = like->metric,
				       .v = gb_calloc(like->n, sizeof(*s->v)) };
	if (!s->env || !s->cpu || !s->package || !s->test || !s->v)
		return gb_fail_nomem(err);
	s->n = like->n;
	memcpy(s->v, like->v, s->n * sizeof(*s->v));
	qsort(s->v, s->n, sizeof(*s->v), by_value);
	return 0;
}

static int in_order(const void *a, const void *b)
{
	const struct gb_note_samples *x = a, *y = b;
	int order = strcmp(x->env, y->env);

	if (!order)
		order = strcmp(x->cpu, y->cpu);
	if (!order)
		order = strcmp(x->package, y->package);
	if (!order)
		order = strcmp(x->test, y->test);
	return order ? order : (int)x->metric - (int)y->metric;
}

const struct gb_note_samples *gb_note_find_samples(const struct gb_note *note,
						   const struct gb_note_samples *like)
{
	return note->n_s ? bsearch(like, note->s, note->n_s, sizeof(*note->s), in_order) : NULL;
}

int64_t gb_note_median(const struct gb_note_samples *s)
{
	int64_t low = s->v[(s->n - 1) / 2], high = s->v[s->n / 2];

	return low + (high - low) / 2;
}

/* Both sorted: each value as often as the one has it that has it more often. */
static int unite(struct gb_note_samples *a, const struct gb_note_samples *b, struct gb_err *err)
{
	int64_t *v = gb_calloc(a->n + b->n, sizeof(*v));
	size_t n = 0, i = 0, k = 0;

	if (!v)
		return gb_fail_nomem(err);
	while (i < a->n || k < b->n) {
		bool first = k == b->n || (i < a->n && a->v[i] <= b->v[k]);

		if (first && k < b->n && a->v[i] == b->v[k])
			k++;
		v[n++] = first ? a->v[i++] : b->v[k++];
	}
	free(a->v);
	a->v = v;
	a->n = n;
	return 0;
}

struct chosen {
	size_t copy; /* how many of the same value stand before it */
	uint64_t chance;
	int64_t v;
};

/* splitmix64's last steps: as good as by chance, and the same everywhere. */
static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static int by_chance(const void *a, const void *b)
{
	const struct chosen *x = a, *y = b;

	if (x->copy != y->copy)
		return x->copy < y->copy ? -1 : 1;
	return (x->chance > y->chance) - (x->chance < y->chance);
}

/*
 * The first of an order that all lists share: so it does not matter whether it is done before two
 * are united or after, or how often.
 */
static int choose(struct gb_note_samples *s, struct gb_err *err)
{
	_free_ struct chosen *c = NULL;

	if (s->n <= GB_MAX_NOTE_SAMPLES)
		return 0;
	c = gb_calloc(s->n, sizeof(*c));
	if (!c)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < s->n; i++) {
		bool again = i && s->v[i] == s->v[i - 1];

		c[i] = (struct chosen){ again ? c[i - 1].copy + 1 : 0, mix((uint64_t)s->v[i]),
					s->v[i] };
	}
	qsort(c, s->n, sizeof(*c), by_chance);
	s->n = GB_MAX_NOTE_SAMPLES;
	for (size_t i = 0; i < s->n; i++)
		s->v[i] = c[i].v;
	qsort(s->v, s->n, sizeof(*s->v), by_value);
	return 0;
}

int note_samples_fold(struct gb_note *note, struct gb_err *err)
{
	size_t n = 0;
	int rc = 0;

	if (note->n_s)
		qsort(note->s, note->n_s, sizeof(*note->s), in_order);
	for (size_t i = 0; i < note->n_s; i++) {
		struct gb_note_samples *s = &note->s[i], *last = n ? &note->s[n - 1] : NULL;

		if (last && in_order(last, s) == 0) {
			if (rc >= 0)
				rc = unite(last, s, err);
			release(s);
		} else {
			note->s[n++] = *s;
		}
	}
	note->n_s = n;
	for (size_t i = 0; i < n && rc >= 0; i++)
		rc = choose(&note->s[i], err);
	return rc;
}

static int read_list(const struct gb_json *j, const cJSON *list, struct gb_note_samples *like,
		     struct gb_note *note, struct gb_err *err)
{
	int64_t v[GB_MAX_NOTE_SAMPLES];
	const cJSON *item;

	if (!cJSON_IsArray(list))
		return gb_json_fail(j, list, err, "expected a list");
	like->v = v;
	like->n = 0;
	cJSON_ArrayForEach(item, list)
	{
		if (like->n == GB_MAX_NOTE_SAMPLES)
			return gb_json_fail(j, list, err, "more than %zu samples",
					    GB_MAX_NOTE_SAMPLES);
		if (!gb_json_int(j, item, &v[like->n]) || v[like->n] < 0)
			return gb_json_fail(j, item, err, "expected a whole number");
		like->n++;
	}
	return gb_note_add_samples(note, like, err);
}

/* One level of names after the other; the last ones are metrics. */
static int read_level(const struct gb_json *j, const cJSON *object, int level,
		      struct gb_note_samples *like, struct gb_note *note, struct gb_err *err)
{
	char **const names[] = { &like->env, &like->cpu, &like->package, &like->test };
	const cJSON *item;
	int rc = 0;

	if (!cJSON_IsObject(object))
		return gb_json_fail(j, object, err, "expected an object");
	cJSON_ArrayForEach(item, object)
	{
		if (level < 4) {
			*names[level] = item->string;
			rc = read_level(j, item, level + 1, like, note, err);
		} else {
			int m = gb_metric_find(item->string);

			/* A metric of a newer gobudget is not ours to judge. */
			like->metric = m < 0 ? GB_NS_PER_OP : (enum gb_metric)m;
			rc = m < 0 ? 0 : read_list(j, item, like, note, err);
		}
		if (rc < 0)
			return rc;
	}
	return 0;
}

int note_samples_read(const struct gb_json *j, struct gb_note *note, struct gb_err *err)
{
	const cJSON *root = cJSON_GetObjectItemCaseSensitive(j->root, "benchmarks");
	struct gb_note_samples like = { 0 };

	return root ? read_level(j, root, 0, &like, note, err) : 0;
}

static void write_list(const struct gb_note_samples *s, struct gb_buf *out)
{
	gb_buf_addf(out, "\"%s\":[", gb_metrics[s->metric].name);
	for (size_t i = 0; i < s->n; i++)
		gb_buf_addf(out, "%s%" PRId64, i ? "," : "", s->v[i]);
	gb_buf_addc(out, ']');
}

void note_samples_write(const struct gb_note *note, struct gb_buf *out)
{
	const struct gb_note_samples *last = NULL;

	for (size_t i = 0; i < note->n_s; i++) {
		const struct gb_note_samples *s = &note->s[i];
		const char *const is[] = { s->env, s->cpu, s->package, s->test };
		const char *const was[] = { last ? last->env : "", last ? last->cpu : "",
					    last ? last->package : "", last ? last->test : "" };
		size_t same = 0;

		while (last && same < 4 && strcmp(is[same], was[same]) == 0)
			same++;
		if (last)
			gb_buf_fill(out, '}', 4 - same);
		gb_buf_adds(out, last ? "," : ",\n\"benchmarks\":{");
		for (size_t k = same; k < 4; k++) {
			gb_buf_addc(out, '\n');
			gb_buf_add_json(out, is[k]);
			gb_buf_adds(out, ":{");
		}
		write_list(s, out);
		last = s;
	}
	if (last)
		gb_buf_adds(out, "}}}}}");
}
