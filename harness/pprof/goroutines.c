/* Goroutines as text.  See goroutines.h. */
#include "pprof/goroutines.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_MINUTES INT64_C(1000000000)

/* The text, a copy of it that is cut into strings line by line. */
struct reader {
	char *next, *end;
	struct gb_goroutine g;
	struct gb_goroutine_frame frames[GB_MAX_FRAMES];
	bool open; /* a goroutine has begun and was not handed on yet */
	int (*on_goroutine)(void *arg, const struct gb_goroutine *g, struct gb_err *err);
	void *arg;
};

/* The next line without its end, or NULL; *ret_whole: it has one. */
static char *next_line(struct reader *r, bool *ret_whole)
{
	char *line = r->next, *newline;

	if (line >= r->end)
		return NULL;
	newline = memchr(line, '\n', (size_t)(r->end - line));
	*ret_whole = newline != NULL;
	if (!newline) {
		r->next = r->end;
		return line;
	}
	*newline = 0;
	if (newline > line && newline[-1] == '\r')
		newline[-1] = 0;
	r->next = newline + 1;
	return line;
}

static bool read_number(const char **p, int64_t max, int64_t *ret)
{
	const char *s = *p;
	int64_t n = 0;

	if (*s < '0' || *s > '9')
		return false;
	for (; *s >= '0' && *s <= '9'; s++) {
		n = n * 10 + (*s - '0');
		if (n > max)
			return false;
	}
	*p = s;
	*ret = n;
	return true;
}

/* "5 minutes", "locked to thread", "synctest bubble 3": what follows a state. */
static void read_remark(struct gb_goroutine *g, const char *remark)
{
	int64_t minutes;

	if (read_number(&remark, MAX_MINUTES, &minutes) && gb_starts(remark, " minute"))
		g->minutes = minutes;
}

/* "chan receive (nil chan), 5 minutes": cut apart where it stands. */
static void read_state(struct gb_goroutine *g, char *state)
{
	char *rest = strstr(state, ", "), *paren;

	if (rest) {
		*rest = 0;
		rest += 2;
	}
	while (rest) {
		char *more = strstr(rest, ", ");

		if (more)
			*more = 0;
		read_remark(g, rest);
		rest = more ? more + 2 : NULL;
	}
	paren = strstr(state, " (");
	if (paren) {
		g->leaked = strstr(paren, "(leaked)") != NULL;
		g->never = strstr(paren, "(nil chan)") || strstr(paren, "(no cases)");
		*paren = 0;
	}
	g->state = state;
}

/* "goroutine 18 gp=0xc000 m=nil [select, 2 minutes] {a: b}:", and nothing else. */
static bool read_header(char *line, struct gb_goroutine *ret)
{
	struct gb_goroutine g = { .state = "", .created = { "", "", 0 } };
	const char *p = line + strlen("goroutine ");
	char *state, *close;

	if (!gb_starts(line, "goroutine ") || !read_number(&p, INT64_MAX / 10 - 9, &g.id) ||
	    *p != ' ' || !gb_ends(p, ":"))
		return false;
	state = strchr(p, '[');
	close = state ? strchr(state, ']') : NULL;
	if (!close)
		return false;
	*close = 0;
	read_state(&g, state + 1);
	*ret = g;
	return true;
}

/* "\t/src/main.go:12 +0x25" into a frame; folders may have blanks in their names. */
static bool read_place(char *line, struct gb_goroutine_frame *f)
{
	char *colon = line[0] == '\t' ? strrchr(line, ':') : NULL;
	const char *after = colon ? colon + 1 : "";
	int64_t n;

	if (!colon || !read_number(&after, INT32_MAX, &n) || (*after && *after != ' '))
		return false;
	*colon = 0;
	f->file = line + 1;
	f->line = (int)n;
	return true;
}

/* "main.(*T).F[...](0x1, {...})" loses its arguments; they have no parentheses of their own. */
static bool read_function(char *line, struct gb_goroutine_frame *f)
{
	char *paren = strrchr(line, '(');

	if (!paren || paren == line || !gb_ends(paren, ")"))
		return false;
	*paren = 0;
	*f = (struct gb_goroutine_frame){ line, "", 0 };
	return true;
}

static void read_created(char *line, struct gb_goroutine_frame *f)
{
	char *by = line + strlen("created by "), *in = strstr(by, " in goroutine ");

	if (in)
		*in = 0;
	*f = (struct gb_goroutine_frame){ by, "", 0 };
}

static int hand_on(struct reader *r, size_t *n, struct gb_err *err)
{
	int rc = 0;

	if (r->open) {
		r->g.frames = r->frames;
		rc = r->on_goroutine(r->arg, &r->g, err);
		*n += 1;
	}
	r->open = false;
	return rc;
}

/* Lines up to the next goroutine.  *ret_whole: the last of them had its end. */
static int walk(struct reader *r, const char *name, struct gb_goroutines_text *ret,
		struct gb_err *err)
{
	struct gb_goroutine_frame *last = NULL; /* whose file may come */
	bool whole = true, theirs = true;	/* false: stacks of ancestors */
	struct gb_goroutine g;
	char *line;
	int rc = 0;

	while (rc >= 0 && (line = next_line(r, &whole))) {
		struct gb_goroutine_frame f;

		if (!whole)
			break;
		if (read_header(line, &g)) {
			rc = hand_on(r, &ret->n, err);
			r->g = g;
			r->open = theirs = true;
			last = NULL;
		} else if (!r->open && *line) {
			gb_fail(err, GB_EPARSE, "%s is not what Go prints of goroutines", name);
			gb_hint(err, "it begins \"%.60s\"", line);
			return GB_EPARSE;
		} else if (last && read_place(line, last)) {
			last = NULL;
		} else if (gb_starts(line, "[originating from goroutine ")) {
			theirs = false;
			last = NULL;
		} else if (gb_starts(line, "created by ") && theirs) {
			read_created(line, &r->g.created);
			last = &r->g.created;
		} else if (theirs && r->open && read_function(line, &f)) {
			last = NULL;
			if (r->g.n_frames < GB_MAX_FRAMES) {
				last = &r->frames[r->g.n_frames++];
				*last = f;
			}
		} else {
			last = NULL;
		}
	}
	ret->cut = !whole;
	/* Its creator stands at the end, so one that is cut would go to the wrong site. */
	if (rc >= 0 && whole)
		rc = hand_on(r, &ret->n, err);
	return rc;
}

int gb_goroutines_walk(const char *name, const char *text, size_t len,
		       int (*on_goroutine)(void *arg, const struct gb_goroutine *g,
					   struct gb_err *err),
		       void *arg, struct gb_goroutines_text *ret, struct gb_err *err)
{
	_free_ char *copy = gb_strndup(text, len);
	_free_ struct reader *r = gb_calloc(1, sizeof(*r));
	struct gb_goroutines_text t = { 0 };
	int rc;

	if (!copy || !r)
		return gb_fail_nomem(err);
	r->next = copy;
	r->end = copy + len;
	r->on_goroutine = on_goroutine;
	r->arg = arg;
	rc = walk(r, name, &t, err);
	if (rc < 0)
		return rc;
	if (t.n == 0 && !t.cut)
		return gb_fail(err, GB_EPARSE, "%s is not what Go prints of goroutines", name);
	t.cut = t.cut || len >= GB_GOROUTINES_TEXT_MAX;
	*ret = t;
	return 0;
}
