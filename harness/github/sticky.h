/*
 * sticky - one text of ours that stays true: of any number of jobs, killed at any moment.
 *
 * Ours is what has our marker (marker.h) with our key on its first line and our login as its
 * author.  Each round lists what is there and does the next step towards the goal; it ends when
 * a list shows that nothing is left to do:
 *
 *  - none of ours: create, if that is wanted (silent mode only brings an old one up to date)
 *  - the one with the lowest id stays, and says what the newest run said; the others go
 *  - same digest, as we wrote it: nothing is done.  A newer run has written: neither
 *  - another job of the same run found trouble where ours found none: it stays.  They share a key by
 *    mistake, and green must not hide red
 *  - nobody knows whether a create was done: wait, and list again first
 *  - what vanished before an update is made anew in the next round
 *
 * Comments and issues are kept this way; what differs is in the four operations.
 */
#ifndef GB_GITHUB_STICKY_H
#define GB_GITHUB_STICKY_H

#include "github/marker.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;

struct gb_sticky_item {
	int64_t id;
	char *body, *url; /* url: the page for people; may be NULL */
	struct gb_marker marker;
};

struct gb_sticky_items {
	struct gb_sticky_item *v; /* ours alone */
	size_t n, cap;
};

/* Adds an entry of a list if it is ours. */
int gb_sticky_add(struct gb_sticky_items *items, int64_t id, const char *body, const char *url,
		  const char *login, const char *author, const char *key, struct gb_err *err);
void gb_sticky_items_release(struct gb_sticky_items *items);

enum gb_sticky_done {
	GB_STICKY_SILENT, /* none there, and none wanted */
	GB_STICKY_SAME,
	GB_STICKY_NEWER, /* a newer run has written */
	GB_STICKY_WORSE, /* another job of this run has, and found trouble */
	GB_STICKY_CREATED,
	GB_STICKY_UPDATED,
};

struct gb_sticky_ops {
	/* Adds all of ours to `ret`. */
	int (*list)(void *arg, struct gb_sticky_items *ret, struct gb_err *err);
	/* GB_ETIME with *ret_unknown: it may have been done.  The caller frees *ret_url. */
	int (*create)(void *arg, const char *body, int64_t *ret_id, char **ret_url,
		      bool *ret_unknown, struct gb_err *err);
	/* GB_ENOTFOUND: it is no more. */
	int (*update)(void *arg, int64_t id, const char *body, struct gb_err *err);
	int (*remove)(void *arg, int64_t id, struct gb_err *err);
	/* Waits before a create is tried again; GB_ETIME: no more. */
	int (*pause)(void *arg, int tries, struct gb_err *err);
	void *arg;
};

struct gb_sticky {
	struct gb_marker marker; /* ours; `text` is set by gb_marker_write() */
	const char *body;	 /* marker and text */
	bool create;		 /* where there is none */
};

struct gb_sticky_result {
	enum gb_sticky_done done;
	int64_t id; /* 0: there is none */
	char *url;  /* or NULL; the caller frees */
};

int gb_sticky_put(const struct gb_sticky *s, const struct gb_sticky_ops *ops,
		  struct gb_sticky_result *ret, struct gb_err *err);

/* The next step, for what is listed.  Pure. */
enum gb_sticky_act { GB_ACT_NONE, GB_ACT_CREATE, GB_ACT_UPDATE, GB_ACT_REMOVE };

struct gb_sticky_step {
	enum gb_sticky_act act;
	int64_t id;			    /* of update and remove */
	const char *body;		    /* of update: ours, or a newer one's; borrowed */
	enum gb_sticky_done done;	    /* of none */
	const struct gb_sticky_item *stays; /* of none; or NULL */
};

struct gb_sticky_step gb_sticky_next(const struct gb_sticky *s,
				     const struct gb_sticky_items *items);

#endif
