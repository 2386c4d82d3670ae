#include "go/edits.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "go/assets.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Where the reader of an .edits text stands. */
struct state {
	struct gb_edits *e;
	const char *name;
	size_t line, file_line;
	struct gb_edited *file; /* NULL: none yet, or not for this version */
	bool file_off;		/* the file is not for this version */
	bool in_edit, edit_off, each, done;
	char what[128];
	char path[256];
	enum { TEXT_NONE, TEXT_FIND, TEXT_WITH } into;
	struct gb_buf find, with;
};

static int parse_error(const struct state *s, struct gb_err *err, const char *what)
{
	return gb_fail(err, GB_EPARSE, "%s:%zu: %s", s->name, s->line, what);
}

/* "1.21-1.23", "1.25-": does it hold `minor`? */
static bool range_holds(const char *range, int minor, bool *ret)
{
	int first = 0, last = 0;

	if (sscanf(range, "1.%d-1.%d", &first, &last) == 2)
		*ret = minor >= first && minor <= last;
	else if (sscanf(range, "1.%d-", &first) == 1 && gb_ends(range, "-"))
		*ret = minor >= first;
	else
		return false;
	return true;
}

static const struct gb_asset *asset(const char *name)
{
	for (size_t i = 0; i < gb_assets_n; i++)
		if (strcmp(gb_assets[i].name, name) == 0)
			return &gb_assets[i];
	return NULL;
}

static int find_file(struct gb_edits *e, const char *path, struct gb_edited **ret,
		     struct gb_err *err)
{
	struct gb_edited *f;
	int rc;

	for (size_t i = 0; i < e->n; i++) {
		if (strcmp(e->files[i].path, path) == 0) {
			*ret = &e->files[i];
			return 0;
		}
	}
	rc = gb_grow((void **)&e->files, &e->cap, e->n + 1, sizeof(*e->files), 64, err);
	if (rc < 0)
		return rc;
	f = &e->files[e->n];
	f->text = (struct gb_buf)GB_BUF_INIT(GB_MAX_GO_SOURCE);
	f->path = gb_strdup(path);
	if (!f->path)
		return gb_fail_nomem(err);
	e->n++;
	rc = e->load(e->arg, path, &f->text, err);
	if (rc < 0)
		return rc;
	*ret = f;
	return 0;
}

/* The declarations of a Go file: what follows its package clause and imports. */
static const char *declarations(const char *source)
{
	const char *p = strstr(source, "\npackage ");
	const char *imports;

	if (!p)
		return NULL;
	p = strchr(p + 1, '\n');
	imports = p ? strstr(p, "\nimport (\n") : NULL;
	if (imports)
		p = strstr(imports, "\n)\n");
	return p ? p + (imports ? 3 : 1) : NULL;
}

static int append_agent(struct state *s, const char *args, struct gb_err *err)
{
	char name[128] = "", range[32] = "";
	const struct gb_asset *a;
	const char *body;
	bool holds = true;
	int n = sscanf(args, "%127s go %31s", name, range);

	if (!s->file && !s->file_off)
		return parse_error(s, err, "append outside a file");
	if (n < 1 || (n == 2 && !range_holds(range, s->e->minor, &holds)))
		return parse_error(s, err, "expected: append FILE [go A-B]");
	if (!holds || s->file_off)
		return 0;
	a = asset(name);
	body = a ? declarations((const char *)a->data) : NULL;
	if (!body)
		return parse_error(s, err, "no such agent file");
	gb_buf_addc(&s->file->text, '\n');
	gb_buf_adds(&s->file->text, body);
	return s->file->text.failed ? gb_buf_error(&s->file->text, s->path, err) : 0;
}

static size_t occurrences(const char *text, const char *find)
{
	size_t n = 0;

	for (const char *p = text; (p = strstr(p, find)); p += strlen(find))
		n++;
	return n;
}

static int replace_all(struct gb_buf *text, const char *find, const char *with, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_GO_SOURCE);
	struct gb_buf old;
	const char *from = text->data;

	for (const char *p; (p = strstr(from, find)); from = p + strlen(find)) {
		gb_buf_add(&out, from, (size_t)(p - from));
		gb_buf_adds(&out, with);
	}
	gb_buf_adds(&out, from);
	if (out.failed)
		return gb_buf_error(&out, "a patched Go source file", err);
	old = *text;
	*text = out;
	out = old;
	return 0;
}

/* The pair of find and with that has been read is complete: use it if it matches. */
static int use_pair(struct state *s, struct gb_err *err)
{
	size_t n;

	if (s->into != TEXT_WITH)
		return s->into == TEXT_NONE ? 0 : parse_error(s, err, "find without with");
	s->into = TEXT_NONE;
	if (s->find.failed || s->with.failed)
		return gb_buf_error(s->find.failed ? &s->find : &s->with, "an edit", err);
	if (s->find.len == 0)
		return parse_error(s, err, "nothing to find");
	if (s->edit_off || s->file_off)
		return 0;
	n = occurrences(s->file->text.data, s->find.data);
	if (n == 0)
		return 0;
	if (s->done || (n > 1 && !s->each))
		return gb_fail(err, GB_ENOTFOUND, "%s: the place of \"%s\" is not unique", s->path,
			       s->what);
	s->done = true;
	return replace_all(&s->file->text, s->find.data, s->with.data, err);
}

static int end_edit(struct state *s, struct gb_err *err)
{
	int rc = use_pair(s, err);

	if (rc < 0)
		return rc;
	if (s->in_edit && !s->done && !s->edit_off && !s->file_off)
		return gb_fail(err, GB_ENOTFOUND, "%s: no place for \"%s\"", s->path, s->what);
	s->in_edit = s->edit_off = s->each = s->done = false;
	return 0;
}

static int begin_file(struct state *s, const char *path, const char *next, struct gb_err *err)
{
	bool holds = true;

	/* A limit of the whole file stands on the next line: the file may not
	 * even be there in other versions. */
	if (gb_starts(next, "go ")) {
		char range[32] = "";

		if (sscanf(next, "go %31s", range) != 1 || !range_holds(range, s->e->minor, &holds))
			return parse_error(s, err, "expected: go A-B");
	}
	(void)snprintf(s->path, sizeof(s->path), "%s", path);
	s->file_off = !holds;
	s->file = NULL;
	s->file_line = s->line;
	return holds ? find_file(s->e, s->path, &s->file, err) : 0;
}

static int directive(struct state *s, const char *line, const char *next, struct gb_err *err)
{
	int rc = 0;

	if (gb_starts(line, "file ")) {
		rc = end_edit(s, err);
		return rc < 0 ? rc : begin_file(s, line + 5, next, err);
	}
	if (gb_starts(line, "append ")) {
		rc = end_edit(s, err);
		return rc < 0 ? rc : append_agent(s, line + 7, err);
	}
	if (gb_starts(line, "edit ")) {
		rc = end_edit(s, err);
		if (rc < 0)
			return rc;
		if (!s->file && !s->file_off)
			return parse_error(s, err, "edit outside a file");
		s->in_edit = true;
		(void)snprintf(s->what, sizeof(s->what), "%s", line + 5);
		return 0;
	}
	if (gb_starts(line, "go ")) {
		bool holds;

		if (!range_holds(line + 3, s->e->minor, &holds))
			return parse_error(s, err, "expected: go A-B");
		if (s->in_edit)
			s->edit_off = !holds;
		else if (!s->path[0] || s->line != s->file_line + 1)
			return parse_error(s, err, "go outside a file or an edit");
		return 0;
	}
	if (strcmp(line, "each") == 0 && s->in_edit) {
		s->each = true;
		return 0;
	}
	if (strcmp(line, "find") == 0 && s->in_edit) {
		rc = use_pair(s, err);
		gb_buf_clear(&s->find);
		gb_buf_clear(&s->with);
		s->into = TEXT_FIND;
		return rc;
	}
	if (strcmp(line, "with") == 0 && s->into == TEXT_FIND) {
		s->into = TEXT_WITH;
		return 0;
	}
	return parse_error(s, err, "unknown directive");
}

static int text_line(struct state *s, const char *line, struct gb_err *err)
{
	struct gb_buf *b = s->into == TEXT_FIND ? &s->find : &s->with;

	if (s->into == TEXT_NONE)
		return parse_error(s, err, "text outside find and with");
	if (b->len > 0)
		gb_buf_addc(b, '\n');
	gb_buf_adds(b, line);
	return 0;
}

int gb_edits_apply(struct gb_edits *e, const char *name, const char *text, struct gb_err *err)
{
	struct state s = { .e = e, .name = name };
	_free_ char *copy = gb_strdup(text);
	int rc = 0;

	s.find = (struct gb_buf)GB_BUF_INIT(GB_MAX_LINE);
	s.with = (struct gb_buf)GB_BUF_INIT(GB_MAX_LINE);
	if (!copy)
		return gb_fail_nomem(err);
	for (char *line = copy, *next; line && *line && rc >= 0; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		s.line++;
		if (line[0] == '|')
			rc = text_line(&s, line + 1, err);
		else if (line[0] != '\0' && line[0] != '#')
			rc = directive(&s, line, next ? next : "", err);
	}
	if (rc >= 0)
		rc = end_edit(&s, err);
	gb_buf_release(&s.find);
	gb_buf_release(&s.with);
	return rc < 0 ? rc : 0;
}

void gb_edits_release(struct gb_edits *e)
{
	for (size_t i = 0; i < e->n; i++) {
		free(e->files[i].path);
		gb_buf_release(&e->files[i].text);
	}
	free(e->files);
	e->files = NULL;
	e->n = e->cap = 0;
}
