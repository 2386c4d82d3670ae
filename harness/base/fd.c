/* fd - see fd.h. */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void gb_cleanup_fd(int *fd)
{
	int sys = errno;

	if (*fd >= 0)
		close(*fd);
	errno = sys;
}

int gb_fd_write_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static int open_pipe(int fds[2])
{
#ifdef __linux__
	return pipe2(fds, O_CLOEXEC);
#else
	if (pipe(fds) < 0)
		return -1;
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	return 0;
#endif
}

int gb_fd_pipe(int ret_fds[2])
{
	int fds[2];

	if (open_pipe(fds) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		if (fds[i] <= 2) {
			int high = fcntl(fds[i], F_DUPFD_CLOEXEC, 3);
			int sys = errno;

			close(fds[i]);
			if (high < 0) {
				close(fds[!i]);
				errno = sys;
				return -1;
			}
			fds[i] = high;
		}
	}
	ret_fds[0] = fds[0];
	ret_fds[1] = fds[1];
	return 0;
}

int gb_fd_nonblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}
