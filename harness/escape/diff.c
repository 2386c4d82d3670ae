#include "escape/diff.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct entry {
	const struct gb_escape *x;
	size_t func_len; /* of the function around closures */
	bool matched;
};

struct side {
	struct entry *v;
	size_t n, cap;
};

/* "(*T).M" of "(*T).M.func1.2", "F" of "F.func1". */
static size_t outer_len(const char *func)
{
	for (const char *at = func; (at = strchr(at, '.')); at++) {
		const char *kinds[] = { ".func", ".gowrap", ".deferwrap" };

		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			size_t len = strlen(kinds[i]);

			if (!strncmp(at, kinds[i], len) && at[len] >= '1' && at[len] <= '9')
				return (size_t)(at - func);
		}
	}
	return strlen(func);
}

static int compare_keys(const struct entry *a, const struct entry *b)
{
	size_t len = a->func_len < b->func_len ? a->func_len : b->func_len;
	int c = strcmp(a->x->package, b->x->package);

	if (!c)
		c = memcmp(a->x->func, b->x->func, len);
	if (!c)
		c = (a->func_len > b->func_len) - (a->func_len < b->func_len);
	return c ? c : strcmp(a->x->expr, b->x->expr);
}

static int compare_entries(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;
	int c = compare_keys(a, b);

	return c ? c : (a->x > b->x) - (a->x < b->x);
}

static bool is_asked(const struct gb_escapes *e, const struct gb_escape *x)
{
	const struct gb_escape_package *p = gb_escapes_package(e, x->package);

	return !p || p->asked;
}

static int collect(const struct gb_escapes *e, struct side *s, struct gb_err *err)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct gb_escape *x = &e->v[i];
		int rc;

		/* What was not asked for is compiled or not as the build cache happens to be. */
		if (!gb_escape_counts(e, x) || !is_asked(e, x))
			continue;
		rc = gb_grow((void **)&s->v, &s->cap, s->n + 1, sizeof(*s->v), GB_MAX_ESCAPES, err);
		if (rc)
			return rc;
		s->v[s->n++] = (struct entry){ x, outer_len(x->func), false };
	}
	if (s->n)
		qsort(s->v, s->n, sizeof(*s->v), compare_entries);
	return 0;
}

static bool alike(const struct gb_escape *a, const struct gb_escape *b)
{
	return a->keeper == b->keeper && !strcmp(a->kept_by, b->kept_by);
}

/* Entries of one key: first those that are alike in all, in order, then the rest. */
static void match(struct entry *base, size_t n_base, struct entry *head, size_t n_head)
{
	for (size_t h = 0, b = 0; h < n_head; h++) {
		/* A source that only moved keeps its order; more than that is not looked for. */
		for (size_t at = b; at < n_base && at < b + 64; at++) {
			if (!alike(base[at].x, head[h].x))
				continue;
			base[at].matched = head[h].matched = true;
			b = at + 1;
			break;
		}
	}
	for (size_t h = 0, b = 0; h < n_head; h++) {
		if (head[h].matched)
			continue;
		while (b < n_base && base[b].matched)
			b++;
		if (b == n_base)
			return;
		base[b].matched = head[h].matched = true;
	}
}

static size_t run_of(const struct side *s, size_t from)
{
	size_t n = 0;

	while (from + n < s->n && !compare_keys(&s->v[from], &s->v[from + n]))
		n++;
	return n;
}

static void match_all(struct side *base, struct side *head)
{
	for (size_t b = 0, h = 0; b < base->n && h < head->n;) {
		int c = compare_keys(&base->v[b], &head->v[h]);
		size_t n_base = run_of(base, b), n_head = run_of(head, h);

		if (!c)
			match(base->v + b, n_base, head->v + h, n_head);
		b += c <= 0 ? n_base : 0;
		h += c >= 0 ? n_head : 0;
	}
}

static int compare_places(const void *pa, const void *pb)
{
	const struct gb_escape *const *a = pa, *const *b = pb;

	return (*a > *b) - (*a < *b);
}

static int unmatched(const struct side *s, const struct gb_escape ***ret, size_t *ret_n,
		     size_t *ret_cap, struct gb_err *err)
{
	for (size_t i = 0; i < s->n; i++) {
		int rc;

		if (s->v[i].matched)
			continue;
		rc = gb_grow((void **)ret, ret_cap, *ret_n + 1, sizeof(**ret), GB_MAX_ESCAPES, err);
		if (rc)
			return rc;
		(*ret)[(*ret_n)++] = s->v[i].x;
	}
	if (*ret_n)
		qsort(*ret, *ret_n, sizeof(**ret), compare_places);
	return 0;
}

int gb_escape_diff(const struct gb_escapes *base, const struct gb_escapes *head,
		   struct gb_escape_diff *ret, struct gb_err *err)
{
	_escape_diff_ struct gb_escape_diff d = { 0 };
	struct side b = { 0 }, h = { 0 };
	int rc = collect(base, &b, err);

	if (!rc)
		rc = collect(head, &h, err);
	if (!rc) {
		match_all(&b, &h);
		rc = unmatched(&h, &d.fresh, &d.n_fresh, &d.cap_fresh, err);
	}
	if (!rc)
		rc = unmatched(&b, &d.gone, &d.n_gone, &d.cap_gone, err);
	free(b.v);
	free(h.v);
	if (rc)
		return rc;
	*ret = d;
	d = (struct gb_escape_diff){ 0 };
	return 0;
}

void gb_escape_diff_release(struct gb_escape_diff *d)
{
	free(d->fresh);
	free(d->gone);
	*d = (struct gb_escape_diff){ 0 };
}

bool gb_escape_diff_is_new(const struct gb_escape_diff *d, const struct gb_escape *x)
{
	return d->n_fresh && bsearch(&x, d->fresh, d->n_fresh, sizeof(*d->fresh), compare_places);
}
