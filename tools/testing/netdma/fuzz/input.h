/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzz targets have in common: the input is read from its front as numbers, of
 * which there are zeros when it has ended, and what must hold is expected.
 */
#ifndef NETDMA_FUZZ_INPUT_H
#define NETDMA_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct input {
	const uint8_t *data;
	size_t size;
};

/* What does not hold ends the target, which keeps the input. */
#define EXPECT(condition) do {							\
	if (!(condition)) {							\
		fprintf(stderr, "%s:%d: %s: not so: %s\n", __FILE__, __LINE__,	\
			__func__, #condition);					\
		abort();							\
	}									\
} while (0)

static inline uint64_t take(struct input *input, unsigned int bytes)
{
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < bytes && input->size; i++, input->size--)
		value |= (uint64_t)*input->data++ << (8 * i);
	return value;
}

static inline uint32_t take_below(struct input *input, uint32_t limit)
{
	return take(input, limit > 256 ? 4 : 1) % limit;
}

static inline uint64_t take_u64(struct input *input)
{
	return take(input, 8);
}

static inline uint32_t take_u32(struct input *input)
{
	return take(input, 4);
}

static inline uint16_t take_u16(struct input *input)
{
	return take(input, 2);
}

static inline uint8_t take_u8(struct input *input)
{
	return take(input, 1);
}

/* By these names libFuzzer calls the one at first, the other with one input after the other. */
int fuzz_set_up(int *argc, char ***argv) __asm__("LLVMFuzzerInitialize");
int fuzz_input(const uint8_t *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

#endif /* NETDMA_FUZZ_INPUT_H */
