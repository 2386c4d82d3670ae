/* flame - the stacks as they come in: names interned, frames numbered.  See flame.h. */
#include "pprof/flame.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/flame_stacks.h"

#include <stdlib.h>
#include <string.h>

/* Stacks that may be left out between two that come again. */
#define LOOK_AHEAD ((size_t)256)

static void types_free(struct gb_flame *f)
{
	for (size_t i = 0; i < f->n_types; i++) {
		free(f->types[i].name);
		free(f->types[i].unit);
	}
}

int gb_flame_new(const struct gb_flame_type *types, size_t n_types, struct gb_flame **ret,
		 struct gb_err *err)
{
	struct gb_flame *f;

	if (n_types == 0 || n_types > GB_MAX_FLAME_TYPES)
		return gb_fail(err, GB_ELIMIT, "%zu kinds of values, not 1 to %zu", n_types,
			       GB_MAX_FLAME_TYPES);
	f = gb_calloc(1, sizeof(*f));
	if (!f)
		return gb_fail_nomem(err);
	for (; f->n_types < n_types; f->n_types++) {
		f->types[f->n_types].name = gb_strdup(types[f->n_types].name);
		f->types[f->n_types].unit = gb_strdup(types[f->n_types].unit);
		if (!f->types[f->n_types].name || !f->types[f->n_types].unit) {
			f->n_types++;
			gb_flame_free(f);
			return gb_fail_nomem(err);
		}
	}
	*ret = f;
	return 0;
}

void gb_flame_free(struct gb_flame *f)
{
	struct gb_flame_name *name, *next_name;
	struct gb_flame_frame *frame, *next_frame;

	if (!f)
		return;
	HASH_ITER(hh, f->frames_by_key, frame, next_frame)
	{
		HASH_DEL(f->frames_by_key, frame);
		free(frame);
	}
	HASH_ITER(hh, f->names, name, next_name)
	{
		HASH_DEL(f->names, name);
		free(name);
	}
	types_free(f);
	free(f->frames);
	free(f->ids);
	free(f->stacks);
	free(f->values);
	free(f);
}

void gb_cleanup_flame(struct gb_flame **pf)
{
	gb_flame_free(*pf);
}

/* The one copy of a name. */
static struct gb_flame_name *intern(struct gb_flame *f, const char *text)
{
	struct gb_flame_name *name;
	size_t len = strlen(text);

	HASH_FIND(hh, f->names, text, len, name);
	if (name)
		return name;
	name = gb_calloc(1, sizeof(*name) + len + 1);
	if (!name)
		return NULL;
	memcpy(name->text, text, len + 1);
	f->no_memory = false;
	HASH_ADD_KEYPTR(hh, f->names, name->text, len, name);
	if (f->no_memory) {
		free(name);
		return NULL;
	}
	return name;
}

int gb_flame_frame(struct gb_flame *f, const char *func, const char *file, int64_t line,
		   uint32_t *ret, struct gb_err *err)
{
	struct gb_flame_key key;
	struct gb_flame_frame *frame;
	int rc;

	memset(&key, 0, sizeof(key)); /* its padding is part of what is hashed */
	key.func = intern(f, func && *func ? func : "?");
	key.file = intern(f, file ? file : "");
	key.line = line > 0 ? line : 0;
	if (!key.func || !key.file)
		return gb_fail_nomem(err);
	HASH_FIND(hh, f->frames_by_key, &key, sizeof(key), frame);
	if (frame) {
		*ret = frame->id;
		return 0;
	}
	rc = gb_grow((void **)&f->frames, &f->cap_frames, f->n_frames + 1,
		     sizeof(struct gb_flame_frame *), GB_MAX_FLAME_NAMES, err);
	if (rc < 0)
		return rc;
	frame = gb_calloc(1, sizeof(*frame));
	if (!frame)
		return gb_fail_nomem(err);
	frame->key = key;
	frame->id = (uint32_t)f->n_frames;
	f->no_memory = false;
	HASH_ADD(hh, f->frames_by_key, key, sizeof(frame->key), frame);
	if (f->no_memory) {
		free(frame);
		return gb_fail_nomem(err);
	}
	f->frames[f->n_frames++] = frame;
	*ret = frame->id;
	return 0;
}

static int64_t saturating(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return a < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

void gb_flame_again(struct gb_flame *f)
{
	f->next = 0;
}

/* The stack of these frames among those that are expected next; NULL: it is new. */
static struct gb_flame_stack *seen(struct gb_flame *f, const uint32_t *frames, size_t n)
{
	for (size_t i = f->next; i < f->n_stacks && i - f->next < LOOK_AHEAD; i++) {
		struct gb_flame_stack *s = &f->stacks[i];

		if (s->n == n && memcmp(f->ids + s->from, frames, n * sizeof(*frames)) == 0) {
			f->next = i + 1;
			return s;
		}
	}
	return NULL;
}

static int append(struct gb_flame *f, const uint32_t *frames, size_t n, struct gb_flame_stack **ret,
		  struct gb_err *err)
{
	const size_t width = 2 * f->n_types;
	bool at_end = f->next == f->n_stacks;
	struct gb_flame_stack *s;
	int rc;

	if ((rc = gb_grow((void **)&f->stacks, &f->cap_stacks, f->n_stacks + 1, sizeof(*f->stacks),
			  GB_MAX_FLAME_FRAMES, err)) < 0 ||
	    (rc = gb_grow((void **)&f->ids, &f->cap_ids, f->n_ids + n, sizeof(*f->ids),
			  GB_MAX_FLAME_FRAMES, err)) < 0 ||
	    (rc = gb_grow((void **)&f->values, &f->cap_values, f->n_values + width,
			  sizeof(*f->values), GB_MAX_FLAME_FRAMES, err)) < 0)
		return rc;
	s = &f->stacks[f->n_stacks++];
	*s = (struct gb_flame_stack){ .from = f->n_ids, .n = (uint32_t)n, .values = f->n_values };
	memcpy(f->ids + f->n_ids, frames, n * sizeof(*frames));
	f->n_ids += n;
	memset(f->values + f->n_values, 0, width * sizeof(*f->values));
	f->n_values += width;
	if (at_end)
		f->next = f->n_stacks;
	*ret = s;
	return 0;
}

int gb_flame_add(struct gb_flame *f, const uint32_t *frames, size_t n, const int64_t *values,
		 const int64_t *base, struct gb_err *err)
{
	struct gb_flame_stack *s;
	int rc = 0;

	if (n == 0)
		return 0;
	if (n > GB_MAX_FLAME_DEPTH)
		return gb_fail(err, GB_ELIMIT, "a stack of %zu frames, more than %zu", n,
			       GB_MAX_FLAME_DEPTH);
	s = seen(f, frames, n);
	if (!s && (rc = append(f, frames, n, &s, err)) < 0)
		return rc;
	for (size_t t = 0; t < f->n_types; t++) {
		int64_t *v = f->values + s->values + 2 * t;

		v[0] = saturating(v[0], values[t]);
		v[1] = saturating(v[1], base ? base[t] : 0);
	}
	return 0;
}

size_t gb_flame_stacks(const struct gb_flame *f)
{
	return f->n_stacks;
}
