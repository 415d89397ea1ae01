# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# Our driver on the eight functions of one engine, those of a Xeon E5, in one slot.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

numbers="0 1 2 3 4 5 6 7"
iterations=200
driver=/sys/bus/pci/drivers/netdma_quickdata

# each COMMAND...: it, with the number of each function
each()
{
	local number

	for number in $numbers; do
		"$@" "$number" || return
	done
}

is_driven()
{
	[ -e "$driver/0000:00:04.$1" ] && has_channels "4.$1" 1 &&
		[ "$(cat "/sys/bus/pci/devices/0000:00:04.$1/device")" = "0x3c2$1" ]
}

all_channels()
{
	local number

	for number in $numbers; do
		channels_of "4.$number"
	done
}

# finished_by NUMBER: descriptors that the engine says the function has finished
finished_by()
{
	ENGINE=0-$1 finished | cut -d ' ' -f 2
}

copy()
{
	dmatest 60 "$(all_channels)" iterations="$iterations" timeout=10000
}

# Since the driver has bound, has the function copied for its channel?
has_copied()
{
	[ "$(finished_by "$1")" -ge "$iterations" ]
}

# A copy of function 5 fails, and no other does.
one_fails()
{
	ENGINE=0-5 engine fault chanerr bits=8 after=50 >/dev/null || return
	! copy || return
	awk -v channel="$(channels_of 4.5)" '
		$4 != ($1 == channel) { bad = 1 }
		END { exit bad || NR != 8 }' /tmp/dmatest
}

# What function 2 has finished stays as it is while the others copy.
others_copy()
{
	local before

	echo 0000:00:04.2 >$driver/unbind || return
	before=$(finished_by 2)
	numbers="0 1 3 4 5 6 7"
	copy && [ "$(finished_by 2)" = "$before" ] && echo 0000:00:04.2 >$driver/bind &&
		numbers="0 1 2 3 4 5 6 7" && each is_driven
}

plan 10
check "netdma_quickdata loads, and netdma with it" modprobe netdma_quickdata
check "it drives eight functions, a channel each" each is_driven
check "each has a vector of its own" own_vectors 8 "$(all_channels)"
check "the vectors are spread over both CPUs" spread_vectors "$(all_channels)"
check "verified copies on all at once" copy
check "each has done its part" each has_copied
check "a copy fails on one, and on no other" one_fails
check "one is unbound, and the others copy" others_copy
check "verified copies by netdma_test" netdma_test $((8 * iterations)) \
	iterations="$iterations" mode=suspend,abort,reset,limit
check "all modules unload" rmmod netdma_test netdma_quickdata netdma
