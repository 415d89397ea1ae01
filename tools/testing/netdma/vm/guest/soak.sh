# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# Rounds of load, faults and what else happens to a function: ../../soak draws them, and
# makes a table of what is said here. Clients of both interfaces copy at the same time, and
# have to account for each copy at the end of their round; then the faults end, and all
# channels copy again.
#
# A line of /plan is NAME|SEED|NETDMA|DMATEST|FAULTS|FAILS|EVENTS|SECONDS
#
# NETDMA	netdma_test's parameters
# DMATEST	dmatest's, which has the other channels, again and again
# FAULTS	what follows "fault" on the engine's control socket, between semicolons
# FAILS		1 if copies may fail
# EVENTS	what happens in this order: see happen()
# SECONDS	how long the clients copy before each of them, and after the last one
#
# Of each round "# account CLIENT QUEUED DONE FAILED ABORTED LOST DUPLICATED WRONG" is said
# for each client, "# fired NAME=TIMES..." of the faults and "# complaints N" of the kernel.
# A round is not begun after $UNTIL seconds.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

lost=60000				# ms after which a copy is
bus=/sys/bus/pci
test=/sys/module/netdma_test/parameters
failslab=/sys/kernel/debug/failslab

# --- the clients ----------------------------------------------------------

# Take the log so far for the account.
collect()
{
	dmesg -c >>/tmp/log
}

start()
{
	collect
	# shellcheck disable=SC2086	# words
	netdma_run iterations=0 timeout=$lost vanish="$fails" starve=1 $netdma && start_dmatest
}

# On the channels that netdma_test leaves. With faults there may be none.
start_dmatest()
{
	[ -n "$(channels_of)" ] || return 0
	within 2000 netdma_has_begun
	# shellcheck disable=SC2086	# words
	dmatest_start "$(free_channels)" $dmatest timeout=$lost || [ -n "$faults" ]
}

# Has it the channels that it wants, or does it not run any more?
netdma_has_begun()
{
	local wanted=${netdma#channels=} runs

	read -r runs <$test/run
	[ "$runs" = N ] || [ "$(free_channels | wc -l)" -le $((4 - ${wanted%% *})) ]
}

free_channels()
{
	local channel clients

	for channel in $(channels_of); do
		read -r clients <"/sys/class/dma/$channel/in_use"
		[ "$clients" != 0 ] || echo "$channel"
	done
}

# Its threads end by themselves, after so many copies.
dmatest_has_ended()
{
	collect
	[ "$(grep -c 'dmatest: .*: summary ' /tmp/log)" -ge "$(dmatest_threads </tmp/log)" ]
}

dmatest_ends()
{
	! loaded dmatest ||
		{ within 120000 dmatest_has_ended && rmmod dmatest; }
}

# The driver goes. dmatest keeps what it has mapped, which checks of DMA mappings do not
# like: where there are such, it does not learn of it.
let_go()
{
	[ ! -e /sys/kernel/debug/dma-api ] || dmatest_ends || return
	if loaded dmatest; then dmatest_stop "$@"; else "$@"; fi
}

# Without the driver it ends at once.
stop()
{
	echo 0 >$test/run
	let_go unbind
	collect
}

# Let them copy; who has lost the device binds the driver again, as the guide says.
copy()
{
	local left=$1

	while [ "$left" -gt 0 ]; do
		left=$((left - 1))
		sleep 1
		collect
		if is_lost; then
			let_go unbind && bind_if_possible
			lost_before=$(losses)
			start_dmatest
		elif ! loaded dmatest || dmatest_has_ended; then
			dmatest_ends && start_dmatest
		fi
	done
}

losses()
{
	grep -cE 'the device does not answer|the function cannot be reset|channel . cannot be reset' \
		/tmp/log
}

is_lost()
{
	[ "$(losses)" -gt "$lost_before" ]
}

# --- faults ---------------------------------------------------------------

inject()
{
	local fault answer

	engine seed "$seed" >/dev/null || return
	echo "$faults" | tr ';' '\n' | grep . >/tmp/faults
	while read -r fault; do
		answer=$(engine fault "$fault") || {
			echo "# $fault: $answer"
			return 1
		}
		ids="$ids ${answer#ok id=} "
	done </tmp/faults
}

# How often each has fired, for the account; an engine that goes takes that along.
count_fired()
{
	engine status | tr ';' '\n' | awk -v ids="$ids" '
		{
			id = what = fired = ""
			for (i = 1; i <= NF; i++) {
				split($i, pair, "=")
				if (pair[1] == "id") id = pair[2]
				if (pair[1] == "what") what = pair[2]
				if (pair[1] == "fired") fired = pair[2]
			}
			if (id != "" && index(ids, " " id " "))
				print what "=" fired
		}' >>/tmp/fired
	ids=
}

# --- what happens ---------------------------------------------------------

function_is_there()
{
	[ -e "$bus/devices/$address" ]
}

# With faults the driver may find that it cannot have the device.
bind_if_possible()
{
	bind 2>/dev/null || [ -n "$faults" ]
}

rebind()
{
	let_go unbind && bind_if_possible && start_dmatest
}

replug()
{
	count_fired
	let_go unplug_it && within 20000 plug >/dev/null &&
		within 20000 function_is_there || return
	inject && bind_if_possible && start_dmatest
}

unplug_it()
{
	unplug >/dev/null && within 60000 not function_is_there
}

# Unbind always works, and so does this.
reload()
{
	stop
	rmmod netdma_test netdma_quickdata netdma && modprobe netdma_quickdata &&
		bind_if_possible && start
}

falls_asleep()
{
	echo "$1" >/sys/power/pm_test && echo mem >/sys/power/state
}

# starve TASK...: of what they ask kmalloc() for, one in twenty fails, until they are fed.
# DMA-API debugging, which would give up, has other caches.
starve()
{
	local task file

	[ -e $failslab ] || return 0
	for file in /sys/kernel/slab/kmalloc-*/failslab; do
		echo 1 >"$file"
	done
	echo Y >$failslab/cache-filter
	echo Y >$failslab/task-filter
	echo N >$failslab/ignore-gfp-wait
	echo 0 >$failslab/verbose
	echo -1 >$failslab/times
	for task; do
		echo 1 >"/proc/$task/make-it-fail"
	done 2>/dev/null
	echo 5 >$failslab/probability
}

feed()
{
	local task

	[ -e $failslab ] || return 0
	echo 0 >$failslab/probability
	for task; do
		echo 0 >"/proc/$task/make-it-fail"
	done 2>/dev/null
}

# Threads that work for netdma_test, for netdma, and dmatest's
workers()
{
	grep -lE '^dma[0-9]|[+-]netdma' /proc/[0-9]*/comm 2>/dev/null | tr -cd '0-9\n'
}

starve_workers()
{
	local tasks

	tasks=$(workers)
	# shellcheck disable=SC2086	# words
	starve $tasks
	sleep 2
	# shellcheck disable=SC2086	# words
	feed $tasks
}

# The driver is bound while allocations fail. The function is enabled before: the kernel's
# ACPI, which is asked for the interrupt, does not survive that in all places. And a channel
# that dmaengine cannot register leaves its name behind.
starve_probe()
{
	echo "# expect unreferenced object .* dev_set_name < __dma_async_device_channel_register"
	let_go unbind && echo 1 >"$bus/devices/$address/enable" || return
	(
		starve self
		for _ in 1 2 3; do
			bind
			unbind
		done
	) 2>/dev/null
	feed
	unbind && echo 0 >"$bus/devices/$address/enable" && bind_if_possible && start_dmatest
}

happen()
{
	case $1 in
	rebind) rebind ;;
	replug) replug ;;
	reload) reload ;;
	reset) echo 1 >"$bus/devices/$address/reset" || [ -n "$faults" ] ;;
	sleep-*) falls_asleep "${1#sleep-}" || [ -n "$faults" ] ;;
	starve) starve_workers ;;
	starve-probe) starve_probe ;;
	complain) echo "# expect made up" && echo '<4>WARNING: made up' >/dev/kmsg ;;
	*) return 1 ;;
	esac
}

# --- a round --------------------------------------------------------------

# judge CLIENT <TOTALS: its account, and whether it is right. Something was copied.
judge()
{
	awk -v client="$1" -v fails="$fails" '
		{ for (i = 1; i <= 7; i++) n[i] += $i }
		$1 != $2 + $3 + $4 { bad = 1 }
		END {
			print "# account", client, n[1] + 0, n[2] + 0, n[3] + 0, n[4] + 0, n[5] + 0, \
			      n[6] + 0, n[7] + 0
			exit bad || !n[2] || n[5] + n[6] + n[7] || (n[3] && !fails)
		}'
}

judge_all()
{
	local result=0 complaints

	sed -n 's/.*netdma_test: total //p' /tmp/log | tr -cd '0-9 \n' | judge netdma || result=1
	dmatest_totals </tmp/log | judge dmaengine || result=1
	awk -F = '
		{ n[$1] += $2 }
		END {
			printf "# fired"
			for (what in n)
				printf " %s=%d", what, n[what]
			print ""
		}' /tmp/fired
	# Data races are judged by the runner: the kernel has some of its own.
	complaints=$(grep -E "$COMPLAINT" /tmp/log | grep -vc KCSAN)
	echo "# complaints $complaints"
	[ "$result$complaints" = 00 ]
}

# The faults end, the function is reset, or bound again if it was lost: all channels copy.
recover()
{
	engine clear >/dev/null || return
	modprobe netdma_quickdata
	if [ -e "$bus/drivers/netdma_quickdata/$address" ] && ! is_lost; then
		echo 1 >"$bus/devices/$address/reset"
	else
		unbind && bind
	fi
	within 20000 has_channels 4 4 &&
		dmatest 60 "$(channels_of)" iterations=20 threads_per_chan=1 test_buf_size=4096 \
			dmatest=0 timeout=$lost
}

events_happen()
{
	local event

	for event in $events; do
		copy "$pause"
		happen "$event" || {
			echo "# $event does not succeed"
			return 1
		}
	done
	copy "$pause"
}

round()
{
	local result=0

	: >/tmp/log
	: >/tmp/fired
	ids=
	lost_before=0
	SEED=$seed
	engine clear >/dev/null && forget_log || return
	start || result=1
	[ $result = 0 ] && sleep 1 && inject || result=1
	[ $result = 0 ] && events_happen || result=1
	echo 0 >$test/run
	dmatest_ends || { echo "# dmatest does not end"; result=1; }
	collect
	count_fired
	judge_all || result=1
	recover || {
		echo "# not back in service"
		result=1
		# The next round is another matter.
		unbind
		bind
	}
	collect
	[ $result = 0 ] || grep -vE 'channel .*: summary|prep error' /tmp/log | tail -n 30 |
		sed 's/^/# | /'
	return $result
}

# Clients that are busy all the time leave little to a slow machine's shell.
renice -n -20 $$
# And a run of netdma_test may take long.
echo 600 >/proc/sys/kernel/hung_task_timeout_secs
plan $(($(wc -l </plan) + 2))
check "netdma_quickdata has 4 channels" eval 'modprobe netdma_quickdata && has_channels 4 4'
address=$(basename "$(readlink -f "/sys/class/dma/$(channels_of | head -n 1)/device")")
while IFS='|' read -r name seed netdma dmatest faults fails events pause <&3; do
	if [ "$(cut -d . -f 1 /proc/uptime)" -lt "${UNTIL:-1000000}" ]; then
		check "$name" round
	else
		skip "$name" "the time is over"
	fi
done 3</plan
check "all modules unload" rmmod netdma_test netdma_quickdata netdma
