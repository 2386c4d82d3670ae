/* json_keys - a key that nobody knows, and the one that was meant.  See json.h. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/text.h"

#define MAX_KEY 64 /* bytes; a longer one is nobody's typing mistake */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Characters to add, drop, change, or swap with the next one (optimal string alignment). */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][MAX_KEY + 1];
	size_t n = strlen(a), m = strlen(b);
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	for (size_t k = 0; k <= m; k++)
		last[k] = k;
	for (size_t i = 1; i <= n; i++) {
		size_t *spare = before;

		now[0] = i;
		for (size_t k = 1; k <= m; k++) {
			now[k] = least(least(last[k] + 1, now[k - 1] + 1),
				       last[k - 1] + (a[i - 1] != b[k - 1]));
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				now[k] = least(now[k], before[k - 2] + 1);
		}
		before = last;
		last = now;
		now = spare;
	}
	return last[m];
}

/* NULL where nothing is near: more than a third of it would have to change. */
static const char *nearest(const char *key, const char *const *keys)
{
	const char *found = NULL;
	size_t best = strlen(key) / 3 + 1;

	if (strlen(key) > MAX_KEY)
		return NULL;
	for (; *keys; keys++) {
		size_t d = strlen(*keys) > MAX_KEY ? SIZE_MAX : distance(key, *keys);

		if (d <= best && (!found || d < best)) {
			best = d;
			found = *keys;
		}
	}
	return found;
}

static bool is_known(const char *key, const char *const *keys)
{
	for (; *keys; keys++)
		if (strcmp(key, *keys) == 0)
			return true;
	return false;
}

static int refuse(const struct gb_json *j, const cJSON *child, const char *const *keys,
		  struct gb_err *err)
{
	const char *meant = nearest(child->string, keys);
	_buf_ struct gb_buf known = GB_BUF_INIT(256);
	int rc = gb_json_fail(j, child, err, "unknown key");

	if (meant) {
		gb_hint(err, "did you mean \"%s\"?", meant);
		return rc;
	}
	for (; *keys; keys++)
		gb_buf_addf(&known, "%s%s", known.len ? ", " : "", *keys);
	if (known.len && !known.failed)
		gb_hint(err, "known keys are %s", known.data);
	return rc;
}

int gb_json_only_keys(const struct gb_json *j, const cJSON *object, const char *const *keys,
		      struct gb_err *err)
{
	if (!cJSON_IsObject(object))
		return gb_json_fail(j, object, err, "expected an object");
	for (const cJSON *child = object->child; child; child = child->next)
		if (!is_known(child->string, keys))
			return refuse(j, child, keys, err);
	return 0;
}
