#include "git/child.h"

#include "base/buf.h"

#include <string.h>

const char *gb_git_reason(struct gb_buf *b)
{
	static const char fatal[] = "fatal: ";
	char *line, *end;

	while (b->len && b->data[b->len - 1] == '\n')
		b->data[--b->len] = 0;
	line = strstr(b->data, fatal);
	if (line) {
		end = strchr(line, '\n');
		if (end)
			*end = 0;
		return line + strlen(fatal);
	}
	line = strrchr(b->data, '\n');
	return line ? line + 1 : b->data;
}
