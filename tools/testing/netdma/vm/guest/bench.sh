# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# Have a benchmark make the runs of RUNS, lines of "HOW BATCH SIZE ROUNDS", on
# CHANNELS channels of DRIVER, and print for each what it took and what the engine
# has counted.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

driver=${DRIVER:-netdma_quickdata}
bench=${BENCH:-dmaengine_bench}
channels=${CHANNELS:-1}
parameter=/sys/module/$bench/parameters/run

# measure HOW BATCH SIZE ROUNDS
measure()
{
	local before after

	before=$(engine counters) || return
	echo "$*" >"$parameter" || return
	after=$(engine counters) || return
	echo "# run $bench $* $(cat "$parameter")"
	echo "# before $before"
	echo "# after $after"
}

echo "$RUNS" >/tmp/runs
plan $((3 + $(wc -l </tmp/runs)))
# shellcheck disable=SC2086	# parameters
check "$driver loads" modprobe "$driver" ${PARAMETERS-}
check "$bench loads" insmod "$(module_path "$bench")" channels="$channels"
while read -r run; do
	# shellcheck disable=SC2086	# words
	check "$run" measure $run
done </tmp/runs
check "the modules unload" rmmod "$bench" "$driver"
