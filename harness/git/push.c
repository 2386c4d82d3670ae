/* push: the lines that git hands over.  See push.h. */
#include "git/push.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ID 40

static bool is_id(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!strchr("0123456789abcdef", s[i]) || !s[i])
			return false;
	return len == ID;
}

/* The last word before `end`, and where it begins; there is a blank before it, or it is refused. */
static const char *last_word(const char *line, const char *end)
{
	const char *s = end;

	while (s > line && s[-1] != ' ')
		s--;
	return s > line + 1 && s < end ? s : NULL;
}

/* From the right: only the local reference may hold blanks. */
static bool read_line(const char *line, const char *end, struct gb_push_ref *ret)
{
	const char *remote_id = last_word(line, end);
	const char *remote = remote_id ? last_word(line, remote_id - 1) : NULL;
	const char *local_id = remote ? last_word(line, remote - 1) : NULL;

	if (!local_id || !is_id(remote_id, (size_t)(end - remote_id)) ||
	    !is_id(local_id, (size_t)(remote - 1 - local_id)) ||
	    memchr(line, 0, (size_t)(end - line)))
		return false;
	memcpy(ret->local_id, local_id, ID);
	memcpy(ret->remote_id, remote_id, ID);
	ret->local_id[ID] = ret->remote_id[ID] = '\0';
	ret->local = gb_strndup(line, (size_t)(local_id - 1 - line));
	ret->remote = gb_strndup(remote, (size_t)(remote_id - 1 - remote));
	return true;
}

static bool is_sha256(const char *line, const char *end)
{
	const char *word = last_word(line, end);

	return word && end - word == 64;
}

static int add_line(struct gb_push *p, const char *line, const char *end, size_t number,
		    struct gb_err *err)
{
	struct gb_push_ref ref = { 0 };
	int rc = gb_grow((void **)&p->v, &p->cap, p->n + 1, sizeof(*p->v), GB_MAX_PUSH_REFS, err);

	if (rc < 0)
		return rc;
	if ((size_t)(end - line) > GB_MAX_LINE || !read_line(line, end, &ref)) {
		gb_fail(err, GB_EPARSE,
			"line %zu of what git says is pushed: expected \"REF ID REF ID\"", number);
		if (is_sha256(line, end))
			gb_hint(err, "repositories with SHA-256 names are not supported");
		return GB_EPARSE;
	}
	p->v[p->n++] = ref;
	return ref.local && ref.remote ? 0 : gb_fail_nomem(err);
}

int gb_push_parse(const char *text, size_t len, struct gb_push *ret, struct gb_err *err)
{
	const char *end = text + len;
	struct gb_push p = { 0 };
	size_t number = 0;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		int rc = add_line(&p, text, stop, ++number, err);

		if (rc < 0) {
			gb_push_release(&p);
			return rc;
		}
		text = newline ? newline + 1 : end;
	}
	*ret = p;
	return 0;
}

void gb_push_release(struct gb_push *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->v[i].local);
		free(p->v[i].remote);
	}
	free(p->v);
	*p = (struct gb_push){ 0 };
}
