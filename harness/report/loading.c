#include "report/loading.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void gb_load_fail(struct gb_loading *l, const cJSON *item, const char *fmt, ...)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NAME);
	va_list ap;

	if (l->rc < 0)
		return;
	va_start(ap, fmt);
	gb_buf_vaddf(&text, fmt, ap);
	va_end(ap);
	l->rc = gb_json_fail(l->json, item, l->err, "%s", text.data);
}

void gb_load_nomem(struct gb_loading *l)
{
	if (l->rc >= 0)
		l->rc = gb_fail_nomem(l->err);
}

bool gb_load_ok(const struct gb_loading *l)
{
	return l->rc >= 0;
}

const cJSON *gb_load_get(struct gb_loading *l, const cJSON *object, const char *key)
{
	const cJSON *item = NULL;

	if (l->rc >= 0 && object)
		item = cJSON_GetObjectItemCaseSensitive(object, key);
	return item && !cJSON_IsNull(item) ? item : NULL;
}

static const cJSON *typed(struct gb_loading *l, const cJSON *object, const char *key,
			  cJSON_bool (*is)(const cJSON *), const char *what)
{
	const cJSON *item = gb_load_get(l, object, key);

	if (!item || is(item))
		return item;
	gb_load_fail(l, item, "is no %s", what);
	return NULL;
}

static const cJSON *needed(struct gb_loading *l, const cJSON *object, const char *key,
			   const cJSON *item)
{
	if (!item)
		gb_load_fail(l, object, "has no \"%s\"", key);
	return item;
}

const cJSON *gb_load_object(struct gb_loading *l, const cJSON *object, const char *key)
{
	return typed(l, object, key, cJSON_IsObject, "object");
}

const cJSON *gb_load_list(struct gb_loading *l, const cJSON *object, const char *key)
{
	return typed(l, object, key, cJSON_IsArray, "array");
}

const char *gb_load_text(struct gb_loading *l, const cJSON *object, const char *key)
{
	const cJSON *item = typed(l, object, key, cJSON_IsString, "string");

	return item ? item->valuestring : NULL;
}

bool gb_load_bool(struct gb_loading *l, const cJSON *object, const char *key)
{
	const cJSON *item = typed(l, object, key, cJSON_IsBool, "boolean");

	return item && cJSON_IsTrue(item);
}

int64_t gb_load_number(struct gb_loading *l, const cJSON *item, int64_t max)
{
	int64_t v;

	if (l->rc < 0)
		return 0;
	if (!gb_json_int(l->json, item, &v)) {
		gb_load_fail(l, item, "is no integer");
		return 0;
	}
	if (v < 0 || v > max) {
		gb_load_fail(l, item, "is not between 0 and %lld", (long long)max);
		return 0;
	}
	return v;
}

void gb_load_strings(struct gb_loading *l, const cJSON *list, struct gb_strlist *ret)
{
	for (const cJSON *item = list ? list->child : NULL; item && l->rc >= 0; item = item->next) {
		if (cJSON_IsString(item))
			l->rc = gb_strlist_add(ret, item->valuestring, l->err);
		else
			gb_load_fail(l, item, "is no string");
	}
}

int64_t gb_load_int_or(struct gb_loading *l, const cJSON *object, const char *key, int64_t max,
		       int64_t otherwise)
{
	const cJSON *item = gb_load_get(l, object, key);

	return item ? gb_load_number(l, item, max) : otherwise;
}

const char *gb_load_string(struct gb_loading *l, const cJSON *object, const char *key)
{
	const cJSON *item = needed(l, object, key, typed(l, object, key, cJSON_IsString, "string"));

	return item ? item->valuestring : NULL;
}

const cJSON *gb_load_need_list(struct gb_loading *l, const cJSON *object, const char *key)
{
	return needed(l, object, key, gb_load_list(l, object, key));
}

const cJSON *gb_load_need_object(struct gb_loading *l, const cJSON *object, const char *key)
{
	return needed(l, object, key, gb_load_object(l, object, key));
}

int64_t gb_load_int(struct gb_loading *l, const cJSON *object, const char *key, int64_t max)
{
	const cJSON *item = needed(l, object, key, gb_load_get(l, object, key));

	return item ? gb_load_number(l, item, max) : 0;
}

int gb_load_name(struct gb_loading *l, const cJSON *object, const char *key,
		 const char *(*name)(int), int n)
{
	const char *text = gb_load_string(l, object, key);

	for (int i = 0; text && i < n; i++)
		if (strcmp(name(i), text) == 0)
			return i;
	if (text)
		gb_load_fail(l, gb_load_get(l, object, key), "no such word: \"%.60s\"", text);
	return 0;
}

/* Thousandths, as gb_jsonw_milli() wrote them. */
static int64_t load_milli(struct gb_loading *l, const cJSON *item)
{
	double v = item->valuedouble * 1000;
	int64_t whole;

	if (!cJSON_IsNumber(item) || !(v >= 0)) {
		gb_load_fail(l, item, "is no number from 0 on");
	} else if (v < 4e15) {
		return (int64_t)llround(v);
	} else if (gb_json_int(l->json, item, &whole) && whole <= INT64_MAX / 1000) {
		return whole * 1000;
	} else if (v < (double)(INT64_MAX / 1000 * 1000)) {
		return (int64_t)v;
	} else {
		gb_load_fail(l, item, "is too large");
	}
	return 0;
}

int64_t gb_load_milli(struct gb_loading *l, const cJSON *object, const char *key)
{
	const cJSON *item = needed(l, object, key, gb_load_get(l, object, key));

	return item ? load_milli(l, item) : 0;
}

int64_t gb_load_metric(struct gb_loading *l, const cJSON *object, const char *key, int m)
{
	const cJSON *item = needed(l, object, key, gb_load_get(l, object, key));

	if (!item)
		return 0;
	if (m >= 0 && gb_metrics[m].unit == GB_PICOSECONDS)
		return load_milli(l, item);
	return gb_load_number(l, item, INT64_MAX);
}

char *gb_load_copy(struct gb_loading *l, const char *text)
{
	char *copy = l->rc >= 0 ? gb_strdup(text) : NULL;

	if (text && !copy)
		gb_load_nomem(l);
	return copy;
}

size_t gb_load_count(struct gb_loading *l, const cJSON *list, size_t max, const char *what)
{
	size_t n = 0;

	if (l->rc < 0 || !list)
		return 0;
	for (const cJSON *item = list->child; item; item = item->next)
		n++;
	if (n <= max)
		return n;
	gb_load_fail(l, list, "has %zu %s, more than %zu", n, what, max);
	if (l->rc == GB_EUSAGE && l->err)
		l->err->code = GB_ELIMIT;
	if (l->rc == GB_EUSAGE)
		l->rc = GB_ELIMIT;
	return 0;
}

void *gb_load_array(struct gb_loading *l, size_t n, size_t size)
{
	struct gb_loaded *out = l->out;
	void *v;

	if (l->rc < 0 || n == 0)
		return NULL;
	l->rc = gb_grow((void **)&out->kept, &out->cap_kept, out->n_kept + 1, sizeof(*out->kept),
			SIZE_MAX, l->err);
	v = l->rc >= 0 ? gb_calloc(n, size) : NULL;
	if (!v)
		gb_load_nomem(l);
	else
		out->kept[out->n_kept++] = v;
	return v;
}

static char *borrowed(const char *text)
{
	return (char *)(uintptr_t)text; /* a site's strings are not const, and not freed here */
}

struct gb_site gb_load_site(struct gb_loading *l, const cJSON *item)
{
	struct gb_site s = { 0 };

	if (!cJSON_IsObject(item)) {
		gb_load_fail(l, item, "is no object");
		return s;
	}
	s.func = borrowed(gb_load_text(l, item, "func"));
	s.file = borrowed(gb_load_text(l, item, "file"));
	s.line = (int)gb_load_int(l, item, "line", INT32_MAX);
	return s;
}

void gb_load_own_site(struct gb_loading *l, const cJSON *item, struct gb_site *ret)
{
	struct gb_site s = gb_load_site(l, item);

	ret->func = gb_load_copy(l, s.func);
	ret->file = gb_load_copy(l, s.file);
	ret->line = s.line;
}

struct gb_site *gb_load_own_sites(struct gb_loading *l, const cJSON *list, size_t *ret_n)
{
	size_t n = gb_load_count(l, list, GB_MAX_FRAMES * 4, "frames"), i = 0;
	struct gb_site *v = n ? gb_calloc(n, sizeof(*v)) : NULL;
	const cJSON *item;

	*ret_n = v ? n : 0;
	if (n && !v)
		gb_load_nomem(l);
	if (!v)
		return NULL;
	cJSON_ArrayForEach(item, list)
	{
		gb_load_own_site(l, item, &v[i]);
		if (gb_load_ok(l) && !v[i].func)
			gb_load_fail(l, item, "has no \"func\"");
		i++;
	}
	return v;
}

static int by_path(const void *key, const void *element)
{
	return strcmp(key, (*(struct gb_package *const *)element)->path);
}

struct gb_package *gb_load_package_of(const struct gb_loading *l, const char *path)
{
	struct gb_package **found = l->packages ? bsearch(path, l->packages, l->n_packages,
							  sizeof(*l->packages), by_path)
						: NULL;

	return found ? *found : NULL;
}
