/* Where the values of a profile come from, and where they grow.  See capture.h. */
#include "budget/capture.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/profile.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct entry {
	char *key;
	size_t weight;
	UT_hash_handle hh;
};

struct weighing {
	struct gb_capture_weights *w;
	struct entry *by_key;
	bool one; /* shot: it is the last, too */
};

void gb_capture_weights_release(struct gb_capture_weights *w)
{
	for (size_t i = 0; i < w->n; i++) {
		free(w->v[i].site.func);
		free(w->v[i].site.file);
	}
	free(w->v);
	*w = (struct gb_capture_weights){ 0 };
}

/* Outermost first they come. */
static const struct gb_frame *place(const struct gb_stack *s)
{
	for (size_t i = s->n; i-- > 0;) {
		if (!gb_capture_is_library(s->frames[i].function, s->frames[i].file))
			return &s->frames[i];
	}
	return s->n ? &s->frames[0] : NULL;
}

/* The new weight is the last. */
static int add_entry(struct weighing *x, const struct gb_frame *f, const char *key,
		     struct gb_err *err)
{
	struct gb_capture_weight *to;
	struct entry *e;
	int rc = gb_grow((void **)&x->w->v, &x->w->cap, x->w->n + 1, sizeof(*x->w->v),
			 GB_MAX_PROFILE_LOCATIONS, err);

	if (rc < 0)
		return rc;
	to = &x->w->v[x->w->n++];
	*to = (struct gb_capture_weight){ .site.func = gb_strdup(f->function),
					  .site.file = gb_strdup(f->file),
					  .site.line = (int)f->line };
	if (!to->site.func || !to->site.file || !(e = gb_calloc(1, sizeof(*e))))
		return gb_fail_nomem(err);
	if (!(e->key = gb_strdup(key))) {
		free(e);
		return gb_fail_nomem(err);
	}
	e->weight = x->w->n - 1;
	HASH_ADD_KEYPTR(hh, x->by_key, e->key, strlen(e->key), e);
	return 0;
}

static void add(int64_t *sum, int64_t value)
{
	if (value > 0)
		*sum = *sum > INT64_MAX - value ? INT64_MAX : *sum + value;
}

static int on_stack(void *arg, const struct gb_stack *s, struct gb_err *err)
{
	_buf_ struct gb_buf key = GB_BUF_INIT(GB_MIB);
	static const struct gb_frame nowhere = { .function = "", .file = "" };
	const struct gb_frame *f = place(s);
	struct gb_capture_weight *to;
	struct weighing *x = arg;
	struct entry *e;
	int rc = 0;

	f = f ? f : &nowhere;
	gb_buf_addf(&key, "%s\x1f%s\x1f%lld", f->function, f->file, (long long)f->line);
	if (key.failed)
		return gb_buf_error(&key, "a function's name", err);
	HASH_FIND_STR(x->by_key, key.data, e);
	if (!e && (rc = add_entry(x, f, key.data, err)) < 0)
		return rc;
	to = &x->w->v[e ? e->weight : x->w->n - 1];
	add(&to->first, s->base);
	add(&to->last, s->value);
	return 0;
}

static int heaviest_first(const void *a, const void *b)
{
	const struct gb_capture_weight *x = a, *y = b;
	int64_t grew_x = x->last - x->first, grew_y = y->last - y->first;
	int order = strcmp(x->site.func, y->site.func);

	if (grew_x != grew_y)
		return grew_x < grew_y ? 1 : -1;
	if (x->last != y->last)
		return x->last < y->last ? 1 : -1;
	return order ? order : x->site.line - y->site.line;
}

int gb_capture_weigh(struct gb_capturing *c, enum gb_capture_kind kind, struct gb_err *err)
{
	struct gb_profile_query q = { .sample = gb_capture_sources[kind].value };
	const struct gb_profile *first = c->first[kind], *last = c->last[kind];
	struct weighing x = { .w = &c->weights[kind], .one = !last };
	struct entry *e, *next;
	size_t type = 0;
	int rc;

	if (!first)
		return 0;
	if ((rc = gb_profile_type_index(first, q.sample, &type, err)) >= 0)
		rc = gb_profile_walk(last ? last : first, last ? first : NULL, &q, on_stack, &x,
				     err);
	HASH_ITER(hh, x.by_key, e, next)
	{
		HASH_DEL(x.by_key, e);
		free(e->key);
		free(e);
	}
	if (rc < 0)
		return gb_capture_no_such_value(rc, err);
	for (size_t i = 0; x.one && i < x.w->n; i++)
		x.w->v[i].first = x.w->v[i].last;
	x.w->unit = first->types[type].unit;
	qsort(x.w->v, x.w->n, sizeof(*x.w->v), heaviest_first);
	return 0;
}
