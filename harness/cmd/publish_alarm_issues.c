/*
 * One issue for each metric that is broken (alarm_plan.h), opened, kept up to date, closed.
 *
 * All that is open is listed once; what is already said costs no request.  Writes are a second apart
 * and end after a minute, so what matters most comes first: what is opened, what is shared, what is
 * closed, what only changes its numbers.  The next night does what was left.
 */
#include "cmd/publish.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/alarm_plan.h"
#include "report/markdown.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NIGHT_SECONDS ((int64_t)20 * 3600)
#define BODY_MAX      (GB_MAX_MARKDOWN - (size_t)4096) /* marker and footer come on top */
#define SHARED_MAX    (BODY_MAX - ALARM_SHARED * 13 - (size_t)64)
#define TRIES	      3 /* that fail for good, and no more are made */

struct putting {
	struct gb_publish *p;
	struct gb_issue issue;
	struct gb_issue_entries open, closed;
	char prefix[GB_KEY_MAX + 1];
	char (*keys)[GB_KEY_MAX + 1]; /* of all of p->told.v */
	enum alarm_place *place;      /* of the broken ones */
	char *repository;	      /* "https://github.com/octo/shop" */
	size_t failed;
	bool over; /* GitHub takes no more now */
};

struct saying {
	const char *key, *title;
	const struct gb_buf *text;
	bool solved;
};

static bool is_open(const struct putting *t, const char *key)
{
	for (size_t i = 0; i < t->open.n; i++)
		if (strcmp(t->open.v[i].item.marker.key, key) == 0)
			return true;
	return false;
}

/* Is there anything to do?  Of what is listed; the items stay the list's. */
static bool has_work(const struct putting *t, const struct gb_sticky *s)
{
	_free_ struct gb_sticky_item *v = gb_calloc(t->open.n + 1, sizeof(*v));
	struct gb_sticky_items items = { .v = v };

	for (size_t i = 0; v && i < t->open.n; i++)
		if (strcmp(t->open.v[i].item.marker.key, s->marker.key) == 0)
			v[items.n++] = t->open.v[i].item;
	return !v || gb_sticky_next(s, &items).act != GB_ACT_NONE;
}

static int tell(struct putting *t, const struct gb_sticky_result *r, const struct saying *x,
		struct gb_err *err)
{
	_buf_ struct gb_buf line = GB_BUF_INIT(16 * GB_KIB);

	t->p->delivered = true;
	if (r->done != GB_STICKY_CREATED && r->done != GB_STICKY_UPDATED)
		return 0;
	gb_buf_addf(&line, "%s: ",
		    x->solved			   ? "closed"
		    : r->done == GB_STICKY_CREATED ? "opened"
						   : "brought up to date");
	gb_buf_adds(&line, r->url ? r->url : x->title);
	return publish_say(t->p, "issue", line.data, err);
}

/* Once GitHub will not have it, the others are not tried. */
static int failed(struct putting *t, int rc, const struct gb_err *why, struct gb_err *err)
{
	t->failed++;
	t->over = rc == GB_ETIME || t->failed >= TRIES;
	return publish_settle(t->p, "issue", rc, why, err);
}

static int put(struct putting *t, const struct saying *x, struct gb_err *err)
{
	_buf_ struct gb_buf body = GB_BUF_INIT(GB_MAX_REPORT), text = GB_BUF_INIT(GB_MAX_REPORT);
	const struct gb_publish *p = t->p;
	struct gb_sticky s = { .create = !x->solved };
	struct gb_sticky_result r = { 0 };
	struct gb_err why = GB_ERR_INIT;
	int rc;

	if (t->over)
		return 0;
	memcpy(s.marker.key, x->key, strlen(x->key) + 1);
	s.marker.status = !x->solved;
	s.marker.run = p->where.run;
	s.marker.attempt = p->where.attempt;
	s.marker.digest = gb_marker_digest(x->text->data);
	gb_buf_add(&body, x->text->data, x->text->len);
	publish_footer(p, &body);
	gb_marker_write(&s.marker, body.data, &text);
	if (x->text->failed || body.failed || text.failed)
		return gb_buf_error(&text, "an issue", err);
	s.body = text.data;
	if (!has_work(t, &s))
		return 0;
	t->issue.title = x->title;
	t->issue.solved = x->solved;
	rc = gb_issue_put(&t->issue, &s, &r, &why);
	rc = rc < 0 ? failed(t, rc, &why, err) : tell(t, &r, x, err);
	free(r.url);
	return rc;
}

static int put_metric(struct putting *t, size_t i, struct gb_err *err)
{
	const struct gb_alarm *a = &t->p->told.v[i];
	const struct gb_alarm_look look = { t->repository, BODY_MAX };
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_REPORT), title = GB_BUF_INIT(GB_MIB);
	struct saying x = { .key = t->keys[i], .text = &text };

	x.solved = a->kind == GB_ALARM_NONE;
	gb_alarm_markdown(&t->p->told, a, &look, &text);
	gb_buf_addf(&title, "%s: ", t->p->name);
	gb_alarm_title(a, &title);
	if (title.failed)
		return gb_buf_error(&title, "a title", err);
	x.title = title.data;
	return put(t, &x, err);
}

static int put_places(struct putting *t, enum alarm_place place, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < t->p->told.broken && rc >= 0; i++)
		if (t->place[i] == place)
			rc = put_metric(t, i, err);
	return rc;
}

static int put_shared(struct putting *t, struct gb_err *err)
{
	const struct gb_alarms *all = &t->p->told;
	const struct gb_alarm_look look = { t->repository, SHARED_MAX };
	_free_ size_t *which = gb_calloc(all->broken + 1, sizeof(*which));
	_free_ char *title = gb_asprintf("%s: more metrics that are broken", t->p->name);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_REPORT);
	char key[GB_KEY_MAX + 1];
	size_t n = 0;

	if (!which || !title)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < all->broken; i++)
		if (t->place[i] == ALARM_SHARES)
			which[n++] = i;
	alarm_shared_key(t->prefix, key);
	if (alarm_is_quiet(&t->closed, key) && !is_open(t, key))
		return 0;
	/* What is not in the file was not asked for: they may still be broken. */
	if (!n && (!is_open(t, key) || !all->whole))
		return 0;
	gb_alarms_markdown_rest(all, which, n, &look, &text);
	if (n)
		alarm_add_shared(&text, (const char(*)[GB_KEY_MAX + 1]) t->keys, which, n);
	return put(t, &(struct saying){ key, title, &text, n == 0 }, err);
}

/* The series of an open issue; n: none that was measured. */
static size_t series_of(const struct putting *t, const char *key)
{
	size_t i = 0;

	while (i < t->p->told.n && strcmp(t->keys[i], key) != 0)
		i++;
	return i;
}

static int put_closed(struct putting *t, struct gb_err *err)
{
	const struct gb_alarms *all = &t->p->told;
	_buf_ struct gb_buf gone = GB_BUF_INIT(GB_KIB), again = GB_BUF_INIT(GB_KIB);
	char shared[GB_KEY_MAX + 1], unmeasured[GB_KEY_MAX + 1];
	int rc = 0;

	alarm_shared_key(t->prefix, shared);
	alarm_unmeasured_key(t->prefix, unmeasured);
	gb_buf_adds(&gone, "### measured no more\n\nNo night that is known has this metric of this "
			   "test\n");
	gb_buf_adds(&again, "### there is a result again\n");
	for (size_t i = 0; i < t->open.n && rc >= 0; i++) {
		const char *key = t->open.v[i].item.marker.key;
		size_t at = series_of(t, key);

		if (strcmp(key, shared) == 0)
			continue;
		if (strcmp(key, unmeasured) == 0)
			rc = put(t, &(struct saying){ key, "a result", &again, true }, err);
		else if (at == all->n && all->whole)
			rc = put(t, &(struct saying){ key, "measured no more", &gone, true }, err);
		else if (at < all->n && all->v[at].kind == GB_ALARM_NONE)
			rc = put_metric(t, at, err);
	}
	return rc;
}

/* GitHub's own clock is near enough to ours. */
static int time_before(const struct gb_publish *p, int64_t seconds, char *out, size_t size,
		       struct gb_err *err)
{
	time_t begin = (time_t)(p->clock.wall_s(p->clock.arg) - seconds);
	struct tm tm;

	if (!gmtime_r(&begin, &tm) || !strftime(out, size, "%Y-%m-%dT%H:%M:%SZ", &tm))
		return gb_fail(err, GB_ESYS, "this machine has no time");
	return 0;
}

/* Where all that is broken has an issue, nobody needs to know what was closed. */
static int list_closed(struct putting *t, struct gb_err *err)
{
	const struct gb_alarms *all = &t->p->told;
	struct gb_err why = GB_ERR_INIT;
	char since[32];
	size_t i = 0;
	int rc;

	while (i < all->broken && is_open(t, t->keys[i]))
		i++;
	if (i == all->broken)
		return 0;
	rc = time_before(t->p, (int64_t)ALARM_QUIET_DAYS * 86400, since, sizeof(since), &why);
	if (rc >= 0)
		rc = gb_issue_list(&t->issue, t->prefix, since, &t->closed, &why);
	return rc < 0 ? failed(t, rc, &why, err) : 0;
}

static int say_quiet(struct putting *t, struct gb_err *err)
{
	_buf_ struct gb_buf line = GB_BUF_INIT(GB_KIB);
	size_t n = 0;

	for (size_t i = 0; i < t->p->told.broken; i++)
		n += t->place[i] == ALARM_QUIET;
	gb_buf_addf(&line, "%zu stay%s closed: somebody closed %s as not planned", n,
		    n == 1 ? "s" : "", n == 1 ? "it" : "them");
	return n ? publish_say(t->p, "issue", line.data, err) : 0;
}

static int plan(struct putting *t, struct gb_err *err)
{
	const struct gb_alarms *all = &t->p->told;
	_strlist_ struct gb_strlist shared = GB_STRLIST_INIT;
	char key[GB_KEY_MAX + 1], night[32];
	int rc = time_before(t->p, NIGHT_SECONDS, night, sizeof(night), err);

	t->keys = gb_calloc(all->n + 1, sizeof(*t->keys));
	t->place = gb_calloc(all->broken + 1, sizeof(*t->place));
	if (!t->keys || !t->place)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < all->n && rc >= 0; i++)
		rc = alarm_key(t->prefix, &all->v[i], t->keys[i], err);
	alarm_shared_key(t->prefix, key);
	for (size_t i = 0; i < t->open.n && rc >= 0; i++)
		if (strcmp(t->open.v[i].item.marker.key, key) == 0)
			rc = alarm_read_shared(&t->open.v[i].item, &shared, err);
	if (rc >= 0)
		rc = list_closed(t, err);
	if (rc >= 0)
		alarm_plan(&(struct alarm_planning){ .keys = (const char(*)[GB_KEY_MAX + 1])
								     t->keys,
						     .n = all->broken,
						     .open = &t->open,
						     .closed = &t->closed,
						     .shared = &shared,
						     .night = night,
						     .most = (size_t)t->p->most },
			   t->place);
	return rc;
}

static int put_all(struct putting *t, struct gb_err *err)
{
	int rc = plan(t, err);

	if (rc >= 0)
		rc = say_quiet(t, err);
	if (rc >= 0)
		rc = put_places(t, ALARM_OPENS, err);
	if (rc >= 0)
		rc = put_shared(t, err);
	if (rc >= 0)
		rc = put_closed(t, err);
	return rc < 0 ? rc : put_places(t, ALARM_KEEPS, err);
}

/* A night without a result is told as well: silence would look like good news. */
static int put_unmeasured(struct putting *t, const struct gb_err *unread, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_REPORT);
	_free_ char *title = gb_asprintf("%s: there is no result", t->p->name);
	char key[GB_KEY_MAX + 1];

	if (!title)
		return gb_fail_nomem(err);
	alarm_unmeasured_key(t->prefix, key);
	gb_buf_adds(&text, "### there is no result of this run\n\n");
	gb_md_prose(&text, unread->line);
	gb_buf_adds(&text, "\n\nWhat other issues say is of the night before. It is closed by the "
			   "first night that has a result\n");
	return put(t, &(struct saying){ key, title, &text, false }, err);
}

static int begin(struct putting *t, char **own, struct gb_err *why)
{
	struct gb_publish *p = t->p;
	int rc = alarm_prefix(p->key, t->prefix, why);

	t->issue = (struct gb_issue){ .rest = p->rest,
				      .repository = p->where.repository,
				      .label = p->label ? p->label : "gobudget" };
	/* As it stands in links. */
	if (!strpbrk(p->where.server, " \t\r\n\"'<>()[]&|`\\"))
		t->repository = gb_asprintf("%s/%s", p->where.server, p->where.repository);
	if (rc >= 0)
		t->issue.author = publish_author(p, own, &rc, why);
	return rc < 0 ? rc : gb_issue_list(&t->issue, t->prefix, NULL, &t->open, why);
}

int publish_alarm_issues(struct gb_publish *p, const struct gb_err *unread, struct gb_err *err)
{
	struct putting t = { .p = p };
	struct gb_err why = GB_ERR_INIT;
	_free_ char *own = NULL;
	int rc;

	if (!publish_ready(p, "issue", &rc, err))
		return rc;
	rc = begin(&t, &own, &why);
	if (rc < 0)
		rc = publish_settle(p, "issue", rc, &why, err);
	else
		rc = unread ? put_unmeasured(&t, unread, err) : put_all(&t, err);
	gb_issue_entries_release(&t.open);
	gb_issue_entries_release(&t.closed);
	free(t.issue.actual_author);
	free(t.keys);
	free(t.place);
	free(t.repository);
	return rc;
}
