#include "cmd/ask.h"

#include "base/err.h"
#include "base/proc.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool gb_can_ask(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* One line, at most; what is longer is read and dropped.  Length, or GB_EINTR. */
static int read_answer(char *line, size_t size, struct gb_err *err)
{
	size_t n = 0;

	for (;;) {
		struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 },
					{ gb_signal_fd(), POLLIN, 0 } };
		char c;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (gb_interrupted())
			return gb_fail(err, GB_EINTR, "interrupted");
		if (!fds[0].revents)
			continue;
		if (read(STDIN_FILENO, &c, 1) != 1 || c == '\n')
			break;
		if (n + 1 < size)
			line[n++] = c;
	}
	line[n] = '\0';
	return (int)n;
}

static bool at_end(void)
{
	struct pollfd fd = { STDIN_FILENO, POLLIN, 0 };

	return poll(&fd, 1, 0) > 0 && (fd.revents & (POLLHUP | POLLERR | POLLNVAL));
}

int gb_ask(const char *question, struct gb_err *err)
{
	char line[16] = "";

	for (;;) {
		int n;

		printf("%s [Y/n] ", question);
		fflush(stdout);
		n = read_answer(line, sizeof(line), err);
		if (n < 0)
			return n;
		if (n == 0)
			return !at_end();
		if (tolower((unsigned char)line[0]) == 'y')
			return 1;
		if (tolower((unsigned char)line[0]) == 'n')
			return 0;
	}
}
