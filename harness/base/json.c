/*
 * json - text to tree, and back from a value to its place.  See json.h.
 *
 * The index is a table of all values in the order in which they begin, and the
 * same by address for bsearch.  Both walks, of the text and of the tree, meet the values in
 * that order, so the n-th place belongs to the n-th node.
 */
#include "base/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json_scan.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#define NO_PARENT SIZE_MAX

struct node {
	const cJSON *item;
	size_t parent; /* in nodes */
	size_t nth;    /* among its parent's children */
};

struct index {
	struct gb_json_scan scan;
	struct node *nodes;	/* nodes[i] stands at scan.places[i] */
	const struct node **by; /* by address of item */
	size_t n;
	size_t *lines; /* offset of each line's first byte */
	size_t n_lines, cap_lines;
};

static void free_index(struct index *x)
{
	if (!x)
		return;
	gb_json_scan_release(&x->scan);
	free(x->nodes);
	free(x->by);
	free(x->lines);
	free(x);
}

static int find_lines(struct index *x, const char *text, size_t len)
{
	const char *end = text + len;

	for (const char *p = text; p;
	     p = memchr(p, '\n', (size_t)(end - p)), p = p ? p + 1 : NULL) {
		if (gb_grow((void **)&x->lines, &x->cap_lines, x->n_lines + 1, sizeof(*x->lines),
			    SIZE_MAX, NULL) < 0)
			return GB_ENOMEM;
		x->lines[x->n_lines++] = (size_t)(p - text);
	}
	return 0;
}

/* From 1. */
static size_t line_of(const struct index *x, size_t offset)
{
	size_t low = 0, high = x->n_lines;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (x->lines[mid] <= offset)
			low = mid;
		else
			high = mid;
	}
	return low + 1;
}

static int fail_in_text(const struct gb_json *j, size_t offset, const char *what,
			struct gb_err *err)
{
	const struct index *x = j->index;
	size_t line = line_of(x, offset);

	return gb_fail(err, GB_EUSAGE, "%s:%zu:%zu: %s", j->name, line,
		       offset - x->lines[line - 1] + 1, what);
}

/* Depth is bounded: the text was scanned. */
static void add_nodes(struct index *x, const cJSON *item, size_t parent, size_t nth)
{
	size_t self = x->n++, i = 0;

	if (self >= x->scan.n)
		return;
	x->nodes[self] = (struct node){ item, parent, nth };
	for (const cJSON *child = item->child; child; child = child->next)
		add_nodes(x, child, self, i++);
}

static int by_address(const void *a, const void *b)
{
	uintptr_t p = (uintptr_t)(*(const struct node *const *)a)->item;
	uintptr_t q = (uintptr_t)(*(const struct node *const *)b)->item;

	return p < q ? -1 : p > q;
}

static int index_tree(struct gb_json *j)
{
	struct index *x = j->index;

	x->nodes = gb_calloc(x->scan.n, sizeof(*x->nodes));
	x->by = gb_calloc(x->scan.n, sizeof(*x->by));
	if (!x->nodes || !x->by)
		return GB_ENOMEM;
	add_nodes(x, j->root, NO_PARENT, 0);
	for (size_t i = 0; i < x->scan.n; i++)
		x->by[i] = &x->nodes[i];
	qsort(x->by, x->n, sizeof(const struct node *), by_address);
	return 0;
}

static const struct node *find(const struct gb_json *j, const cJSON *item)
{
	const struct index *x = j->index;
	const struct node wanted = { item, 0, 0 }, *key = &wanted;
	const struct node **found;

	found = bsearch(&key, x->by, x->n, sizeof(const struct node *), by_address);
	return found ? *found : NULL;
}

static const struct gb_json_place *place_of(const struct index *x, const struct node *n)
{
	return &x->scan.places[n - x->nodes];
}

/* Siblings together, by key as decoded ("a" and "\u0061" are one), then by place. */
static int by_key(const void *a, const void *b)
{
	const struct node *p = *(const struct node *const *)a, *q = *(const struct node *const *)b;
	int order;

	if (p->parent != q->parent)
		return p->parent < q->parent ? -1 : 1;
	order = p->item->string && q->item->string ? strcmp(p->item->string, q->item->string) : 0;
	if (order)
		return order;
	return p < q ? -1 : p > q;
}

/* Borrows the address table before that is sorted for good. */
static int refuse_duplicates(const struct gb_json *j, struct gb_err *err)
{
	const struct index *x = j->index;
	const struct node *worst = NULL;
	_buf_ struct gb_buf what = GB_BUF_INIT(4096);

	qsort(x->by, x->n, sizeof(const struct node *), by_key);
	for (size_t i = 1; i < x->n; i++) {
		const struct node *p = x->by[i - 1], *q = x->by[i];

		if (p->parent == q->parent && p->item->string && q->item->string &&
		    strcmp(p->item->string, q->item->string) == 0 && (!worst || q < worst))
			worst = q;
	}
	qsort(x->by, x->n, sizeof(const struct node *), by_address);
	if (!worst)
		return 0;
	gb_buf_adds(&what, "duplicate key ");
	gb_json_path(j, worst->item, &what);
	return fail_in_text(j, place_of(x, worst)->key, what.data, err);
}

static int build(struct gb_json *j, struct gb_err *err)
{
	struct index *x = gb_calloc(1, sizeof(*x));
	int rc;

	j->index = x;
	if (!x || find_lines(x, j->text, j->len) < 0)
		return gb_fail_nomem(err);
	rc = gb_json_scan(j->text, j->len, &x->scan);
	if (rc == GB_EPARSE)
		return fail_in_text(j, x->scan.error, x->scan.what, err);
	if (rc < 0)
		return gb_fail_nomem(err);
	j->root = cJSON_ParseWithLengthOpts(j->text, j->len + 1, NULL, 1);
	if (!j->root || index_tree(j) < 0)
		return gb_fail_nomem(err);
	if (x->n != x->scan.n)
		return gb_fail(err, GB_EPARSE, "%s: two readers of JSON disagree", j->name);
	return refuse_duplicates(j, err);
}

void gb_json_init(void)
{
	cJSON_Hooks hooks = { gb_malloc, free };

	cJSON_InitHooks(&hooks);
}

int gb_json_parse(const char *name, const char *text, size_t len, struct gb_json **ret,
		  struct gb_err *err)
{
	_json_ struct gb_json *j = gb_calloc(1, sizeof(*j));
	int rc;

	gb_json_init();
	if (!j)
		return gb_fail_nomem(err);
	j->name = gb_strdup(name);
	j->text = gb_strndup(text, len);
	j->len = len;
	if (!j->name || !j->text)
		return gb_fail_nomem(err);
	rc = build(j, err);
	if (rc < 0)
		return rc;
	*ret = GB_TAKE(j);
	return 0;
}

void gb_json_free(struct gb_json *j)
{
	if (!j)
		return;
	cJSON_Delete(j->root);
	free_index(j->index);
	free(j->name);
	free(j->text);
	free(j);
}

void gb_cleanup_json(struct gb_json **pj)
{
	gb_json_free(*pj);
}

size_t gb_json_line(const struct gb_json *j, const cJSON *item)
{
	const struct node *n = find(j, item);

	return n ? line_of(j->index, place_of(j->index, n)->value) : 0;
}

static bool is_word(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	size_t n = strspn(s, letters);

	return n && s[n + strspn(s + n, "0123456789_")] == '\0';
}

/* A path without one of its steps would name something else. */
static void pass_on_failure(const struct gb_buf *from, struct gb_buf *to)
{
	to->failed = to->failed || from->failed;
	to->nomem = to->nomem || from->nomem;
}

static void add_step(const struct node *n, struct gb_buf *out)
{
	_buf_ struct gb_buf safe = GB_BUF_INIT(GB_MAX_NAME * 4);

	if (!n->item->string) {
		gb_buf_addf(out, "[%zu]", n->nth);
	} else if (is_word(n->item->string)) {
		gb_buf_addf(out, "%s%s", out->len ? "." : "", n->item->string);
	} else {
		gb_text_safe(&safe, n->item->string);
		pass_on_failure(&safe, out);
		gb_buf_addc(out, '[');
		gb_buf_add_json(out, safe.data);
		gb_buf_addc(out, ']');
	}
}

void gb_json_path(const struct gb_json *j, const cJSON *item, struct gb_buf *out)
{
	const struct index *x = j->index;
	const struct node *up[GB_MAX_JSON_DEPTH + 1];
	const struct node *n = find(j, item);
	_buf_ struct gb_buf path = GB_BUF_INIT(GB_MAX_NAME * 8);
	size_t depth = 0;

	for (; n && n->parent != NO_PARENT; n = &x->nodes[n->parent])
		up[depth++] = n;
	while (depth)
		add_step(up[--depth], &path);
	pass_on_failure(&path, out);
	gb_buf_adds(out, path.data);
}

int gb_json_fail(const struct gb_json *j, const cJSON *item, struct gb_err *err, const char *fmt,
		 ...)
{
	_buf_ struct gb_buf line = GB_BUF_INIT(GB_MAX_NAME * 16);
	va_list ap;
	size_t before;

	gb_buf_addf(&line, "%s:%zu: ", j->name, gb_json_line(j, item));
	before = line.len;
	gb_json_path(j, item, &line);
	if (line.len > before)
		gb_buf_adds(&line, ": ");
	va_start(ap, fmt);
	gb_buf_vaddf(&line, fmt, ap);
	va_end(ap);
	return line.nomem ? gb_fail_nomem(err) : gb_fail(err, GB_EUSAGE, "%s", line.data);
}

bool gb_json_int(const struct gb_json *j, const cJSON *item, int64_t *ret)
{
	const struct node *n = cJSON_IsNumber(item) ? find(j, item) : NULL;
	const char *s;
	uint64_t value = 0, limit;
	bool negative;

	if (!n)
		return false;
	s = j->text + place_of(j->index, n)->value;
	negative = *s == '-';
	limit = (uint64_t)INT64_MAX + negative;
	for (s += negative; *s >= '0' && *s <= '9'; s++) {
		uint64_t digit = (uint64_t)(*s - '0');

		if (value > (limit - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (*s == '.' || *s == 'e' || *s == 'E')
		return false;
	*ret = negative ? (int64_t)(0 - value) : (int64_t)value;
	return true;
}
