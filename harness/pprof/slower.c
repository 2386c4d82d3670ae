/* slower - see slower.h. */
#include "pprof/slower.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "pprof/profile.h"
#include "pprof/symbols.h"

/* Out of memory is told and not fatal; `c` is what every function here calls its counting. */
#define uthash_malloc(size)	     gb_malloc(size)
#define HASH_NONFATAL_OOM	     1
#define uthash_nonfatal_oom(element) (c->no_memory = true)
#include <uthash.h>

#define DEVIATIONS 3.0
#define LEAST	   0.1 /* of what the whole has more */
#define PART	   0.25

enum { BEFORE, AFTER };

enum kind {
	FUNCTION, /* all of it */
	LINE,	  /* one of its lines */
	INTO,	  /* what it calls outside the module */
};

struct key {
	uint32_t function, kind, other, file;
	int64_t line; /* from where its function begins, if known: it stays when that moves */
};

/* Samples; doubles, since a file may say anything. */
struct count {
	struct key key;
	double flat[2], cum[2];
	int64_t line; /* as it is now */
	size_t seen;  /* the last stack that counted */
	UT_hash_handle hh;
};

struct counting {
	const struct gb_slower_query *q;
	struct gb_symbols names;
	struct count *counts; /* by key, in the order of their coming */
	double total[2];
	size_t stacks;
	bool no_memory; /* set by uthash */
};

static void counting_release(struct counting *c)
{
	struct count *e = c->counts, *next;

	/* The table goes, the list of what was in it stays. */
	HASH_CLEAR(hh, c->counts);
	for (; e; e = next) {
		next = e->hh.next;
		free(e);
	}
	gb_symbols_release(&c->names);
}

static int count_of(struct counting *c, const struct key *key, struct count **ret,
		    struct gb_err *err)
{
	struct count *e;

	HASH_FIND(hh, c->counts, key, sizeof(*key), e);
	if (!e) {
		e = gb_calloc(1, sizeof(*e));
		if (!e)
			return gb_fail_nomem(err);
		e->key = *key;
		HASH_ADD(hh, c->counts, key, sizeof(e->key), e);
		if (c->no_memory) {
			free(e);
			return gb_fail_nomem(err);
		}
	}
	*ret = e;
	return 0;
}

static bool is_below(const struct gb_stack *s, const char *function)
{
	size_t len = strlen(function);

	for (size_t i = 0; i < s->n; i++)
		for (const char *at = s->frames[i].function; (at = strstr(at, function)); at++)
			if (at > s->frames[i].function && at[-1] == '.' &&
			    (!at[len] || at[len] == '.' || at[len] == '['))
				return true;
	return false;
}

static bool is_own(const struct counting *c, const struct gb_frame *f)
{
	size_t len = c->q->module ? strlen(c->q->module) : 0;

	if (!c->q->module || strncmp(f->function, "main.", 5) == 0)
		return true;
	/* "_": of tests in a package of their own. */
	return len && strncmp(f->function, c->q->module, len) == 0 && f->function[len] &&
	       strchr("./_", f->function[len]);
}

static int name_of(struct counting *c, const struct gb_frame *f, uint32_t *ret, struct gb_err *err)
{
	return gb_symbol(&c->names, *f->function ? f->function : "<unknown>", ret, err);
}

/* Of `function`, what stands at this frame. */
static int count_place(struct counting *c, enum kind kind, uint32_t function,
		       const struct gb_frame *f, int side, double value, struct gb_err *err)
{
	struct key key = { .function = function, .kind = kind };
	struct count *e;
	int rc;

	key.line = f->start_line > 0 ? f->line - f->start_line : f->line;
	if ((rc = gb_symbol(&c->names, f->file, &key.file, err)) < 0 ||
	    (rc = name_of(c, f, &key.other, err)) < 0 || (rc = count_of(c, &key, &e, err)) < 0)
		return rc;
	e->flat[side] += value;
	if (side == AFTER || !e->line)
		e->line = f->line;
	return 0;
}

/* The innermost of them, frames being outermost first; n: there is none. */
static size_t nearest_own(const struct counting *c, const struct gb_stack *s)
{
	for (size_t i = s->n; i > 0; i--)
		if (is_own(c, &s->frames[i - 1]))
			return i - 1;
	return s->n;
}

static int count_stack(struct counting *c, const struct gb_stack *s, int side, double value,
		       struct gb_err *err)
{
	size_t own = nearest_own(c, s), charged = own < s->n ? own : 0, stamp = ++c->stacks;
	struct key key = { .kind = FUNCTION };
	uint32_t function = 0;
	struct count *e;
	int rc;

	for (size_t i = 0; i < s->n; i++) {
		if ((rc = name_of(c, &s->frames[i], &key.function, err)) < 0 ||
		    (rc = count_of(c, &key, &e, err)) < 0)
			return rc;
		if (e->seen != stamp)
			e->cum[side] += value;
		e->seen = stamp;
		if (i == charged) {
			e->flat[side] += value;
			function = key.function;
		}
	}
	if (own == s->n)
		return 0;
	rc = count_place(c, LINE, function, &s->frames[own], side, value, err);
	/* A busy machine preempts: nobody calls that, and it is where the line is slow anyway. */
	if (rc < 0 || own + 1 == s->n ||
	    strcmp(s->frames[own + 1].function, "runtime.asyncPreempt") == 0)
		return rc;
	return count_place(c, INTO, function, &s->frames[own + 1], side, value, err);
}

static int on_stack(void *arg, const struct gb_stack *s, struct gb_err *err)
{
	struct counting *c = arg;
	int side = s->value ? AFTER : BEFORE;
	double value = (double)(s->value ? s->value : s->base);

	if (value <= 0 || (c->q->below && !is_below(s, c->q->below)))
		return 0;
	c->total[side] += value;
	return s->n ? count_stack(c, s, side, value, err) : 0;
}

/* What one sample weighs. */
static double scale(const struct counting *c, int side)
{
	return (side == AFTER ? c->q->after : c->q->before) / c->total[side];
}

static double grown(const struct counting *c, const struct count *e)
{
	return e->flat[AFTER] * scale(c, AFTER) - e->flat[BEFORE] * scale(c, BEFORE);
}

static bool is_slower(const struct counting *c, const struct count *e)
{
	double old = scale(c, BEFORE), now = scale(c, AFTER), by = grown(c, e);
	/* Of what was not seen at all, one sample may have been missed. */
	double deviation =
		sqrt(fmax(e->flat[BEFORE], 1) * old * old + fmax(e->flat[AFTER], 1) * now * now);

	return e->key.kind == FUNCTION && by > DEVIATIONS * deviation &&
	       by >= LEAST * (c->q->after - c->q->before);
}

static int keep_place(const struct counting *c, const struct count *e, uint32_t name,
		      struct gb_place *ret, struct gb_err *err)
{
	ret->function = gb_strdup(gb_symbols_get(&c->names, name));
	ret->file = gb_strdup(e ? gb_symbols_get(&c->names, e->key.file) : "");
	ret->line = e ? e->line : 0;
	return ret->function && ret->file ? 0 : gb_fail_nomem(err);
}

/* The place of a function that grew the most. */
static const struct count *most_grown(const struct counting *c, uint32_t function, enum kind kind)
{
	const struct count *best = NULL;

	for (const struct count *e = c->counts; e; e = e->hh.next)
		if (e->key.kind == kind && e->key.function == function &&
		    (!best || grown(c, e) > grown(c, best)))
			best = e;
	return best && grown(c, best) > 0 ? best : NULL;
}

static int keep(const struct counting *c, const struct count *e, struct gb_slower *ret,
		struct gb_err *err)
{
	const struct count *line = most_grown(c, e->key.function, LINE),
			   *into = most_grown(c, e->key.function, INTO);
	int rc;

	ret->flat = e->flat[AFTER] * scale(c, AFTER);
	ret->cum = e->cum[AFTER] * scale(c, AFTER);
	ret->flat_before = e->flat[BEFORE] * scale(c, BEFORE);
	ret->cum_before = e->cum[BEFORE] * scale(c, BEFORE);
	if ((rc = keep_place(c, line, e->key.function, &ret->at, err)) < 0 || !into ||
	    grown(c, into) < PART * grown(c, e))
		return rc;
	ret->into_before = into->flat[BEFORE] * scale(c, BEFORE);
	ret->into_after = into->flat[AFTER] * scale(c, AFTER);
	return keep_place(c, into, into->key.other, &ret->into, err);
}

/* Those that are slower, the most first. */
static int select_slower(const struct counting *c, struct gb_slower *v, size_t *n,
			 struct gb_err *err)
{
	const struct count *most[GB_SLOWER_MOST];
	size_t have = 0;

	for (const struct count *e = c->counts; e; e = e->hh.next) {
		size_t at = have;

		if (!is_slower(c, e))
			continue;
		while (at > 0 && grown(c, e) > grown(c, most[at - 1]))
			at--;
		if (at == GB_SLOWER_MOST)
			continue;
		if (have < GB_SLOWER_MOST)
			have++;
		memmove(most + at + 1, most + at, (have - at - 1) * sizeof(*most));
		most[at] = e;
	}
	for (; *n < have; ++*n) {
		int rc = keep(c, most[*n], &v[*n], err);

		if (rc < 0) {
			++*n;
			return rc;
		}
	}
	return 0;
}

static int is_cpu(const struct gb_profile *p, struct gb_err *err)
{
	for (size_t i = 0; i < p->n_types; i++)
		if (strcmp(p->types[i].type, "cpu") == 0)
			return 0;
	gb_fail(err, GB_EUSAGE, "%s is no CPU profile", p->name);
	gb_hint(err, "it has %.100s; go test -cpuprofile writes one",
		p->types[p->default_type].type);
	return GB_EUSAGE;
}

int gb_slower_find(const struct gb_profile *before, const struct gb_profile *after,
		   const struct gb_slower_query *q, struct gb_slower **ret, size_t *ret_n,
		   struct gb_err *err)
{
	const struct gb_profile_query samples = { .sample = "samples" };
	__attribute__((cleanup(counting_release))) struct counting c = { .q = q };
	struct gb_slower *v = NULL;
	size_t n = 0;
	int rc;

	if ((rc = is_cpu(before, err)) < 0 || (rc = is_cpu(after, err)) < 0 ||
	    (rc = gb_profile_walk(after, before, &samples, on_stack, &c, err)) < 0)
		return rc;
	if (!(v = gb_calloc(GB_SLOWER_MOST, sizeof(*v))))
		return gb_fail_nomem(err);
	if (c.total[BEFORE] > 0 && c.total[AFTER] > 0)
		rc = select_slower(&c, v, &n, err);
	if (rc < 0) {
		gb_slower_free(v, n);
		return rc;
	}
	*ret = v;
	*ret_n = n;
	return 0;
}

void gb_slower_free(struct gb_slower *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].at.function);
		free(v[i].at.file);
		free(v[i].into.function);
		free(v[i].into.file);
	}
	free(v);
}
