/*
 * How to accept what is over: the commands that raise exactly these budgets.
 *
 * They are there to be copied into a shell, and names come from strangers: only names that mean
 * nothing to a shell, and are no pattern, get a command.  A ceiling of the policy has no command:
 * its line in the policy file is the place, and the table names it.
 */
#include "report/markdown.h"

#include "base/buf.h"
#include "base/text.h"
#include "report/order.h"
#include "report/part.h"

#include <stdlib.h>
#include <string.h>

#define TESTS_NAMED  ((size_t)20)
#define NAME_LONGEST ((size_t)100)

static bool is_plain(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= NAME_LONGEST && *name != '-' &&
	       strspn(name,
		      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/.=:,+-") ==
		       n;
}

static bool can_be_raised(const struct gb_judgement *j)
{
	return j->action == GB_ACT_FAIL && j->by == GB_BY_BUDGET && j->has_budget && j->package &&
	       (j->verdict == GB_V_OVER || j->verdict == GB_V_GREW) && j->test_name &&
	       is_plain(j->test_name) && is_plain(j->package_path);
}

/* "./store" where the module is known, else the import path. */
static void add_package(struct gb_buf *out, const struct gb_report *r, const char *path)
{
	size_t n = r->module ? strlen(r->module) : 0;

	if (n && gb_starts(path, r->module) && path[n] == '/')
		gb_buf_addf(out, ".%s", path + n);
	else
		gb_buf_adds(out, n && strcmp(path, r->module) == 0 ? "." : path);
}

void gb_md_accept(struct gb_md *md)
{
	const struct gb_verdicts *v = md->r->verdicts;
	_part_ struct gb_part commands = GB_PART(md->out), part = GB_PART(md->out);
	size_t *order = NULL, n, named = 0;

	if (gb_report_order(v, can_be_raised, &order, &n) < 0) {
		md->out->failed = md->out->nomem = true;
		return;
	}
	for (size_t i = 0; i < n && named < TESTS_NAMED;) {
		const char *package = v->v[order[i]].package_path;

		gb_buf_adds(&commands.b, commands.b.len ? "\n" : "");
		gb_buf_adds(&commands.b, "gobudget record");
		for (; i < n && strcmp(v->v[order[i]].package_path, package) == 0; i++) {
			const struct gb_judgement *j = &v->v[order[i]];

			if (i > 0 && gb_same_test(&v->v[order[i - 1]], j))
				continue;
			if (++named <= TESTS_NAMED)
				gb_buf_addf(&commands.b, " --raise %s", j->test_name);
		}
		gb_buf_adds(&commands.b, " --reason 'why' ");
		add_package(&commands.b, md->r, package);
	}
	free(order);
	if (!commands.b.len)
		return;
	gb_buf_adds(&part.b, "<details><summary>if this is meant: raise the budget</summary>\n\n");
	gb_md_pre(&part.b, commands.b.data, TESTS_NAMED, commands.b.max);
	gb_buf_adds(&part.b,
		    "\nand commit <code>budgets/</code>; with <code>--patch</code> it prints the "
		    "diff and writes nothing. Who reviews the change sees every budget that "
		    "it raises, with the reason\n\n</details>\n\n");
	(void)gb_md_add(md, &part.b, 1);
}
