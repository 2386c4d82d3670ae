/*
 * service - budgets/_service.json: what a running service is held to by `gobudget capture`.
 *
 *	{
 *	  "goroutines": 500,
 *	  "blocked": {"longer": "5m", "goroutines": 0},
 *	  "proven": 0,
 *	  "live_heap": "64 MiB",
 *	  "growth": {"goroutines": 10, "live_heap": "1 MiB"},
 *	  "sites": [{"created_by": "example.com/shop/store.(*Cache).watch", "goroutines": 4,
 *	             "waits": true, "reason": "one for each shard"}]
 *	}
 *
 * Everything may be left out and is not judged then, but for `proven`, which is 0: what can never
 * run again is a leak whatever the file says of the rest.  Growth is per minute.  A site is that of
 * the go statement: the function, or a pattern as `living` of the policy has it; all goroutines
 * that a rule names together must not be more than its `goroutines`, and with `waits` they are
 * meant to wait, so that `blocked` does not count them.
 *
 * Read strictly, with file, line and key in each error (GB_EUSAGE).
 */
#ifndef GB_BUDGET_SERVICE_H
#define GB_BUDGET_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;

#define GB_SERVICE_FILE "budgets/_service.json"

#define GB_SERVICE_NONE ((int64_t)-1) /* there is no such budget */

struct gb_service_site {
	char *created_by;
	int64_t goroutines; /* GB_SERVICE_NONE: any number */
	bool waits;
	char *reason; /* or NULL */
	size_t line;
};

struct gb_service {
	char *path; /* of the file; NULL: there is none */
	int64_t goroutines, live_heap;
	int64_t blocked; /* goroutines that have waited for longer_min */
	int64_t longer_min;
	int64_t proven;
	int64_t growth_goroutines, growth_heap; /* per minute */
	struct gb_service_site *sites;
	size_t n_sites, cap_sites;
};

/* Without a file: nothing but `proven`. */
int gb_service_default(struct gb_service **ret, struct gb_err *err);
int gb_service_parse(const char *name, const char *text, size_t len, struct gb_service **ret,
		     struct gb_err *err);
/* GB_ENOTFOUND: no such file. */
int gb_service_load(const char *path, struct gb_service **ret, struct gb_err *err);
void gb_service_free(struct gb_service *s);
void gb_cleanup_service(struct gb_service **ps);
#define _service_ __attribute__((cleanup(gb_cleanup_service)))

/* The first rule that the creator `func`, or the function its closure stands in, falls under; from
 * 1, 0: none. */
int gb_service_rule(const struct gb_service *s, const char *func, size_t *ret, struct gb_err *err);

#endif
