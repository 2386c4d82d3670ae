#include "go/fingerprint.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool all_digits(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return len > 0;
}

/* "2", "func1", "gowrap1", "deferwrap2": what Go hangs on a function's name. */
static bool is_closure(const char *s, size_t len)
{
	static const char *const words[] = { "", "func", "gowrap", "deferwrap" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i]);

		if (len > n && memcmp(s, words[i], n) == 0 && all_digits(s + n, len - n))
			return true;
	}
	return false;
}

size_t gb_fingerprint_func(const char *func)
{
	size_t len = strlen(func);

	for (;;) {
		size_t at = len;

		/* "-fm" is a method value, "-range1" the body of a loop over a function. */
		while (at > 0 && !strchr(".-/", func[at - 1]))
			at--;
		if (at < 2 || func[at - 1] == '/')
			return len;
		const char *suffix = func + at;
		size_t n = len - at;
		bool dash = func[at - 1] == '-';
		if (dash ? !((n == 2 && memcmp(suffix, "fm", 2) == 0) ||
			     (n > 5 && memcmp(suffix, "range", 5) == 0))
			 : !is_closure(suffix, n))
			return len;
		len = at - 1;
	}
}

/* The same wait by one name: until Go 1.25 a WaitGroup's was "semacquire", and whether one that
 * computes is on a processor at the moment is chance. */
static const char *state_of(const struct gb_group *g)
{
	const char *state = g->state ? g->state : "";

	if (strcmp(state, "runnable") == 0)
		return "running";
	if (strcmp(state, "semacquire") == 0)
		for (size_t i = 0; i < g->n_frames && i < 3; i++)
			if (gb_streq(g->frames[i].func, "sync.(*WaitGroup).Wait"))
				return "sync.WaitGroup.Wait";
	return state;
}

static void add_func(struct gb_buf *out, const char *func)
{
	if (!func || !*func)
		func = "?";
	gb_buf_add(out, func, gb_fingerprint_func(func));
}

static uint64_t hash(const char *s)
{
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
	return h;
}

const struct gb_site *gb_group_place(const char *module, const struct gb_group *g)
{
	for (size_t i = 0; i < g->n_frames; i++)
		if (gb_site_is_users(module, &g->frames[i]))
			return &g->frames[i];
	return g->n_frames ? &g->frames[g->n_frames - 1] : &g->created;
}

int gb_fingerprint(const char *module, struct gb_group *g, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(4 * GB_MAX_NAME);

	if (g->fingerprint)
		return 0;
	add_func(&text, g->created.func);
	gb_buf_addf(&text, " | %s | ", state_of(g));
	add_func(&text, gb_group_place(module, g)->func);
	if (text.failed)
		return gb_buf_error(&text, "a fingerprint", err);
	(void)snprintf(g->fingerprint_id, sizeof(g->fingerprint_id), "%0*" PRIx64,
		       GB_FINGERPRINT_ID, hash(text.data) >> (64 - 4 * GB_FINGERPRINT_ID));
	g->fingerprint = gb_strdup(text.data);
	return g->fingerprint ? 0 : gb_fail_nomem(err);
}
