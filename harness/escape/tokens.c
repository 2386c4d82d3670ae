#include "escape/tokens.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct scanner {
	struct gb_source *s;
	size_t at;
	bool first;
	uint32_t *open; /* brackets without a partner so far */
	size_t n_open, cap_open;
};

static int add_line(struct gb_source *s, size_t off, struct gb_err *err)
{
	int rc = gb_grow((void **)&s->lines, &s->cap_lines, s->n_lines + 1, sizeof(*s->lines),
			 SIZE_MAX, err);

	if (!rc)
		s->lines[s->n_lines++] = (uint32_t)off;
	return rc;
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static size_t name_end(const struct gb_source *s, size_t at)
{
	while (at < s->len && is_name(s->text[at]))
		at++;
	return at;
}

/* 1, 0x1p-2, 1_000, 1e+9, 'i' and all. */
static size_t number_end(const struct gb_source *s, size_t at)
{
	while (at < s->len) {
		char c = s->text[at], before = s->text[at - 1];
		bool sign = (c == '+' || c == '-') && strchr("eEpP", before);

		if (!is_name(c) && c != '.' && !sign)
			break;
		at++;
	}
	return at;
}

/* A string or rune; one in quotes ends with its line at the latest. */
static size_t quoted_end(const struct gb_source *s, size_t at)
{
	char quote = s->text[at++];

	for (; at < s->len && s->text[at] != quote; at++) {
		if (quote == '`')
			continue;
		if (s->text[at] == '\n')
			return at;
		at += s->text[at] == '\\' && at + 1 < s->len;
	}
	return at < s->len ? at + 1 : s->len;
}

static size_t comment_end(const struct gb_source *s, size_t at)
{
	bool line = s->text[at + 1] == '/';

	for (at += 2; at < s->len; at++) {
		if (line && s->text[at] == '\n')
			return at;
		if (!line && s->text[at] == '/' && s->text[at - 1] == '*')
			return at + 1;
	}
	return s->len;
}

static int pair(struct scanner *c, uint32_t token, char mark, struct gb_err *err)
{
	static const char openers[] = "([{", closers[] = ")]}";
	struct gb_token *tokens = c->s->tokens;
	int rc;

	if (strchr(openers, mark)) {
		rc = gb_grow((void **)&c->open, &c->cap_open, c->n_open + 1, sizeof(*c->open),
			     SIZE_MAX, err);
		if (!rc)
			c->open[c->n_open++] = token;
		return rc;
	}
	const char *closer = strchr(closers, mark);
	if (!closer || !c->n_open)
		return 0;
	uint32_t partner = c->open[c->n_open - 1];
	if (c->s->text[tokens[partner].off] != openers[closer - closers])
		return 0;
	c->n_open--;
	tokens[partner].match = token;
	tokens[token].match = partner;
	return 0;
}

static int add(struct scanner *c, size_t end, enum gb_token_kind kind, struct gb_err *err)
{
	struct gb_source *s = c->s;
	uint32_t number = (uint32_t)s->n_tokens;
	int rc = gb_grow((void **)&s->tokens, &s->cap_tokens, s->n_tokens + 1, sizeof(*s->tokens),
			 SIZE_MAX, err);

	if (rc)
		return rc;
	s->tokens[s->n_tokens++] = (struct gb_token){
		.off = (uint32_t)c->at,
		.len = (uint32_t)(end - c->at),
		.match = number,
		.kind = (unsigned char)kind,
		.first = c->first,
	};
	rc = kind == GB_TOKEN_MARK ? pair(c, number, s->text[c->at], err) : 0;
	c->at = end;
	c->first = false;
	return rc;
}

static int next(struct scanner *c, struct gb_err *err)
{
	const struct gb_source *s = c->s;
	size_t at = c->at;
	char ch = s->text[at], then = at + 1 < s->len ? s->text[at + 1] : '\0';

	if (ch >= '0' && ch <= '9')
		return add(c, number_end(s, at + 1), GB_TOKEN_LITERAL, err);
	if (is_name(ch))
		return add(c, name_end(s, at), GB_TOKEN_NAME, err);
	if (ch == '"' || ch == '\'' || ch == '`')
		return add(c, quoted_end(s, at), GB_TOKEN_LITERAL, err);
	return add(c, at + 1 + (ch == ':' && then == '='), GB_TOKEN_MARK, err);
}

/* Lines are counted apart: a comment or a raw string may hold many. */
static int find_lines(struct gb_source *s, struct gb_err *err)
{
	int rc = add_line(s, 0, err);

	for (size_t i = 0; i < s->len && !rc; i++)
		if (s->text[i] == '\n')
			rc = add_line(s, i + 1, err);
	return rc;
}

static int scan(struct scanner *c, struct gb_err *err)
{
	const struct gb_source *s = c->s;
	int rc = find_lines(c->s, err);

	while (c->at < s->len && !rc) {
		char ch = s->text[c->at], then = c->at + 1 < s->len ? s->text[c->at + 1] : '\0';

		if (ch == '/' && (then == '/' || then == '*')) {
			c->at = comment_end(s, c->at);
		} else if (ch == '\n' || ch == ' ' || ch == '\t' || ch == '\r' || ch == '\0') {
			c->first = c->first || ch == '\n';
			c->at++;
		} else {
			rc = next(c, err);
		}
	}
	c->at = s->len;
	return rc ? rc : add(c, s->len, GB_TOKEN_END, err);
}

int gb_source_tokens(struct gb_source *s, struct gb_err *err)
{
	struct scanner c = { .s = s, .first = true };
	int rc = scan(&c, err);

	for (size_t i = 0; i < c.n_open && !rc; i++)
		s->tokens[c.open[i]].match = (uint32_t)s->n_tokens - 1;
	free(c.open);
	return rc;
}
