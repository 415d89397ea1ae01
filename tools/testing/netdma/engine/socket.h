/* SPDX-License-Identifier: GPL-2.0-only */
/* UNIX sockets to listen on. */
#ifndef QUICKDATA_ENGINE_SOCKET_H
#define QUICKDATA_ENGINE_SOCKET_H

#define PROGRAM			"quickdata-engine"

/* Returns a listening socket, or a negative errno after saying what went wrong. */
int socket_listen(const char *path);

#endif /* QUICKDATA_ENGINE_SOCKET_H */
