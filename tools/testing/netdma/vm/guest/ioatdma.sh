# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# Debian's own ioatdma driver, on one function with four channels.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

iterations=${ITERATIONS:-1000}

bound()
{
	[ -e /sys/bus/pci/drivers/ioatdma/0000:00:04.0 ]
}

# vectors STYLE: does the function have the interrupts that it should have?
vectors()
{
	local count

	count=$(find /sys/bus/pci/devices/0000:00:04.0/msi_irqs -type f 2>/dev/null | wc -l)
	case $1 in
	msix) [ "$count" = 4 ] ;;
	intx) [ "$count" = 0 ] && grep -q 'IO-APIC.*ioat-intx' /proc/interrupts ;;
	esac
}

# drive STYLE PARAMETER...: load, look, copy, unload; 7 tests.
drive()
{
	local style=$1

	shift
	forget_log
	check "$style: ioatdma loads" modprobe ioatdma "$@"
	check "$style: it binds" bound
	check "$style: the self test passed on 4 channels" has_channels 4 4
	check "$style: the interrupts are of this kind" vectors "$style"
	check "$style: $iterations verified copies on each channel" \
		dmatest 60 "$(channels_of)" iterations="$iterations" timeout=10000
	print_rows
	check "$style: each channel has interrupted" interrupts_counted
	check "$style: ioatdma unloads" rmmod ioatdma
}

plan 21
drive msix
drive msix
drive intx ioat_interrupt_style=intx
