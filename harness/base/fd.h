/*
 * fd - descriptors that close themselves and are never inherited.
 */
#ifndef GB_BASE_FD_H
#define GB_BASE_FD_H

#include "base/banned.h"

#include <stddef.h>

/* _fd_ int fd = open(...); closed at the end of the scope unless negative; errno survives. */
void gb_cleanup_fd(int *fd);
#define _fd_ __attribute__((cleanup(gb_cleanup_fd)))
#define GB_FD_TAKE(fd)             \
	__extension__({            \
		int taken_ = (fd); \
		(fd) = -1;         \
		taken_;            \
	})

/* All of it, through EINTR and short writes.  0, or -1 with errno. */
int gb_fd_write_all(int fd, const void *data, size_t len);

/* Both ends close-on-exec and above 2, so that placing one on a standard stream
 * cannot land on the other.  0, or -1 with errno. */
int gb_fd_pipe(int ret_fds[2]);

int gb_fd_nonblock(int fd); /* 0, or -1 with errno */

#endif
