# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# What can be seen of a function with two channels: tracepoints, by trace-cmd and perf,
# and debugfs, while copies are made, fail, and lose their driver.
#
# Lines "# > ..." are what one pastes, after "$ ", and what comes of it: the guide has them.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

events=/sys/kernel/tracing/events/netdma
files=/sys/kernel/debug/netdma
device=0000:00:04.0
driver=/sys/bus/pci/drivers/netdma_quickdata

# transcript COMMAND-LINE [LINES]: do it, and show it with the first lines of the output
transcript()
{
	local status

	sh -c "$1" >/tmp/output 2>&1
	status=$?
	echo "# > \$ $1"
	head -n "${2:-30}" /tmp/output | sed 's/^/# > /'
	return $status
}

# copy NUMBER COUNT: the command line that has dmatest make so many copies on this channel
copy()
{
	echo "modprobe dmatest channel=$(channels_of | sed -n "$(($1 + 1))p")" \
		"iterations=$2 timeout=5000 run=1; cat /sys/module/dmatest/parameters/wait;" \
		"rmmod dmatest"
}

# record EVENTS COMMAND-LINE: what happens meanwhile, in /tmp/trace
record()
{
	transcript "trace-cmd record -q -e $1 sh -c '$2' >/dev/null" &&
		trace-cmd report >/tmp/trace 2>/dev/null
}

# report EVENTS LINES: as one would look at it
report()
{
	transcript "trace-cmd report 2>/dev/null | grep -E 'netdma_$1'" "$2"
}

# sum EVENT FIELD: of all that were recorded
sum()
{
	sed -n "s/.*netdma_$1: .*$2=\([0-9]*\).*/\1/p" /tmp/trace | awk '{ n += $1 } END { print n + 0 }'
}

# --- what there is ----------------------------------------------------------

has_events()
{
	mount -t tracefs tracefs /sys/kernel/tracing &&
		transcript "ls -d $events/netdma_*" &&
		[ "$(wc -l </tmp/output)" = 6 ]
}

has_files()
{
	transcript "ls $files/$device" && transcript "cat $files/$device/channel0" &&
		grep -q '^state  *free$' /tmp/output
}

# value NAME [CHANNEL]: from a channel's file
value()
{
	sed -n "s/^$1  *//p" "$files/$device/channel${2:-0}"
}

# --- tracing ----------------------------------------------------------------

# Copies that went well: as many of each kind
traced()
{
	record netdma "$(copy 0 20)" && report '' 12 || return
	echo "# submitted $(sum submit count), posted $(sum doorbell count), completed $(sum complete count)"
	[ "$(sum submit count)" = 20 ] &&
		[ "$(sum doorbell count)" = "$(sum submit count)" ] &&
		[ "$(sum complete count)" = "$(sum submit count)" ] &&
		grep -q "netdma_state: .*device=$device channel=0 from=ready to=running" /tmp/trace &&
		! grep -q netdma_error /tmp/trace
}

# Of a NetDMA client: tokens from 1 on. It queues a little more than is counted.
traced_client()
{
	record netdma "echo 1 >/sys/module/netdma_test/parameters/run; cat /sys/module/netdma_test/parameters/wait" &&
		report submit 3 || return
	echo "# submitted $(sum submit count), posted $(sum doorbell count), completed $(sum complete count)"
	grep -q 'netdma_submit: .*channel=1 copy=1 count=1 ' /tmp/trace &&
		[ "$(sum submit count)" -ge 200 ] &&
		[ "$(sum complete count)" = "$(sum submit count)" ]
}

client_loads()
{
	netdma_run iterations=100 channels=2 && netdma_wait
}

# perf finds them by the same names, and can count and filter them.
perf_counts()
{
	transcript "perf stat -a -e netdma:netdma_submit,netdma:netdma_complete sh -c '$(copy 0 10)'" &&
		[ "$(awk '$2 == "netdma:netdma_submit" { print $1 }' /tmp/output)" = 10 ]
}

perf_records()
{
	transcript "perf record -a -o /tmp/perf.data -e netdma:netdma_state --filter 'channel == 1' sh -c '$(copy 1 10)'" &&
		transcript 'perf script -i /tmp/perf.data 2>/dev/null' 8 &&
		grep -q 'netdma:netdma_state: .*channel=1 from=free to=ready' /tmp/output &&
		! grep -q 'channel=0' /tmp/output
}

# --- errors -----------------------------------------------------------------

# What is traced is what the file says, by the same names.
error_seen()
{
	engine fault chanerr bits=8 channel=0 after=4 >/dev/null &&
		record netdma "$(copy 0 20)" && report '(state|reset|error)' 8 &&
		transcript "cat $files/$device/channel0" || return
	grep -q 'netdma_error: .*channel=0 error=read copy=[1-9]' /tmp/trace &&
		grep -q 'netdma_reset: .*channel=0 of=channel result=0' /tmp/trace &&
		grep -q 'netdma_state: .*from=running to=stopping' /tmp/trace &&
		grep -q 'netdma_state: .*from=stopping to=ready' /tmp/trace &&
		[ "$(value error_read)" = 1 ] && [ "$(value last_error | cut -d ' ' -f 1)" = read ]
}

# An engine that stands still is found by the watchdog.
stall_seen()
{
	engine fault stall channel=1 after=4 >/dev/null &&
		record netdma:netdma_error "$(copy 1 20)" &&
		report error 3 || return
	grep -q 'netdma_error: .*channel=1 error=stall copy=0' /tmp/trace &&
		[ "$(value error_stall 1)" -ge 1 ] &&
		[ "$(value last_error 1 | cut -d ' ' -f 1)" = stall ]
}

# One that cannot be stopped is reset as a whole.
engine_reset_seen()
{
	engine fault reset channel=1 >/dev/null &&
		engine fault chanerr bits=9 channel=1 after=4 >/dev/null &&
		record netdma "$(copy 1 20)" &&
		report reset 3 || return
	grep -q 'netdma_reset: .*of=channel result=-110' /tmp/trace &&
		grep -q 'netdma_reset: .*of=engine result=0' /tmp/trace &&
		grep -q 'netdma_state: .*to=broken' /tmp/trace &&
		[ "$(value error_broken 1)" -ge 1 ]
}

# --- at any time ------------------------------------------------------------

# Read everything, over and over, until /tmp/enough is there
read_all()
{
	until [ -e /tmp/enough ]; do
		cat $files/*/* /sys/kernel/debug/dmaengine/summary >/tmp/reading 2>/dev/null
		cat /tmp/reading >>/tmp/read
	done
}

busy()
{
	netdma_run iterations=0 channels=2 window=8 timeout=20000 vanish=1
}

read_while_running()
{
	: >/tmp/read
	busy && read_all &
	sleep 3
	transcript 'cat /sys/kernel/debug/dmaengine/summary'
	grep -q 'netdma, running, [0-9]* in flight' /tmp/output
}

read_while_unbound()
{
	local i

	for i in 1 2 3; do
		echo $device >$driver/unbind && [ ! -e $files/$device ] &&
			echo $device >$driver/bind && eventually has_channels 4 2 &&
			[ -e $files/$device ] || return
		echo "# $i: $(sort /tmp/read | uniq -c | awk '$2 == "state" { printf "%s %s, ", $1, $3 }')"
	done
	echo 0 >/sys/module/netdma_test/parameters/run
	touch /tmp/enough
	grep -q '^state *running' /tmp/read
}

# A client of dmaengine keeps the channel of a function that has lost its driver:
# dmaengine's summary lists it still.
summary_of_shell()
{
	modprobe dmatest channel="$(channels_of | head -n 1)" iterations=1 run=1 &&
		cat /sys/module/dmatest/parameters/wait >/dev/null &&
		echo $device >$driver/unbind &&
		transcript 'cat /sys/kernel/debug/dmaengine/summary' &&
		grep -q 'dmaengine, dead' /tmp/output &&
		rmmod dmatest && not grep -q . /sys/kernel/debug/dmaengine/summary
}

unloads()
{
	rmmod netdma_test netdma_quickdata netdma && [ ! -e $files ] && [ ! -e $events ]
}

plan 16
check "netdma_quickdata loads" modprobe netdma_quickdata
check "it has two channels" has_channels 4 2
check "there are tracepoints" has_events
check "each channel has a file" has_files
check "trace-cmd records what dmatest does" traced
check "a NetDMA client copies" client_loads
check "trace-cmd records what it does" traced_client
check "perf counts" perf_counts
if grep -q ' do_eventfd$' /proc/kallsyms; then
	check "perf records, with a filter" perf_records
else
	skip "perf records, with a filter" "no CONFIG_EVENTFD"
fi
check "an error is traced, and told by the file" error_seen
check "so is a stall" stall_seen
check "so is the reset of the function" engine_reset_seen
check "files are read while channels run" read_while_running
check "files are read while the driver leaves and comes" read_while_unbound
check "dmaengine's summary knows a channel without a driver" summary_of_shell
check "all is gone with the modules" unloads
