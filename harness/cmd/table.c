/* The one table of commands, and how a name is looked up in it. */
#include "command.h"

#include "base/near.h"

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
	&cmd_capture,
	&cmd_bench,
	&cmd_bisect,
	&cmd_history,
	&cmd_trends,
	&cmd_nightly,
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
		size_t far = gb_distance(name, gb_commands[i]->name);

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
