# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# What an operator sees, for ../../transcripts: commands of the guide, and what they
# print. Two functions with one channel each, as real ones have. A test passes if its
# command does.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

netdma_report()
{
	sh /netdma-report "$@"
}
lsmod() { /sbin/lsmod "$@"; }
alias netdma-report=netdma_report

transcript()
{
	echo "# transcript $1"
}

# run COMMAND LINE: show it, and what it prints.
run()
{
	local status

	echo "# $*" | sed 's/^/# | /'
	eval "$*" >/tmp/output 2>&1
	status=$?
	sed 's/^/# | /' /tmp/output
	[ $status = 0 ] || not_ok "$*"
}

plan 1
modprobe ioatdma
forget_log

transcript load
run 'modprobe -r ioatdma'
run 'modprobe netdma_quickdata'
run 'dmesg | grep dma'
run 'lsmod | grep netdma'
run 'ls /sys/class/dma'
run 'grep netdma /proc/interrupts'

transcript report
run 'netdma-report 0000:00:04.0'

modprobe -r netdma_quickdata
modprobe ioatdma
forget_log

transcript first-run
run 'cat /sys/bus/pci/devices/0000:00:05.0/dma/dma*/in_use'
run 'echo 0000:00:05.0 > /sys/bus/pci/drivers/ioatdma/unbind'
run 'netdma-report -r 0000:00:05.0 > before.txt'
run 'sed -n "/^registers/,/CHANERR /p" before.txt'
run 'echo netdma_quickdata > /sys/bus/pci/devices/0000:00:05.0/driver_override'
run 'echo 0 > /sys/bus/pci/drivers_autoprobe'
run 'modprobe netdma_quickdata'
run 'echo 0000:00:05.0 > /sys/bus/pci/drivers/netdma_quickdata/bind'
run 'echo 1 > /sys/bus/pci/drivers_autoprobe'
run 'dmesg | grep dma'
run 'ls /sys/bus/pci/devices/0000:00:05.0/dma'
run 'modprobe dmatest'
run 'cd /sys/module/dmatest/parameters'
run 'echo 10 > iterations'
run 'echo dma1chan0 > channel'
run 'echo 1 > run'
run 'cat wait'
eventually sh -c 'dmesg | grep -q summary'
run 'dmesg | grep summary'
run 'cd /tmp'
run 'rmmod dmatest'
run 'netdma-report 0000:00:05.0 > after.txt'
run 'echo > /sys/bus/pci/devices/0000:00:05.0/driver_override'
run 'echo 0000:00:05.0 > /sys/bus/pci/drivers/netdma_quickdata/unbind'
run 'echo 0000:00:05.0 > /sys/bus/pci/drivers/ioatdma/bind'

modprobe -r netdma_quickdata ioatdma
modprobe netdma_quickdata
mount -t tracefs tracing /sys/kernel/tracing
transcript trace
run "trace-cmd record -q -e netdma sh -c \\
	'modprobe dmatest channel=dma0chan0 iterations=2 run=1; sleep 5'"
run 'trace-cmd report'
modprobe -r dmatest

modprobe dmatest channel=dma0chan0 run=1
eventually grep -q running /sys/kernel/debug/netdma/0000:00:04.0/channel0
transcript debugfs
run 'cat /sys/kernel/debug/dmaengine/summary'
run 'cat /sys/kernel/debug/netdma/0000:00:04.0/channel0'
transcript perf
run "perf stat -a -e 'netdma:*' sleep 2"
modprobe -r dmatest

# One of sixty copies, all of them queued, fails.
engine fault chanerr bits=8 after=20 >/dev/null
transcript error
run 'cd /sys/kernel/tracing'
run 'echo 1 > events/netdma/enable'
netdma_run iterations=60 channels=1 norandom=1 test_buf_size=4096
netdma_wait
run 'dmesg | grep netdma_quickdata'
run 'grep error /sys/kernel/debug/netdma/0000:00:04.0/channel0'
run 'grep 0000:00:04.0 trace | grep -A 3 netdma_error'

ok "all commands"
