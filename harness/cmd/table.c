/* The one table of commands, and how a name is looked up in it. */
#include "command.h"

#include <stdlib.h>
#include <string.h>

/* One row per line: a diff shows what was added. */
/* clang-format off */
const struct gb_command *const gb_commands[] = {
	&cmd_check,
	&cmd_record,
	&cmd_report,
	&cmd_plan,
	&cmd_merge,
	&cmd_explain,
	&cmd_publish,
	&cmd_profile,
	&cmd_bisect,
	&cmd_history,
	&cmd_notes,
	&cmd_init,
	&cmd_hook,
	&cmd_doctor,
	&cmd_completion,
	&cmd_help,
	&cmd_version,
	&cmd_exec,
	&cmd_measure,
	NULL,
};
/* clang-format on */

const struct gb_command *gb_command_find(const char *name)
{
	for (size_t i = 0; gb_commands[i]; i++) {
		if (strcmp(gb_commands[i]->name, name) == 0)
			return gb_commands[i];
	}
	return NULL;
}

/* What people type for another tool's name of the same thing. */
static const struct {
	const char *typed, *meant;
} synonyms[] = {
	{ "test", "check" },
	{ "run", "check" },
	{ "verify", "check" },
	{ "update", "record" },
	{ "baseline", "record" },
	{ "save", "record" },
	{ "completions", "completion" },
	{ "complete", "completion" },
	{ "usage", "help" },
	{ "log", "history" },
	{ "blame", "history" },
};

#define WORD_MAX ((size_t)24)

/* Levenshtein with transpositions; words are short, longer ones are never near. */
static size_t distance(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b);
	size_t d[WORD_MAX + 1][WORD_MAX + 1];

	if (na > WORD_MAX || nb > WORD_MAX)
		return WORD_MAX;
	for (size_t i = 0; i <= na; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= nb; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		for (size_t j = 1; j <= nb; j++) {
			size_t least = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			if (d[i - 1][j] + 1 < least)
				least = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < least)
				least = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < least)
				least = d[i - 2][j - 2] + 1;
			d[i][j] = least;
		}
	}
	return d[na][nb];
}

static const struct gb_command *nearest(const char *name)
{
	const struct gb_command *best = NULL;
	size_t best_distance = strlen(name) < 4 ? 2 : 3; /* this far is not near any more */

	for (size_t i = 0; i < sizeof(synonyms) / sizeof(synonyms[0]); i++) {
		if (strcmp(synonyms[i].typed, name) == 0)
			return gb_command_find(synonyms[i].meant);
	}
	for (size_t i = 0; gb_commands[i] && strlen(name) > 2; i++) {
		if (!gb_commands[i]->hidden &&
		    strncmp(gb_commands[i]->name, name, strlen(name)) == 0)
			return gb_commands[i];
	}
	for (size_t i = 0; gb_commands[i]; i++) {
		size_t far = distance(name, gb_commands[i]->name);

		if (!gb_commands[i]->hidden && far < best_distance) {
			best = gb_commands[i];
			best_distance = far;
		}
	}
	return best;
}

int gb_command_unknown(const char *name, struct gb_err *err)
{
	const struct gb_command *near = nearest(name);

	gb_fail(err, GB_EUSAGE, "no command \"%.100s\"", name);
	if (near)
		gb_hint(err, "did you mean \"gobudget %s\"?", near->name);
	else
		gb_hint(err, "\"gobudget help\" lists the commands");
	return GB_EUSAGE;
}
