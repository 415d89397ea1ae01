// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the vfio-user server, against a hostile client.
 *
 * The input is a part, and then what the client does whenever the server is ready to hear
 * from it: messages that make sense and others, in one piece or in several, with file
 * descriptors of all kinds, replies to the server's own requests, lines for the control
 * socket, or nothing. It is the program's own code that serves the client, over a socket;
 * only where it would wait, the client acts, and so there is but one thread.
 *
 * Besides what the sanitizers see, it is expected that
 *
 * - each request has its reply, in order, of the right size, and nothing that the client
 *   does or omits can hold up the server, but for a message half way;
 * - the server asks for memory only as a bus master, only for what it may access, and no
 *   more when it has said that it is reset;
 * - what is mapped to be read does not change;
 * - no file descriptor and no mapping is left behind.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "input.h"

/* Where the server waits, or takes what only a system has */
static int client_poll(struct pollfd *fds, nfds_t n, int ms);
static int client_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
			const sigset_t *mask);
static ssize_t client_recv(int fd, void *buf, size_t len, int flags);
static ssize_t client_recvmsg(int fd, struct msghdr *msg, int flags);
static ssize_t client_write(int fd, const void *buf, size_t len);
static int client_gettime(clockid_t clock, struct timespec *time);
static void *count_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset);
static int count_munmap(void *addr, size_t len);
static int say_nothing(FILE *file, const char *format, ...);

#define poll(fds, n, ms)			client_poll(fds, n, ms)
#define ppoll(fds, n, timeout, mask)		client_ppoll(fds, n, timeout, mask)
#define recv(fd, buf, len, flags)		client_recv(fd, buf, len, flags)
#define recvmsg(fd, msg, flags)			client_recvmsg(fd, msg, flags)
#define write(fd, buf, len)			client_write(fd, buf, len)
#define clock_gettime(clock, time)		client_gettime(clock, time)
#define mmap(addr, len, prot, flags, fd, at)	count_mmap(addr, len, prot, flags, fd, at)
#define munmap(addr, len)			count_munmap(addr, len)
#define fprintf(...)				say_nothing(__VA_ARGS__)
#include "../engine/guest_memory.c"
#include "../engine/server.c"
#undef poll
#undef ppoll
#undef recv
#undef recvmsg
#undef write
#undef clock_gettime
#undef mmap
#undef munmap
#undef fprintf

#define RAM		0x100000ULL
#define RAM_SIZE	0x40000ULL
#define SRC		(RAM + 0x4000)
#define DST		(RAM + 0x20000)
#define DESCRIPTORS	64
#define MOST_REQUESTS	64
#define MOST_MAPS	32
#define MOST_OPEN	64

/* A request that has not been answered */
struct request {
	u16 id;
	u16 command;
	u32 count;			/* bytes to be read */
	u64 addr, size;			/* of a map, which only messages reach */
	u32 flags;
	bool unreachable;
	unsigned int writes;		/* that were sent before it */
};

static struct qd_model model;
static struct server server;
static struct server_options server_options;
static struct input program;

/* The client */
static int peer, control_peer;
static bool gone;			/* it has left */
static bool over;			/* so has the server */
static bool sloppy;			/* it sends in pieces */
static u8 outbox[2 * MAX_MESSAGE];
static size_t outbox_start, outbox_end;
static int outbox_fds[MAX_FDS + 2];
static unsigned int outbox_nfds;
static u8 inbox[2 * MAX_MESSAGE];
static size_t inbox_len;
static struct request requests[MOST_REQUESTS];
static unsigned int first_request, last_request;
static struct guest_map maps[MOST_MAPS];
static unsigned int nmaps;
static u32 max_transfer;
static bool unsure;			/* of what the server has mapped, and waits for */
static bool strange;			/* messages have been sent that can be anything */
static bool quiet;			/* it has been reset, and nothing was written since */
static unsigned int writes;		/* of regions, so far */
static struct vfio_user_header asked;	/* a request of the server's */
static struct vfio_user_dma_access asked_access;
static bool is_asked;
static u16 next_id;
static unsigned int turn;
static u8 rude;				/* it does not begin as all others do */
static u64 now;
static int mapped;

/* Its memory, another piece that nobody may write, and interrupts of all kinds */
static u8 *ram, *read_only;
static u8 pristine[RAM_SIZE];
static int ram_fd, read_only_fd, event_fd, pipe_fds[2];

/*
 * What comes from the server
 */

static const struct guest_map *find_map(u64 addr, u32 len)
{
	unsigned int i;

	for (i = 0; i < nmaps; i++)
		if (addr >= maps[i].addr && addr - maps[i].addr < maps[i].size &&
		    len <= maps[i].size - (addr - maps[i].addr))
			return &maps[i];
	return NULL;
}

static void take_request(const struct vfio_user_header *header, const u8 *payload)
{
	u32 size = header->size - sizeof(*header);
	bool write = header->command == VFIO_USER_DMA_WRITE;
	const struct guest_map *map;

	EXPECT(write || header->command == VFIO_USER_DMA_READ);
	EXPECT(size >= sizeof(asked_access));
	memcpy(&asked_access, payload, sizeof(asked_access));
	EXPECT(asked_access.count && asked_access.count <= max_transfer);
	EXPECT(size == sizeof(asked_access) + (write ? asked_access.count : 0));
	EXPECT(over || (model.config[QD_CFG_COMMAND] & QD_COMMAND_MASTER));
	EXPECT(!quiet);
	EXPECT(!is_asked || unsure);
	asked = *header;
	is_asked = true;

	if (server_options.messages || unsure)
		return;
	map = find_map(asked_access.addr, asked_access.count);
	EXPECT(map);
	EXPECT(write ? map->writable : map->readable);
}

static void take_reply(const struct vfio_user_header *header)
{
	u32 size = header->size - sizeof(*header);
	struct request request;
	unsigned int i;

	if (strange)
		return;
	EXPECT(first_request != last_request);
	request = requests[first_request++ % MOST_REQUESTS];
	EXPECT(header->id == request.id && header->command == request.command);
	if (header->flags & VFIO_USER_ERROR) {
		EXPECT(header->error && !size);
		return;
	}

	EXPECT(!header->error);
	switch (request.command) {
	case VFIO_USER_REGION_READ:
		EXPECT(size == sizeof(struct vfio_user_region_access) + request.count);
		break;
	case VFIO_USER_DMA_MAP:
		if (nmaps == MOST_MAPS)
			unsure = true;
		else if (request.unreachable)
			maps[nmaps++] = (struct guest_map){
				.addr = request.addr,
				.size = request.size,
				.readable = request.flags & VFIO_DMA_MAP_FLAG_READ,
				.writable = request.flags & VFIO_DMA_MAP_FLAG_WRITE,
			};
		break;
	case VFIO_USER_DMA_UNMAP:
		for (i = 0; i < nmaps;)
			if ((request.flags & VFIO_DMA_UNMAP_FLAG_ALL) ||
			    maps[i].addr == request.addr)
				maps[i] = maps[--nmaps];
			else
				i++;
		break;
	case VFIO_USER_DEVICE_RESET:
		quiet = request.writes == writes;
		break;
	}
}

/* All that has come */
static void take_messages(void)
{
	struct vfio_user_header header;
	ssize_t got;
	char line[512];

	do {
		EXPECT(inbox_len < sizeof(inbox));
		got = recv(peer, inbox + inbox_len, sizeof(inbox) - inbox_len, MSG_DONTWAIT);
		if (got > 0)
			inbox_len += got;
		while (inbox_len >= sizeof(header)) {
			memcpy(&header, inbox, sizeof(header));
			EXPECT(header.size >= sizeof(header));
			EXPECT(header.size <= sizeof(header) + MAX_MESSAGE);
			if (inbox_len < header.size)
				break;
			if ((header.flags & VFIO_USER_TYPE_MASK) == VFIO_USER_TYPE_REPLY)
				take_reply(&header);
			else
				take_request(&header, inbox + sizeof(header));
			inbox_len -= header.size;
			memmove(inbox, inbox + header.size, inbox_len);
		}
	} while (got > 0);

	while (control_peer >= 0 && recv(control_peer, line, sizeof(line), MSG_DONTWAIT) > 0)
		;
}

/*
 * What the client sends
 */

static void put(const void *data, size_t len)
{
	EXPECT(outbox_end + len <= sizeof(outbox));
	if (len)
		memcpy(outbox + outbox_end, data, len);
	outbox_end += len;
}

static u8 *find_ram(u64 addr, u64 len)
{
	u64 offset = addr - RAM;

	return offset < RAM_SIZE && len <= RAM_SIZE - offset ? ram + offset : NULL;
}

static void send_header(u16 id, u16 command, u32 flags, size_t size)
{
	struct vfio_user_header header = {
		.id = id,
		.command = command,
		.flags = flags,
		.size = sizeof(header) + size,
	};

	put(&header, sizeof(header));
}

/* Returns what is to be known of it, until the next one. */
static struct request *send_request(u16 command, bool wants_reply, const void *payload,
				    size_t size, const void *data, size_t data_size)
{
	struct request *request = &requests[last_request % MOST_REQUESTS];

	*request = (struct request){ .id = next_id++, .command = command, .writes = writes };
	if (wants_reply && !strange)
		last_request++;
	else if (command == VFIO_USER_DMA_MAP || command == VFIO_USER_DMA_UNMAP)
		unsure = true;
	send_header(request->id, command, wants_reply ? 0 : VFIO_USER_NO_REPLY, size + data_size);
	put(payload, size);
	put(data, data_size);
	return request;
}

static void send_version(void)
{
	static const struct {
		const char *text;
		u64 max_transfer;
	} known[] = {
		{ "", VFIO_USER_DEFAULT_MAX_TRANSFER },
		{ "{\"capabilities\":{\"max_data_xfer_size\":4096}}", 4096 },
		{ "{\"capabilities\":{\"max_data_xfer_size\":100}}", 100 },
		{ "{\"capabilities\":{\"max_data_xfer_size\":1}}", 1 },
	};
	struct vfio_user_version version = { };
	u8 which = take_u8(&program);
	char text[64];
	size_t size;

	if (which < 0xf0) {
		which %= ARRAY_SIZE(known);
		/* A second version is not taken. */
		if (turn == 1)
			max_transfer = min_t(u64, known[which].max_transfer, MAX_TRANSFER);
		size = strlen(known[which].text);
		memcpy(text, known[which].text, size + 1);
		size += size != 0;
	} else {
		size = take_below(&program, sizeof(text));
		for (which = 0; which < size; which++)
			text[which] = take_u8(&program);
		version.major = take_below(&program, 2);
	}
	send_request(VFIO_USER_VERSION, true, &version, sizeof(version), text, size);
}

static u64 take_address(void)
{
	u8 how = take_u8(&program);

	if (how == 0xff)
		return take_u64(&program);
	if (how & 1)
		return RAM + (how >> 1) % DESCRIPTORS * QD_DESC_SIZE;
	return (how & 2 ? RAM : how & 4 ? RAM + RAM_SIZE : 0) + (take_u16(&program) << (how >> 5));
}

/* File descriptors to go with the first byte of what is sent next */
static void add_fd(unsigned int kind)
{
	const int fds[] = { ram_fd, read_only_fd, event_fd, pipe_fds[1], pipe_fds[0], peer };

	outbox_fds[outbox_nfds++] = fds[kind % ARRAY_SIZE(fds)];
}

static void send_dma_map(bool wants_reply)
{
	struct vfio_user_dma_map map = { .argsz = sizeof(map) };
	u8 how = take_u8(&program);
	struct request *request;

	map.flags = how & 3;
	map.addr = how & 4 ? take_address() : RAM;
	map.size = how & 8 ? take(&program, how & 0x80 ? 8 : 2) : RAM_SIZE;
	map.offset = how & 16 ? take(&program, how & 0x80 ? 8 : 2) : 0;
	if (how & 0x20)
		map.offset &= ~4095ULL;
	if (how & 0x40) {
		unsigned int kind = take_u8(&program);

		if (kind % 6 == 1)
			map.flags &= ~VFIO_DMA_MAP_FLAG_WRITE;
		add_fd(kind);
		if (kind & 0x80)
			add_fd(kind >> 4);
	}
	request = send_request(VFIO_USER_DMA_MAP, wants_reply, &map, sizeof(map), NULL, 0);
	request->addr = map.addr;
	request->size = map.size;
	request->flags = map.flags;
	request->unreachable = !outbox_nfds;
}

static void send_dma_unmap(bool wants_reply)
{
	struct vfio_user_dma_unmap unmap = { .argsz = sizeof(unmap) };
	u8 how = take_u8(&program);
	struct request *request;

	unmap.flags = how & 1 ? VFIO_DMA_UNMAP_FLAG_ALL : 0;
	unmap.addr = how & 4 ? take_address() : RAM;
	unmap.size = how & 8 ? take(&program, how & 0x80 ? 8 : 2) : RAM_SIZE;
	request = send_request(VFIO_USER_DMA_UNMAP, wants_reply, &unmap, sizeof(unmap), NULL, 0);
	request->addr = unmap.addr;
	request->flags = unmap.flags;
}

static void send_info(bool wants_reply)
{
	static const u16 commands[] = {
		VFIO_USER_DEVICE_GET_INFO, VFIO_USER_DEVICE_GET_REGION_INFO,
		VFIO_USER_DEVICE_GET_IRQ_INFO, VFIO_USER_DEVICE_RESET,
	};
	u8 how = take_u8(&program);
	struct vfio_region_info info = {
		.argsz = how & 0x80 ? take_u8(&program) : sizeof(info),
		.index = how >> 2 & 15,
	};

	send_request(commands[how % ARRAY_SIZE(commands)], wants_reply, &info, sizeof(info), NULL,
		     0);
}

static void send_set_irqs(bool wants_reply)
{
	struct vfio_irq_set set = { .argsz = sizeof(set) };
	u8 how = take_u8(&program), kinds = take_u8(&program);
	u8 data[QD_MAX_CHANNELS + 1];
	unsigned int size, i;

	set.flags = 1U << how % 3 | VFIO_IRQ_SET_ACTION_MASK << (how >> 2) % 3;
	if ((how & 0xf0) == 0xf0)
		set.flags = take_u32(&program);
	set.index = how & 0x10 ? kinds >> 4 : VFIO_PCI_MSIX_IRQ_INDEX;
	set.start = how & 0x20 ? take_u8(&program) : 0;
	set.count = how & 0x40 ? take(&program, how & 0x80 ? 4 : 1) :
		    1 + kinds % QD_MAX_CHANNELS;
	if (set.flags & VFIO_IRQ_SET_DATA_EVENTFD)
		for (i = 0; i < set.count % (MAX_FDS + 2); i++)
			add_fd(kinds & 0x80 ? take_u8(&program) : 2);
	size = set.flags & VFIO_IRQ_SET_DATA_BOOL ? set.count % sizeof(data) : 0;
	for (i = 0; i < size; i++)
		data[i] = take_u8(&program);
	send_request(VFIO_USER_DEVICE_SET_IRQS, wants_reply, &set, sizeof(set), data, size);
}

static void send_access(bool write, bool wants_reply, u64 offset, u32 region, u32 count,
			u64 value)
{
	static u8 data[MAX_TRANSFER];
	struct vfio_user_region_access access = {
		.offset = offset,
		.region = region,
		.count = count,
	};
	u32 size = write ? min_t(u32, count, sizeof(data)) : 0;
	struct request *request;

	memset(data, value, size);
	memcpy(data, &value, min_t(u32, size, sizeof(value)));
	if (write) {
		writes++;
		quiet = false;
	}
	request = send_request(write ? VFIO_USER_REGION_WRITE : VFIO_USER_REGION_READ, wants_reply,
			       &access, sizeof(access), data, size);
	request->count = count;
}

static void send_any_access(bool write, bool wants_reply)
{
	static const u8 regions[] = { 0, VFIO_PCI_CONFIG_REGION_INDEX, 0, 1 };
	u8 how = take_u8(&program);
	u32 count = 1U << (how >> 2 & 3);
	u64 offset = take_u16(&program), value = 0;

	if (how & 0x80)
		count = take_u32(&program) >> (how >> 4 & 7) * 4;
	else if (how & 0x10)
		offset = QD_CHANNEL_BASE + (offset & 0x1ff);
	else
		offset &= 0xfff;
	if (write)
		value = how & 0x20 ? take_address() : take_u64(&program);
	send_access(write, wants_reply, offset, regions[how % ARRAY_SIZE(regions)], count, value);
}

/* As drivers do it, with messages that want no reply */
static void send_submission(void)
{
	u32 base = QD_CHANNEL_BASE + take_below(&program, 8) * QD_CHANNEL_STRIDE;

	send_access(true, false, QD_CFG_COMMAND, VFIO_PCI_CONFIG_REGION_INDEX, 2,
		    QD_COMMAND_MEMORY | QD_COMMAND_MASTER);
	send_access(true, false, base + QD_CHANCTRL, 0, 2, take_u8(&program));
	send_access(true, false, base + QD_CHANCMP, 0, 8, RAM + 0x2000);
	send_access(true, false, base + QD_CHAINADDR, 0, 8,
		    RAM + take_below(&program, DESCRIPTORS) * QD_DESC_SIZE);
	send_access(true, false, base + QD_DMACOUNT, 0, 2, take_u8(&program));
}

/* A reply to what the server asks, or nearly one, or to nothing */
static void send_answer(void)
{
	u8 how = take_u8(&program), *there = NULL;
	u16 id = asked.id, command = asked.command;
	bool good = is_asked && how < 0xe0;
	u32 flags = VFIO_USER_TYPE_REPLY;
	size_t len = 0;

	there = is_asked ? find_ram(asked_access.addr, asked_access.count) : NULL;
	if (is_asked && asked.command == VFIO_USER_DMA_READ)
		len = asked_access.count;
	if (!good) {
		unsure = true;
		id += how & 1;
		command += how & 2;
		flags |= how & 4 ? VFIO_USER_ERROR : 0;
		len = how & 8 ? take_u8(&program) : len;
	} else if (!there) {
		flags |= VFIO_USER_ERROR;
	}

	is_asked = false;
	send_header(id, command, flags, sizeof(asked_access) + len);
	put(&asked_access, sizeof(asked_access));
	put(there && len <= RAM_SIZE - (there - ram) ? there : ram, len);
}

/* A message of which nothing is right, or only the header */
static void send_raw(void)
{
	struct vfio_user_header header = {
		.id = next_id++,
		.command = take_u8(&program),
		.size = take_u8(&program),
		.flags = take_u8(&program),
	};
	unsigned int n = take_u8(&program);

	if (n & 0x80)
		header.size = take_u32(&program);
	if (n & 0x40)
		add_fd(n);
	if (header.flags & 0x80)
		header.command = take_u16(&program);
	unsure = true;
	strange = true;
	writes++;
	quiet = false;
	put(&header, sizeof(header));
	for (n %= 64; n && program.size; n--) {
		put(program.data, 1);
		take_u8(&program);
	}
}

static void write_descriptor(void)
{
	struct qd_descriptor desc = {
		.control = take_u8(&program),
		.size = take_u16(&program),
		.src = take_address(),
		.dest = take_address(),
		.next = take_address(),
	};

	desc.size <<= take_u8(&program) % 5;
	memcpy(ram + take_u8(&program) % DESCRIPTORS * QD_DESC_SIZE, &desc, sizeof(desc));
}

static void send_line(void)
{
	static const char * const lines[] = {
		"status", "counters", "clear", "seed 7", "fault chanerr bits=8,9",
		"fault stall ms=1", "fault hostile-words count=forever",
		"fault hostile-registers count=forever odds=3", "fault gone after=3",
		"fault interrupt-spurious count=9", "fault reset ms=1", "fault suspend",
		"fault word-unissued", "die",
	};
	const char *line = lines[take_u8(&program) % ARRAY_SIZE(lines)];

	if (control_peer < 0)
		return;
	send(control_peer, line, strlen(line), MSG_DONTWAIT | MSG_NOSIGNAL);
	send(control_peer, "\n", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void leave(void)
{
	gone = true;
	shutdown(peer, SHUT_WR);
}

/* One thing that the client does. Messages are put into the outbox. */
static void do_something(void)
{
	bool wants_reply;
	u8 what;

	/* There is more on the way than the server has come to. */
	if (last_request - first_request == MOST_REQUESTS)
		return;

	turn++;
	if (turn == 1 && !(rude & 2)) {
		send_version();
		return;
	}
	if (turn == 2 && !(rude & 1)) {
		send_dma_map(true);
		return;
	}

	what = take_u8(&program);
	wants_reply = !(what & 0x80);
	sloppy = (what & 0x60) == 0x60;
	switch (what % 16) {
	case 0:
		if (program.size)
			break;
		leave();
		break;
	case 1:
		send_submission();
		break;
	case 2:
		send_dma_map(wants_reply);
		break;
	case 3:
		send_dma_unmap(wants_reply);
		break;
	case 4:
		send_info(wants_reply);
		break;
	case 5:
		send_set_irqs(wants_reply);
		break;
	case 6:
	case 7:
		send_any_access(true, wants_reply);
		break;
	case 8:
		send_any_access(false, wants_reply);
		break;
	case 9:
		send_request(VFIO_USER_DEVICE_RESET, wants_reply, NULL, 0, NULL, 0);
		break;
	case 10:
		write_descriptor();
		break;
	case 11:
		send_line();
		break;
	case 12:
		now += (u64)take_u8(&program) << 14;
		break;
	case 13:
		/* The server comes to its work. */
		break;
	case 14:
		if (what & 0x40)
			send_version();
		else
			send_raw();
		break;
	case 15:
		send_answer();
		break;
	}
}

/* Send what there is, or a piece of it. */
static void send_outbox(void)
{
	union {
		struct cmsghdr aligned;
		char bytes[CMSG_SPACE(sizeof(outbox_fds))];
	} control;
	struct iovec iov = { outbox + outbox_start, outbox_end - outbox_start };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t sent;

	if (sloppy)
		iov.iov_len = 1 + take_below(&program, iov.iov_len);
	if (outbox_nfds) {
		struct cmsghdr *cmsg = &control.aligned;

		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(outbox_nfds * sizeof(int));
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(outbox_nfds * sizeof(int));
		memcpy(CMSG_DATA(cmsg), outbox_fds, outbox_nfds * sizeof(int));
	}
	sent = sendmsg(peer, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent < 0) {
		EXPECT(errno == EAGAIN);
		return;
	}
	outbox_nfds = 0;
	outbox_start += sent;
	if (outbox_start == outbox_end) {
		outbox_start = 0;
		outbox_end = 0;
	}
}

/* It is the client's turn. */
static void client(void)
{
	take_messages();
	if (gone)
		return;
	if (outbox_start == outbox_end) {
		if (program.size)
			do_something();
		else
			leave();
	}
	if (outbox_start != outbox_end)
		send_outbox();
}

/*
 * Where the server waits
 */

static int client_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
			const sigset_t *mask)
{
	(void)timeout;
	(void)mask;
	client();
	return poll(fds, n, 0);
}

/* If the client sends nothing, that is too long for the server. */
static int client_poll(struct pollfd *fds, nfds_t n, int ms)
{
	(void)ms;
	if (fds->events & POLLIN)
		client();
	return poll(fds, n, 0);
}

/* Returns whether there is more to come, or nothing ever. */
static bool wait_for_more(void)
{
	if (outbox_start != outbox_end && !gone)
		send_outbox();
	else if (!gone && take_u8(&program) & 1)
		return false;
	else if (!gone)
		leave();
	return true;
}

static ssize_t client_recv(int fd, void *buf, size_t len, int flags)
{
	ssize_t got;

	do {
		got = recv(fd, buf, len, flags | MSG_DONTWAIT);
	} while (got < 0 && errno == EAGAIN && wait_for_more());
	return got;
}

static ssize_t client_recvmsg(int fd, struct msghdr *msg, int flags)
{
	ssize_t got;

	do {
		got = recvmsg(fd, msg, flags | MSG_DONTWAIT);
	} while (got < 0 && errno == EAGAIN && wait_for_more());
	return got;
}

/* An interrupt; it could be waited for as long as the client likes. */
static ssize_t client_write(int fd, const void *buf, size_t len)
{
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };

	EXPECT(poll(&pfd, 1, 0) > 0);
	return write(fd, buf, len);
}

static int client_gettime(clockid_t clock, struct timespec *time)
{
	(void)clock;
	*time = (struct timespec){ now / NSEC_PER_SEC, now % NSEC_PER_SEC };
	return 0;
}

static void *count_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	void *host = mmap(addr, len, prot, flags, fd, offset);

	mapped += host != MAP_FAILED;
	return host;
}

static int count_munmap(void *addr, size_t len)
{
	mapped--;
	return munmap(addr, len);
}

/* It has much to say of such clients. */
static int say_nothing(FILE *file, const char *format, ...)
{
	(void)file;
	(void)format;
	return 0;
}

/*
 * One client
 */

static unsigned int open_fds(void)
{
	unsigned int fd, n = 0;

	for (fd = 0; fd < MOST_OPEN; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static u8 *make_memory(int *fd)
{
	u8 *memory;

	*fd = memfd_create("guest", MFD_CLOEXEC);
	EXPECT(*fd >= 0 && !ftruncate(*fd, RAM_SIZE));
	memory = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	EXPECT(memory != MAP_FAILED);
	return memory;
}

int fuzz_set_up(int *argc, char ***argv)
{
	unsigned int i;
	u64 one = 1;

	(void)argc;
	(void)argv;
	signal(SIGPIPE, SIG_IGN);
	ram = make_memory(&ram_fd);
	read_only = make_memory(&read_only_fd);
	event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	/* A pipe that takes no more, and whose writer would wait */
	EXPECT(!pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK));
	while (write(pipe_fds[1], &one, sizeof(one)) > 0)
		;
	EXPECT(!fcntl(pipe_fds[1], F_SETFL, 0));

	for (i = 0; i < RAM_SIZE; i++)
		pristine[i] = i * 7 + i / 256;
	for (i = 0; i < DESCRIPTORS; i++) {
		struct qd_descriptor desc = {
			.size = 1 + 64 * i * (i % 8),
			.control = QD_DESC_COMPLETION | (i % 4 ? 0 : QD_DESC_INT),
			.src = SRC + 0x400 * i,
			.dest = DST + 0x400 * i,
			.next = RAM + (i + 1) % DESCRIPTORS * QD_DESC_SIZE,
		};

		memcpy(pristine + i * QD_DESC_SIZE, &desc, sizeof(desc));
	}
	return 0;
}

static void power_on(void)
{
	static const u8 versions[] = { 0x32, 0x30, 0x33, 0x34 };
	u8 part = take_u8(&program), features = take_u8(&program);
	struct qd_options options = {
		.version = versions[part % ARRAY_SIZE(versions)],
		.device_id = 0x2021,
		.channels = 1 + (part >> 2) % QD_MAX_CHANNELS,
		.xfercap = 20,
		.msi = features & 1,
		.intx = features & 2,
	};
	int pair[2];

	options.msix_vectors = features & 4 ? 0 : options.channels;
	options.chancnt = options.channels;
	server_options = (struct server_options){ .functions = 1, .messages = features & 8 };

	memcpy(ram, pristine, RAM_SIZE);
	memset(&server, 0, sizeof(server));
	server.options = &server_options;
	server.model = &model;
	EXPECT(!init(&server, &options));
	stop_requested = false;
	dying = false;
	EXPECT(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	server.conn = pair[0];
	peer = pair[1];
	control_peer = -1;
	if (features & 16) {
		EXPECT(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
		server.control.conn = pair[0];
		control_peer = pair[1];
	}

	gone = false;
	over = false;
	sloppy = false;
	outbox_start = 0;
	outbox_end = 0;
	outbox_nfds = 0;
	inbox_len = 0;
	first_request = 0;
	last_request = 0;
	nmaps = 0;
	unsure = false;
	strange = false;
	writes = 0;
	quiet = false;
	is_asked = false;
	next_id = 0;
	now = 0;
	mapped = 0;
	turn = 0;
	max_transfer = MAX_TRANSFER;
	rude = features >> 6;
}

int fuzz_input(const uint8_t *data, size_t size)
{
	unsigned int before = open_fds(), i;

	program = (struct input){ data, size };
	power_on();
	serve_client(&server);
	over = true;
	take_messages();

	close(peer);
	if (control_peer >= 0)
		close(control_peer);
	if (server.control.conn >= 0)
		close(server.control.conn);
	EXPECT(open_fds() == before);
	EXPECT(!mapped);
	EXPECT(!server.memory.maps && !server.memory.count);
	for (i = 0; i < RAM_SIZE; i += 64)
		EXPECT(!read_only[i]);
	return 0;
}
