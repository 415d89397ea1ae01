/* SPDX-License-Identifier: GPL-2.0-only */
/* The vfio-user transport: for each function one client at a time on a UNIX socket. */
#ifndef QUICKDATA_ENGINE_SERVER_H
#define QUICKDATA_ENGINE_SERVER_H

#include "model.h"

#define MAX_FUNCTIONS	8

/**
 * struct server_options - how to serve
 * @functions: how many functions there are
 * @path: where the socket is; with several functions "-N" is added for function N
 * @control: where the control socket is, likewise; NULL for none
 * @once: a function ends when its first client has gone
 * @messages: ask the client for every access to memory, whatever it has handed over
 * @connect_timeout: seconds to wait for a client, 0 for ever
 * @report: called on SIGUSR1
 */
struct server_options {
	unsigned int functions;
	const char *path;
	const char *control;
	bool once;
	bool messages;
	unsigned int connect_timeout;
	void (*report)(struct qd_model *model);
};

/*
 * Serve functions of the kind that @part describes, in the caller's @models, until all
 * have ended. Returns 0, or a negative errno after saying what went wrong.
 */
int server_run(const struct server_options *options, struct qd_model *models,
	       const struct qd_options *part);

#endif /* QUICKDATA_ENGINE_SERVER_H */
