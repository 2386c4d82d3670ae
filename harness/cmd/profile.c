/* gobudget profile: one view of a pprof file.  See profile.h. */
#include "cmd/profile.h"

#include "base/args.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "command.h"

#include <string.h>

struct gb_profile_options gb_profile_opt;

/* One row per line: a diff shows what was added. */
/* clang-format off */
const struct gb_view *const gb_views[] = {
	&gb_view_top,
	&gb_view_list,
	&gb_view_diff,
	&gb_view_flame,
	&gb_view_traces,
	&gb_view_graph,
	&gb_view_disasm,
	NULL,
};
/* clang-format on */

static const struct gb_opt profile_opts[] = {
	{ .name = "sample",
	  .kind = GB_OPT_STRING,
	  .arg = "TYPE",
	  .help = "alloc_space, alloc_objects, inuse_space, ...; as go tool pprof chooses it",
	  .value = &gb_profile_opt.sample },
	{ .name = "cum",
	  .kind = GB_OPT_FLAG,
	  .help = "order by what is called, too",
	  .value = &gb_profile_opt.cum },
	{ .name = "nodecount",
	  .letter = 'n',
	  .kind = GB_OPT_INT,
	  .arg = "N",
	  .help = "show at most so many rows",
	  .value = &gb_profile_opt.nodecount,
	  .min = 1,
	  .max = INT32_MAX },
	{ .name = "all",
	  .letter = 'a',
	  .kind = GB_OPT_FLAG,
	  .help = "also what is below 0.5% of the total",
	  .value = &gb_profile_opt.all },
	{ .name = "focus",
	  .kind = GB_OPT_STRING,
	  .arg = "REGEXP",
	  .help = "only stacks through a function, file or binary that matches",
	  .value = &gb_profile_opt.focus },
	{ .name = "ignore",
	  .kind = GB_OPT_STRING,
	  .arg = "REGEXP",
	  .help = "no stack through such a function, file or binary",
	  .value = &gb_profile_opt.ignore },
	{ .name = "granularity",
	  .letter = 'g',
	  .kind = GB_OPT_STRING,
	  .arg = "WHAT",
	  .help = "sum up by function, line or file",
	  .value = &gb_profile_opt.granularity },
	{ .name = "unit",
	  .kind = GB_OPT_STRING,
	  .arg = "UNIT",
	  .help = "auto, or exact (also bytes, count, nanoseconds): numbers as they are",
	  .value = &gb_profile_opt.unit },
	{ .name = "source-path",
	  .kind = GB_OPT_STRING,
	  .arg = "DIR",
	  .help = "look for sources below this folder, too",
	  .value = &gb_profile_opt.source_path },
	{ .name = "json",
	  .kind = GB_OPT_FLAG,
	  .help = "print JSON, integers exact",
	  .value = &gb_profile_opt.json },
	{ .name = "base",
	  .kind = GB_OPT_STRING,
	  .arg = "OLD",
	  .help = "flame: show what grew and what shrank since this profile",
	  .value = &gb_profile_opt.base },
	{ .name = "output",
	  .letter = 'o',
	  .kind = GB_OPT_STRING,
	  .arg = "FILE",
	  .help = "flame: where the page goes (- for standard output)",
	  .value = &gb_profile_opt.output },
	{ .name = NULL },
};

static const struct gb_view *view_of(const char *name)
{
	for (size_t i = 0; name && gb_views[i]; i++) {
		if (strcmp(gb_views[i]->name, name) == 0)
			return gb_views[i];
	}
	return NULL;
}

static bool has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += len) {
		if ((at == words || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	}
	return false;
}

/* An option that means nothing to a view is a mistake worth telling. */
static int options_of(const struct gb_view *view, struct gb_opt **ret, struct gb_err *err)
{
	size_t n = sizeof(profile_opts) / sizeof(profile_opts[0]), used = 0;
	struct gb_opt *opts = gb_calloc(n, sizeof(*opts));

	if (!opts)
		return gb_fail_nomem(err);
	for (size_t i = 0; i + 1 < n; i++) {
		if (has_word(view->opts, profile_opts[i].name))
			opts[used++] = profile_opts[i];
	}
	*ret = opts;
	return 0;
}

static int no_view(const char *name, struct gb_err *err)
{
	_buf_ struct gb_buf names = GB_BUF_INIT(GB_KIB);

	for (size_t i = 0; gb_views[i]; i++)
		gb_buf_addf(&names, "%s%s", i ? ", " : "", gb_views[i]->name);
	if (name)
		gb_fail(err, GB_EUSAGE, "profile has no view \"%.100s\"", name);
	else
		gb_fail(err, GB_EUSAGE, "profile needs a view and a file");
	return gb_hint(err, "gobudget profile %s", names.data);
}

static int profile_run(int argc, char **argv, struct gb_err *err)
{
	const struct gb_view *view = view_of(argc > 1 ? argv[1] : NULL);
	_free_ struct gb_opt *opts = NULL;
	char name[64];
	int first, dashdash, rc;

	if (!view)
		return no_view(argc > 1 ? argv[1] : NULL, err);
	snprintf(name, sizeof(name), "profile %s", view->name);
	if ((rc = options_of(view, &opts, err)) < 0)
		return rc;
	rc = gb_args_parse(name, opts, argc - 1, argv + 1, &first, &dashdash, err);
	if (rc < 0)
		return gb_hint(err, "gobudget help profile");
	if (dashdash - first != view->operands || dashdash != argc - 1) {
		gb_fail(err, GB_EUSAGE, "profile %s takes %d operand%s, got %d", view->name,
			view->operands, view->operands == 1 ? "" : "s", dashdash - first);
		return gb_hint(err, "gobudget profile %s [options] %s", view->name, view->args);
	}
	return view->run(argv + 1 + first, err);
}

int gb_profile_open(const char *path, struct gb_profile **ret, struct gb_err *err)
{
	int rc = gb_profile_load(path, ret, err);

	return rc == GB_EPARSE || rc == GB_ENOTFOUND || rc == GB_ELIMIT || rc == GB_ESYS ? GB_EUSAGE
											 : rc;
}

int gb_profile_granularity(enum gb_granularity otherwise, enum gb_granularity *ret,
			   struct gb_err *err)
{
	static const struct {
		const char *name;
		enum gb_granularity by;
	} words[] = {
		{ "function", GB_BY_FUNCTION }, { "functions", GB_BY_FUNCTION },
		{ "line", GB_BY_LINE },		{ "lines", GB_BY_LINE },
		{ "file", GB_BY_FILE },		{ "files", GB_BY_FILE },
	};

	if (!gb_profile_opt.granularity) {
		*ret = otherwise;
		return 0;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].name, gb_profile_opt.granularity) == 0) {
			*ret = words[i].by;
			return 0;
		}
	}
	gb_fail(err, GB_EUSAGE, "no granularity \"%.100s\"", gb_profile_opt.granularity);
	return gb_hint(err, "function, line or file");
}

int gb_profile_tally(const struct gb_profile *p, const struct gb_profile *old,
		     enum gb_granularity by, struct gb_tally *ret, struct gb_err *err)
{
	struct gb_tally_options o = { .by = by,
				      .focus = gb_profile_opt.focus,
				      .ignore = gb_profile_opt.ignore };
	int rc = gb_profile_type_index(p, gb_profile_opt.sample, &o.type, err);

	if (rc == 0)
		rc = gb_tally_make(&o, p, old, ret, err);
	return rc == GB_EPARSE ? GB_EUSAGE : rc;
}

const struct gb_command cmd_profile = {
	.name = "profile",
	.args = "VIEW [options] FILE...",
	.summary = "look into a pprof file: heap, CPU, goroutine, mutex, block",
	.about =
		"Views:\n"
		"  top FILE                   functions, worst first\n"
		"  list REGEXP FILE           source lines of the functions that match\n"
		"  diff OLD NEW               what became more and what less, as pprof -diff_base\n"
		"  traces FILE                every sample with its stack\n"
		"  graph FILE                 who calls whom, as text for Graphviz's dot\n"
		"  disasm REGEXP BINARY FILE  instructions, beside go tool objdump\n"
		"  flame FILE                 a flame graph: one HTML file, without network\n"
		"\n"
		"Numbers are those of go tool pprof, to the byte. Regular expressions are POSIX\n"
		"extended ones, as grep -E takes them.\n",
	.opts = profile_opts,
	.run = profile_run,
};
