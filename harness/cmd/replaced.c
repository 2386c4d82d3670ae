#include "cmd/replaced.h"

#include "base/mem.h"
#include "git/replaced.h"

#include <stdio.h>
#include <stdlib.h>

char *replaced_line(const struct gb_repo *repo)
{
	struct gb_replaced r;
	_free_ char *words = NULL;

	gb_repo_replaced(repo, &r);
	words = gb_replaced_words(&r);
	return words ? gb_asprintf("%s passed over: commits count as they were made, not as git "
				   "log shows them here",
				   words)
		     : NULL;
}

void replaced_say(const struct gb_repo *repo)
{
	_free_ char *line = replaced_line(repo);

	if (line)
		fprintf(stderr, "note: %s\n", line);
}
