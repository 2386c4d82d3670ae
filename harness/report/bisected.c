#include "report/bisected.h"

#include "base/buf.h"
#include "base/html.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/term.h"
#include "base/text.h"
#include "report/html.h"
#include "report/part.h"

#include <stdlib.h>
#include <string.h>

#define ID_SHOWN 12

const struct gb_bisected *gb_bisected_of(const struct gb_bisections *all, const struct gb_change *c)
{
	for (size_t i = 0; all && i < all->n; i++)
		if (all->v[i].change == c)
			return &all->v[i];
	return NULL;
}

int gb_bisections_add(struct gb_bisections *all, const struct gb_change *c,
		      struct gb_bisected **ret, struct gb_err *err)
{
	int rc = gb_grow((void **)&all->v, &all->cap, all->n + 1, sizeof(*all->v), GB_MAX_CHANGES,
			 err);

	if (rc < 0)
		return rc;
	*ret = &all->v[all->n++];
	**ret = (struct gb_bisected){ .change = c };
	return 0;
}

void gb_bisections_release(struct gb_bisections *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free(all->v[i].author);
		free(all->v[i].subject);
		free(all->v[i].evidence);
		free(all->v[i].why);
	}
	free(all->v);
	*all = (struct gb_bisections){ 0 };
}

/* Each line safe, as far in as what it belongs to. */
static void add_lines(struct gb_buf *out, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		_part_ struct gb_part line = GB_PART(out);

		gb_buf_add(&line.b, text, len);
		gb_buf_adds(out, "      ");
		gb_text_safe(out, line.b.data);
		gb_buf_addc(out, '\n');
		text += len + (text[len] == '\n');
	}
}

static void add_command(struct gb_buf *out, const char *command)
{
	gb_buf_adds(out, "    which commit: ");
	gb_text_safe(out, command);
	gb_buf_addc(out, '\n');
}

void gb_bisected_text(const struct gb_bisected *b, const char *command, bool colour,
		      struct gb_buf *out)
{
	if (!b) {
		if (*command)
			add_command(out, command);
		return;
	}
	if (!b->commit[0]) {
		gb_buf_adds(out, "    not found: ");
		gb_text_safe(out, b->why);
		if (b->left > 1)
			gb_buf_addf(out, "; it is one of %zu commits", b->left);
		gb_buf_addc(out, '\n');
		add_command(out, command);
		return;
	}
	gb_buf_addf(out, "    the commit: %s%.*s%s  ", gb_style_on(colour, GB_YELLOW), ID_SHOWN,
		    b->commit, gb_style_off(colour));
	gb_text_safe(out, b->author);
	gb_buf_adds(out, "  ");
	gb_text_safe(out, b->subject);
	gb_buf_addc(out, '\n');
	if (b->evidence)
		add_lines(out, b->evidence);
}

static void html_commit(struct gb_buf *out, const char *id, const char *commits)
{
	if (commits) {
		_part_ struct gb_part url = GB_PART(out);

		gb_buf_addf(&url.b, "%s%s", commits, id);
		gb_buf_adds(out, "<a");
		gb_html_attribute(out, "href", url.b.data);
		gb_buf_addc(out, '>');
	}
	gb_buf_addf(out, "<code>%.*s</code>%s", ID_SHOWN, id, commits ? "</a>" : "");
}

void gb_bisected_html(const struct gb_bisected *b, const char *command, const char *commits,
		      struct gb_buf *out)
{
	if (b && b->commit[0]) {
		gb_buf_adds(out, "<br>the commit: ");
		html_commit(out, b->commit, commits);
		gb_buf_addc(out, ' ');
		gb_html_text(out, b->subject);
		gb_buf_adds(out, ", by ");
		gb_html_text(out, b->author);
		if (b->evidence)
			gb_html_element(out, "pre", "source", b->evidence);
		return;
	}
	if (b) {
		gb_buf_adds(out, "<br>not found: ");
		gb_html_text(out, b->why);
		if (b->left > 1)
			gb_buf_addf(out, "; it is one of %zu commits", b->left);
	}
	if (*command) {
		gb_buf_adds(out, "<br>");
		gb_html_element(out, "code", NULL, command);
	}
}
