// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine model, which lives with the emulated engine: there is one truth
 * about the hardware.
 */
#include "../../../../tools/testing/netdma/engine/fault.c"
#include "../../../../tools/testing/netdma/engine/model.c"
