/* Goroutines of a service, grouped.  See capture.h. */
#include "budget/capture.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "pprof/goroutines.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

/* As many as this are looked at one by one; what is beyond is one group without a place. */
#define OTHERS "(other places)"

struct entry {
	char *key;
	size_t group;
	UT_hash_handle hh;
};

static void release_site(struct gb_site *s)
{
	free(s->func);
	free(s->file);
}

void gb_capture_groups_release(struct gb_capturing *c)
{
	struct entry *head = c->by_key, *e, *next;

	HASH_ITER(hh, head, e, next)
	{
		HASH_DEL(head, e);
		free(e->key);
		free(e);
	}
	c->by_key = NULL;
	for (size_t i = 0; i < c->n_groups; i++) {
		struct gb_capture_group *g = &c->groups[i];

		release_site(&g->created);
		release_site(&g->where);
		free(g->state);
		free(g->count);
		free(g->blocked);
	}
	free(c->groups);
	c->groups = NULL;
	c->n_groups = 0;
}

/* Does the file's folder end in "/src/NAME" or, with -trimpath, is it NAME?  `len` of both. */
static bool lies_in(const char *file, size_t folder, const char *name, size_t len)
{
	if (folder < len || strncmp(file + folder - len, name, len) != 0)
		return false;
	return folder == len ||
	       (folder > len + 4 && strncmp(file + folder - len - 5, "/src/", 5) == 0);
}

/* The library's functions lie in a folder of their package's name, and no package of its has a dot
 * in its path.  What is linked by another name lies in the runtime: internal/poll.runtime_pollWait. */
bool gb_capture_is_library(const char *function, const char *file)
{
	size_t first = strcspn(function, "/(["), path = 0, folder;
	const char *slash = strrchr(file, '/');

	if (gb_starts(function, "main."))
		return false;
	if (function[first] == '/' && memchr(function, '.', first))
		return false;
	for (size_t i = 0; function[i] && function[i] != '(' && function[i] != '['; i++) {
		if (function[i] == '/')
			path = i;
	}
	path += strcspn(function + path, ".");
	if (!slash)
		return true;
	folder = (size_t)(slash - file);
	return lies_in(file, folder, function, path) ||
	       lies_in(file, folder, "runtime", strlen("runtime"));
}

static const struct gb_goroutine_frame *place(const struct gb_goroutine *g)
{
	for (size_t i = 0; i < g->n_frames; i++) {
		if (!gb_capture_is_library(g->frames[i].function, g->frames[i].file))
			return &g->frames[i];
	}
	return g->n_frames ? &g->frames[g->n_frames - 1] : &g->created;
}

static int copy_site(struct gb_site *ret, const struct gb_goroutine_frame *f, struct gb_err *err)
{
	ret->func = gb_strdup(f->function);
	ret->file = gb_strdup(f->file);
	ret->line = f->line;
	return ret->func && ret->file ? 0 : gb_fail_nomem(err);
}

static int add_group(struct gb_capturing *c, const struct gb_goroutine *g,
		     const struct gb_goroutine_frame *where, struct gb_err *err)
{
	struct gb_capture_group *ret;
	int rc = gb_grow((void **)&c->groups, &c->cap_groups, c->n_groups + 1, sizeof(*c->groups),
			 GB_MAX_CAPTURE_GROUPS + 1, err);

	if (rc < 0)
		return rc;
	ret = &c->groups[c->n_groups++];
	*ret = (struct gb_capture_group){ .main = !*g->created.function };
	ret->count = gb_calloc(c->most_shots, sizeof(*ret->count));
	ret->blocked = gb_calloc(c->most_shots, sizeof(*ret->blocked));
	ret->state = gb_strdup(g->state);
	if (!ret->count || !ret->blocked || !ret->state)
		return gb_fail_nomem(err);
	if ((rc = copy_site(&ret->created, &g->created, err)) < 0 ||
	    (rc = copy_site(&ret->where, where, err)) < 0)
		return rc;
	return gb_service_rule(c->budget, ret->created.func, &ret->rule, err);
}

static int find_group(struct gb_capturing *c, const struct gb_goroutine *g, size_t *ret,
		      struct gb_err *err)
{
	static const struct gb_goroutine others = { .state = "", .created = { OTHERS, "", 0 } };
	_buf_ struct gb_buf key = GB_BUF_INIT(GB_MIB);
	const struct gb_goroutine_frame *where = place(g);
	struct entry *head = c->by_key, *e;
	int rc;

	gb_buf_addf(&key, "%s\x1f%s\x1f%d\x1f%s\x1f%s\x1f%s\x1f%d", g->created.function,
		    g->created.file, g->created.line, g->state, where->function, where->file,
		    where->line);
	if (key.nomem)
		return gb_fail_nomem(err);
	/* A place that is known stays what it is, whatever came since. */
	HASH_FIND_STR(head, key.data, e);
	if (!e && (c->n_groups >= GB_MAX_CAPTURE_GROUPS || key.failed)) {
		gb_buf_clear(&key);
		gb_buf_adds(&key, OTHERS);
	}
	if (key.failed)
		return gb_buf_error(&key, "the goroutines of a place", err);
	HASH_FIND_STR(head, key.data, e);
	if (e) {
		*ret = e->group;
		return 0;
	}
	if (strcmp(key.data, OTHERS) == 0)
		rc = add_group(c, &others, &others.created, err);
	else
		rc = add_group(c, g, where, err);
	if (rc < 0)
		return rc;
	if (!(e = gb_calloc(1, sizeof(*e))) || !(e->key = gb_strdup(key.data))) {
		free(e);
		return gb_fail_nomem(err);
	}
	e->group = c->n_groups - 1;
	HASH_ADD_KEYPTR(hh, head, e->key, strlen(e->key), e);
	c->by_key = head;
	*ret = e->group;
	return 0;
}

static bool waits_for_others(const char *state)
{
	return gb_starts(state, "chan ") || gb_starts(state, "select") ||
	       gb_starts(state, "sync.") || gb_starts(state, "semacquire");
}

static int on_goroutine(void *arg, const struct gb_goroutine *g, struct gb_err *err)
{
	struct gb_capturing *c = arg;
	const struct gb_service *b = c->budget;
	size_t shot = c->n_shots - 1, i = 0;
	struct gb_capture_group *to;
	int rc = find_group(c, g, &i, err);

	if (rc < 0)
		return rc;
	to = &c->groups[i];
	to->count[shot]++;
	to->minutes = g->minutes > to->minutes ? g->minutes : to->minutes;
	to->leaked = to->leaked || g->leaked;
	to->never = to->never || g->never;
	if (b->blocked != GB_SERVICE_NONE && g->minutes >= b->longer_min &&
	    waits_for_others(g->state) && *g->created.function &&
	    !(to->rule && b->sites[to->rule - 1].waits)) {
		to->blocked[shot]++;
		c->shots[shot].blocked++;
	}
	return 0;
}

int gb_capture_add_stacks(struct gb_capturing *c, const char *name, const char *text, size_t len,
			  struct gb_err *err)
{
	struct gb_capture_shot *shot = &c->shots[c->n_shots - 1];
	struct gb_goroutines_text told = { 0 };
	int rc;

	shot->blocked = 0;
	rc = gb_goroutines_walk(name, text, len, on_goroutine, c, &told, err);
	if (rc < 0)
		return rc;
	shot->value[GB_CAPTURE_STACKS] = (int64_t)told.n;
	shot->cut = told.cut;
	return 0;
}
