# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# A million copies by clients of the NetDMA interface, verified, with suspensions;
# then as many with aborts and resets as well. PROVIDER=soft takes the provider that
# needs no engine.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

provider=${PROVIDER:-quickdata}
copies=${COPIES:-1000000}	# a multiple of the number of threads

loads()
{
	insmod "$(module_path netdma)" && insmod "$(module_path "netdma_$provider")"
}

# copies MODE: on two threads of each of four channels
copies()
{
	local start result

	start=$(cut -d . -f 1 /proc/uptime)
	netdma_test "$copies" iterations=$((copies / 8)) threads_per_chan=2 \
		test_buf_size=4096 mode="$1"
	result=$?
	dmesg | sed -n 's/.*netdma_test: total/#/p'
	echo "# $(($(cut -d . -f 1 /proc/uptime) - start)) seconds"
	return $result
}

all_done()
{
	[ "$(netdma_totals | awk '{ print $2 }')" = "$copies" ]
}

unloads()
{
	rmmod netdma_test "netdma_$provider" netdma
}

plan 5
check "netdma and netdma_$provider load" loads
check "$copies copies, each reported once" copies suspend,limit
check "none was aborted" all_done
check "$copies copies under abort and reset" copies suspend,limit,abort,reset
check "all modules unload" unloads
