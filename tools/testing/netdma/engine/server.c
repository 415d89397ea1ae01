// SPDX-License-Identifier: GPL-2.0-only
/*
 * The vfio-user transport of the emulated engine.
 *
 * One thread and one loop for each function: answer a request if there is one, give
 * one slice to a channel that has work, repeat. So no register access waits for more
 * than a slice, and no client can starve the channels by polling them. Functions share
 * nothing: a client may wait for one while another waits for the client.
 *
 * Nothing that arrives is trusted. A request that makes sense but cannot be
 * granted gets an error reply; a message that makes none ends the connection.
 */
#define _GNU_SOURCE
#include "server.h"

#include <fcntl.h>
#include <linux/vfio.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "control.h"
#include "guest_memory.h"
#include "socket.h"
#include "vfio_user.h"

/* More than a socket's path can have */
#define PATH_SIZE		128
#define MAX_FDS			QD_MAX_CHANNELS
/* Data in one message, either way; no smaller than what the model asks for at once */
#define MAX_TRANSFER		QD_SLICE
#define MAX_MESSAGE		(MAX_TRANSFER + 1024)
/* How long a peer may take over half a message, or over a reply */
#define PEER_TIMEOUT_MS		5000
#define NSEC_PER_SEC		1000000000ULL

/* One interrupt of the client's; @fd is negative if it has not asked for it. */
struct interrupt {
	int fd;
	bool masked;
};

struct message {
	struct vfio_user_header header;
	int fds[MAX_FDS];
	unsigned int nfds;
};

/**
 * struct server - the transport's state, for one function
 * @options: how to serve
 * @thread: the thread that does
 * @wake: an eventfd that says that something is requested
 * @report_requested: namely a report
 * @result: what has become of it
 * @model: the function that is served
 * @path: where clients connect
 * @listener: the socket there
 * @control_path: where clients of the control socket connect
 * @memory: the client's memory
 * @messages: not used; the client is asked
 * @control: the control socket
 * @conn: the client's socket
 * @greeted: the client has sent its version
 * @broken: the connection is to be closed
 * @max_transfer: most data that the client takes in one message
 * @next_id: ID of the next message of our own
 * @runnable: channels that have work, as bits
 * @turn: the channel whose turn it is
 * @intx: the client's interrupt for the pin
 * @intx_level: the pin
 * @msi: the client's interrupt for MSI
 * @msix: the client's interrupts for MSI-X vectors
 * @request: payload of the request that is being handled, then of its reply
 */
struct server {
	const struct server_options *options;
	pthread_t thread;
	int wake;
	atomic_bool report_requested;
	int result;
	struct qd_model *model;
	char path[PATH_SIZE];
	int listener;
	char control_path[PATH_SIZE];
	struct guest_memory memory;
	bool messages;
	struct control control;
	int conn;
	bool greeted;
	bool broken;
	u32 max_transfer;
	u16 next_id;
	u32 runnable;
	unsigned int turn;
	struct interrupt intx;
	bool intx_level;
	struct interrupt msi;
	struct interrupt msix[QD_MAX_CHANNELS];
	union {
		u8 payload[MAX_MESSAGE];
		struct vfio_user_version version;
		struct vfio_user_dma_map dma_map;
		struct vfio_user_dma_unmap dma_unmap;
		struct vfio_device_info device_info;
		struct vfio_region_info region_info;
		struct vfio_irq_info irq_info;
		struct vfio_irq_set irq_set;
		struct vfio_user_region_access region_access;
	} request;
};

static struct server servers[MAX_FUNCTIONS];
static unsigned int functions;
static atomic_bool stop_requested;
static atomic_bool dying;

static void give_up(struct server *server, const char *reason)
{
	if (!server->broken)
		fprintf(stderr, PROGRAM ": closing the connection: %s\n", reason);
	server->broken = true;
}

/*
 * Messages
 */

/* Returns whether all of it has come. */
static bool receive(struct server *server, void *buf, size_t len)
{
	u8 *at = buf;

	while (len) {
		ssize_t got = recv(server->conn, at, len, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			give_up(server, got ? "a message stopped half way" :
					      "the client has gone in mid-message");
			return false;
		}
		at += got;
		len -= got;
	}
	return true;
}

/* Returns whether there is a message; file descriptors come with its first byte. */
static bool receive_header(struct server *server, struct message *message)
{
	union {
		struct cmsghdr aligned;
		char bytes[CMSG_SPACE(sizeof(message->fds))];
	} control;
	struct iovec iov = { &message->header, sizeof(message->header) };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg;
	ssize_t got;

	message->nfds = 0;
	do {
		got = recvmsg(server->conn, &msg, MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got <= 0) {
		/* This is how a client normally leaves. */
		server->broken = true;
		return false;
	}

	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		size_t len = cmsg->cmsg_len - CMSG_LEN(0);

		if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS)
			continue;
		memcpy(message->fds, CMSG_DATA(cmsg), len);
		message->nfds = len / sizeof(int);
	}
	if (msg.msg_flags & MSG_CTRUNC) {
		give_up(server, "a message has too many file descriptors");
		return false;
	}

	if (!receive(server, (u8 *)&message->header + got, sizeof(message->header) - got))
		return false;
	if (message->header.size < sizeof(message->header) ||
	    message->header.size > sizeof(message->header) + MAX_MESSAGE) {
		give_up(server, "a message has an impossible size");
		return false;
	}
	return true;
}

/* Take a descriptor out of a message, so that it stays open. */
static int take_fd(struct message *message, unsigned int i)
{
	int fd = message->fds[i];

	message->fds[i] = -1;
	return fd;
}

static void close_fds(struct message *message)
{
	unsigned int i;

	for (i = 0; i < message->nfds; i++)
		if (message->fds[i] >= 0)
			close(message->fds[i]);
}

static void send_message(struct server *server, struct vfio_user_header *header,
			 const void *fixed, size_t fixed_len, const void *data, size_t data_len)
{
	struct iovec iov[] = {
		{ header, sizeof(*header) },
		{ (void *)fixed, fixed_len },
		{ (void *)data, data_len },
	};
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = ARRAY_SIZE(iov) };

	header->size = sizeof(*header) + fixed_len + data_len;
	while (msg.msg_iovlen) {
		ssize_t sent = sendmsg(server->conn, &msg, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0) {
			give_up(server, strerror(errno));
			return;
		}
		while (msg.msg_iovlen && (size_t)sent >= msg.msg_iov->iov_len) {
			sent -= msg.msg_iov->iov_len;
			msg.msg_iov++;
			msg.msg_iovlen--;
		}
		if (msg.msg_iovlen) {
			msg.msg_iov->iov_base = (u8 *)msg.msg_iov->iov_base + sent;
			msg.msg_iov->iov_len -= sent;
		}
	}
}

static void reply(struct server *server, const struct message *request, int error,
		  const void *payload, size_t len)
{
	struct vfio_user_header header = {
		.id = request->header.id,
		.command = request->header.command,
		.flags = VFIO_USER_TYPE_REPLY | (error ? VFIO_USER_ERROR : 0),
		.error = -error,
	};

	if (!(request->header.flags & VFIO_USER_NO_REPLY))
		send_message(server, &header, payload, error ? 0 : len, NULL, 0);
}

/*
 * The model's environment
 */

static void handle_request(struct server *server, struct message *request);

/*
 * Access memory that only the client can reach. It may be waiting for a reply of
 * ours before it can get round to this: answer whatever it asks meanwhile.
 */
static int dma_message(struct server *server, u64 addr, void *in, const void *out, u32 len)
{
	struct vfio_user_header header = {
		.id = server->next_id++,
		.command = in ? VFIO_USER_DMA_READ : VFIO_USER_DMA_WRITE,
		.flags = VFIO_USER_TYPE_COMMAND,
	};
	struct vfio_user_dma_access access = { .addr = addr, .count = len };
	struct message message;
	size_t size;

	/* The model reports an error to memory, too, and that may have been this one. */
	if (server->broken)
		return -EIO;
	send_message(server, &header, &access, sizeof(access), out, out ? len : 0);

	while (!server->broken) {
		struct pollfd pfd = { .fd = server->conn, .events = POLLIN };

		if (!poll(&pfd, 1, PEER_TIMEOUT_MS)) {
			give_up(server, "no reply to a DMA message");
			break;
		}
		if (receive_header(server, &message)) {
			if ((message.header.flags & VFIO_USER_TYPE_MASK) == VFIO_USER_TYPE_REPLY)
				break;
			handle_request(server, &message);
			/* The client may always have something else to say. */
			server->broken |= stop_requested;
		}
		close_fds(&message);
	}
	if (server->broken)
		return -EIO;

	close_fds(&message);
	size = message.header.size - sizeof(message.header);
	if (message.header.id != header.id || message.header.command != header.command) {
		give_up(server, "a reply to nothing");
		return -EIO;
	}
	if (message.header.flags & VFIO_USER_ERROR) {
		/* No payload comes with an error, but some may be there. */
		receive(server, server->request.payload, size);
		return -EIO;
	}
	if (!in)
		return receive(server, server->request.payload, size) ? 0 : -EIO;
	if (size != sizeof(access) + len) {
		give_up(server, "a DMA reply has the wrong size");
		return -EIO;
	}
	return receive(server, &access, sizeof(access)) && receive(server, in, len) ? 0 : -EIO;
}

/* Exactly one of @in and @out is there. */
static int dma_access(struct server *server, u64 addr, u8 *in, const u8 *out, u32 len)
{
	while (len) {
		const struct guest_map *map = NULL;
		u32 run = len;
		int ret = 0;

		if (!server->messages) {
			map = guest_memory_find(&server->memory, addr);
			if (!map)
				return -EFAULT;
			if (!(in ? map->readable : map->writable))
				return -EACCES;
			run = min_t(u64, run, map->size - (addr - map->addr));
		}

		if (!map || !map->host) {
			run = min_t(u32, run, server->max_transfer);
			ret = dma_message(server, addr, in, out, run);
		} else if (in) {
			memcpy(in, map->host + (addr - map->addr), run);
		} else if (run == sizeof(u64) && !(addr % sizeof(u64))) {
			u64 *host = (u64 *)(map->host + (addr - map->addr));
			u64 word;

			/* A completion word: whole, and behind the data. */
			memcpy(&word, out, sizeof(word));
			__atomic_store_n(host, word, __ATOMIC_RELEASE);
		} else {
			memcpy(map->host + (addr - map->addr), out, run);
		}
		if (ret)
			return ret;

		addr += run;
		len -= run;
		if (in)
			in += run;
		else
			out += run;
		/* The client may have said meanwhile that it wants no more. */
		if (len && !qd_access_wanted(server->model))
			return -EPERM;
	}
	return 0;
}

static int op_dma_read(void *context, u64 addr, void *buf, u32 len)
{
	return dma_access(context, addr, buf, NULL, len);
}

static int op_dma_write(void *context, u64 addr, const void *buf, u32 len)
{
	return dma_access(context, addr, NULL, buf, len);
}

/* Nothing can be done about a client whose eventfd takes no more; but it is not waited for. */
static void trigger(struct interrupt *interrupt)
{
	struct pollfd pfd = { .fd = interrupt->fd, .events = POLLOUT };
	u64 one = 1;

	if (poll(&pfd, 1, 0) > 0 && write(interrupt->fd, &one, sizeof(one)) < 0)
		return;
}

static void op_raise_msix(void *context, unsigned int vector)
{
	struct server *server = context;

	trigger(&server->msix[vector]);
}

static void op_raise_msi(void *context)
{
	struct server *server = context;

	trigger(&server->msi);
}

/* A level on an eventfd: signal once, then stay masked until the client unmasks. */
static void update_intx(struct server *server)
{
	if (server->intx.fd < 0 || server->intx.masked || !server->intx_level)
		return;
	server->intx.masked = true;
	trigger(&server->intx);
}

static void op_set_intx(void *context, bool level)
{
	struct server *server = context;

	server->intx_level = level;
	update_intx(server);
}

static void op_kick(void *context, unsigned int channel)
{
	struct server *server = context;

	server->runnable |= BIT(channel);
}

static u64 op_now(void *context)
{
	struct timespec now;

	(void)context;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

static const struct qd_ops server_ops = {
	.dma_read = op_dma_read,
	.dma_write = op_dma_write,
	.raise_msix = op_raise_msix,
	.raise_msi = op_raise_msi,
	.set_intx = op_set_intx,
	.kick = op_kick,
	.now = op_now,
};

/*
 * Requests. A handler returns a negative errno for an error reply, or 0 after
 * it has left @len bytes of reply in place of the request.
 */

/* The number behind a key of the client's capabilities, or a default. */
static u64 capability(const char *json, const char *key, u64 missing)
{
	const char *at = strstr(json, key);

	at = at ? strchr(at, ':') : NULL;
	return at ? strtoull(at + 1, NULL, 10) : missing;
}

static int handle_version(struct server *server, u32 size, size_t *len)
{
	static const char capabilities[] =
		"{\"capabilities\":{\"max_msg_fds\":%u,\"max_data_xfer_size\":%u}}";
	struct vfio_user_version *version = &server->request.version;
	u64 max_transfer = VFIO_USER_DEFAULT_MAX_TRANSFER;

	if (version->major != 0)
		return -EINVAL;
	if (size > sizeof(*version)) {
		if (server->request.payload[size - 1]) {
			give_up(server, "the version is not terminated");
			return -EINVAL;
		}
		max_transfer = capability(version->data, "\"max_data_xfer_size\"", max_transfer);
	}
	if (!max_transfer)
		return -EINVAL;

	server->max_transfer = min_t(u64, max_transfer, MAX_TRANSFER);
	server->greeted = true;
	version->minor = 0;
	*len = sizeof(*version) + 1 + sprintf(version->data, capabilities, MAX_FDS, MAX_TRANSFER);
	return 0;
}

static int handle_dma_map(struct server *server, struct message *request)
{
	const struct vfio_user_dma_map *dma_map = &server->request.dma_map;
	struct guest_map map = {
		.addr = dma_map->addr,
		.size = dma_map->size,
		.readable = dma_map->flags & VFIO_DMA_MAP_FLAG_READ,
		.writable = dma_map->flags & VFIO_DMA_MAP_FLAG_WRITE,
	};

	if (request->nfds > 1)
		return -EINVAL;
	return guest_memory_add(&server->memory, map, request->nfds ? request->fds[0] : -1,
				dma_map->offset);
}

static int handle_dma_unmap(struct server *server, size_t *len)
{
	const struct vfio_user_dma_unmap *unmap = &server->request.dma_unmap;

	*len = sizeof(*unmap);
	if (unmap->flags & VFIO_DMA_UNMAP_FLAG_ALL) {
		guest_memory_clear(&server->memory);
		return 0;
	}
	return guest_memory_remove(&server->memory, unmap->addr, unmap->size);
}

static int handle_device_info(struct server *server, size_t *len)
{
	struct vfio_device_info *info = &server->request.device_info;

	*len = offsetof(struct vfio_device_info, num_irqs) + sizeof(info->num_irqs);
	if (info->argsz < *len)
		return -EINVAL;
	info->argsz = *len;
	info->flags = VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI;
	info->num_regions = VFIO_PCI_NUM_REGIONS;
	info->num_irqs = VFIO_PCI_NUM_IRQS;
	return 0;
}

static u32 region_size(const struct server *server, u32 region)
{
	switch (region) {
	case VFIO_PCI_BAR0_REGION_INDEX:
		return server->model->version->bar_size;
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return QD_CFG_SIZE;
	default:
		return 0;
	}
}

static int handle_region_info(struct server *server, size_t *len)
{
	struct vfio_region_info *info = &server->request.region_info;

	if (info->index >= VFIO_PCI_NUM_REGIONS || info->argsz < sizeof(*info))
		return -EINVAL;

	*len = sizeof(*info);
	info->argsz = *len;
	info->cap_offset = 0;
	info->offset = 0;
	info->size = region_size(server, info->index);
	info->flags = info->size ? VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE : 0;
	return 0;
}

/* The interrupts of an index; returns how many there are. */
static unsigned int find_interrupts(struct server *server, u32 index,
				    struct interrupt **interrupts)
{
	const struct qd_options *options = &server->model->options;

	switch (index) {
	case VFIO_PCI_INTX_IRQ_INDEX:
		*interrupts = &server->intx;
		return options->intx;
	case VFIO_PCI_MSI_IRQ_INDEX:
		*interrupts = &server->msi;
		return options->msi;
	case VFIO_PCI_MSIX_IRQ_INDEX:
		*interrupts = server->msix;
		return options->msix_vectors;
	default:
		*interrupts = NULL;
		return 0;
	}
}

static int handle_irq_info(struct server *server, size_t *len)
{
	struct vfio_irq_info *info = &server->request.irq_info;
	struct interrupt *interrupts;

	/* Those for errors and for requests to let go do not exist. */
	if (info->index > VFIO_PCI_MSIX_IRQ_INDEX || info->argsz < sizeof(*info))
		return -EINVAL;

	*len = sizeof(*info);
	info->argsz = *len;
	info->count = find_interrupts(server, info->index, &interrupts);
	info->flags = info->count ? VFIO_IRQ_INFO_EVENTFD : 0;
	if (info->count && info->index == VFIO_PCI_INTX_IRQ_INDEX)
		info->flags |= VFIO_IRQ_INFO_MASKABLE | VFIO_IRQ_INFO_AUTOMASKED;
	return 0;
}

/*
 * QEMU keeps the MSI-X table to itself: that it wants a vector is all that can
 * be learned about the vector's mask bit.
 */
static void update_msix_mask(struct server *server, unsigned int vector)
{
	const struct interrupt *interrupt = &server->msix[vector];

	qd_msix_set_mask(server->model, vector, interrupt->fd < 0 || interrupt->masked);
}

static void set_eventfd(struct server *server, u32 index, unsigned int i, int fd)
{
	struct interrupt *interrupts;

	find_interrupts(server, index, &interrupts);
	if (interrupts[i].fd >= 0)
		close(interrupts[i].fd);
	interrupts[i].fd = fd;
	interrupts[i].masked = false;
	if (index == VFIO_PCI_MSIX_IRQ_INDEX)
		update_msix_mask(server, i);
	update_intx(server);
}

static void act(struct server *server, u32 index, unsigned int i, u32 action)
{
	struct interrupt *interrupts;

	find_interrupts(server, index, &interrupts);
	if (action == VFIO_IRQ_SET_ACTION_TRIGGER) {
		trigger(&interrupts[i]);
		return;
	}

	interrupts[i].masked = action == VFIO_IRQ_SET_ACTION_MASK;
	if (index == VFIO_PCI_MSIX_IRQ_INDEX)
		update_msix_mask(server, i);
	update_intx(server);
}

static int handle_set_irqs(struct server *server, struct message *request, u32 size)
{
	const struct vfio_irq_set *set = &server->request.irq_set;
	u32 action = set->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK;
	u32 data = set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK;
	struct interrupt *interrupts;
	unsigned int available, i;

	available = find_interrupts(server, set->index, &interrupts);
	if (set->start > available || set->count > available - set->start)
		return -EINVAL;
	if (action != VFIO_IRQ_SET_ACTION_MASK && action != VFIO_IRQ_SET_ACTION_UNMASK &&
	    action != VFIO_IRQ_SET_ACTION_TRIGGER)
		return -EINVAL;

	switch (data) {
	case VFIO_IRQ_SET_DATA_NONE:
		if (!set->count && !set->start && action == VFIO_IRQ_SET_ACTION_TRIGGER) {
			for (i = 0; i < available; i++)
				set_eventfd(server, set->index, i, -1);
		}
		for (i = 0; i < set->count; i++)
			act(server, set->index, set->start + i, action);
		return 0;
	case VFIO_IRQ_SET_DATA_BOOL:
		if (size - sizeof(*set) < set->count)
			return -EINVAL;
		for (i = 0; i < set->count; i++)
			if (set->data[i])
				act(server, set->index, set->start + i, action);
		return 0;
	case VFIO_IRQ_SET_DATA_EVENTFD:
		/* Eventfds for masking are for clients that bypass themselves. */
		if (action != VFIO_IRQ_SET_ACTION_TRIGGER)
			return -ENOTSUP;
		if (request->nfds && request->nfds != set->count)
			return -EINVAL;
		for (i = 0; i < set->count; i++)
			set_eventfd(server, set->index, set->start + i,
				    request->nfds ? take_fd(request, i) : -1);
		return 0;
	default:
		return -EINVAL;
	}
}

static u64 read_region(struct server *server, u32 region, u32 offset, u32 size)
{
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		return qd_config_read(server->model, offset, size);
	return qd_bar_read(server->model, offset, size);
}

static void write_region(struct server *server, u32 region, u32 offset, u32 size, u64 value)
{
	unsigned int i;

	if (region == VFIO_PCI_BAR0_REGION_INDEX)
		qd_bar_write(server->model, offset, size, value);
	else
		qd_config_write(server->model, offset, size, value);
	/* A reset may have masked vectors that QEMU still wants. */
	for (i = 0; i < QD_MAX_CHANNELS; i++)
		if (server->msix[i].fd >= 0)
			update_msix_mask(server, i);
}

static int handle_region_access(struct server *server, bool write, u32 size, size_t *len)
{
	struct vfio_user_region_access *access = &server->request.region_access;
	u32 done, part, limit = region_size(server, access->region);

	if (access->offset > limit || access->count > limit - access->offset)
		return -EINVAL;
	if (write && size - sizeof(*access) != access->count)
		return -EINVAL;

	/* Larger accesses become a sequence of the largest natural ones. */
	for (done = 0; done < access->count; done += part) {
		u32 offset = access->offset + done;
		u64 value = 0;

		part = sizeof(value);
		while (offset % part || part > access->count - done)
			part /= 2;
		if (write) {
			memcpy(&value, &access->data[done], part);
			write_region(server, access->region, offset, part, le64_to_cpu(value));
		} else {
			value = read_region(server, access->region, offset, part);
			value = cpu_to_le64(value);
			memcpy(&access->data[done], &value, part);
		}
	}

	*len = sizeof(*access) + (write ? 0 : access->count);
	return 0;
}

static int handle_reset(struct server *server)
{
	qd_reset(server->model);
	return 0;
}

/* Bytes of fixed payload that a request has at least, by command */
static const size_t fixed_size[] = {
	[VFIO_USER_VERSION]			= sizeof(struct vfio_user_version),
	[VFIO_USER_DMA_MAP]			= sizeof(struct vfio_user_dma_map),
	[VFIO_USER_DMA_UNMAP]			= sizeof(struct vfio_user_dma_unmap),
	[VFIO_USER_DEVICE_GET_INFO]		= 4 * sizeof(u32),
	[VFIO_USER_DEVICE_GET_REGION_INFO]	= sizeof(struct vfio_region_info),
	[VFIO_USER_DEVICE_GET_IRQ_INFO]		= sizeof(struct vfio_irq_info),
	[VFIO_USER_DEVICE_SET_IRQS]		= sizeof(struct vfio_irq_set),
	[VFIO_USER_REGION_READ]			= sizeof(struct vfio_user_region_access),
	[VFIO_USER_REGION_WRITE]		= sizeof(struct vfio_user_region_access),
	[VFIO_USER_DEVICE_RESET]		= 0,
};

static void handle_request(struct server *server, struct message *request)
{
	u32 size = request->header.size - sizeof(request->header);
	u16 command = request->header.command;
	bool first = command == VFIO_USER_VERSION;
	size_t len = 0;
	int ret;

	if ((request->header.flags & VFIO_USER_TYPE_MASK) != VFIO_USER_TYPE_COMMAND) {
		give_up(server, "a reply to nothing");
		return;
	}
	if (server->greeted == first) {
		give_up(server, first ? "a second version" : "no version to begin with");
		return;
	}
	if (!receive(server, server->request.payload, size))
		return;
	if (command < ARRAY_SIZE(fixed_size) && size < fixed_size[command]) {
		give_up(server, "a request is too short");
		return;
	}

	switch (command) {
	case VFIO_USER_VERSION:
		ret = handle_version(server, size, &len);
		break;
	case VFIO_USER_DMA_MAP:
		ret = handle_dma_map(server, request);
		break;
	case VFIO_USER_DMA_UNMAP:
		ret = handle_dma_unmap(server, &len);
		break;
	case VFIO_USER_DEVICE_GET_INFO:
		ret = handle_device_info(server, &len);
		break;
	case VFIO_USER_DEVICE_GET_REGION_INFO:
		ret = handle_region_info(server, &len);
		break;
	case VFIO_USER_DEVICE_GET_IRQ_INFO:
		ret = handle_irq_info(server, &len);
		break;
	case VFIO_USER_DEVICE_SET_IRQS:
		ret = handle_set_irqs(server, request, size);
		break;
	case VFIO_USER_REGION_READ:
		ret = handle_region_access(server, false, size, &len);
		break;
	case VFIO_USER_REGION_WRITE:
		ret = handle_region_access(server, true, size, &len);
		break;
	case VFIO_USER_DEVICE_RESET:
		ret = handle_reset(server);
		break;
	default:
		ret = -ENOTSUP;
	}

	if (!server->broken)
		reply(server, request, ret, server->request.payload, len);
}

/*
 * The loop
 */

static void step(struct server *server)
{
	unsigned int channel;

	do {
		channel = server->turn++ % QD_MAX_CHANNELS;
	} while (!(server->runnable & BIT(channel)));

	server->runnable &= ~BIT(channel);
	if (qd_channel_step(server->model, channel))
		server->runnable |= BIT(channel);
}

static void wake_all(void)
{
	unsigned int i;

	for (i = 0; i < functions; i++)
		eventfd_write(servers[i].wake, 1);
}

static void stop_all(void)
{
	stop_requested = true;
	wake_all();
}

/*
 * QEMU 11.1 dies as well when it writes to a socket that is closed. So it is told
 * first that nothing comes any more, and what it has on the way is taken in, up to
 * more than a socket holds.
 */
static void take_leave(struct server *server)
{
	struct timeval patience = { .tv_usec = 200000 };
	char data[4096];
	unsigned int i;

	shutdown(server->conn, SHUT_WR);
	setsockopt(server->conn, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	for (i = 0; i < 1024 && recv(server->conn, data, sizeof(data), 0) > 0; i++)
		;
}

/*
 * Wait for input, for ever without a timeout, and see to the control socket. Returns a
 * positive number for input, 0 for a timeout, or less if there is something to look at.
 */
static int wait_readable(struct server *server, int fd, const struct timespec *timeout)
{
	struct pollfd pfds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = control_fd(&server->control), .events = POLLIN },
		{ .fd = server->wake, .events = POLLIN },
	};
	eventfd_t value;
	int ready;

	ready = ppoll(pfds, ARRAY_SIZE(pfds), timeout, NULL);
	if (ready <= 0)
		return ready;
	if (pfds[1].revents)
		control_serve(&server->control);
	if (server->control.dying) {
		dying = true;
		stop_all();
	}
	if (pfds[2].revents)
		eventfd_read(server->wake, &value);
	return pfds[0].revents ? 1 : -1;
}

/* How long there is nothing to do; NULL for ever. */
static const struct timespec *idle_time(struct server *server, struct timespec *timeout)
{
	u64 deadline, now;

	*timeout = (struct timespec){ };
	if (server->runnable)
		return timeout;

	deadline = qd_deadline(server->model);
	if (deadline == QD_NEVER)
		return NULL;
	now = op_now(server);
	if (deadline > now) {
		timeout->tv_sec = (deadline - now) / NSEC_PER_SEC;
		timeout->tv_nsec = (deadline - now) % NSEC_PER_SEC;
	}
	return timeout;
}

static void check_report(struct server *server)
{
	if (atomic_exchange(&server->report_requested, false))
		server->options->report(server->model);
}

static void serve_client(struct server *server)
{
	struct timeval timeout = { .tv_sec = PEER_TIMEOUT_MS / 1000 };
	unsigned int i;

	setsockopt(server->conn, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	setsockopt(server->conn, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	server->greeted = false;
	server->broken = false;

	while (!server->broken && !stop_requested) {
		struct timespec idle;

		if (wait_readable(server, server->conn, idle_time(server, &idle)) > 0) {
			struct message request;

			if (receive_header(server, &request))
				handle_request(server, &request);
			close_fds(&request);
		}
		qd_expire(server->model);
		if (server->runnable && !server->broken)
			step(server);
		check_report(server);
	}
	if (dying)
		take_leave(server);

	for (i = 0; i < QD_MAX_CHANNELS; i++)
		set_eventfd(server, VFIO_PCI_MSIX_IRQ_INDEX, i, -1);
	set_eventfd(server, VFIO_PCI_MSI_IRQ_INDEX, 0, -1);
	set_eventfd(server, VFIO_PCI_INTX_IRQ_INDEX, 0, -1);
	guest_memory_clear(&server->memory);
	server->runnable = 0;
	qd_reset(server->model);
	close(server->conn);
}

static void on_signal(int signal)
{
	unsigned int i;

	if (signal != SIGUSR1) {
		stop_all();
		return;
	}
	for (i = 0; i < functions; i++)
		servers[i].report_requested = true;
	wake_all();
}

/* The client has cut off memory that it had handed over. */
static void on_sigbus(int signal)
{
	static const char text[] = PROGRAM ": the client's memory has gone\n";

	(void)signal;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(2);
	_exit(1);
}

/* None arrives until @held is let through. */
static void set_up_signals(sigset_t *held)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigemptyset(held);
	sigaddset(held, SIGINT);
	sigaddset(held, SIGTERM);
	sigaddset(held, SIGUSR1);
	sigprocmask(SIG_BLOCK, held, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	action.sa_handler = on_sigbus;
	sigaction(SIGBUS, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* No more clients, of either socket */
static void hang_up(struct server *server)
{
	if (server->listener >= 0) {
		close(server->listener);
		unlink(server->path);
	}
	if (server->control.listener >= 0) {
		close(server->control.listener);
		unlink(server->control_path);
	}
	if (server->control.conn >= 0)
		close(server->control.conn);
}

/* Serve one client after the other. */
static void *serve(void *context)
{
	struct server *server = context;
	unsigned int seconds = server->options->connect_timeout;
	struct timespec timeout = { .tv_sec = seconds };

	while (!stop_requested) {
		int ready = wait_readable(server, server->listener, seconds ? &timeout : NULL);

		if (ready > 0) {
			server->conn = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
			if (server->conn < 0)
				continue;
			serve_client(server);
			if (server->options->once)
				break;
		} else if (!ready) {
			fprintf(stderr, PROGRAM ": no client within %u s\n", seconds);
			server->result = -ETIMEDOUT;
			break;
		}
		check_report(server);
	}
	hang_up(server);
	return NULL;
}

static int listen_at(char *path, const char *base, unsigned int i)
{
	if (functions > 1)
		snprintf(path, PATH_SIZE, "%s-%u", base, i);
	else
		snprintf(path, PATH_SIZE, "%s", base);
	return socket_listen(path);
}

/* A function that nobody can connect to yet */
static int init(struct server *server, const struct qd_options *part)
{
	unsigned int vector;

	server->messages = server->options->messages;
	server->wake = -1;
	server->listener = -1;
	server->conn = -1;
	server->intx.fd = -1;
	server->msi.fd = -1;
	for (vector = 0; vector < QD_MAX_CHANNELS; vector++)
		server->msix[vector].fd = -1;
	server->control.model = server->model;
	server->control.conn = -1;
	server->control.listener = -1;

	return qd_init(server->model, part, &server_ops, server);
}

static int set_up(struct server *server, const struct qd_options *part, unsigned int i)
{
	const struct server_options *options = server->options;
	struct qd_options own = *part;
	int ret;

	own.device_id = qd_sibling(part->device_id, i);
	ret = init(server, &own);
	if (ret)
		return ret;

	server->wake = eventfd(0, EFD_CLOEXEC);
	if (server->wake < 0) {
		ret = -errno;
		fprintf(stderr, PROGRAM ": %s\n", strerror(-ret));
		return ret;
	}
	if (options->control) {
		server->control.listener = listen_at(server->control_path, options->control, i);
		if (server->control.listener < 0)
			return server->control.listener;
	}
	server->listener = listen_at(server->path, options->path, i);
	return min_t(int, server->listener, 0);
}

int server_run(const struct server_options *options, struct qd_model *models,
	       const struct qd_options *part)
{
	unsigned int ready, running;
	sigset_t held;
	int ret = 0;

	set_up_signals(&held);
	functions = options->functions;
	for (ready = 0; !ret && ready < functions; ready++) {
		servers[ready].options = options;
		servers[ready].model = &models[ready];
		ret = set_up(&servers[ready], part, ready);
	}
	if (ret) {
		while (ready--)
			hang_up(&servers[ready]);
		return ret;
	}

	for (running = 0; running < functions; running++) {
		ret = pthread_create(&servers[running].thread, NULL, serve, &servers[running]);
		if (ret) {
			fprintf(stderr, PROGRAM ": %s\n", strerror(ret));
			return -ret;
		}
	}
	pthread_sigmask(SIG_UNBLOCK, &held, NULL);
	while (running--) {
		pthread_join(servers[running].thread, NULL);
		if (servers[running].result)
			ret = servers[running].result;
	}
	return dying ? -EIO : ret;
}
