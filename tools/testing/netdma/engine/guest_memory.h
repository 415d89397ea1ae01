/* SPDX-License-Identifier: GPL-2.0-only */
/* The client's memory: which addresses exist and where they are in this process. */
#ifndef QUICKDATA_ENGINE_GUEST_MEMORY_H
#define QUICKDATA_ENGINE_GUEST_MEMORY_H

#include <stddef.h>

#include "compat.h"

/**
 * struct guest_map - one contiguous range of client addresses
 * @addr: its first address
 * @size: its size in bytes, at least 1
 * @host: where it is mapped, NULL if it can only be reached by messages
 * @readable: the engine may read from it
 * @writable: the engine may write to it
 */
struct guest_map {
	u64 addr;
	u64 size;
	u8 *host;
	bool readable;
	bool writable;
};

/* Sorted by address, without overlaps. */
struct guest_memory {
	struct guest_map *maps;
	size_t count;
	size_t capacity;
};

#define GUEST_MEMORY_MAX_MAPS	65535

/*
 * Add @map; its memory is at @offset of @fd, or out of reach if @fd is negative.
 * Returns 0 or a negative errno. The descriptor stays the caller's.
 */
int guest_memory_add(struct guest_memory *memory, struct guest_map map, int fd, u64 offset);

/* Remove exactly this range; 0 or -ENOENT. */
int guest_memory_remove(struct guest_memory *memory, u64 addr, u64 size);

void guest_memory_clear(struct guest_memory *memory);

/* The map that contains an address, or NULL; valid until the next change. */
const struct guest_map *guest_memory_find(const struct guest_memory *memory, u64 addr);

#endif /* QUICKDATA_ENGINE_GUEST_MEMORY_H */
