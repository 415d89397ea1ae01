// SPDX-License-Identifier: GPL-2.0-only
/* UNIX sockets to listen on. */
#include "socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * The socket gets its name when it can be connected to, so that whoever starts
 * the engine only has to wait for the name. One that an earlier run has left
 * behind is replaced; nothing else is.
 */
int socket_listen(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	static const char suffix[] = ".new";
	int fd, error = 0;
	struct stat st;

	if (strlen(path) + sizeof(suffix) > sizeof(addr.sun_path)) {
		fprintf(stderr, PROGRAM ": %s: the path of the socket may have %zu bytes\n",
			path, sizeof(addr.sun_path) - sizeof(suffix));
		return -ENAMETOOLONG;
	}
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s%s", path, suffix);

	umask(077);
	unlink(addr.sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (!lstat(path, &st) && !S_ISSOCK(st.st_mode))
		error = EEXIST;
	else if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
		 listen(fd, 1) || rename(addr.sun_path, path))
		error = errno;

	if (error) {
		fprintf(stderr, PROGRAM ": %s: %s\n", path, strerror(error));
		unlink(addr.sun_path);
		if (fd >= 0)
			close(fd);
		return -error;
	}
	return fd;
}
