/* Rounds of looking and doing until nothing is left to do.  See sticky.h. */
#include "github/sticky.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>

/* Enough for a few jobs at once; each round but the last does something. */
#define MAX_ROUNDS 12

void gb_sticky_items_release(struct gb_sticky_items *items)
{
	for (size_t i = 0; i < items->n; i++) {
		free(items->v[i].body);
		free(items->v[i].url);
	}
	free(items->v);
	*items = (struct gb_sticky_items){ 0 };
}

int gb_sticky_add(struct gb_sticky_items *items, int64_t id, const char *body, const char *url,
		  const char *login, const char *author, const char *key, struct gb_err *err)
{
	struct gb_sticky_item x = { .id = id };
	int rc;

	if (!body || !login || !gb_streq(login, author) || !gb_marker_read(body, &x.marker) ||
	    !gb_streq(x.marker.key, key))
		return 0;
	rc = gb_grow((void **)&items->v, &items->cap, items->n + 1, sizeof(*items->v),
		     GB_MAX_STICKY, err);
	if (rc < 0)
		return rc;
	x.body = gb_strdup(body);
	x.url = gb_strdup(url);
	if (!x.body || (url && !x.url)) {
		free(x.body);
		free(x.url);
		return gb_fail_nomem(err);
	}
	items->v[items->n++] = x;
	return 0;
}

/* Does this one say what the marker stands for? */
static bool says(const struct gb_sticky_item *x, const struct gb_marker *m)
{
	return x->marker.digest == m->digest && gb_streq(x->marker.head, m->head) &&
	       gb_marker_is_whole(x->body, &x->marker);
}

/* Is what this one says worth more than what we have to say? */
static bool outranks(const struct gb_sticky_item *x, const struct gb_sticky *s,
		     enum gb_sticky_done *ret)
{
	int order = gb_marker_order(&x->marker, &s->marker);

	/* What is run by hand has no number: it is about now.  What somebody edited is not theirs. */
	if (s->marker.run == 0 || order < 0 || !gb_marker_is_whole(x->body, &x->marker))
		return false;
	*ret = order > 0 ? GB_STICKY_NEWER : GB_STICKY_WORSE;
	return order > 0 || (x->marker.status != 0 && s->marker.status == 0);
}

struct gb_sticky_step gb_sticky_next(const struct gb_sticky *s, const struct gb_sticky_items *items)
{
	struct gb_sticky_step step = { .act = GB_ACT_NONE, .done = GB_STICKY_SILENT };
	const struct gb_sticky_item *stays = NULL, *newest = NULL, *extra = NULL;
	const struct gb_marker *truth = &s->marker;
	const char *body = s->body;
	enum gb_sticky_done done;

	for (size_t i = 0; i < items->n; i++) {
		const struct gb_sticky_item *x = &items->v[i];
		int order = newest ? gb_marker_order(&x->marker, &newest->marker) : 1;

		if (!stays || x->id < stays->id)
			stays = x;
		if (order > 0 || (order == 0 && x->id < newest->id))
			newest = x;
	}
	if (!stays) {
		step.act = s->create ? GB_ACT_CREATE : GB_ACT_NONE;
		return step;
	}
	step.stays = stays;
	step.done = GB_STICKY_SAME;
	if (outranks(newest, s, &done)) {
		truth = &newest->marker;
		body = newest->body;
		step.done = done;
	}
	for (size_t i = 0; i < items->n && !extra; i++)
		extra = &items->v[i] != stays ? &items->v[i] : NULL;
	if (!says(stays, truth)) {
		step.act = GB_ACT_UPDATE;
		step.id = stays->id;
		step.body = body;
	} else if (extra) {
		step.act = GB_ACT_REMOVE;
		step.id = extra->id;
	}
	return step;
}

/* What we made a moment ago may not be listed yet, and must not be made twice. */
static int remember(struct gb_sticky_items *items, const struct gb_sticky *s, int64_t id,
		    const char *url, struct gb_err *err)
{
	for (size_t i = 0; i < items->n; i++) {
		if (items->v[i].id == id)
			return 0;
	}
	/* Listed are others: then it is gone, taken for the one too many that it was. */
	if (items->n > 0)
		return 0;
	return gb_sticky_add(items, id, s->body, url, "", "", s->marker.key, err);
}

struct state {
	const struct gb_sticky *s;
	const struct gb_sticky_ops *ops;
	int64_t created;
	char *created_url;
	bool wrote, gone;
	int creates;
};

static int create(struct state *t, struct gb_err *err)
{
	bool unknown = false;
	int rc;

	if (t->creates > 0 && (rc = t->ops->pause(t->ops->arg, t->creates - 1, err)) < 0)
		return rc;
	t->creates++;
	free(GB_TAKE(t->created_url));
	rc = t->ops->create(t->ops->arg, t->s->body, &t->created, &t->created_url, &unknown, err);
	/* A round more: the list says whether it was done. */
	return rc == GB_ETIME && unknown ? 0 : rc;
}

static int act(struct state *t, const struct gb_sticky_step *step, struct gb_err *err)
{
	int rc = 0;

	if (step->act == GB_ACT_CREATE)
		return create(t, err);
	if (step->act == GB_ACT_UPDATE) {
		rc = t->ops->update(t->ops->arg, step->id, step->body, err);
		t->wrote = t->wrote || (rc >= 0 && step->body == t->s->body);
		/* It was ours and is no more: what we remember of it is no more either. */
		t->created = rc == GB_ENOTFOUND && t->created == step->id ? 0 : t->created;
	} else if (step->act == GB_ACT_REMOVE) {
		rc = t->ops->remove(t->ops->arg, step->id, err);
	}
	return rc == GB_ENOTFOUND ? 0 : rc;
}

static int finish(struct state *t, const struct gb_sticky_step *step, struct gb_sticky_result *ret,
		  struct gb_err *err)
{
	struct gb_sticky_result r = { .done = step->done };

	if (step->stays) {
		r.id = step->stays->id;
		r.url = gb_strdup(step->stays->url);
		if (step->stays->url && !r.url)
			return gb_fail_nomem(err);
	}
	if (step->done == GB_STICKY_SAME && t->created && r.id == t->created)
		r.done = GB_STICKY_CREATED;
	else if (step->done == GB_STICKY_SAME && t->wrote)
		r.done = GB_STICKY_UPDATED;
	else if (step->done == GB_STICKY_SILENT && t->wrote)
		r.done = GB_STICKY_UPDATED;
	*ret = r;
	return 0;
}

int gb_sticky_put(const struct gb_sticky *s, const struct gb_sticky_ops *ops,
		  struct gb_sticky_result *ret, struct gb_err *err)
{
	struct state t = { .s = s, .ops = ops };
	int rc = 0;
	bool done = false;

	for (int round = 0; rc >= 0 && !done && round < MAX_ROUNDS; round++) {
		struct gb_sticky_items items = { 0 };
		struct gb_sticky_step step;

		rc = ops->list(ops->arg, &items, err);
		if (rc >= 0 && t.created)
			rc = remember(&items, s, t.created, t.created_url, err);
		if (rc >= 0) {
			step = gb_sticky_next(s, &items);
			done = step.act == GB_ACT_NONE;
			rc = done ? finish(&t, &step, ret, err) : act(&t, &step, err);
		}
		gb_sticky_items_release(&items);
	}
	free(t.created_url);
	if (rc >= 0 && !done)
		rc = gb_fail(err, GB_ETIME, "others keep changing what is to be kept up to date");
	return rc < 0 ? rc : 0;
}
