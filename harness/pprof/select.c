/* select - see select.h. */
#include "pprof/select.h"

#include <regex.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"

enum { FOCUSED = 1, IGNORED = 2 };

struct gb_pattern {
	regex_t re;
};

int gb_pattern_compile(const char *what, const char *text, struct gb_pattern **ret,
		       struct gb_err *err)
{
	struct gb_pattern *x = gb_calloc(1, sizeof(*x));
	char why[200];
	int code;

	if (!x)
		return gb_fail_nomem(err);
	code = regcomp(&x->re, text, REG_EXTENDED | REG_NOSUB);
	if (code == 0) {
		*ret = x;
		return 0;
	}
	regerror(code, &x->re, why, sizeof(why));
	free(x);
	gb_fail(err, GB_EUSAGE, "%s: \"%.200s\" is no regular expression: %s", what, text, why);
	return gb_hint(err, "POSIX extended expressions, as grep -E takes them");
}

bool gb_pattern_matches(const struct gb_pattern *x, const char *s)
{
	return regexec(&x->re, s, 0, NULL, 0) == 0;
}

void gb_pattern_free(struct gb_pattern *x)
{
	if (x)
		regfree(&x->re);
	free(x);
}

void gb_cleanup_pattern(struct gb_pattern **px)
{
	gb_pattern_free(*px);
	*px = NULL;
}

/* Each string is asked once: a file's name is that of many functions. */
static bool matches(const struct gb_profile *p, const struct gb_pattern *x, uint32_t string,
		    unsigned char *known)
{
	enum { NO = 1, YES };

	if (!known[string])
		known[string] = gb_pattern_matches(x, gb_profile_str(p, string)) ? YES : NO;
	return known[string] == YES;
}

static bool location_matches(const struct gb_profile *p, const struct gb_pattern *x,
			     const struct gb_profile_location *l, unsigned char *known)
{
	for (uint32_t i = 0; i < l->n_lines; i++) {
		uint32_t index = p->lines[l->line + i].function;

		if (index == GB_PROFILE_NONE)
			continue;
		if (matches(p, x, p->functions[index].name, known) ||
		    matches(p, x, p->functions[index].file, known))
			return true;
	}
	return l->mapping && matches(p, x, p->mappings[l->mapping - 1].file, known);
}

static int look(const struct gb_profile *p, const struct gb_pattern *x, unsigned char bit,
		struct gb_selection *sel, struct gb_err *err)
{
	_free_ unsigned char *known = gb_calloc(p->n_strings, 1);

	if (!known)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < p->n_locations; i++) {
		if (location_matches(p, x, &p->locations[i], known))
			sel->how[i] |= bit;
	}
	return 0;
}

int gb_select(const struct gb_profile *p, const char *focus, const char *ignore,
	      struct gb_selection *ret, struct gb_err *err)
{
	_selection_ struct gb_selection sel = GB_SELECTION_INIT;
	_pattern_ struct gb_pattern *focus_re = NULL, *ignore_re = NULL;
	int rc;

	if (focus && *focus && (rc = gb_pattern_compile("focus", focus, &focus_re, err)) < 0)
		return rc;
	if (ignore && *ignore && (rc = gb_pattern_compile("ignore", ignore, &ignore_re, err)) < 0)
		return rc;
	if (!focus_re && !ignore_re) {
		ret->how = NULL;
		return 0;
	}
	sel.how = gb_calloc(p->n_locations + 1, 1);
	if (!sel.how)
		return gb_fail_nomem(err);
	if (focus_re && (rc = look(p, focus_re, FOCUSED, &sel, err)) < 0)
		return rc;
	if (ignore_re && (rc = look(p, ignore_re, IGNORED, &sel, err)) < 0)
		return rc;
	for (size_t i = 0; !focus_re && i < p->n_locations; i++)
		sel.how[i] |= FOCUSED;
	ret->how = GB_TAKE(sel.how);
	return 0;
}

bool gb_selected(const struct gb_selection *sel, const struct gb_sample *s)
{
	unsigned char all = 0;

	if (!sel->how)
		return true;
	for (size_t i = 0; i < s->n; i++)
		all |= sel->how[s->locations[i]];
	return (all & FOCUSED) && !(all & IGNORED);
}

void gb_selection_release(struct gb_selection *sel)
{
	free(sel->how);
	sel->how = NULL;
}
