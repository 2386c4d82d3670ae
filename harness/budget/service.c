/* The service budget, read.  See service.h. */
#include "budget/service.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"
#include "budget/amount.h"
#include "go/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SITES ((size_t)10000)
#define MINUTE_MS INT64_C(60000)
#define MOST_MS	  (INT64_C(365) * 24 * 60 * MINUTE_MS)

void gb_service_free(struct gb_service *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_sites; i++) {
		free(s->sites[i].created_by);
		free(s->sites[i].reason);
	}
	free(s->sites);
	free(s->path);
	free(s);
}

void gb_cleanup_service(struct gb_service **ps)
{
	gb_service_free(*ps);
}

int gb_service_default(struct gb_service **ret, struct gb_err *err)
{
	struct gb_service *s = gb_calloc(1, sizeof(*s));

	if (!s)
		return gb_fail_nomem(err);
	s->goroutines = s->live_heap = s->blocked = GB_SERVICE_NONE;
	s->growth_goroutines = s->growth_heap = GB_SERVICE_NONE;
	*ret = s;
	return 0;
}

static int read_size(const struct gb_json *j, const cJSON *item, int64_t *ret, struct gb_err *err)
{
	return gb_amount_read(j, item, GB_INUSE_SPACE, ret, err);
}

static int read_blocked(const struct gb_json *j, const cJSON *blocked, struct gb_service *s,
			struct gb_err *err)
{
	static const char *const keys[] = { "longer", "goroutines", NULL };
	struct gb_err why = GB_ERR_INIT;
	const cJSON *item;
	int64_t ms;
	int rc;

	if ((rc = gb_amount_object(j, blocked, err)) < 0 ||
	    (rc = gb_json_only_keys(j, blocked, keys, err)) < 0 ||
	    (rc = gb_amount_member(j, blocked, "longer", &item, err)) < 0)
		return rc;
	if (!cJSON_IsString(item))
		return gb_json_fail(j, item, err, "expected a duration such as \"5m\"");
	if (gb_parse_duration(item->valuestring, &ms, &why) < 0)
		return gb_json_fail(j, item, err, "%s", why.line);
	if (ms < MINUTE_MS || ms > MOST_MS || ms % MINUTE_MS) {
		gb_json_fail(j, item, err, "expected whole minutes, a minute to a year");
		gb_hint(err, "Go counts how long a goroutine waits in minutes");
		return GB_EUSAGE;
	}
	s->longer_min = ms / MINUTE_MS;
	if ((rc = gb_amount_member(j, blocked, "goroutines", &item, err)) < 0)
		return rc;
	return gb_amount_whole(j, item, &s->blocked, err);
}

static int read_growth(const struct gb_json *j, const cJSON *growth, struct gb_service *s,
		       struct gb_err *err)
{
	static const char *const keys[] = { "goroutines", "live_heap", NULL };
	const cJSON *item;
	int rc;

	if ((rc = gb_amount_object(j, growth, err)) < 0 ||
	    (rc = gb_json_only_keys(j, growth, keys, err)) < 0)
		return rc;
	if ((item = cJSON_GetObjectItemCaseSensitive(growth, "goroutines")) &&
	    (rc = gb_amount_whole(j, item, &s->growth_goroutines, err)) < 0)
		return rc;
	if ((item = cJSON_GetObjectItemCaseSensitive(growth, "live_heap")) &&
	    (rc = read_size(j, item, &s->growth_heap, err)) < 0)
		return rc;
	return 0;
}

static int read_site(const struct gb_json *j, const cJSON *site, struct gb_service_site *ret,
		     struct gb_err *err)
{
	static const char *const keys[] = { "created_by", "goroutines", "waits", "reason", NULL };
	const cJSON *item;
	int rc;

	ret->goroutines = GB_SERVICE_NONE;
	ret->line = gb_json_line(j, site);
	if ((rc = gb_amount_object(j, site, err)) < 0 ||
	    (rc = gb_json_only_keys(j, site, keys, err)) < 0 ||
	    (rc = gb_amount_name(j, site, "created_by", &ret->created_by, err)) < 0)
		return rc;
	if ((item = cJSON_GetObjectItemCaseSensitive(site, "goroutines")) &&
	    (rc = gb_amount_whole(j, item, &ret->goroutines, err)) < 0)
		return rc;
	if ((item = cJSON_GetObjectItemCaseSensitive(site, "waits")) &&
	    (rc = gb_amount_bool(j, item, &ret->waits, err)) < 0)
		return rc;
	if (ret->goroutines == GB_SERVICE_NONE && !ret->waits) {
		gb_json_fail(j, site, err, "says nothing of its goroutines");
		gb_hint(err, "\"goroutines\": how many there may be; \"waits\": true, if "
			     "they are meant to wait");
		return GB_EUSAGE;
	}
	if (!cJSON_GetObjectItemCaseSensitive(site, "reason"))
		return 0;
	return gb_amount_name(j, site, "reason", &ret->reason, err);
}

static int read_sites(const struct gb_json *j, const cJSON *sites, struct gb_service *s,
		      struct gb_err *err)
{
	const cJSON *site;
	int rc = gb_amount_array(j, sites, err);

	if (rc < 0)
		return rc;
	cJSON_ArrayForEach(site, sites)
	{
		struct gb_service_site *last;

		if ((rc = gb_grow((void **)&s->sites, &s->cap_sites, s->n_sites + 1,
				  sizeof(*s->sites), MAX_SITES, err)) < 0)
			return rc;
		last = &s->sites[s->n_sites++];
		*last = (struct gb_service_site){ 0 };
		if ((rc = read_site(j, site, last, err)) < 0)
			return rc;
		for (size_t i = 0; i + 1 < s->n_sites; i++) {
			if (strcmp(s->sites[i].created_by, last->created_by) == 0)
				return gb_json_fail(j, site, err,
						    "\"%.200s\" stands in line %zu already",
						    last->created_by, s->sites[i].line);
		}
	}
	return 0;
}

static int read_service(const struct gb_json *j, struct gb_service *s, struct gb_err *err)
{
	static const char *const keys[] = { "$schema",	 "goroutines", "blocked", "proven",
					    "live_heap", "growth",     "sites",	  NULL };
	const cJSON *item;
	const char *text;
	int rc;

	if ((rc = gb_amount_object(j, j->root, err)) < 0 ||
	    (rc = gb_json_only_keys(j, j->root, keys, err)) < 0)
		return rc;
	cJSON_ArrayForEach(item, j->root)
	{
		const char *key = item->string;

		if (!strcmp(key, "$schema"))
			rc = gb_amount_text(j, item, &text, err);
		else if (!strcmp(key, "goroutines"))
			rc = gb_amount_whole(j, item, &s->goroutines, err);
		else if (!strcmp(key, "blocked"))
			rc = read_blocked(j, item, s, err);
		else if (!strcmp(key, "proven"))
			rc = gb_amount_whole(j, item, &s->proven, err);
		else if (!strcmp(key, "live_heap"))
			rc = read_size(j, item, &s->live_heap, err);
		else if (!strcmp(key, "growth"))
			rc = read_growth(j, item, s, err);
		else
			rc = read_sites(j, item, s, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int gb_service_parse(const char *name, const char *text, size_t len, struct gb_service **ret,
		     struct gb_err *err)
{
	_json_ struct gb_json *j = NULL;
	_service_ struct gb_service *s = NULL;
	int rc;

	if (len > GB_MAX_POLICY_FILE)
		return gb_fail(err, GB_ELIMIT, "%s exceeds %zu bytes", name, GB_MAX_POLICY_FILE);
	if ((rc = gb_json_parse(name, text, len, &j, err)) < 0 ||
	    (rc = gb_service_default(&s, err)) < 0)
		return rc;
	if (!(s->path = gb_strdup(name)))
		return gb_fail_nomem(err);
	if ((rc = read_service(j, s, err)) < 0)
		return rc;
	*ret = GB_TAKE(s);
	return 0;
}

int gb_service_load(const char *path, struct gb_service **ret, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_POLICY_FILE);
	int rc = gb_fs_read(path, &text, err);

	return rc < 0 ? rc : gb_service_parse(path, text.data, text.len, ret, err);
}

int gb_service_rule(const struct gb_service *s, const char *func, size_t *ret, struct gb_err *err)
{
	_free_ char *outer = gb_strndup(func, gb_fingerprint_func(func));
	size_t rule = 0;

	if (!outer)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < s->n_sites && *func && !rule; i++) {
		const char *pattern = s->sites[i].created_by;

		/* "F[...]" is a name and no class of characters. */
		if (gb_streq(pattern, func) || gb_glob(pattern, func) || gb_streq(pattern, outer) ||
		    gb_glob(pattern, outer))
			rule = i + 1;
	}
	*ret = rule;
	return 0;
}
