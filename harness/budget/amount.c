#include "budget/amount.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/units.h"
#include "go/run.h"

#include <string.h>

int gb_amount_object(const struct gb_json *j, const cJSON *item, struct gb_err *err)
{
	if (cJSON_IsObject(item))
		return 0;
	return gb_json_fail(j, item, err, "expected an object {...}");
}

int gb_amount_array(const struct gb_json *j, const cJSON *item, struct gb_err *err)
{
	if (cJSON_IsArray(item))
		return 0;
	return gb_json_fail(j, item, err, "expected an array [...]");
}

int gb_amount_text(const struct gb_json *j, const cJSON *item, const char **ret, struct gb_err *err)
{
	if (!cJSON_IsString(item))
		return gb_json_fail(j, item, err, "expected a string");
	if (!*item->valuestring)
		return gb_json_fail(j, item, err, "must not be empty");
	if (strlen(item->valuestring) > GB_MAX_NAME)
		return gb_json_fail(j, item, err, "exceeds %zu bytes", GB_MAX_NAME);
	*ret = item->valuestring;
	return 0;
}

int gb_amount_bool(const struct gb_json *j, const cJSON *item, bool *ret, struct gb_err *err)
{
	if (!cJSON_IsBool(item))
		return gb_json_fail(j, item, err, "expected true or false");
	*ret = cJSON_IsTrue(item);
	return 0;
}

int gb_amount_member(const struct gb_json *j, const cJSON *object, const char *key,
		     const cJSON **ret, struct gb_err *err)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!item)
		return gb_json_fail(j, object, err, "\"%s\" is missing", key);
	*ret = item;
	return 0;
}

int gb_amount_whole(const struct gb_json *j, const cJSON *item, int64_t *ret, struct gb_err *err)
{
	int64_t v;

	if (!cJSON_IsNumber(item))
		return gb_json_fail(j, item, err, "expected a whole number");
	if (item->valuedouble < 0)
		return gb_json_fail(j, item, err, "must not be negative");
	if (!gb_json_int(j, item, &v)) {
		if (item->valuedouble >= (double)INT64_MAX)
			return gb_json_fail(j, item, err, "exceeds %lld", (long long)INT64_MAX);
		return gb_json_fail(j, item, err,
				    "expected a whole number, without fraction or exponent");
	}
	*ret = v;
	return 0;
}

int gb_amount_read(const struct gb_json *j, const cJSON *item, enum gb_metric m, int64_t *ret,
		   struct gb_err *err)
{
	int rc;

	if (cJSON_IsString(item)) {
		struct gb_err why = GB_ERR_INIT;

		if (gb_metrics[m].unit == GB_NANOSECONDS) {
			if (gb_parse_nanoseconds(item->valuestring, ret, &why) < 0)
				return gb_json_fail(j, item, err, "%s", why.line);
			return 0;
		}
		if (gb_metrics[m].unit != GB_BYTES) {
			gb_json_fail(j, item, err, "%s is a count: expected a whole number",
				     gb_metrics[m].name);
			return GB_EUSAGE;
		}
		if (gb_parse_size(item->valuestring, ret, &why) < 0)
			return gb_json_fail(j, item, err, "%s", why.line);
		return 0;
	}
	if ((rc = gb_amount_whole(j, item, ret, err)) < 0) {
		if (gb_metrics[m].unit == GB_BYTES)
			gb_hint(err, "bytes are whole numbers; write sizes as \"1.5 MiB\"");
		else if (gb_metrics[m].unit == GB_NANOSECONDS)
			gb_hint(err, "a whole number is of nanoseconds; or write \"1.5ms\"");
		return rc;
	}
	return 0;
}

static int shown_only(const struct gb_json *j, const cJSON *item, const char *name,
		      struct gb_err *err)
{
	gb_json_fail(j, item, err, "%s is shown, never judged: it cannot have a budget", name);
	gb_hint(err, "budget B/op or allocs/op, which do not depend on the machine");
	return GB_EUSAGE;
}

int gb_amount_metric(const struct gb_json *j, const cJSON *item, const char *name,
		     enum gb_metric *ret, struct gb_err *err)
{
	int m = gb_metric_find(name);

	if (m < 0) {
		gb_json_fail(j, item, err, "there is no metric \"%.80s\"", name);
		gb_hint(err, "metrics are goroutines, goroutines_peak, goroutines_created, "
			     "alloc_space, alloc_objects, inuse_space, heap_peak, B/op, "
			     "allocs/op, escapes, gc_count, gc_pause_total, gc_pause_worst, "
			     "heap_live");
		return GB_EUSAGE;
	}
	if (!gb_metrics[m].judged)
		return shown_only(j, item, name, err);
	*ret = (enum gb_metric)m;
	return 0;
}

int gb_amount_only_keys(const struct gb_json *j, const cJSON *object, const char *const *others,
			struct gb_err *err)
{
	const char *keys[GB_METRICS + 9];
	const cJSON *item;
	size_t n = 0;

	for (int m = 0; m < GB_METRICS; m++)
		if (gb_metrics[m].judged)
			keys[n++] = gb_metrics[m].name;
	for (; *others; others++)
		keys[n++] = *others;
	keys[n] = NULL;
	cJSON_ArrayForEach(item, object)
	{
		int m = gb_metric_find(item->string);

		if (m >= 0 && !gb_metrics[m].judged)
			return shown_only(j, item, item->string, err);
	}
	return gb_json_only_keys(j, object, keys, err);
}

int gb_amount_name(const struct gb_json *j, const cJSON *object, const char *key, char **ret,
		   struct gb_err *err)
{
	const cJSON *item;
	const char *text;
	int rc;

	if ((rc = gb_amount_member(j, object, key, &item, err)) < 0 ||
	    (rc = gb_amount_text(j, item, &text, err)) < 0)
		return rc;
	return (*ret = gb_strdup(text)) ? 0 : gb_fail_nomem(err);
}

int gb_amount_whose(const struct gb_json *j, const cJSON *item, enum gb_metric m, const char *tests,
		    struct gb_err *err)
{
	if (!gb_metrics[m].package || tests[0] == '(')
		return 0;
	gb_json_fail(j, item, err, "no test has %s of its own", gb_metrics[m].name);
	gb_hint(err, "it is the package's: a rule of its own, for \"tests\": \"%s\"",
		GB_PACKAGE_ROW);
	return GB_EUSAGE;
}
