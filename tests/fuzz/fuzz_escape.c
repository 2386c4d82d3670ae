/*
 * Compiler output beside a source: whatever they say, they are read and related, or refused with
 * a line.  The input is both: the output, a line "--", and what x.go holds.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "escape/diff.h"
#include "escape/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *dir;

static void remove_dir(void)
{
	(void)gb_fs_remove_tree(dir, NULL);
	free(dir);
}

/* One folder of ours for all inputs. */
static const char *folder(void)
{
	if (!dir) {
		if (gb_fs_scratch(&dir, NULL) < 0)
			abort();
		atexit(remove_dir);
	}
	return dir;
}

static void write_source(const char *text, size_t len)
{
	char path[GB_MAX_PATH];
	FILE *f;

	snprintf(path, sizeof(path), "%s/x.go", folder());
	f = fopen(path, "wb");
	if (!f || fwrite(text, 1, len, f) != len || fclose(f))
		abort();
}

static int feed(struct gb_escapes *e, const char *at, const char *end, struct gb_err *err)
{
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((newline ? newline : end) - at);
		int rc = gb_escapes_line(e, at, len, err);

		if (rc < 0)
			return rc;
		at += len + 1;
	}
	return gb_escapes_finish(e, err);
}

static void check_values(const struct gb_escapes *e)
{
	int64_t heap = 0, counted = 0;

	for (size_t i = 0; i < e->n; i++) {
		_buf_ struct gb_buf says = GB_BUF_INIT(GB_MIB);
		const struct gb_escape *x = &e->v[i], *found;

		gb_escape_say(e, x, &says);
		if (x->closure >= (int)e->n_closures || !x->file || !x->func || !x->kept_by)
			abort();
		if (!gb_escapes_in(e, x->package, x->file, x->line, &found) || found > x)
			abort();
		counted += gb_escape_counts(e, x);
	}
	for (size_t i = 0; i < e->n_packages; i++)
		heap += e->packages[i].heap;
	if (heap != counted)
		abort();
}

static void check_closures(const struct gb_escapes *e)
{
	for (size_t i = 0; i < e->n_closures; i++) {
		const struct gb_closure *c = &e->closures[i];

		if (!c->name || !c->outer || c->escape >= (int)e->n || c->line < 1 || c->col < 1)
			abort();
		if (c->escape >= 0 && e->v[c->escape].closure != (int)i)
			abort();
		(void)gb_escapes_closure_around(e, c->file, c->line, c->col + 1);
	}
}

static void check_rules(const struct gb_escapes *e)
{
	const struct gb_rule_options o = { .large = GB_RULES_LARGE };
	_warnings_ struct gb_warnings w = { 0 };
	_escape_diff_ struct gb_escape_diff d = { 0 };

	if (gb_rules_check(e, &o, &w, NULL) == 0)
		for (size_t i = 0; i < w.n; i++)
			if (!w.v[i].reason[0] || !w.v[i].fix[0])
				abort();
	/* Nothing is new against itself. */
	if (gb_escape_diff(e, e, &d, NULL) == 0 && (d.n_fresh || d.n_gone))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_escapes_ struct gb_escapes *e = NULL;
	struct gb_err err = GB_ERR_INIT;
	const char *text = (const char *)data, *end = text + size, *source = end;

	for (size_t i = 0; i + 4 <= size; i++)
		if (!memcmp(text + i, "\n--\n", 4)) {
			end = text + i;
			source = end + 4;
			break;
		}
	write_source(source, source > end ? (size_t)(text + size - source) : 0);
	if (gb_escapes_new(&e, &err) < 0 ||
	    gb_escapes_add_package(e, "m", folder(), "m", folder(), "1.21", &err) < 0)
		return 0;
	if (feed(e, text, end, &err) < 0) {
		if (!err.line[0])
			abort();
		return 0;
	}
	check_values(e);
	check_closures(e);
	check_rules(e);
	return 0;
}
