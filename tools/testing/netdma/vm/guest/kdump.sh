# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# The kernel crashes while clients copy on four channels, and nobody tells the engine:
# its channels are active, with interrupts, when the kernel that takes over binds the
# driver. What they were told to do must not be done any more. Wants boot --crash.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

before=4			# tests of the first kernel

# How many channels have work to do? The first answer is of now, others of the fault.
busy()
{
	field in-flight "$(engine status)" | head -n 1 | tr ',' '\n' | grep -cv '^0$'
}

all_busy()
{
	[ "$(busy)" = 4 ]
}

ready_to_crash()
{
	kexec /crash/vmlinuz /crash/initramfs \
		"$(sed 's/crashkernel=[^ ]*/nr_cpus=1/' /proc/cmdline)" &&
		[ "$(cat /sys/kernel/kexec_crash_loaded)" = 1 ]
}

# One descriptor of each channel is never done, nor what is behind it. The watchdog would
# see to that within two seconds. The next kernel wants to start on the first CPU.
crash()
{
	engine fault stall count=4 after=50 >/dev/null &&
		taskset 1 sh -c 'echo c >/proc/sysrq-trigger'
}

# What the old kernel had queued is not done now.
old_work_is_gone()
{
	local count

	[ "$(busy)" = 0 ] || return
	count=$(finished)
	engine clear >/dev/null
	sleep 1
	[ "$(finished)" = "$count" ]
}

if [ ! -e /proc/vmcore ]; then
	echo "# expect Kernel panic - not syncing: sysrq triggered crash"
	echo "# expect Call Trace:"
	plan 10
	check "netdma_quickdata loads" modprobe netdma_quickdata
	check "4 channels" has_channels 4 4
	check "netdma_test copies on all of them" netdma_run iterations=0 test_buf_size=4096
	check "another kernel is ready" ready_to_crash
	renice -n -20 $$
	crash
	exit 1
fi

test_number=$before
check "4 channels are active when the next kernel has started" all_busy
check "netdma_quickdata loads" modprobe netdma_quickdata
check "4 channels" has_channels 4 4
check "what the last kernel had queued is not done" old_work_is_gone
check "dmatest on each channel" dmatest 60 "$(channels_of)" iterations=100 threads_per_chan=1 \
	timeout=20000
check "both modules unload" rmmod netdma_quickdata netdma
