#include "cmd/alarm_plan.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/alarms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_DIGITS    8
#define METRIC_DIGITS 24
#define SHARED_DIGITS ((size_t)12) /* of a metric's key are enough among those of one issue */

static const char comment[] = "<!-- shared by";

int alarm_prefix(const char *key, char ret[GB_KEY_MAX + 1], struct gb_err *err)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;
	char hex[GB_HASH_HEX + 1];
	int rc;

	gb_hash_text(&h, key);
	if ((rc = gb_hash_end(&h, hex, err)) < 0)
		return rc;
	(void)snprintf(ret, GB_KEY_MAX + 1, "alarm-%.*s-", KEY_DIGITS, hex);
	return 0;
}

int alarm_key(const char *prefix, const struct gb_alarm *a, char ret[GB_KEY_MAX + 1],
	      struct gb_err *err)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;
	char hex[GB_HASH_HEX + 1];
	int rc;

	gb_hash_text(&h, a->package);
	gb_hash_text(&h, a->test);
	gb_hash_text(&h, gb_metrics[a->metric].name);
	if ((rc = gb_hash_end(&h, hex, err)) < 0)
		return rc;
	(void)snprintf(ret, GB_KEY_MAX + 1, "%.30s%.*s", prefix, METRIC_DIGITS, hex);
	return 0;
}

void alarm_shared_key(const char *prefix, char ret[GB_KEY_MAX + 1])
{
	(void)snprintf(ret, GB_KEY_MAX + 1, "%.30sshared", prefix);
}

void alarm_unmeasured_key(const char *prefix, char ret[GB_KEY_MAX + 1])
{
	(void)snprintf(ret, GB_KEY_MAX + 1, "%.30sunmeasured", prefix);
}

static const char *short_of(const char *key, char ret[SHARED_DIGITS + 1])
{
	const char *dash = strrchr(key, '-');

	(void)snprintf(ret, SHARED_DIGITS + 1, "%s", dash ? dash + 1 : key);
	return ret;
}

static bool is_open(const struct alarm_planning *p, const char *key)
{
	for (size_t i = 0; i < p->open->n; i++)
		if (strcmp(p->open->v[i].item.marker.key, key) == 0)
			return true;
	return false;
}

/* Those of the night, but for the two that are of no metric. */
static size_t made_tonight(const struct alarm_planning *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->open->n; i++) {
		const struct gb_issue_entry *x = &p->open->v[i];

		n += strcmp(x->created, p->night) >= 0 && !gb_ends(x->item.marker.key, "-shared") &&
		     !gb_ends(x->item.marker.key, "-unmeasured");
	}
	return n;
}

/* One too many is closed as not planned, too: but the one that stayed is open, or was closed later. */
bool alarm_is_quiet(const struct gb_issue_entries *closed, const char *key)
{
	const struct gb_issue_entry *last = NULL;

	for (size_t i = 0; i < closed->n; i++) {
		const struct gb_issue_entry *x = &closed->v[i];

		if (strcmp(x->item.marker.key, key) == 0 &&
		    (!last || strcmp(x->closed, last->closed) > 0))
			last = x;
	}
	return last && last->declined;
}

void alarm_plan(const struct alarm_planning *p, enum alarm_place *ret)
{
	size_t made = made_tonight(p);
	char end[SHARED_DIGITS + 1];

	for (size_t i = 0; i < p->n; i++) {
		if (is_open(p, p->keys[i])) {
			ret[i] = ALARM_KEEPS;
		} else if (alarm_is_quiet(p->closed, p->keys[i])) {
			ret[i] = ALARM_QUIET;
		} else if (made < p->most &&
			   !gb_strlist_has(p->shared, short_of(p->keys[i], end))) {
			ret[i] = ALARM_OPENS;
			made++;
		} else {
			ret[i] = ALARM_SHARES;
		}
	}
}

void alarm_add_shared(struct gb_buf *out, const char (*keys)[GB_KEY_MAX + 1], const size_t *which,
		      size_t n)
{
	char end[SHARED_DIGITS + 1];

	gb_buf_addf(out, "\n%s", comment);
	for (size_t i = 0; i < n && i < ALARM_SHARED; i++)
		gb_buf_addf(out, " %s", short_of(keys[which[i]], end));
	gb_buf_adds(out, " -->\n");
}

int alarm_read_shared(const struct gb_sticky_item *item, struct gb_strlist *ret, struct gb_err *err)
{
	const char *at = strstr(item->body, comment);
	int rc = 0;

	if (!at || !gb_marker_is_whole(item->body, &item->marker))
		return 0;
	at += strlen(comment);
	for (size_t n = 0; *at == ' ' && rc >= 0 && n < ALARM_SHARED; n++) {
		size_t len = strspn(++at, "0123456789abcdef");
		char word[SHARED_DIGITS + 1];

		if (len != SHARED_DIGITS)
			break;
		memcpy(word, at, len);
		word[len] = '\0';
		rc = gb_strlist_add(ret, word, err);
		at += len;
	}
	return rc;
}
