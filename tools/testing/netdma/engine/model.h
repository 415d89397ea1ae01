/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A QuickData PCI function in plain C.
 *
 * The model holds the function's whole state and has no environment of its own:
 * memory, interrupts and time belong to the transport, which calls in with
 * register accesses and with time slices and is called back through qd_ops.
 *
 * Register accesses never touch memory. They make channels runnable, and
 * qd_channel_step() then does the work, a bounded piece at a time.
 *
 * Faults can be armed at any time. Those that take time end in qd_expire().
 *
 * Calls must be serialised. There is one exception: a transport whose memory is
 * at the other end of a socket has to answer register accesses while dma_read()
 * or dma_write() waits, so these two may call back into the accessors, qd_reset()
 * and qd_msix_set_mask(), but not into qd_channel_step(). If it does such an access in
 * pieces, qd_access_wanted() says between two of them whether software has stopped it.
 */
#ifndef QUICKDATA_ENGINE_MODEL_H
#define QUICKDATA_ENGINE_MODEL_H

#include "compat.h"
#include "fault.h"
#include "registers.h"

#define QD_MAX_CHANNELS		8
#define QD_MAX_REGISTERS	32

/* The largest amount of data that one qd_channel_step() moves */
#define QD_SLICE		65536

/* Completion words that a channel remembers */
#define QD_WORDS		4

/**
 * struct qd_ops - what the model needs from its transport
 * @dma_read: read guest memory; 0 or a negative errno
 * @dma_write: write guest memory, a naturally aligned word in one piece;
 *	0 or a negative errno
 * @raise_msix: send the message of one vector
 * @raise_msi: send the MSI message
 * @set_intx: drive the interrupt pin
 * @kick: a channel has become runnable: call qd_channel_step() for it soon
 * @now: nanoseconds since whenever; without it no fault can take time
 */
struct qd_ops {
	int (*dma_read)(void *context, u64 addr, void *buf, u32 len);
	int (*dma_write)(void *context, u64 addr, const void *buf, u32 len);
	void (*raise_msix)(void *context, unsigned int vector);
	void (*raise_msi)(void *context);
	void (*set_intx)(void *context, bool level);
	void (*kick)(void *context, unsigned int channel);
	u64 (*now)(void *context);
};

/* What is peculiar to some parts */
#define QD_NULL_NEEDS_SIZE	BIT(0)	/* a null descriptor of size 0 is an error */
#define QD_TORN_STATUS		BIT(1)	/* CHANSTS: the high half can be an old one */
#define QD_RESET_CLEARS_MSIX	BIT(2)	/* so does RESET of a channel */
#define QD_PREFETCH_LTR		BIT(3)	/* registers of descriptor prefetch and LTR */

/**
 * struct qd_version - what a version of the engine is like
 * @version: CBVER
 * @address_bits: width of the addresses that it can reach
 * @msix: place of the MSI-X capability in configuration space
 * @pcie: place of the PCI Express capability
 * @device_id: of a part that has this version
 * @bar_size: size of BAR 0
 * @msix_table: place of the MSI-X table in BAR 0
 * @msix_pba: place of the pending bits
 * @capability: DMACAPABILITY
 * @quirks: see above
 */
struct qd_version {
	u8 version;
	u8 address_bits;
	u8 msix;
	u8 pcie;
	u16 device_id;
	u16 bar_size;
	u16 msix_table;
	u16 msix_pba;
	u32 capability;
	u32 quirks;
};

/**
 * struct qd_options - which part to be, and in what way a bad one
 * @device_id: PCI device ID
 * @version: which version to be like, and what CBVER says
 * @cbver: what CBVER says instead, if not 0
 * @channels: channels that exist, 1 to QD_MAX_CHANNELS
 * @chancnt: what CHANCNT says, 0 to 31
 * @xfercap: what XFERCAP says, 0 to 31; 0 means no limit
 * @msix_vectors: MSI-X table size, 0 for no MSI-X capability; channel n uses
 *	vector n modulo this
 * @msi: offer an MSI capability with one vector, which no known part has
 * @intx: have an interrupt pin
 */
struct qd_options {
	u16 device_id;
	u8 version;
	u8 cbver;
	u8 channels;
	u8 chancnt;
	u8 xfercap;
	u8 msix_vectors;
	bool msi;
	bool intx;
};

/**
 * struct qd_channel_stats - what a channel has done since qd_init()
 * @doorbells: DMACOUNT writes
 * @descriptors: descriptors that finished, skipped ones included
 * @nulls: null descriptors among them
 * @fills: fill descriptors among them
 * @bytes: data bytes written
 * @completions: completion words written
 * @interrupts: interrupt events signalled
 * @deferred: interrupt events that had to wait for re-arming
 * @errors: errors by CHANERR bit
 */
struct qd_channel_stats {
	u64 doorbells;
	u64 descriptors;
	u64 nulls;
	u64 fills;
	u64 bytes;
	u64 completions;
	u64 interrupts;
	u64 deferred;
	u64 errors[QD_ERR_BITS];
};

struct qd_access_stats {
	u64 reads[QD_MAX_REGISTERS];
	u64 writes[QD_MAX_REGISTERS];
};

/**
 * struct qd_channel - one DMA queue
 * @state: CHANSTS[2:0]
 * @ctrl: CHANCTRL
 * @count: DMACOUNT
 * @processed: descriptors finished since the last CHAINADDR write, modulo 65536
 * @chainaddr: CHAINADDR
 * @cmpaddr: CHANCMP
 * @last: address of the last descriptor that finished, 0 if none
 * @torn: the high half of CHANSTS is read as @old_high once more
 * @old_high: see @torn
 * @next: address of the next descriptor to fetch
 * @chanerr: CHANERR
 * @chanerrmsk: CHANERRMSK
 * @dcactrl: DCACTRL
 * @drsctl: DRSCTL
 * @ltr_swsel: LTR_SWSEL
 * @ltr_active: LTR_ACTIVE
 * @ltr_idle: LTR_IDLE
 * @busy: a descriptor is in hand
 * @suspending: go to SUSPENDED when it is done
 * @rearming: CHAINADDR was written meanwhile: start over when it is done
 * @error_pending: an error is still to be reported to memory
 * @event: an interrupt event waits for re-arming
 * @epoch: changes whenever the descriptor in hand is dropped
 * @current_addr: address of the descriptor in hand
 * @desc: the descriptor in hand
 * @done: bytes of it that have been moved
 * @spoil: errors with which it fails
 * @spoil_at: after so many bytes
 * @corrupt: its data is to be wrong
 * @stalled: nothing happens to it until @stall_ns
 * @suspend_late: SUSPEND was written and takes effect at @suspend_ns
 * @resetting: RESET was written and takes effect at @reset_ns
 * @stall_ns: see @stalled
 * @suspend_ns: see @suspend_late
 * @reset_ns: see @resetting
 * @words: the last completion words that were right, since RESET
 * @last_word: which of them is the newest
 * @stats: what the channel has done
 * @access: accesses to its registers
 */
struct qd_channel {
	enum qd_state state;
	u16 ctrl;
	u16 count;
	u16 processed;
	u64 chainaddr;
	u64 cmpaddr;
	u64 last;
	bool torn;
	u32 old_high;
	u64 next;
	u32 chanerr;
	u32 chanerrmsk;
	u32 dcactrl;
	u16 drsctl;
	u8 ltr_swsel;
	u32 ltr_active;
	u32 ltr_idle;
	bool busy;
	bool suspending;
	bool rearming;
	bool error_pending;
	bool event;
	u32 epoch;
	u64 current_addr;
	struct qd_descriptor desc;
	u32 done;
	u32 spoil;
	u32 spoil_at;
	bool corrupt;
	bool stalled;
	bool suspend_late;
	bool resetting;
	u64 stall_ns;
	u64 suspend_ns;
	u64 reset_ns;
	u64 words[QD_WORDS];
	u8 last_word;
	struct qd_channel_stats stats;
	struct qd_access_stats access;
};

/**
 * struct qd_model - a function
 * @options: the part that it is
 * @version: what that is like
 * @ops: its transport
 * @context: for @ops
 * @address_limit: first address that is too wide
 * @genctrl: GENCTRL
 * @intrctrl: INTRCTRL, the bits that are stored
 * @attnstatus: ATTNSTATUS
 * @intrdelay: INTRDELAY[13:0]
 * @chwpreflmt: CHWPREFLMT
 * @pba: MSI-X pending bits
 * @intx_level: what the pin shows
 * @msi_level: the condition whose rising edge sends an MSI
 * @access: accesses to function registers
 * @config_reads: reads of configuration space
 * @config_writes: writes to it
 * @resets: resets of the function
 * @faults: what goes wrong
 * @gone: it has left the bus
 * @accessing: the channel whose access to memory is the last one
 * @access_epoch: the channel's epoch at the beginning of that
 * @channel: its channels
 * @config: configuration space
 * @msix_table: MSI-X table
 * @buffer: data on its way
 */
struct qd_model {
	struct qd_options options;
	const struct qd_version *version;
	const struct qd_ops *ops;
	void *context;
	u64 address_limit;
	u8 genctrl;
	u8 intrctrl;
	u32 attnstatus;
	u16 intrdelay;
	u8 chwpreflmt;
	u64 pba;
	bool intx_level;
	bool msi_level;
	struct qd_access_stats access;
	u64 config_reads;
	u64 config_writes;
	u64 resets;
	struct qd_faults faults;
	bool gone;
	const struct qd_channel *accessing;
	u32 access_epoch;
	struct qd_channel channel[QD_MAX_CHANNELS];
	u8 config[QD_CFG_SIZE];
	u8 msix_table[QD_MAX_CHANNELS * QD_MSIX_ENTRY_SIZE];
	u8 buffer[QD_SLICE];
};

/* What a version is like, NULL if it is none of those that there are. */
const struct qd_version *qd_find_version(u8 version);

/* The version of the parts with a device ID, 0 if it belongs to none of them */
u8 qd_version_of(u16 device_id);

/*
 * The device ID of the function that comes so many behind one with @device_id. It is the
 * same one if the parts have no other.
 */
u16 qd_sibling(u16 device_id, unsigned int distance);

/* Returns 0, or -EINVAL if the options make no sense. */
int qd_init(struct qd_model *model, const struct qd_options *options,
	    const struct qd_ops *ops, void *context);

/* Power-on reset, and the same thing as function-level reset. */
void qd_reset(struct qd_model *model);

/* Naturally aligned accesses of 1, 2, 4 or 8 bytes; anything else reads as ones. */
u64 qd_config_read(struct qd_model *model, u32 offset, u32 size);
void qd_config_write(struct qd_model *model, u32 offset, u32 size, u64 value);
u64 qd_bar_read(struct qd_model *model, u32 offset, u32 size);
void qd_bar_write(struct qd_model *model, u32 offset, u32 size, u64 value);

/* For a transport whose peer keeps the MSI-X table to itself. */
void qd_msix_set_mask(struct qd_model *model, unsigned int vector, bool masked);

/* Do a bounded piece of a channel's work; returns whether there is more. */
bool qd_channel_step(struct qd_model *model, unsigned int channel);

/* Within dma_read() or dma_write(): is there to be more of it? */
bool qd_access_wanted(const struct qd_model *model);

/*
 * Arm a fault, of which only what describes it is looked at. Returns its ID, which
 * is positive; -EINVAL if it makes no sense, or -ENOSPC if too many are armed.
 */
int qd_arm_fault(struct qd_model *model, const struct qd_fault *fault);

/* Disarm all faults, and end what they hold up. */
void qd_clear_faults(struct qd_model *model);

/* Descriptors that a channel, or all of them, has been given and has not finished */
u32 qd_in_flight(const struct qd_model *model, unsigned int channel);

/* When there is something for qd_expire() to do, by the transport's clock; else QD_NEVER */
u64 qd_deadline(const struct qd_model *model);
void qd_expire(struct qd_model *model);

/* Names of registers by index into qd_access_stats, NULL past the last one. */
const char *qd_global_register_name(unsigned int index);
const char *qd_channel_register_name(unsigned int index);

#endif /* QUICKDATA_ENGINE_MODEL_H */
