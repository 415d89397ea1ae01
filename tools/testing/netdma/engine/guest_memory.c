// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "guest_memory.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* The index of the first map that ends behind @addr, or the number of maps. */
static size_t first_behind(const struct guest_memory *memory, u64 addr)
{
	size_t low = 0, high = memory->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct guest_map *map = &memory->maps[middle];

		if (map->addr + (map->size - 1) < addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct guest_map *guest_memory_find(const struct guest_memory *memory, u64 addr)
{
	size_t i = first_behind(memory, addr);

	if (i == memory->count || memory->maps[i].addr > addr)
		return NULL;
	return &memory->maps[i];
}

static int map_file(struct guest_map *map, int fd, u64 offset)
{
	int prot = (map->readable ? PROT_READ : 0) | (map->writable ? PROT_WRITE : 0);
	struct stat st;
	void *host;

	if (fstat(fd, &st))
		return -errno;
	/* Touching a page beyond the end of the file would be fatal. */
	if (st.st_size < 0 || offset > (u64)st.st_size || map->size > (u64)st.st_size - offset)
		return -EINVAL;

	host = mmap(NULL, map->size, prot, MAP_SHARED, fd, offset);
	if (host == MAP_FAILED)
		return -errno;
	map->host = host;
	return 0;
}

int guest_memory_add(struct guest_memory *memory, struct guest_map map, int fd, u64 offset)
{
	size_t i;
	int ret;

	if (!map.size || map.addr + (map.size - 1) < map.addr)
		return -EINVAL;

	i = first_behind(memory, map.addr);
	if (i < memory->count && memory->maps[i].addr <= map.addr + (map.size - 1))
		return -EEXIST;

	if (memory->count == GUEST_MEMORY_MAX_MAPS)
		return -ENOSPC;
	if (memory->count == memory->capacity) {
		size_t capacity = memory->capacity ? 2 * memory->capacity : 64;
		struct guest_map *maps = realloc(memory->maps, capacity * sizeof(*maps));

		if (!maps)
			return -ENOMEM;
		memory->maps = maps;
		memory->capacity = capacity;
	}

	if (fd >= 0) {
		ret = map_file(&map, fd, offset);
		if (ret)
			return ret;
	}

	memmove(&memory->maps[i + 1], &memory->maps[i], (memory->count - i) * sizeof(map));
	memory->maps[i] = map;
	memory->count++;
	return 0;
}

static void unmap_file(const struct guest_map *map)
{
	if (map->host)
		munmap(map->host, map->size);
}

int guest_memory_remove(struct guest_memory *memory, u64 addr, u64 size)
{
	size_t i = first_behind(memory, addr);

	if (i == memory->count || memory->maps[i].addr != addr || memory->maps[i].size != size)
		return -ENOENT;

	unmap_file(&memory->maps[i]);
	memory->count--;
	memmove(&memory->maps[i], &memory->maps[i + 1],
		(memory->count - i) * sizeof(*memory->maps));
	return 0;
}

void guest_memory_clear(struct guest_memory *memory)
{
	size_t i;

	for (i = 0; i < memory->count; i++)
		unmap_file(&memory->maps[i]);
	free(memory->maps);
	memset(memory, 0, sizeof(*memory));
}
