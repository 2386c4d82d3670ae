/*
 * loading - values out of a report's JSON, for load*.c.  Not for anybody else.
 *
 * Read freely, check once: the first value that is not sound sets `rc` and the error, and from
 * then on everything reads as 0, NULL or false.  Texts are the tree's unless copied.
 */
#ifndef GB_REPORT_LOADING_H
#define GB_REPORT_LOADING_H

#include "base/json.h"
#include "report/load.h"

#define GB_LOAD_AMOUNT ((int64_t)1 << 50) /* bytes or objects of one place: sums stay sums */
#define GB_LOAD_COUNT  ((int64_t)1 << 40) /* runs, lines, goroutines of one group */

struct gb_loading {
	struct gb_json *json;
	struct gb_loaded *out;
	struct gb_err *err;
	int rc;
	struct gb_package **packages; /* of out->run, by path */
	size_t n_packages;
	const struct gb_package *base_of; /* the last package of out->base_run answers to it */
	size_t files, waivers, living;	  /* how many of these verdicts took */
	struct gb_budget_file *all_files;
	struct gb_waiver *all_waivers;
	struct gb_living *all_living;
};

/* The first one stays. */
void gb_load_fail(struct gb_loading *l, const cJSON *item, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void gb_load_nomem(struct gb_loading *l);
bool gb_load_ok(const struct gb_loading *l);

/* A member that may be absent or null: NULL then. */
const cJSON *gb_load_get(struct gb_loading *l, const cJSON *object, const char *key);
const cJSON *gb_load_object(struct gb_loading *l, const cJSON *object, const char *key);
const cJSON *gb_load_list(struct gb_loading *l, const cJSON *object, const char *key);
const char *gb_load_text(struct gb_loading *l, const cJSON *object, const char *key);
bool gb_load_bool(struct gb_loading *l, const cJSON *object, const char *key);
/* From 0 to max; `otherwise` where it is absent. */
int64_t gb_load_int_or(struct gb_loading *l, const cJSON *object, const char *key, int64_t max,
		       int64_t otherwise);

/* A member that must be there. */
const char *gb_load_string(struct gb_loading *l, const cJSON *object, const char *key);
const cJSON *gb_load_need_list(struct gb_loading *l, const cJSON *object, const char *key);
const cJSON *gb_load_need_object(struct gb_loading *l, const cJSON *object, const char *key);
int64_t gb_load_int(struct gb_loading *l, const cJSON *object, const char *key, int64_t max);
/* One of the names that name(0) ... name(n - 1) are. */
int gb_load_name(struct gb_loading *l, const cJSON *object, const char *key,
		 const char *(*name)(int), int n);
/* As gb_jsonw_milli() wrote it: thousandths. */
int64_t gb_load_milli(struct gb_loading *l, const cJSON *object, const char *key);
/* As gb_json_metric() wrote it. */
int64_t gb_load_metric(struct gb_loading *l, const cJSON *object, const char *key, int m);

/* An element of a list. */
int64_t gb_load_number(struct gb_loading *l, const cJSON *item, int64_t max);
void gb_load_strings(struct gb_loading *l, const cJSON *list, struct gb_strlist *ret);

/* A copy that is the caller's; NULL of NULL. */
char *gb_load_copy(struct gb_loading *l, const char *text);
/* How many elements; more than max is GB_ELIMIT that names `what`. */
size_t gb_load_count(struct gb_loading *l, const cJSON *list, size_t max, const char *what);
/* Zeroed memory that lives as long as the report; NULL for n 0. */
void *gb_load_array(struct gb_loading *l, size_t n, size_t size);

/* Sites: copies for what a run owns, borrowed ones for all else. */
struct gb_site gb_load_site(struct gb_loading *l, const cJSON *item);
void gb_load_own_site(struct gb_loading *l, const cJSON *item, struct gb_site *ret);
struct gb_site *gb_load_own_sites(struct gb_loading *l, const cJSON *list, size_t *ret_n);

struct gb_package *gb_load_package_of(const struct gb_loading *l, const char *path);

/* The parts. */
void gb_load_run(struct gb_loading *l);
void gb_load_metrics(struct gb_loading *l, const cJSON *metrics, int64_t worst_run,
		     struct gb_test *t);
void gb_load_verdicts(struct gb_loading *l);
void gb_load_evidence(struct gb_loading *l, const cJSON *item, struct gb_package *p,
		      struct gb_test *t);
void gb_load_commits(struct gb_loading *l);
void gb_load_escapes(struct gb_loading *l);
void gb_load_benches(struct gb_loading *l);

#endif
