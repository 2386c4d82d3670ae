#include "git/anchor.h"

#include "base/err.h"
#include "base/mem.h"
#include "git/repo_git.h"

#include <stdint.h>
#include <string.h>

#define DAY 86400

/* Days since 1970-01-01 of the proleptic Gregorian calendar (Hinnant, days_from_civil). */
static int64_t days(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400, yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static bool is_date(const char *s, int64_t *ret)
{
	int year, month, day;

	if (strlen(s) != 10 || s[4] != '-' || s[7] != '-' || strspn(s, "0123456789-") != 10 ||
	    sscanf(s, "%4d-%2d-%2d", &year, &month, &day) != 3)
		return false;
	*ret = days(year, month, day) * DAY;
	return true;
}

static int not_found(const struct gb_repo *repo, const char *what, const char *since,
		     struct gb_err *err)
{
	gb_fail(err, GB_ENOTFOUND, "%s %s is not in this clone", what, since);
	if (gb_repo_is_shallow(repo))
		gb_hint(err, "it is shallow: `git fetch --unshallow --tags`, or fetch-depth: 0 for "
			     "actions/checkout");
	else if (*what == 't')
		gb_hint(err, "`git fetch --tags`");
	return GB_ENOTFOUND;
}

static int before(const struct gb_repo *repo, const char *since, int64_t end, char ret[41],
		  struct gb_err *err)
{
	git_repository *git = gb_repo_git(repo);
	git_commit *c = NULL, *parent = NULL;
	bool cut = false;
	git_oid id;
	int rc = git_reference_name_to_id(&id, git, "HEAD");

	if (!rc)
		rc = git_commit_lookup(&c, git, &id);
	while (!rc && git_commit_time(c) >= end) {
		cut = git_commit_parentcount(c) > 0;
		rc = cut ? git_commit_parent(&parent, c, 0) : GIT_ENOTFOUND;
		git_commit_free(c);
		c = rc ? NULL : parent;
	}
	if (!rc)
		git_oid_tostr(ret, 41, git_commit_id(c));
	git_commit_free(c);
	if (!rc)
		return 0;
	if (cut)
		return not_found(repo, "a commit before", since, err);
	return gb_fail(err, GB_ENOTFOUND, "history begins after %s", since);
}

int gb_repo_anchor(const struct gb_repo *repo, const char *since, char ret[41], struct gb_err *err)
{
	git_repository *git = gb_repo_git(repo);
	_free_ char *name = gb_asprintf("refs/tags/%s", since);
	git_reference *ref = NULL;
	git_object *o = NULL;
	git_oid id;
	int64_t end;
	int rc;

	if (!name)
		return gb_fail_nomem(err);
	rc = git_reference_lookup(&ref, git, name);
	if (!rc)
		rc = git_reference_peel(&o, ref, GIT_OBJECT_COMMIT);
	else if (is_date(since, &end))
		return before(repo, since, end, ret, err);
	else if (strlen(since) == 40 && !git_oid_fromstr(&id, since))
		rc = git_object_lookup(&o, git, &id, GIT_OBJECT_COMMIT);
	git_reference_free(ref);
	if (rc)
		return not_found(repo, strlen(since) == 40 ? "commit" : "tag", since, err);
	git_oid_tostr(ret, 41, git_object_id(o));
	git_object_free(o);
	return 0;
}
