#include "cmd/each_commit.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/term.h"
#include "base/text.h"
#include "base/units.h"
#include "cmd/at_commit.h"
#include "cmd/moved.h"
#include "cmd/notes.h"
#include "cmd/trust.h"
#include "git/notes.h"
#include "git/range.h"
#include "git/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_SHOWN	12
#define SUBJECT_COLUMNS 40
#define LOG_SHOWN	6

struct each {
	const struct each_asked *asked;
	const struct gb_job_options *o;
	struct gb_at at;
	struct gb_range range;
	struct gb_notes notes;
	struct gb_term term;
	struct moved moved;
	size_t n, nth; /* commits on the line, and which one it is */
	size_t measured, known, failed, over;
	int64_t began_ms;
};

static void print(const struct each *e, const struct gb_buf *out)
{
	fwrite(out->data, 1, out->len, e->term.file);
	fflush(e->term.file);
}

static int usage(const struct each_asked *asked, struct gb_err *err)
{
	const char *dots = asked->range ? strstr(asked->range, "..") : NULL;

	if (!asked->range)
		return gb_fail(err, GB_EUSAGE, "--again wants --each-commit REV..REV");
	if (!dots || dots == asked->range || dots[2] == '.') {
		gb_fail(err, GB_EUSAGE, "--each-commit: \"%.200s\" is no range", asked->range);
		return gb_hint(err, "main..HEAD is what HEAD has and main has not");
	}
	if (!asked->odd)
		return 0;
	gb_fail(err, GB_EUSAGE,
		"--each-commit judges each commit against its first parent, and writes git notes");
	return gb_hint(err, "not with --base, --measure-base, --affected, --stress, "
			    "--escapes-only or a report in a file");
}

static int find_range(struct each *e, struct gb_err *err)
{
	const char *dots = strstr(e->asked->range, "..");
	_free_ char *from = NULL;
	char a[41], b[41];
	int rc;

	if (!(from = gb_strndup(e->asked->range, (size_t)(dots - e->asked->range))))
		return gb_fail_nomem(err);
	rc = gb_repo_commit(e->at.repo, from, a, err);
	if (rc >= 0)
		rc = gb_repo_commit(e->at.repo, dots[2] ? dots + 2 : "HEAD", b, err);
	if (rc == GB_ENOTFOUND)
		return err->code = GB_EUSAGE;
	if (rc >= 0)
		rc = gb_range_read(e->at.repo, a, b, &e->range, err);
	for (size_t i = 0; i < e->range.n && rc >= 0; i++)
		e->n += e->range.v[i].main;
	if (rc >= 0 && e->n == 0)
		return gb_fail(err, GB_EMEASURE, "there is no commit in %.200s", e->asked->range);
	return rc;
}

static int words_of(const struct each *e, const struct gb_range_commit *c, struct gb_strlist *words,
		    struct gb_err *err)
{
	const struct gb_job_options *o = e->o;
	int rc = c->first[0] ? gb_strlist_addf(words, err, "--base=%s", c->first) : 0;

	if (rc >= 0 && e->asked->escapes)
		rc = gb_strlist_add(words, "--escapes", err);
	if (rc >= 0 && o->repeats >= 0)
		rc = gb_strlist_addf(words, err, "--repeats=%lld", (long long)o->repeats);
	if (rc >= 0 && o->bench)
		rc = gb_strlist_addf(words, err, "--bench=%s", o->bench);
	if (rc >= 0 && o->timeout_ms)
		rc = gb_strlist_addf(words, err, "--timeout=%lldms", (long long)o->timeout_ms);
	if (rc >= 0 && o->memory)
		rc = gb_strlist_addf(words, err, "--memory=%lld", (long long)o->memory);
	if (rc >= 0 && o->jobs)
		rc = gb_strlist_addf(words, err, "--jobs=%lld", (long long)o->jobs);
	if (rc >= 0 && o->accounting)
		rc = gb_strlist_addf(words, err, "--accounting=%s", o->accounting);
	if (rc >= 0)
		rc = gb_strlist_add_all(words, (const char *const *)o->patterns.v, o->patterns.n,
					err);
	if (rc >= 0)
		rc = gb_strlist_add(words, "--", err);
	return rc < 0 ? rc
		      : gb_strlist_add_all(words, (const char *const *)o->go_flags.v, o->go_flags.n,
					   err);
}

static void add_commit(const struct each *e, struct gb_buf *out, const struct gb_range_commit *c)
{
	struct gb_commit_words words = { 0 };

	gb_buf_addf(out, "[%zu/%zu] %s%.*s%s ", e->nth, e->n,
		    gb_style_on(e->term.colour, GB_YELLOW), ID_SHOWN, c->id,
		    gb_style_off(e->term.colour));
	if (gb_commit_words(e->at.repo, c->id, &words, NULL) == 0)
		gb_text_fit(out, words.subject, SUBJECT_COLUMNS);
	gb_commit_words_release(&words);
	gb_buf_adds(out, " ... ");
}

/* In a log, where it may stand for minutes; on a terminal the live line says it. */
static void say_begin(const struct each *e, const struct gb_range_commit *c)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

	if (e->o->quiet || e->term.tty)
		return;
	add_commit(e, &out, c);
	print(e, &out);
}

/* "2 over, 1 grew"; "within budget"; "no budget". */
static void add_verdicts(struct gb_buf *out, const struct gb_measured_commit *m)
{
	static const enum gb_verdict shown[] = { GB_V_OVER,   GB_V_GREW,	GB_V_LEFT,
						 GB_V_GONE,   GB_V_RAISED,	GB_V_INHERITED,
						 GB_V_WAIVED, GB_V_INCOMPARABLE };
	size_t n = 0;

	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (m->count[shown[i]] > 0)
			gb_buf_addf(out, "%s%lld %s", n++ ? ", " : "",
				    (long long)m->count[shown[i]], gb_verdict_name(shown[i]));
	if (!n)
		gb_buf_adds(out, m->count[GB_V_WITHIN] + m->count[GB_V_SLACK] > 0 ? "within budget"
										  : "no budget");
}

static void say_end(const struct each *e, const struct gb_range_commit *c,
		    const struct gb_at_result *r)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	bool bad = r->why[0] || (r->measured && r->m.exit_status == 1);
	enum gb_style style = bad ? GB_RED : GB_GREEN;
	char took[32];

	if (e->o->quiet && !bad)
		return;
	if (e->o->quiet || e->term.tty)
		add_commit(e, &out, c);
	gb_buf_adds(&out, gb_style_on(e->term.colour, style));
	if (r->measured && r->m.end == GB_MEASURED_BUILD)
		gb_buf_adds(&out, "does not build");
	else if (r->why[0] && !(r->measured && r->m.exit_status == 1))
		gb_buf_adds(&out, "not measured whole");
	else
		add_verdicts(&out, &r->m);
	gb_buf_adds(&out, gb_style_off(e->term.colour));
	if (r->measured && r->m.known)
		gb_buf_adds(&out, "  from its note\n");
	else
		gb_buf_addf(&out, "  %s\n", gb_format_duration(took, sizeof(took), r->wall_ms));
	if (r->why[0]) {
		gb_buf_adds(&out, "  ");
		gb_text_safe(&out, r->why);
		gb_buf_addc(&out, '\n');
		if (!(r->measured && r->m.end == GB_MEASURED_BUILD))
			at_log_tail(r->log, LOG_SHOWN, &out);
	}
	print(e, &out);
}

static int take(struct each *e, const struct gb_range_commit *c, struct gb_at_result *r,
		struct gb_err *err)
{
	int rc = 0;

	if (r->why[0] || r->m.exit_status == 3)
		e->failed++;
	else if (r->m.known)
		e->known++;
	else
		e->measured++;
	e->over += r->measured && r->m.exit_status == 1;
	if (r->measured && !r->m.known && r->m.note.n > 0)
		rc = notes_keep_note(c->id, &r->m.note, err);
	/* What was measured of a commit that is not whole tells of its tests all the same. */
	if (rc >= 0 && r->measured && r->m.note.n > 0)
		rc = moved_add(&e->moved, c->id, r->m.env, &r->m.note, err);
	else if (rc >= 0)
		moved_miss(&e->moved);
	return rc;
}

static int note_text(struct each *e, const char *commit, struct gb_buf *out, struct gb_err *err)
{
	const struct gb_note_entry *n = gb_notes_find(&e->notes, commit);

	return n ? gb_walk_read(e->at.repo, n->blob, out, err) : 0;
}

static int one(struct each *e, const struct gb_range_commit *c, struct gb_err *err)
{
	_strlist_ struct gb_strlist words = GB_STRLIST_INIT;
	_buf_ struct gb_buf have = GB_BUF_INIT(GB_MAX_NOTE);
	_free_ char *phase = gb_asprintf("commit %zu of %zu, %.*s", e->nth, e->n, ID_SHOWN, c->id);
	struct gb_at_result r = { 0 };
	int rc = phase ? words_of(e, c, &words, err) : gb_fail_nomem(err);

	if (rc >= 0 && !e->asked->again)
		rc = note_text(e, c->id, &have, err);
	if (rc < 0)
		return rc;
	say_begin(e, c);
	rc = at_measure(&e->at, c->id, have.len ? have.data : NULL, &words, phase, &r, err);
	if (rc < 0)
		return rc;
	say_end(e, c, &r);
	rc = take(e, c, &r, err);
	at_result_release(&r);
	return rc;
}

/* What the commit before the first one measured is known only if its note says so. */
static int start_from(struct each *e, const char *parent, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE);
	struct gb_note note = { 0 };
	int rc = parent[0] ? note_text(e, parent, &text, err) : 0;

	if (rc < 0 || !text.len || gb_note_parse("note", text.data, text.len, &note, NULL) < 0)
		return rc;
	rc = moved_add(&e->moved, parent, NULL, &note, err);
	gb_note_release(&note);
	return rc;
}

static int all(struct each *e, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < e->range.n && rc >= 0; i++) {
		if (!e->range.v[i].main)
			continue;
		if (++e->nth == 1)
			rc = start_from(e, e->range.v[i].first, err);
		if (rc >= 0)
			rc = one(e, &e->range.v[i], err);
	}
	return rc;
}

static int say_sum(struct each *e, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	char took[32];

	moved_say(&e->moved, e->at.repo, &e->term, &out);
	gb_buf_addf(&out, "\n%zu commit%s: %zu measured", e->n, e->n == 1 ? "" : "s", e->measured);
	if (e->known)
		gb_buf_addf(&out, ", %zu from notes", e->known);
	if (e->failed)
		gb_buf_addf(&out, ", %zu not measured whole", e->failed);
	if (e->over)
		gb_buf_addf(&out, " \xC2\xB7 %zu over budget", e->over);
	gb_buf_addf(&out, " \xC2\xB7 %s\n",
		    gb_format_duration(took, sizeof(took), gb_now_ms() - e->began_ms));
	if (e->range.cut[0])
		gb_buf_addf(&out, "this clone is shallow: history before %.*s is not in it\n",
			    ID_SHOWN, e->range.cut);
	if (out.failed)
		return gb_buf_error(&out, "the table", err);
	print(e, &out);
	return 0;
}

static int run(struct each *e, struct gb_err *err)
{
	int rc = trust_event(e->o->trusted, err);

	if (rc < 0 || (rc = at_open(&e->at, err)) < 0 || (rc = find_range(e, err)) < 0 ||
	    (rc = gb_notes_load(e->at.repo, NULL, &e->notes, err)) < 0)
		return rc;
	rc = all(e, err);
	if (rc == GB_EINTR) {
		gb_fail(err, GB_EINTR, "interrupted at commit %zu of %zu", e->nth, e->n);
		return gb_hint(err, "the same command goes on there: what was measured stands in "
				    "git notes");
	}
	if (rc >= 0)
		rc = say_sum(e, err);
	return rc < 0 ? rc : e->over ? 1 : e->failed ? 3 : 0;
}

int each_commit(const struct each_asked *asked, const struct gb_job_options *o, struct gb_err *err)
{
	struct each e = { .asked = asked, .o = o, .began_ms = gb_now_ms() };
	int rc;

	e.at.quiet = o->quiet;
	e.at.timeout_ms = GB_AT_DEADLINE_MS;
	gb_term_init(&e.term, stdout);
	rc = usage(asked, err);
	if (rc >= 0)
		rc = run(&e, err);
	moved_release(&e.moved);
	gb_range_release(&e.range);
	gb_notes_release(&e.notes);
	at_close(&e.at);
	return rc;
}
