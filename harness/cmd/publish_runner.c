/* What is told through the runner of GitHub Actions: summary, annotations, outputs, the log. */
#include "cmd/publish.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "command.h"
#include "report/markdown.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUMMARY_LEAST ((size_t)8192)  /* gb_report_markdown() wants that much */
#define SUMMARY_ROOM  ((size_t)16384) /* for what stands behind the report */
#define SHOWN	      9		      /* annotations of a kind; the tenth says how many more */

int publish_say(const struct gb_publish *p, const char *channel, const char *text,
		struct gb_err *err)
{
	_buf_ struct gb_buf line = GB_BUF_INIT(GB_MIB), out = GB_BUF_INIT(GB_MIB);

	(void)p;
	gb_buf_addf(&line, "%s: %s", channel, text);
	gb_log_line(line.data, &out);
	if (line.failed || out.failed)
		return gb_fail_nomem(err);
	return gb_command_print(&out, err);
}

int publish_trouble(struct gb_publish *p, const char *channel, const struct gb_err *why,
		    struct gb_err *err)
{
	_buf_ struct gb_buf line = GB_BUF_INIT(GB_MIB), out = GB_BUF_INIT(GB_MIB);
	struct gb_annotation told = { .level = GB_LEVEL_WARNING,
				      .title = (char *)(uintptr_t) "gobudget publish" };
	int rc;

	gb_buf_addf(&line, "%s: %s", channel, why->line);
	if (*why->hint)
		gb_buf_addf(&line, " (%s)", why->hint);
	if (line.failed)
		return gb_fail_nomem(err);
	if ((rc = gb_strlist_add(&p->troubles, line.data, err)) < 0)
		return rc;
	if (!p->where.actions) {
		gb_buf_adds(&out, "gobudget: ");
		gb_text_safe(&out, line.data);
		fflush(stdout);
		fprintf(stderr, "%s\n", out.data);
		return 0;
	}
	told.message = line.data;
	gb_annotation_write(&told, &out);
	return out.failed ? gb_fail_nomem(err) : gb_command_print(&out, err);
}

static void troubles_markdown(const struct gb_publish *p, struct gb_buf *out)
{
	for (size_t i = 0; i < p->troubles.n; i++) {
		gb_buf_adds(out, "> ");
		gb_md_prose(out, p->troubles.v[i]);
		gb_buf_adds(out, "\n\n");
	}
}

static int write_summary(struct gb_publish *p, const char *path, const char *text,
			 struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	size_t room = gb_summary_room(path);

	if (room < (text ? PUBLISH_SUMMARY : SUMMARY_LEAST) + SUMMARY_ROOM)
		return gb_fail(err, GB_ELIMIT, "what stands in it already leaves no room");
	if (text)
		gb_buf_adds(&out, text);
	else
		gb_report_markdown(&p->report, room - SUMMARY_ROOM, &out);
	troubles_markdown(p, &out);
	gb_buf_addc(&out, '\n');
	if (out.failed)
		return gb_buf_error(&out, "the summary", err);
	return gb_runner_append(path, out.data, out.len, err);
}

/* `text`, or the report where that is NULL. */
int publish_summary(struct gb_publish *p, const char *text, struct gb_err *err)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");
	struct gb_err why = GB_ERR_INIT;
	int rc;

	if (p->no_summary || !path || !*path)
		return 0;
	rc = write_summary(p, path, text, &why);
	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	if (rc < 0)
		return publish_trouble(p, "summary", &why, err);
	p->delivered = true;
	return publish_say(p, "summary", "written", err);
}

static int annotations(struct gb_publish *p, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);

	if (p->no_annotations || !p->where.actions)
		return 0;
	for (int level = GB_LEVEL_ERROR; level <= GB_LEVEL_WARNING; level++) {
		size_t n = 0;

		for (size_t i = 0; i < p->annotations.n; i++) {
			if ((int)p->annotations.v[i].level != level)
				continue;
			if (n++ < SHOWN)
				gb_annotation_write(&p->annotations.v[i], &out);
		}
		if (n > SHOWN) {
			_free_ char *more = gb_asprintf("and %zu more, see the report", n - SHOWN);
			struct gb_annotation a = { .level = (enum gb_level)level,
						   .title = (char *)(uintptr_t) "gobudget",
						   .message = more };

			if (!more)
				return gb_fail_nomem(err);
			gb_annotation_write(&a, &out);
		}
	}
	if (out.failed)
		return gb_buf_error(&out, "the annotations", err);
	return gb_command_print(&out, err);
}

static int write_outputs(struct gb_publish *p, const char *path, struct gb_err *err)
{
	static const char *const words[] = { "within", "over", "broken", "unmeasured" };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	char over[32];
	const struct {
		const char *name, *value;
	} rows[] = {
		{ "verdict", words[p->report.exit_status & 3] },
		{ "over", over },
		{ "report", p->path },
		{ "comment-url", p->comment_url ? p->comment_url : "" },
	};
	int rc = 0;

	(void)snprintf(over, sizeof(over), "%zu", p->report.verdicts->failing);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && rc >= 0; i++) {
		char word[GB_WORD_SIZE];

		rc = gb_random_word(word, err);
		if (rc >= 0)
			rc = gb_output_write(rows[i].name, rows[i].value, word, &out, err);
	}
	if (rc >= 0 && out.failed)
		rc = gb_buf_error(&out, "the outputs", err);
	return rc < 0 ? rc : gb_runner_append(path, out.data, out.len, err);
}

int publish_outputs(struct gb_publish *p, struct gb_err *err)
{
	const char *path = getenv("GITHUB_OUTPUT");
	struct gb_err why = GB_ERR_INIT;
	int rc;

	if (p->no_outputs || !path || !*path)
		return 0;
	rc = write_outputs(p, path, &why);
	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	return rc < 0 ? publish_trouble(p, "outputs", &why, err) : 0;
}

/* The last resort, and what the log of a job is read for: the report as text. */
static int log_report(struct gb_publish *p, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_REPORT), out = GB_BUF_INIT(GB_MAX_REPORT);
	char word[GB_WORD_SIZE] = "";
	const char *at;
	int rc;

	gb_report_text(&p->report, &(struct gb_text_options){ .width = 120, .quiet = p->delivered },
		       &text);
	if (p->where.actions && (rc = gb_random_word(word, err)) < 0)
		return rc;
	if (*word)
		gb_commands_stop(word, &out);
	/* The older form of a command is obeyed anywhere in a line, and not stopped by that. */
	for (at = text.data; *at; at++) {
		gb_buf_addc(&out, *at);
		if (*word && at[0] == '#' && at[1] == '[')
			gb_buf_addc(&out, ' ');
	}
	if (*word)
		gb_commands_go_on(word, &out);
	if (text.failed || out.failed)
		return gb_buf_error(text.failed ? &text : &out, "the report", err);
	return gb_command_print(&out, err);
}

int publish_runner(struct gb_publish *p, struct gb_err *err)
{
	int rc;

	if ((rc = publish_summary(p, NULL, err)) < 0 || (rc = annotations(p, err)) < 0 ||
	    (rc = log_report(p, err)) < 0)
		return rc;
	return publish_outputs(p, err);
}
