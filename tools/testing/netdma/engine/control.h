/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control socket: a line in, a line out. It arms faults, and tells what has
 * become of them and what the function has done.
 */
#ifndef QUICKDATA_ENGINE_CONTROL_H
#define QUICKDATA_ENGINE_CONTROL_H

#include <stdio.h>

#include "model.h"

/**
 * struct control - a control socket
 * @model: the function
 * @listener: where clients connect, negative without a control socket
 * @conn: the client, negative without one
 * @line: what has come of a line
 * @len: how much that is
 * @overlong: the line is too long, and nothing is kept of it
 * @dying: the last thing to do is to die
 */
struct control {
	struct qd_model *model;
	int listener;
	int conn;
	char line[256];
	size_t len;
	bool overlong;
	bool dying;
};

/* The file descriptor to wait on for input, negative for none */
static inline int control_fd(const struct control *control)
{
	return control->conn >= 0 ? control->conn : control->listener;
}

/* There is input on it. */
void control_serve(struct control *control);

#endif /* QUICKDATA_ENGINE_CONTROL_H */
