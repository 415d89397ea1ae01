# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# The function goes and comes back while clients copy on all of its channels, in
# every way there is, and so do the driver and the power. netdma_test gives its
# channels back or holds them, in turn, and accounts for each copy; with DMATEST=yes
# dmatest has two of the channels. It keeps its mappings when the driver goes, which
# DMA-API debugging does not like. Wants boot --hotplug.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

scale=${SCALE:-1}			# multiplies the rounds
unbinds=${UNBINDS:-$((4 * scale))}
unplugs=${UNPLUGS:-$((2 * scale))}
deaths=${DEATHS:-$scale}
reloads=${RELOADS:-$((2 * scale))}
resets=${RESETS:-$((4 * scale))}
sleeps=${SLEEPS:-$((2 * scale))}
allocations=${ALLOCATIONS:-0}		# of a probe that are made to fail, if the kernel can
seconds=$((1000 * ${PATIENCE:-1}))
lost=60000				# ms after which a copy is
control=suspend,abort,reset,limit	# what else netdma_test does in some of the rounds

driver=/sys/bus/pci/drivers/netdma_quickdata
test=/sys/module/netdma_test/parameters

# --- the clients ----------------------------------------------------------

# Begin to test the channels that there are, and those that come.
start()
{
	local channels=0

	[ -z "$DMATEST" ] || channels=2
	netdma_run iterations=0 test_buf_size=4096 timeout=$lost mode="$control" \
		vanish="$vanish" channels=$channels && start_dmatest
}

# What the next run of netdma_test does differently
vary()
{
	local mode=

	[ $((round / 2 % 2)) = 0 ] || mode=$control
	echo "$mode" >$test/mode
	echo $((round % 2)) >$test/hold
}

# On the two channels that netdma_test leaves
start_dmatest()
{
	[ -n "$DMATEST" ] || return 0
	within "$((seconds * 10))" netdma_has_two &&
		dmatest_start "$(channels_of | tail -n 2)" iterations=0 threads_per_chan=1 \
			test_buf_size=4096 timeout=$lost
}

netdma_has_two()
{
	dmesg | tail -n 100 | grep -q 'netdma_test: .*: 2 channels'
}

# Once the engine has stopped, or has no driver
stop_dmatest()
{
	! loaded dmatest || dmatest_stop true
}

release_dmatest()
{
	! loaded dmatest || { unbind && stop_dmatest && bind; }
}

stop()
{
	echo 0 >$test/run
	release_dmatest
	collect
}

# Take the log so far for the account.
collect()
{
	dmesg -c >/tmp/part
	cat /tmp/part >>/tmp/log
	sed -n 's/.*netdma_test: total //p' /tmp/part | tr -cd '0-9 \n' >>/tmp/totals
}

# Do all channels copy?
busy()
{
	finished >/tmp/finished
	within "$((seconds * 60))" more_finished 30 4 || {
		echo "# not busy: $(finished | tr '\n' ' ')"
		return 1
	}
}

# --- what happens to them -------------------------------------------------

function_is_there()
{
	[ -e "/sys/bus/pci/devices/$address" ]
}

# away AWAY BACK: the function or its driver goes away, and comes back. Clients of
# dmaengine let go before it is back, or after.
away()
{
	$1 || return
	[ $((round % 2)) = 0 ] || stop_dmatest
	collect
	$2 && within "$((seconds * 20))" has_channels 4 4 && stop_dmatest && start_dmatest
}

unbind()
{
	echo "$address" >$driver/unbind
}

bind()
{
	echo "$address" >$driver/bind
}

unplugged()
{
	unplug >/dev/null && within "$((seconds * 30))" not function_is_there
}

plugged()
{
	within "$((seconds * 20))" plug >/dev/null
}

# Everybody has an answer at once, and not before the function is unplugged.
killed()
{
	engine die >/dev/null && sleep 1 && unplugged
}

# A module is not unloaded while a client has a channel. It is, once the last client
# lets go.
reload()
{
	rmmod netdma_quickdata 2>/dev/null && return 1
	echo 0 >$test/run &
	release_dmatest
	within "$((seconds * 60))" rmmod netdma_quickdata 2>/dev/null || return
	wait $!
	collect
	[ $((round % 2)) = 0 ] || rmmod netdma_test netdma || return
	modprobe netdma_quickdata && start
}

reset()
{
	echo 1 >"/sys/bus/pci/devices/$address/reset"
}

falls_asleep()
{
	local level

	case $((round % 4)) in
	0) level=devices ;;
	1) level=core ;;
	2) level=platform ;;
	3) level=processors ;;
	esac
	echo $level >/sys/power/pm_test && echo mem >/sys/power/state
}

# --- kinds ----------------------------------------------------------------

# Of each run, every copy was reported once. What fails has been pulled out.
judge()
{
	awk -v runs="$1" -v vanish="$vanish" '
		{ for (i = 1; i <= 7; i++) n[i] += $i }
		$1 != $2 + $3 + $4 { bad = 1 }
		END {
			print "#", NR, "runs:", n[1] + 0, "queued,", n[2] + 0, "done,", n[3] + 0, \
			      "failed,", n[4] + 0, "aborted,", n[5] + 0, "lost,", n[6] + 0, \
			      "duplicated,", n[7] + 0, "wrong"
			exit bad || NR < runs || !n[2] || n[5] + n[6] + n[7] || \
			     (n[3] && !vanish)
		}' /tmp/totals &&
		! grep -E 'dmatest: .*(timed out|data error|completion busy)' /tmp/log
}

# under_load ROUNDS RUNS VANISH COMMAND...: the command so often, all channels being
# busy before and after. RUNS is that of netdma_test: "each" if each time ends one.
# VANISH is 1 if the engine is pulled out.
under_load()
{
	local rounds=$1 runs=1 vanish=$3 result=0 began

	[ "$2" != each ] || runs=$((rounds + 1))
	shift 3
	began=$(cut -d . -f 1 /proc/uptime)
	: >/tmp/totals
	: >/tmp/log
	round=0
	start && busy || result=1
	while [ $result = 0 ] && [ $round -lt "$rounds" ]; do
		round=$((round + 1))
		vary
		if ! { "$@" && busy; }; then
			echo "# in round $round"
			result=1
		fi
	done
	stop
	judge $runs || result=1
	echo "# $round rounds, $(($(cut -d . -f 1 /proc/uptime) - began)) seconds"
	[ $result = 0 ] || grep -vE 'channel .*: summary|prep error' /tmp/log | tail -n 30 |
		sed 's/^/# | /'
	return $result
}

# kind NAME ROUNDS...
kind()
{
	local name=$1

	shift
	check "$name" under_load "$@"
	check "4 channels copy afterwards" \
		dmatest 60 "$(channels_of)" iterations=50 timeout=$lost
}

# The driver is bound while one allocation after the other fails. The kernel's ACPI,
# which is asked for the interrupt, does not survive that in all places; and a channel
# that dmaengine cannot register leaves its name behind.
allocations_fail()
{
	local n=0 left=0

	echo "# expect KASAN: .* in acpi_"
	echo "# expect Call Trace:"
	echo "# expect unreferenced object .* dev_set_name < __dma_async_device_channel_register"
	echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
	echo N >/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait
	echo 0 >/sys/kernel/debug/failslab/verbose
	echo 0 >/sys/kernel/debug/fail_page_alloc/verbose
	unbind || return
	while [ "$left" = 0 ] && [ $n -lt "$allocations" ]; do
		n=$((n + 1))
		echo $n >/proc/self/fail-nth
		bind
		read -r left </proc/self/fail-nth || left=1
		until echo 0 >/proc/self/fail-nth; do :; done
		[ ! -e "$driver/$address" ] || unbind || return
	done 2>/dev/null
	echo "# $n allocations"
	bind && has_channels 4 4
}

nothing_left()
{
	! loaded netdma && [ -z "$(ls /sys/class/dma)" ] &&
		! grep netdma /proc/interrupts /proc/iomem
}

# Clients that are busy all the time leave little to a slow machine's shell.
renice -n -20 $$
# And a run of netdma_test may take long.
echo 1200 >/proc/sys/kernel/hung_task_timeout_secs
plan 17
check "netdma_quickdata has 4 channels" eval 'modprobe netdma_quickdata && has_channels 4 4'
address=$(basename "$(readlink -f "/sys/class/dma/$(channels_of | head -n 1)/device")")
kind "unbind and bind" "$unbinds" each 0 away unbind bind
kind "unplug and plug" "$unplugs" each 0 away unplugged plugged
kind "the engine dies, and a new one is plugged in" "$deaths" each 1 away killed plugged
kind "unload and load" "$reloads" each 0 reload
kind "reset of the function" "$resets" one 0 reset
kind "sleep" "$sleeps" one 0 falls_asleep
if [ "$allocations" != 0 ] && [ -e /proc/self/fail-nth ]; then
	check "bind while allocations fail" allocations_fail
	check "4 channels copy afterwards" dmatest 60 "$(channels_of)" iterations=50
else
	skip "bind while allocations fail" "the kernel cannot, or it takes too long"
	skip "4 channels copy afterwards" "likewise"
fi
check "all modules unload" rmmod netdma_test netdma_quickdata netdma
check "nothing is left" nothing_left
