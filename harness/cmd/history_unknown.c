#include "cmd/history_unknown.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/near.h"
#include "base/strlist.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

#define NEAR_NAMES 3

static bool is_near(const char *asked, const char *name)
{
	size_t n = strlen(asked), most = n < 8 ? 2 : n / 4;

	return strcasecmp(asked, name) == 0 || (n > 5 && strstr(name, asked)) ||
	       (strlen(name) > 5 && gb_starts(asked, name)) || gb_distance(asked, name) <= most;
}

static int find_near(const struct gb_history *h, const char *asked, struct gb_strlist *ret,
		     struct gb_err *err)
{
	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < h->commits[i].n && ret->n < NEAR_NAMES; k++) {
			const char *name = h->commits[i].v[k].test;
			int rc = is_near(asked, name) && !gb_strlist_has(ret, name)
					 ? gb_strlist_add(ret, name, err)
					 : 0;

			if (rc < 0)
				return rc;
		}
	return 0;
}

static int say(const char *asked, const struct gb_history *h, struct gb_err *err)
{
	_strlist_ struct gb_strlist near = GB_STRLIST_INIT;
	_buf_ struct gb_buf words = GB_BUF_INIT(400);
	int rc = find_near(h, asked, &near, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < near.n; i++)
		gb_buf_addf(&words, "%s%s", i ? ", " : "", near.v[i]);
	gb_fail(err, GB_EUSAGE, "no commit and no note here has a budget or a number of %.200s",
		asked);
	if (near.n && !words.failed)
		return gb_hint(err, "did you mean %s?", words.data);
	return gb_hint(err, "`gobudget history` without a test shows all that have one");
}

int history_unknown(const struct gb_repo *repo, const struct gb_history_options *o,
		    struct gb_err *err)
{
	struct gb_history_options wide = *o;
	struct gb_history h = { 0 };
	bool known;
	int rc;

	wide.until = NULL;
	wide.metric = -1;
	wide.max = 1;
	if ((rc = gb_history_read(repo, &wide, &h, err)) < 0)
		return rc;
	known = h.n || h.cut[0];
	gb_history_release(&h);
	if (known)
		return 0;
	wide.test = NULL;
	wide.max = 0;
	if ((rc = gb_history_read(repo, &wide, &h, err)) < 0)
		return rc;
	rc = say(o->test, &h, err);
	gb_history_release(&h);
	return rc;
}
