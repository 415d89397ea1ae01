/* SPDX-License-Identifier: GPL-2.0-only */
/* The vfio-user transport: one client at a time on a UNIX socket. */
#ifndef QUICKDATA_ENGINE_SERVER_H
#define QUICKDATA_ENGINE_SERVER_H

#include "model.h"

/**
 * struct server_options - how to serve
 * @path: where the socket is
 * @control: where the control socket is, NULL for none
 * @once: return when the first client has gone
 * @messages: ask the client for every access to memory, whatever it has handed over
 * @connect_timeout: seconds to wait for a client, 0 for ever
 * @report: called on SIGUSR1
 */
struct server_options {
	const char *path;
	const char *control;
	bool once;
	bool messages;
	unsigned int connect_timeout;
	void (*report)(const struct qd_model *model);
};

/*
 * Serve the function that @part describes, in the caller's @model, until told to
 * stop. Returns 0, or a negative errno after saying what went wrong.
 */
int server_run(const struct server_options *options, struct qd_model *model,
	       const struct qd_options *part);

#endif /* QUICKDATA_ENGINE_SERVER_H */
