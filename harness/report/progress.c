#include "report/progress.h"

#include "base/buf.h"
#include "base/proc.h"
#include "base/text.h"
#include "base/units.h"

#include <stdio.h>
#include <string.h>

#define REDRAW_MS 125
#define FINISHED  (sizeof(((struct gb_progress *)NULL)->finished) / sizeof(char[64]))
#define NAMES	  (sizeof(((struct gb_progress *)NULL)->running) / sizeof(char[64]))

/* "store" of "example.com/shop/store", safe to show and small enough to keep. */
static void short_name(char out[64], const char *package)
{
	_buf_ struct gb_buf last = GB_BUF_INIT(4096), safe = GB_BUF_INIT(16384);
	const char *slash = strrchr(package, '/');
	size_t len;

	gb_buf_add(&last, slash ? slash + 1 : package, strnlen(slash ? slash + 1 : package, 1000));
	gb_text_safe(&safe, last.data);
	gb_buf_clear(&last);
	gb_text_fit(&last, safe.data, 20);
	/* Combining characters take no columns: cut at 63 bytes, never inside a character. */
	len = last.len < 63 ? last.len : 63;
	while (len && len < last.len && ((unsigned char)last.data[len] & 0xc0) == 0x80)
		len--;
	memcpy(out, last.data, len);
	out[len] = '\0';
}

/* Whole seconds: tenths would only flicker. */
static void add_time(struct gb_buf *line, int64_t ms)
{
	char time[32];

	if (ms >= 60000)
		gb_buf_addf(line, " … %s", gb_format_duration(time, sizeof(time), ms));
	else if (ms >= 1000)
		gb_buf_addf(line, " … %ds", (int)(ms / 1000));
	else
		gb_buf_adds(line, " …");
}

static void draw(struct gb_progress *p)
{
	_buf_ struct gb_buf line = GB_BUF_INIT(4096);
	int64_t now = gb_now_ms();
	bool first = gb_streq(p->phase, "measuring"); /* the only one that builds */
	bool begun = p->done || p->n_running;
	char left[32];

	if (!first && p->phase)
		gb_buf_addf(&line, "%s%s", p->phase, begun || p->total ? ": " : "");
	if (!begun && first)
		gb_buf_adds(&line, p->total ? "building " : "building");
	if (!begun && p->total)
		gb_buf_addf(&line, "%zu package%s", p->total, p->total == 1 ? "" : "s");
	else if (begun && p->total)
		gb_buf_addf(&line, "%zu/%zu", p->done, p->total);
	else if (begun && p->done)
		gb_buf_addf(&line, "%zu done", p->done);
	for (size_t i = 0; i < p->n_running; i++)
		gb_buf_addf(&line, "%s%s",
			    i	       ? ", "
			    : p->total ? " running "
			    : p->done  ? ", running "
				       : "running ",
			    p->running[i]);
	add_time(&line, now - p->started_ms);
	if (p->left_ms >= 1000)
		gb_buf_addf(&line, ", about %s left",
			    gb_format_duration(left, sizeof(left), p->left_ms / 1000 * 1000));
	p->drawn_ms = now;
	gb_term_live(&p->term, line.data);
}

void gb_progress_start(struct gb_progress *p, bool on, const char *phase, size_t total)
{
	memset(p, 0, sizeof(*p));
	gb_term_init(&p->term, stderr);
	p->on = on && p->term.tty;
	p->phase = phase;
	p->total = total;
	p->started_ms = gb_now_ms();
	if (p->on)
		draw(p);
}

void gb_progress_running(struct gb_progress *p, const char *package)
{
	char name[64];

	if (!p->on || p->n_running == NAMES)
		return;
	short_name(name, package);
	for (size_t i = 0; i < FINISHED && i < p->n_finished; i++) {
		if (strcmp(p->finished[i], name) == 0)
			return;
	}
	memcpy(p->running[p->n_running++], name, sizeof(name));
	gb_progress_tick(p);
}

void gb_progress_done(struct gb_progress *p, const char *package)
{
	char name[64];

	p->done++;
	if (!p->on)
		return;
	short_name(name, package);
	memcpy(p->finished[p->n_finished++ % FINISHED], name, sizeof(name));
	for (size_t i = 0; i < p->n_running; i++) {
		if (strcmp(p->running[i], name) == 0) {
			p->n_running--;
			memmove(p->running[i], p->running[i + 1],
				(p->n_running - i) * sizeof(p->running[0]));
			break;
		}
	}
	gb_progress_tick(p);
}

void gb_progress_tick(struct gb_progress *p)
{
	if (p->on && (!p->term.live || gb_now_ms() - p->drawn_ms >= REDRAW_MS))
		draw(p);
}

void gb_progress_pause(struct gb_progress *p)
{
	if (p->on && p->term.live)
		gb_term_live(&p->term, NULL);
}

void gb_progress_end(struct gb_progress *p)
{
	gb_progress_pause(p);
	p->on = false;
}
