# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# The engine says anything: see "Hostile values" in ../../engine/quickdata-engine.rst.
# Clients copy on four channels meanwhile, the driver is bound and unbound, and there are
# interrupts without a cause, so that it looks often. Every copy has to be reported
# once, and as done only if it is; afterwards everything has to work again.
#
# What a round is like follows from its seed, and rounds have one seed after the other, as
# long as it takes to have enough hostile values. One of them alone, by what it says:
# --set SEED=7 --set ODDS=30 --set ROUNDS=1 --set VALUES=0

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

driver=netdma_quickdata
seed=${SEED:-1}				# of the first round
odds=${ODDS:-1 3 30}			# one value in so many is hostile
rounds=${ROUNDS:-9}			# three for each of the odds are all kinds of hostility
load=${LOAD:-1}				# seconds of a round
values=${VALUES:-10000}			# how many have to be hostile, in all
lost=$((20000 * ${PATIENCE:-1}))	# ms after which a copy is
test=/sys/module/netdma_test/parameters
registers=0
words=0

# --- the round of a seed -----------------------------------------------------

# choose N WORD...: one of the words
choose()
{
	shift $(($1 % ($# - 1) + 1))
	echo "$1"
}

plan_round()
{
	what=$(choose "$seed" registers words both)
	# shellcheck disable=SC2086	# words
	one_in=$(choose $((seed / 3)) $odds)
	client=$(choose "$seed" netdma netdma netdma dmaengine)
	mode=$(choose "$seed" suspend,abort,reset,limit callback suspend poll abort,reset dma,sg,poll '')
	title="seed $seed: $what, one in $one_in, $client"
	[ "$client" != netdma ] || title="$title${mode:+, $mode}"
}

be_hostile()
{
	engine seed "$seed" && engine fault interrupt-spurious count=forever us=5000 || return
	[ "$what" = words ] || engine fault hostile-registers count=forever odds="$one_in" || return
	[ "$what" = registers ] || engine fault hostile-words count=forever odds="$one_in"
} >/dev/null

# fired FAULT: how often the one that is armed has
fired()
{
	tr ';' '\n' </tmp/status | awk -v fault="what=$1 armed=1" '
		index($0, fault) { sub(/.*fired=/, ""); n = $1 }
		END { print n + 0 }'
}

# Count what was said, and end it.
be_nice()
{
	engine status >/tmp/status
	registers=$((registers + $(fired hostile-registers)))
	words=$((words + $(fired hostile-words)))
	engine clear >/dev/null
}

# --- clients -------------------------------------------------------------------

start()
{
	if [ "$client" = netdma ]; then
		netdma_run iterations=0 test_buf_size=4096 timeout=$lost vanish=1 mode="$mode"
	else
		forget_log
		dmatest_start "$(channels_of)" iterations=0 threads_per_chan=2 \
			test_buf_size=4096 timeout=$lost
	fi
}

stop()
{
	if [ "$client" = netdma ]; then
		echo 0 >$test/run
		netdma_totals >/tmp/totals
	else
		dmatest_stop unbind
		dmesg | dmatest_totals >/tmp/totals
	fi
}

busy()
{
	finished >/tmp/finished
	within $lost more_finished 30 4 || {
		echo "# not busy: $(finished | tr '\n' ' ')"
		return 1
	}
}

# For so long as it takes, or until the driver has given the function up
endure()
{
	local n=$load

	while [ "$n" -gt 0 ] && ! dmesg | grep -q 'does not answer any more'; do
		n=$((n - 1))
		sleep 1
	done
}

# --- a round ---------------------------------------------------------------------

reset()
{
	echo 1 >"/sys/bus/pci/devices/$address/reset"
}

# The driver may find the function unusable, or not notice.
hostile_binds()
{
	local n=0

	while [ $n -lt 3 ]; do
		n=$((n + 1))
		be_hostile
		echo "$address" >"/sys/bus/pci/drivers/$driver/bind"
		unbind
		be_nice
	done 2>/dev/null
}

works_again()
{
	reset && bind || return
	dmesg >>/tmp/log
	netdma_test 400 iterations=100 && [ "$(wc -l </tmp/netdma_test)" = 4 ] || return
	# It tests channels that come, and complains a few times only.
	rmmod netdma_test
}

# Each copy was reported once. No message comes more often than its limit of ten in five
# seconds lets it, or than once for each channel and bind.
judge()
{
	awk '{
		print "#", $1, "queued,", $2, "done,", $3, "failed,", $4, "aborted,", $5, \
		      "lost,", $6, "duplicated,", $7, "wrong"
		bad = $1 != $2 + $3 + $4 || !$2 || $5 + $6 + $7
	} END { exit bad || NR != 1 }' /tmp/totals || return
	! grep -E "$COMPLAINT" /tmp/log || return
	awk '/netdma_quickdata|netdma: / {
		time = substr($0, 2) + 0
		sub(/^[^]]*\] /, "")
		gsub(/0x[0-9a-f]+|[0-9]+/, "N")
		if (!($0 in first))
			first[$0] = time
		last[$0] = time
		count[$0]++
	} END {
		for (line in count)
			if (count[line] > 20 + 2 * (last[line] - first[line])) {
				print "# flood:", count[line], "times", line
				bad = 1
			}
		exit bad
	}' /tmp/log
}

round()
{
	local result=0

	: >/tmp/totals
	: >/tmp/log
	start && busy && be_hostile || result=1
	endure
	# Half of the clients are stopped when it is over, some after a reset of the function.
	[ $((seed / 2 % 2)) = 0 ] || be_nice
	[ $((seed % 5)) != 0 ] || reset
	stop
	unbind
	be_nice
	hostile_binds
	works_again || result=1
	judge || result=1
	echo "# so far $registers hostile registers, $words hostile words"
	[ $result = 0 ] || grep -v 'channel .*: summary' /tmp/log | tail -n 40 | sed 's/^/# | /'
	return $result
}

loads()
{
	modprobe $driver && has_channels 4 4
}

enough()
{
	while [ $((registers + words)) -lt "$values" ]; do
		plan_round
		echo "# $title"
		round || return
		seed=$((seed + 1))
	done
}

# Clients that are busy all the time leave little to a slow machine's shell.
renice -n -20 $$
# And a channel that says nothing may take long.
echo 1200 >/proc/sys/kernel/hung_task_timeout_secs
plan $((rounds + 3))
check "$driver has 4 channels" loads
address=$(basename "$(readlink -f "/sys/class/dma/$(channels_of | head -n 1)/device")")
while [ "$rounds" -gt 0 ]; do
	plan_round
	check "$title" round
	seed=$((seed + 1))
	rounds=$((rounds - 1))
done
check "$values values were hostile" enough
check "all modules unload" rmmod $driver netdma
