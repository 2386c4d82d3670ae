#include "escape/reasons.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "base/units.h"
#include "escape/state.h"

#include <string.h>

static const char first_line[] = "gobudget reasons 1\n";

#define WORDS 3

static bool has_breaks(const char *word)
{
	return word[strcspn(word, "\t\n")] != '\0';
}

static int add_line(const struct gb_escape *x, struct gb_strlist *lines)
{
	return gb_strlist_addf(lines, NULL, "%d\t%s\t%s\t%s", (int)x->keeper, x->package, x->func,
			       x->expr);
}

void gb_reasons_write(const struct gb_escapes *e, struct gb_buf *out)
{
	_strlist_ struct gb_strlist lines = GB_STRLIST_INIT;

	for (size_t i = 0; i < e->n; i++) {
		const struct gb_escape *x = &e->v[i];

		if (has_breaks(x->package) || has_breaks(x->func) || has_breaks(x->expr) ||
		    add_line(x, &lines) < 0) {
			out->failed = true;
			return;
		}
	}
	gb_strlist_sort(&lines);
	gb_buf_adds(out, first_line);
	for (size_t i = 0; i < lines.n; i++)
		if (i == 0 || strcmp(lines.v[i], lines.v[i - 1]) != 0)
			gb_buf_addf(out, "%s\n", lines.v[i]);
}

/* The field at *at, which ends with `end`; NULL: it does not. */
static const char *take_word(struct gb_escape_state *s, const char **at, const char *stop, char end,
			     struct gb_err *err)
{
	const char *to = memchr(*at, end, (size_t)(stop - *at)), *word;

	if (!to || memchr(*at, '\0', (size_t)(to - *at))) {
		gb_fail(err, GB_EPARSE, "kept reasons: a line is not whole");
		return NULL;
	}
	word = gb_word(s, *at, (size_t)(to - *at));
	*at = to + 1;
	if (!word)
		gb_fail_nomem(err);
	return word;
}

static int take_line(struct gb_escapes *e, const char **at, const char *stop, struct gb_err *err)
{
	const char *words[WORDS], *keeper;
	struct gb_err own = GB_ERR_INIT;
	int64_t n;
	int rc;

	keeper = take_word(e->state, at, stop, '\t', &own);
	for (int i = 0; keeper && i < WORDS; i++)
		if (!(words[i] = take_word(e->state, at, stop, i + 1 < WORDS ? '\t' : '\n', &own)))
			keeper = NULL;
	if (!keeper) {
		if (err)
			*err = own;
		return own.code;
	}
	if (gb_parse_int(keeper, GB_KEPT_UNKNOWN, GB_KEPT_LOOP, &n, NULL))
		return gb_fail(err, GB_EPARSE, "kept reasons: bad keeper");
	rc = gb_grow((void **)&e->v, &e->cap, e->n + 1, sizeof(*e->v), GB_MAX_ESCAPES, err);
	if (rc)
		return rc;
	e->v[e->n++] = (struct gb_escape){ .package = words[0],
					   .file = "",
					   .func = words[1],
					   .expr = words[2],
					   .kept_by = "",
					   .keeper = (enum gb_keeper)n,
					   .closure = -1 };
	return 0;
}

int gb_reasons_read(const char *text, size_t len, struct gb_escapes **ret, struct gb_err *err)
{
	const char *at = text, *stop = text + len;
	_escapes_ struct gb_escapes *e = NULL;
	int rc;

	if (len < sizeof(first_line) - 1 || memcmp(text, first_line, sizeof(first_line) - 1) != 0)
		return gb_fail(err, GB_EPARSE, "not kept reasons");
	if ((rc = gb_escapes_new(&e, err)))
		return rc;
	for (at += sizeof(first_line) - 1; at < stop && !rc;)
		rc = take_line(e, &at, stop, err);
	if (rc)
		return rc;
	*ret = GB_TAKE(e);
	return 0;
}
