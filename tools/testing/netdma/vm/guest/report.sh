# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# netdma-report on a function without MSI-X, whose interrupts would end if anybody read
# INTRCTRL. Wants iomem=relaxed on the kernel's command line, so that registers can be
# read while a driver has them.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

function=0000:00:04.0

report()
{
	sh /netdma-report "$@" >/tmp/report 2>/tmp/complaints
}

# says REGEX...: does the report say all that, and did nothing in it fail?
says()
{
	local regex

	for regex; do
		grep -Eq "$regex" /tmp/report || {
			echo "# no line like: $regex"
			return 1
		}
	done
	[ ! -s /tmp/complaints ] || {
		sed 's/^/# /' /tmp/complaints
		return 1
	}
}

# The command line is in the log as well, and an address in /proc/modules.
private()
{
	grep -q 'secret' /proc/cmdline && dmesg | grep -q 'netdma.*secret' &&
		grep -q '^netdma .* 0xf' /proc/modules &&
		says '^of the command line: .*iomem=relaxed' '^netdma: loaded, netdma .* Live' &&
		! grep -q 'secret\|0xffff' /tmp/report
}

# What the engine has counted of accesses that leave traces
traces()
{
	engine counters | tr ' ' '\n' | grep -E 'INTRCTRL|ATTNSTATUS|^writes\.|\.writes\.'
}

unbound()
{
	report -r && says "^== function $function" '^driver: $' '^0008 CBVER +0x32$' \
		'^0080 CHANCTRL 7:0 +0x00$' '^0088 CHANSTS +0x00000000 0x0*3$' '^0100 CHANCTRL' &&
		! grep -q '^0180' /tmp/report
}

in_use()
{
	modprobe netdma_quickdata && report -r "$function" &&
		says '^driver: netdma_quickdata$' '^netdma_quickdata: loaded' '^ring_size: 1024$' \
			'^dma0chan1: in_use 0$' 'netdma-0000:00:04.0$' '^0090 CHAINADDR' \
			'dma0 .*number of channels: 2'
}

# Copy, with reports all the while.
disturbed()
{
	local status

	while [ ! -e /tmp/enough ]; do
		report -r "$function"
		echo >>/tmp/reports
	done &
	dmatest 60 "$(channels_of)" iterations=1500 test_buf_size=4096 timeout=10000
	status=$?
	: >/tmp/enough
	wait
	return $status
}

# 16 bits: the first to read the upper half of CHANCTRL finds IN_USE clear.
unclaimed()
{
	local bar

	read -r bar _ <"/sys/bus/pci/devices/$function/resource"
	[ $(($(busybox devmem $((bar + 0x80)) 16) & 0x100)) = 0 ] &&
		[ $(($(busybox devmem $((bar + 0x80)) 16) & 0x100)) != 0 ]
}

silent()
{
	traces >/tmp/before
	report -r "$function" && traces >/tmp/after && [ -s /tmp/before ] &&
		cmp /tmp/before /tmp/after
}

plan 7
check "a function without a driver is reported, with its registers" unbound
check "one with a driver is" in_use
check "neither the machine's name nor the kernel's addresses are" private
check "no register is written, and none is read that this changes" silent
check "copies go on meanwhile" disturbed
check "there were reports meanwhile" [ "$(wc -l </tmp/reports)" -gt 1 ]
check "no channel was claimed" unclaimed
