/*
 * args - parsing; args_help.c prints the table.  See args.h.
 *
 * getopt_long reads in order ("-"), so that operands before a "--" can be told
 * from what follows it: its own permutation mixes the two.
 */
#include "base/args.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "base/units.h"

#define LONG 256 /* getopt's value of the option in row i is LONG + i */

struct tables {
	struct option *names;
	char *letters; /* "-:" and the letters */
};

static size_t count(const struct gb_opt *opts)
{
	size_t n = 0;

	while (opts[n].name)
		n++;
	return n;
}

static int make_tables(const struct gb_opt *opts, struct tables *t)
{
	size_t n = count(opts);
	char *p;

	t->names = gb_calloc(n + 1, sizeof(*t->names));
	t->letters = gb_malloc(3 + 2 * n);
	if (!t->names || !t->letters)
		return GB_ENOMEM;
	p = t->letters;
	*p++ = '-';
	*p++ = ':';
	for (size_t i = 0; i < n; i++) {
		bool has_value = opts[i].kind != GB_OPT_FLAG;

		t->names[i].name = opts[i].name;
		t->names[i].has_arg = has_value ? required_argument : no_argument;
		t->names[i].val = LONG + (int)i;
		if (opts[i].letter) {
			*p++ = opts[i].letter;
			if (has_value)
				*p++ = ':';
		}
	}
	*p = '\0';
	return 0;
}

/* The row of what getopt returned or complained about. */
static const struct gb_opt *row_of(const struct gb_opt *opts, int c)
{
	if (c >= LONG && (size_t)(c - LONG) < count(opts))
		return &opts[c - LONG];
	for (; c > 0 && c < LONG && opts->name; opts++)
		if (opts->letter == c)
			return opts;
	return NULL;
}

static int parse_value(const struct gb_opt *o, const char *text, struct gb_err *err)
{
	bool bounded = o->min || o->max;

	switch (o->kind) {
	case GB_OPT_FLAG:
		*(bool *)o->value = true;
		return 0;
	case GB_OPT_STRING:
		*(const char **)o->value = text;
		return 0;
	case GB_OPT_STRINGS:
		return gb_strlist_add(o->value, text, err);
	case GB_OPT_INT:
		return gb_parse_int(text, bounded ? o->min : INT64_MIN,
				    bounded ? o->max : INT64_MAX, o->value, err);
	case GB_OPT_DURATION:
		return gb_parse_duration(text, o->value, err);
	case GB_OPT_SIZE:
		return gb_parse_size(text, o->value, err);
	}
	return 0;
}

static int take(const char *command, const struct gb_opt *o, struct gb_err *err)
{
	struct gb_err cause = GB_ERR_INIT;
	int rc = parse_value(o, optarg, &cause);

	if (rc == GB_EUSAGE) {
		gb_fail(err, rc, "--%s: %s", o->name, cause.line);
		gb_hint(err, "gobudget help %s", command);
	} else if (rc < 0) {
		gb_fail(err, rc, "%s", cause.line);
	}
	return rc;
}

static int complain(const char *command, const struct gb_opt *opts, int c, const char *word,
		    struct gb_err *err)
{
	const struct gb_opt *o = row_of(opts, optopt);

	if (c == ':')
		gb_fail(err, GB_EUSAGE, "option --%s needs a value%s%s", o ? o->name : "?",
			o && o->arg ? ": " : "", o && o->arg ? o->arg : "");
	else if (o && optopt >= LONG)
		gb_fail(err, GB_EUSAGE, "option --%s takes no value", o->name);
	else if (optopt > 0 && optopt < LONG)
		gb_fail(err, GB_EUSAGE, "unknown option -%c", optopt);
	else
		gb_fail(err, GB_EUSAGE, "unknown or ambiguous option %s", word);
	gb_hint(err, "gobudget help %s", command);
	return GB_EUSAGE;
}

static void reset_getopt(void)
{
	opterr = 0;
#ifdef __GLIBC__
	optind = 0;
#else
	optind = 1;
#ifdef __APPLE__
	optreset = 1;
#endif
#endif
}

/* Reads options and marks operands.  *ret_dashdash is the index of "--", or argc. */
static int walk(const char *command, const struct gb_opt *opts, const struct tables *t, int argc,
		char **argv, bool *is_operand, int *ret_dashdash, struct gb_err *err)
{
	reset_getopt();
	for (;;) {
		int before = optind > 0 ? optind : 1;
		int c = getopt_long(argc, argv, t->letters, t->names, NULL);
		const struct gb_opt *o;
		int rc;

		if (c == -1) {
			*ret_dashdash = optind > before ? before : argc;
			return 0;
		}
		if (c == 1) {
			is_operand[optind - 1] = true;
			continue;
		}
		if (c == '?' || c == ':')
			return complain(command, opts, c, argv[optind - 1], err);
		o = row_of(opts, c);
		rc = o ? take(command, o, err) : complain(command, opts, c, argv[optind - 1], err);
		if (rc < 0)
			return rc;
	}
}

/* In argv[1..end): options and their values, then operands.  The index of the first operand. */
static int permute(char **argv, int end, const bool *is_operand, char **spare)
{
	int to = 1, n = 0;

	for (int i = 1; i < end; i++) {
		if (is_operand[i])
			spare[n++] = argv[i];
		else
			argv[to++] = argv[i];
	}
	for (int i = 0; i < n; i++)
		argv[to + i] = spare[i];
	return to;
}

int gb_args_parse(const char *command, const struct gb_opt *opts, int argc, char **argv,
		  int *ret_first, int *ret_dashdash, struct gb_err *err)
{
	_free_ bool *is_operand = gb_calloc((size_t)argc + 1, sizeof(*is_operand));
	_free_ char **spare = gb_calloc((size_t)argc + 1, sizeof(*spare));
	struct tables t = { NULL, NULL };
	int dashdash = argc, rc;

	if (!is_operand || !spare)
		return gb_fail_nomem(err);
	rc = make_tables(opts, &t);
	if (rc < 0)
		gb_fail_nomem(err);
	else
		rc = walk(command, opts, &t, argc, argv, is_operand, &dashdash, err);
	free(t.names);
	free(t.letters);
	if (rc < 0)
		return rc;
	*ret_first = argc ? permute(argv, dashdash, is_operand, spare) : 0;
	*ret_dashdash = dashdash;
	return 0;
}
