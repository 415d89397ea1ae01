# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# Have the benchmarks make the runs of RUNS, and print for each what it took and what
# the engine has counted. A run is a line "DRIVER BENCHMARK CHANNELS HOW BATCH SIZE
# ROUNDS", and those of a driver follow each other; "shared-2" channels are one, used
# from two sides. RING is the parameter ring_size of netdma.
#
# With MEMORY=yes, also the free pages, for each benchmark: with no function bound, with
# that in slot 5, which has one channel, with that in slot 4 as well, with one of its
# channels in use, and with four; and how long the probe of slot 5 took. With
# CORRUPT=yes, a wrong byte has to be noticed.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

device=0000:00:04.0
small=0000:00:05.0
in_use=			# benchmark and channels

echo "$RUNS" >/tmp/runs

drivers()
{
	cut -d ' ' -f 1 /tmp/runs | uniq
}

benchmarks()
{
	grep "^$1 " /tmp/runs | cut -d ' ' -f 2 | sort -u
}

load()
{
	[ "$1" != netdma_quickdata ] || modprobe netdma ${RING:+ring_size="$RING"} || return
	modprobe "$1"
}

unload()
{
	rmmod "$1" || return
	[ "$1" != netdma_quickdata ] || rmmod netdma
}

# Free pages, those that CPUs keep for themselves included
free_pages()
{
	sleep 0.2
	echo 3 >/proc/sys/vm/drop_caches
	echo 1 >/proc/sys/vm/stat_refresh
	awk '$1 == "nr_free_pages" || $1 == "count:" { n += $2 } END { print n }' /proc/zoneinfo
}

# with CHANNELS BENCHMARK: free pages with so many of them in use
with()
{
	insmod "$(module_path "$2")" device=$device channels="$1" || return
	free_pages
	rmmod "$2"
}

# memory DRIVER
memory()
{
	local sys=/sys/bus/pci/drivers/$1 benchmark before one all

	echo $device >"$sys/unbind" && echo $small >"$sys/unbind" || return
	before=$(free_pages)
	forget_log
	echo $small >"$sys/bind" || return
	dmesg | sed -n "s/.*probe of $small returned 0 after \([0-9]*\) usecs.*/# probe $1 \1/p"
	one=$(free_pages)
	echo $device >"$sys/bind" || return
	all=$(free_pages)
	for benchmark in $(benchmarks "$1"); do
		echo "# memory $1 $benchmark $before $one $all" \
			"$(with 1 "$benchmark") $(with 4 "$benchmark")" || return
	done
}

# The first time, the slabs are filled.
memory_twice()
{
	memory "$1" >/dev/null && memory "$1"
}

# use BENCHMARK CHANNELS
use()
{
	[ "$in_use" != "$*" ] || return 0
	release || return
	insmod "$(module_path "$1")" device=$device channels="${2#shared-}" \
		shared="$([ "$2" = "${2#shared-}" ] && echo N || echo Y)" && in_use="$*"
}

release()
{
	[ -z "$in_use" ] || rmmod "${in_use% *}" && in_use=
}

# counted BEFORE AFTER: what the engine has counted in between, all channels together
counted()
{
	printf '%s\n' "$1" "$2" | awk '
		function add(name, text) {
			split(text, pair, "=")
			sum[name] += NR == 1 ? -pair[2] : pair[2]
		}
		{
			for (i = 1; i <= NF; i++) {
				if ($i ~ /config=/) continue
				if ($i ~ /(^|\.)reads\./) add("reads", $i)
				if ($i ~ /(^|\.)writes\./) add("writes", $i)
				if ($i ~ /\.doorbells=/) add("doorbells", $i)
				if ($i ~ /\.interrupts=/) add("interrupts", $i)
				if ($i ~ /\.completions=/) add("words", $i)
			}
		}
		END {
			printf "doorbells=%d reads=%d writes=%d interrupts=%d words=%d",
				sum["doorbells"], sum["reads"], sum["writes"],
				sum["interrupts"], sum["words"]
		}'
}

# measure DRIVER BENCHMARK CHANNELS HOW BATCH SIZE ROUNDS
measure()
{
	local what="$*" parameter=/sys/module/$2/parameters/run before after

	use "$2" "$3" || return
	shift 3
	before=$(engine counters) && echo "$*" >"$parameter" && after=$(engine counters) || return
	echo "# run $what $(cat "$parameter") $(counted "$before" "$after")"
}

# wrong_byte_noticed RUN...: the engine makes a copy wrong, and the run fails for that
wrong_byte_noticed()
{
	forget_log
	engine fault corrupt after=3 >/dev/null || return
	! measure "$@" 2>/dev/null && dmesg | grep -q "$2: a copy is wrong"
}

tests=2
[ -z "${MEMORY-}" ] || tests=$((tests + 1))
[ -z "${CORRUPT-}" ] || tests=$((tests + 1))
plan $(($(wc -l </tmp/runs) + tests * $(drivers | wc -l)))
for driver in $(drivers); do
	check "$driver loads" load "$driver"
	[ -z "${MEMORY-}" ] || check "$driver: memory and probe time" memory_twice "$driver"
	while read -r run; do
		# shellcheck disable=SC2086	# words
		[ "${run%% *}" != "$driver" ] || check "$run" measure $run
	done </tmp/runs
	# shellcheck disable=SC2046	# words
	[ -z "${CORRUPT-}" ] || check "$driver: a wrong byte is noticed" \
		wrong_byte_noticed $(grep -m 1 "^$driver " /tmp/runs)
	release
	check "$driver unloads" unload "$driver"
done
