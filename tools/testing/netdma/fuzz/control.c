// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the lines of the engine's control socket.
 *
 * The input is what a client sends, with the pieces that it comes in. In between, a
 * channel copies a descriptor that is linked to itself, so that the faults that have been
 * armed have something to hit.
 *
 * Besides what the sanitizers see, it is expected that each line has one answer, which is
 * good or bad news.
 */
#define _GNU_SOURCE
#include <sys/socket.h>
#include <unistd.h>

#include "control.h"
#include "input.h"

#define MOST_STEPS	16

static struct qd_model model;
static struct qd_descriptor desc;
static u64 now;

static int read_memory(void *context, u64 addr, void *buf, u32 len)
{
	(void)context;
	memset(buf, 0, len);
	if (!(addr % sizeof(desc)))
		memcpy(buf, &desc, len < sizeof(desc) ? len : sizeof(desc));
	return 0;
}

static int write_memory(void *context, u64 addr, const void *buf, u32 len)
{
	(void)context;
	(void)addr;
	(void)buf;
	(void)len;
	return 0;
}

static void signal_vector(void *context, unsigned int vector)
{
	(void)context;
	(void)vector;
}

static void signal_msi(void *context)
{
	(void)context;
}

static void set_intx(void *context, bool level)
{
	(void)context;
	(void)level;
}

static u64 get_now(void *context)
{
	(void)context;
	return now;
}

static const struct qd_ops ops = {
	.dma_read = read_memory,
	.dma_write = write_memory,
	.raise_msix = signal_vector,
	.raise_msi = signal_msi,
	.set_intx = set_intx,
	.kick = signal_vector,
	.now = get_now,
};

int fuzz_set_up(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	desc = (struct qd_descriptor){
		.size = 8,
		.control = QD_DESC_COMPLETION | QD_DESC_INT,
		.src = 0x2000,
		.dest = 0x3000,
		.next = 0x1000,
	};
	return 0;
}

static void power_on(void)
{
	static const struct qd_options options = {
		.device_id = 0x2021,
		.version = 0x32,
		.channels = 2,
		.chancnt = 2,
		.xfercap = 20,
		.msix_vectors = 2,
		.intx = true,
	};

	now = 1;
	EXPECT(!qd_init(&model, &options, &ops, NULL));
	qd_config_write(&model, QD_CFG_COMMAND, 2, QD_COMMAND_MEMORY | QD_COMMAND_MASTER);
	qd_bar_write(&model, QD_CHANNEL_BASE + QD_CHANCMP, 8, 0x4000);
	qd_bar_write(&model, QD_CHANNEL_BASE + QD_CHAINADDR, 8, 0x1000);
	qd_bar_write(&model, QD_CHANNEL_BASE + QD_DMACOUNT, 2, 0xffff);
}

static void let_it_work(void)
{
	unsigned int i;

	now += 1000000;
	qd_expire(&model);
	qd_bar_read(&model, QD_CHANNEL_BASE + QD_CHANSTS, 8);
	qd_bar_read(&model, QD_CHANCNT, 1);
	for (i = 0; i < MOST_STEPS && qd_channel_step(&model, 0); i++)
		;
}

/* Returns how many have come. */
static unsigned int take_answers(int peer)
{
	static char text[1 << 16];
	unsigned int answers = 0;
	ssize_t got, i, start = 0;

	got = recv(peer, text, sizeof(text), MSG_DONTWAIT);
	for (i = 0; i < got; i++) {
		if (text[i] != '\n')
			continue;
		EXPECT(!strncmp(text + start, "ok", 2) || !strncmp(text + start, "error ", 6));
		start = i + 1;
		answers++;
	}
	EXPECT(got <= 0 || start == got);
	return answers;
}

int fuzz_input(const uint8_t *data, size_t size)
{
	struct control control = { .model = &model, .listener = -1 };
	struct input input = { data, size };
	int pair[2];

	power_on();
	EXPECT(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	control.conn = pair[0];

	while (input.size) {
		size_t len = 1 + take_u8(&input), i;
		unsigned int lines = 0;

		if (len > input.size)
			len = input.size;
		for (i = 0; i < len; i++)
			lines += input.data[i] == '\n';
		EXPECT(send(pair[1], input.data, len, MSG_DONTWAIT) == (ssize_t)len);
		input.data += len;
		input.size -= len;

		control_serve(&control);
		EXPECT(control.conn >= 0);
		EXPECT(take_answers(pair[1]) == lines);
		let_it_work();
	}

	close(pair[1]);
	control_serve(&control);
	EXPECT(control.conn < 0);
	return 0;
}
