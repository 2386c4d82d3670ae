/* prune - see prune.h. */
#include "pprof/prune.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/match.h"

/* pprof's simplifyFunc: without the argument list of a C++ name. */
static char *simple_name(const char *name)
{
	static const char *const reserved[] = { "(anonymous namespace)", "operator()" };
	const char *c = *name == '.' ? name + 1 : name;
	const char *begin = c;

	while (*c) {
		size_t skip = 0;

		for (size_t i = 0; i < 2; i++) {
			if (strncmp(c, reserved[i], strlen(reserved[i])) == 0)
				skip = strlen(reserved[i]);
		}
		if (!skip && *c == '(')
			break;
		c += skip ? skip : 1;
	}
	return gb_strndup(begin, (size_t)(c - begin));
}

/* Whether each function is one to drop: *ret[i] is 0 or 1. */
static int judge(const struct gb_profile *p, struct gb_match *drop, struct gb_match *keep,
		 unsigned char *ret, struct gb_err *err)
{
	for (size_t i = 0; i < p->n_functions; i++) {
		_free_ char *name = simple_name(gb_profile_str(p, p->functions[i].name));

		if (!name)
			return gb_fail_nomem(err);
		ret[i] = *name && strlen(name) <= GB_MAX_NAME && gb_match_whole(drop, name) &&
			 !(keep && gb_match_whole(keep, name));
	}
	return 0;
}

static void mark(struct gb_profile *p, const unsigned char *dropped)
{
	for (size_t i = 0; i < p->n_locations; i++) {
		struct gb_profile_location *l = &p->locations[i];
		uint32_t k = l->n_lines;

		for (; k > 0; k--) {
			uint32_t function = p->lines[l->line + k - 1].function;

			if (function != GB_PROFILE_NONE && dropped[function])
				break;
		}
		if (k == 0)
			continue;
		p->prune[i] = GB_PRUNE_BENEATH;
		if (k == l->n_lines) {
			p->prune[i] |= GB_PRUNE_WHOLE;
		} else {
			l->line += k;
			l->n_lines = (uint16_t)(l->n_lines - k);
		}
	}
}

int gb_profile_prune(struct gb_profile *p, const char *drop, const char *keep, struct gb_err *err)
{
	_match_ struct gb_match *drop_re = NULL, *keep_re = NULL;
	_free_ unsigned char *dropped = NULL;
	int rc;

	if (!*drop)
		return 0;
	if ((rc = gb_match_compile(drop, &drop_re, err)) < 0 ||
	    (*keep && (rc = gb_match_compile(keep, &keep_re, err)) < 0))
		return rc;
	if (!drop_re || (*keep && !keep_re))
		return 0;
	dropped = gb_calloc(p->n_functions + 1, 1);
	p->prune = gb_calloc(p->n_locations + 1, 1);
	if (!dropped || !p->prune)
		return gb_fail_nomem(err);
	if ((rc = judge(p, drop_re, keep_re, dropped, err)) == 0)
		mark(p, dropped);
	return rc;
}

size_t gb_prune_stack(const struct gb_profile *p, const uint32_t *locations, size_t n)
{
	bool user = false; /* a frame outside that stays */

	for (size_t i = n; i > 0; i--) {
		unsigned char how = p->prune[locations[i - 1]];

		if (!how)
			user = true;
		else if (user)
			return how & GB_PRUNE_WHOLE ? i : i - 1;
	}
	return 0;
}
