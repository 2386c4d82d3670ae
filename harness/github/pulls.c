/* Pull requests by their head.  See pulls.h. */
#include "github/pulls.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"
#include "github/http.h"

#include <string.h>

struct search {
	const struct gb_event *e;
	int64_t found;
	size_t n;
};

static const cJSON *member(const cJSON *object, const char *key)
{
	return object ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

static int each(void *arg, const struct gb_json *j, const cJSON *entry, struct gb_err *err)
{
	struct search *s = arg;
	const cJSON *head = member(entry, "head");
	int64_t repository, number;

	(void)err;
	if (!gb_streq(cJSON_GetStringValue(member(head, "sha")), s->e->head_sha) ||
	    !gb_json_int(j, member(member(head, "repo"), "id"), &repository) ||
	    repository != s->e->run.repository || !gb_json_int(j, member(entry, "number"), &number))
		return 0;
	s->found = number;
	s->n++;
	return 0;
}

int gb_pulls_find(struct gb_rest *r, const char *repository, const struct gb_event *e, int64_t *ret,
		  struct gb_err *err)
{
	_buf_ struct gb_buf path = GB_BUF_INIT(128 * GB_KIB);
	struct search s = { .e = e };
	int rc;

	*ret = 0;
	if (!e->run.owner || !e->run.branch || !e->run.repository || !*e->head_sha)
		return 0;
	gb_buf_addf(&path, "/repos/%s/pulls?state=open&per_page=100&head=", repository);
	gb_http_escape(&path, e->run.owner);
	gb_buf_adds(&path, ":");
	gb_http_escape(&path, e->run.branch);
	if (path.failed)
		return gb_buf_error(&path, "a request", err);
	rc = gb_rest_list(r, path.data, NULL, each, &s, err);
	if (rc >= 0 && s.n == 1)
		*ret = s.found;
	return rc;
}
