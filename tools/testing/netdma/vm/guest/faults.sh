# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# Faults of the engine while clients copy on four channels: ../../faults has the list,
# and makes a table of what is said here. Every copy has to be reported once, and
# right; only those to which an error happened may fail, for the right reason.
#
# A line of ROWS is NAME|CLIENT|PARAMETERS|SCOPE|EXPECT|FAULT[;FAULT]...
#
# CLIENT	netdma: netdma_test; dmaengine: dmatest, with one thread per channel
# PARAMETERS	netdma_test's
# SCOPE		channel: on each channel at once; function: on one, for all feel it;
#		gone: the function leaves the bus, and is reset and bound again;
#		dead: so does the engine, and a new one is plugged in
# EXPECT	none: nothing fails; read, write, other: one copy for each fault, for this
#		reason; all: what is in flight, for another reason
# FAULT		what follows "fault" on the engine's control socket; with SALVO in it, which
#		becomes a number, it hits so often
#
# "# hit IN-FLIGHT" is said of the last hit of each, "# time SILENCE SERVICE" (microseconds, or "-")
# of each channel of netdma_test that was hit, and of each row at its end "# row INJECTED
# QUEUED DONE FAILED RIGHT LOST DUPLICATED WRONG COMPLAINTS".

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

driver=${DRIVER:-netdma_quickdata}
faults=${FAULTS:-4}			# of each kind
patience=${PATIENCE:-20000}		# ms for a copy
bus=/sys/bus/pci
test=/sys/module/netdma_test/parameters

# --- the clients ----------------------------------------------------------

# start, stop: the row's client, on all channels
start()
{
	if [ "$client" = netdma ]; then
		# shellcheck disable=SC2086	# words
		netdma_run iterations=0 test_buf_size=4096 timeout="$patience" vanish=1 \
			window=16 max_batch=16 $parameters
	else
		forget_log
		dmatest_start "$(channels_of)" iterations=0 threads_per_chan=1 \
			test_buf_size=4096 timeout="$patience"
	fi
}

stop()
{
	if [ "$client" = netdma ]; then
		echo 0 >$test/run
		netdma_totals >>/tmp/totals
	else
		dmatest_stop let_go
		dmesg | dmatest_totals >>/tmp/totals
	fi
	dmesg >>/tmp/log
}

let_go()
{
	[ "$driver" = ioatdma ] || unbind
}

# --- progress -------------------------------------------------------------

# In service is a channel that finishes many more descriptors than are queued at any
# time, and more than one without interrupts would. What was in flight before has been
# reported then.
in_service()
{
	local enough=100

	case "$client $parameters" in
	dmaengine* | *window=1*) ;;
	*) enough=3000 ;;
	esac
	if ! within "$patience" eval 'finished >/tmp/finished && [ -s /tmp/finished ]' ||
		! within "$patience" more_finished $enough 1; then
		echo "# not back in service: $(finished | tr '\n' ' ')"
		return 1
	fi
}

# --- faults ---------------------------------------------------------------

# inject CHANNEL: all faults of the row; the last of them is the one that is counted
inject()
{
	local fault answer

	while read -r fault; do
		answer=$(engine fault "$fault" channel="$1") || {
			echo "# $fault: $answer"
			return 1
		}
	done </tmp/faults
	ids="$ids ${answer#ok }"
	hits=$((hits + salvo))
	channels="$channels $1"
}

# Have all faults of this round happened, as often as they were to?
all_fired()
{
	engine status >/tmp/status && ! grep -q 'armed=1' /tmp/status
}

count_hits()
{
	tr ';' '\n' </tmp/status | awk -v ids="$ids " '
		index(ids, " " $1 " ") { sub(/.*in-flight=/, ""); print "# hit", $1 }'
	injected=$((injected + hits))
}

begin_round()
{
	ids=
	hits=0
	channels=
	salvo=1
	case $row_faults in
	*SALVO*)
		salvo=$(((faults - injected + 3) / 4))
		[ $salvo -le 5 ] || salvo=5
		;;
	esac
	echo "$row_faults" | sed "s/SALVO/$salvo/g" | tr ';' '\n' >/tmp/faults
	forget_times
}

# Of each channel that was hit: how long nothing was reported, and how much time passed
# from what the driver noticed first until a copy was done after the one that failed,
# or until anything was reported if none did.
tell_times()
{
	[ "$client" = netdma ] || return 0
	dmesg >/tmp/dmesg
	awk -v channels="$channels " '
		NR == FNR && /faults: round/ { split("", noticed) }
		NR == FNR && /netdma.*channel [0-9]+: (halted|stalled|completion word|does not stop)/ {
			number = time = $0
			sub(/.*channel /, "", number)
			sub(/:.*/, "", number)
			sub(/^\[ */, "", time)
			if (!(number in noticed))
				noticed[number] = time * 1000000
		}
		NR != FNR && index(channels, " " $1 " ") {
			service = "-"
			time = noticed[$1] + 0
			if (time && time <= $2)
				service = sprintf("%.0f", $3 - time)
			for (i = 4; i < NF && !$2; i += 2)
				if (time >= $i && time <= $(i + 1))
					service = sprintf("%.0f", $(i + 1) - time)
			print "# time", $5 - $4, service
		}' /tmp/dmesg $test/times
}

# From now on
forget_times()
{
	[ "$client" != netdma ] || cat $test/times >/dev/null
	echo "faults: round" >/dev/kmsg
}

# Faults that the channels survive
round()
{
	local channel

	begin_round
	if [ "$scope" = channel ]; then
		for channel in 0 1 2 3; do
			inject $channel || return
		done
	else
		inject $((injected % 4)) || return
	fi
	within "$patience" all_fired || {
		echo "# no effect: $(engine status)"
		return 1
	}
	count_hits
	in_service && tell_times
}

rounds()
{
	start || return
	in_service || return
	while [ "$injected" -lt "$faults" ]; do
		round || return
	done
}

# --- the function leaves the bus ------------------------------------------

function_is_there()
{
	[ -e "$bus/devices/$address" ]
}

leave()
{
	local answer

	if [ "$scope" = gone ]; then
		begin_round
		inject $((injected % 4)) && within "$patience" all_fired && count_hits
	else
		answer=$(engine die) || return
		echo "# hit $(field in-flight "$answer" | tr ',' '\n' | awk '{ n += $1 } END { print n }')"
		injected=$((injected + 1))
	fi
}

come_back()
{
	if [ "$scope" = gone ]; then
		unbind && engine clear >/dev/null && echo 1 >"$bus/devices/$address/reset" && bind
	else
		unplug >/dev/null && within 20000 not function_is_there &&
			within 20000 plug >/dev/null
	fi && within 20000 has_channels 4 4
}

# How much time passed from when the driver noticed until each copy had an answer and
# all channels were given back
tell_absence()
{
	[ "$client" = netdma ] || return 0
	dmesg | awk '
		{ time = $0; sub(/^\[ */, "", time) }
		/the device does not answer any more/ { noticed = time * 1000000 }
		/netdma_test: total/ && noticed {
			printf "# time - %.0f\n", time * 1000000 - noticed
		}'
}

# Everybody has an answer at once, not after time-outs one after another.
absence()
{
	start && in_service && leave && sleep 1 && stop && tell_absence && come_back
}

absences()
{
	while [ "$injected" -lt "$faults" ]; do
		absence || return
	done
	start && in_service
}

loads()
{
	modprobe "$driver" && has_channels 4 4
}

# --- a row ----------------------------------------------------------------

# Does the account say what it should?
judge()
{
	awk -v injected="$injected" -v expect="$expect" -v parameters="$parameters" \
		-v client="$client" -v complaints="$(grep -cE "$COMPLAINT" /tmp/log)" '
		{ for (i = 1; i <= 10; i++) n[i] += $i }
		END {
			column["none"] = 0
			column["read"] = 8
			column["write"] = 9
			column["other"] = column["all"] = 10
			right = column[expect] ? n[column[expect]] : 0
			print "# row", injected, n[1] + 0, n[2] + 0, n[3] + 0, right, n[5] + 0, \
			      n[6] + 0, n[7] + 0, complaints
			if (n[1] != n[2] + n[3] + n[4] || n[3] != right ||
			    n[5] + n[6] + n[7] + complaints || (n[4] && client == "netdma" && parameters !~ /reset|abort/))
				bad = 1
			if (expect != "none" && expect != "all" && right != injected)
				bad = 1
			exit bad || !n[1] || !injected
		}' /tmp/totals
}

row()
{
	local result=0

	: >/tmp/totals
	: >/tmp/log
	injected=0
	engine clear >/dev/null
	case $scope in
	channel | function) rounds || result=1 ;;
	*) absences || result=1 ;;
	esac
	engine clear >/dev/null
	stop
	bind || result=1
	judge || result=1
	[ $result = 0 ] || grep -v 'channel .*: summary' /tmp/log | tail -n 20 | sed 's/^/# | /'
	return $result
}

# Clients that are busy all the time leave little to a slow machine's shell.
renice -n -20 $$
# And a row may take long.
echo 1200 >/proc/sys/kernel/hung_task_timeout_secs
echo "$ROWS" >/tmp/rows
plan $(($(wc -l </tmp/rows) + 1))
check "$driver has four channels" loads
address=$(basename "$(readlink -f "/sys/class/dma/$(channels_of | head -n 1)/device")")
engine seed "${SEED:-1}" >/dev/null
while IFS='|' read -r name client parameters scope expect row_faults <&3; do
	check "$name, $client" row
done 3</tmp/rows
