/*
 * fuzz_golist - any bytes as what go list prints, and then as a graph: it is refused with a
 * line, or every package that was asked for gets an answer.  Bytes behind a line "--" are
 * changed paths.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "plan/affected.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static void add_changes(struct gb_plan_changes *c, const char *at, const char *end)
{
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((newline ? newline : end) - at);

		if (len > 1) {
			_free_ char *path = gb_strndup(at + 1, len - 1);

			check(path &&
			      gb_plan_changes_add(c, path, (unsigned char)at[0] % 5, NULL) == 0);
		}
		at += len + 1;
	}
}

static void decide(const struct gb_plan_packages *p, const char *paths, const char *end)
{
	const struct gb_plan_options o = { .top = "/w", .budgets = "budgets" };
	struct gb_plan_changes c = { 0 };
	struct gb_plan plan = { 0 };
	size_t asked = 0;

	add_changes(&c, paths, end);
	for (size_t i = 0; i < p->n; i++)
		asked += p->v[i].asked;
	check(gb_plan_affected(p, &c, &o, &plan, NULL) == 0);
	check(plan.n == asked && plan.n_affected <= plan.n);
	for (size_t i = 0; i < plan.n; i++) {
		_buf_ struct gb_buf says = GB_BUF_INIT(GB_MIB);

		gb_plan_say(&plan.v[i], "/w", &says);
		check(says.len > 0);
	}
	gb_plan_release(&plan);
	gb_plan_changes_release(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = gb_strndup((const char *)data, size);
	struct gb_plan_packages p = { 0 };
	struct gb_err err = GB_ERR_INIT;
	const char *cut = NULL;
	size_t len = size;
	int rc;

	check(text != NULL);
	for (size_t i = 0; i + 4 <= size && !cut; i++)
		if (memcmp(text + i, "\n--\n", 4) == 0)
			cut = text + i;
	if (cut)
		len = (size_t)(cut - text);
	rc = gb_plan_packages_parse(&p, text, len, &err);
	check(rc == 0 || ((rc == GB_EPARSE || rc == GB_ELIMIT) && err.line[0]));
	check(gb_plan_packages_link(&p, NULL) == 0);
	decide(&p, cut ? cut + 4 : text + size, text + size);
	gb_plan_packages_release(&p);
	return 0;
}
