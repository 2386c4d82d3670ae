/*
 * amount - values of budget and policy files, read strictly.
 *
 * What both parsers need of JSON: each function checks one value and fails with
 * file, line and the key's path (GB_EUSAGE), and with a hint where there is a
 * way out.  An amount is what a metric is compared with: a whole number, or for
 * sizes also a string such as "1.1 MiB".
 */
#ifndef GB_BUDGET_AMOUNT_H
#define GB_BUDGET_AMOUNT_H

#include "base/json.h"
#include "go/metric.h"

struct gb_err;

/* A whole number from 0 to INT64_MAX. */
int gb_amount_whole(const struct gb_json *j, const cJSON *item, int64_t *ret, struct gb_err *err);
/* An amount of this metric; one that is only shown (ns/op) has none. */
int gb_amount_read(const struct gb_json *j, const cJSON *item, enum gb_metric m, int64_t *ret,
		   struct gb_err *err);
/* The metric a key or a string names, if it is one that can be judged. */
int gb_amount_metric(const struct gb_json *j, const cJSON *item, const char *name,
		     enum gb_metric *ret, struct gb_err *err);

/* A rule for `tests` cannot name what only the row "(package)" has. */
int gb_amount_whose(const struct gb_json *j, const cJSON *item, enum gb_metric m, const char *tests,
		    struct gb_err *err);

/* Type checks.  A text is not empty and at most GB_MAX_NAME long. */
int gb_amount_object(const struct gb_json *j, const cJSON *item, struct gb_err *err);
int gb_amount_array(const struct gb_json *j, const cJSON *item, struct gb_err *err);
int gb_amount_text(const struct gb_json *j, const cJSON *item, const char **ret,
		   struct gb_err *err);
/* A copy of a member's text, the caller's to free. */
int gb_amount_name(const struct gb_json *j, const cJSON *object, const char *key, char **ret,
		   struct gb_err *err);
int gb_amount_bool(const struct gb_json *j, const cJSON *item, bool *ret, struct gb_err *err);

/* The member `key` of an object; it must be there. */
int gb_amount_member(const struct gb_json *j, const cJSON *object, const char *key,
		     const cJSON **ret, struct gb_err *err);

/*
 * gb_json_only_keys() with the names of all metrics that can be judged beside
 * `others` (at most 8, ends with NULL); "ns/op" gets its own words.
 */
int gb_amount_only_keys(const struct gb_json *j, const cJSON *object, const char *const *others,
			struct gb_err *err);

#endif
