# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# What makes the engine lose its state while clients use it: a reset of the
# function, and system sleep, as far as the kernel's test levels go and all the
# way. dmatest runs over it, and no copy may be lost or wrong.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

function=/sys/bus/pci/devices/0000:00:04.0

# during ITERATIONS COMMAND...: the command while dmatest runs on all channels.
during()
{
	local iterations=$1 test result

	shift
	dmatest 90 "$(channels_of)" iterations="$iterations" threads_per_chan=2 \
		test_buf_size=16384 timeout=20000 &
	test=$!
	while ! loaded dmatest; do sleep 0.1; done
	sleep 0.5
	"$@"
	result=$?
	kill -0 $test || echo "# dmatest had ended before"
	wait $test && [ $result = 0 ]
}

reset()
{
	local left=10

	while [ $left -gt 0 ]; do
		echo 1 >$function/reset || return
		sleep 0.1
		left=$((left - 1))
	done
}

# How often the kernel says that it has slept
sleeps()
{
	cat /sys/power/suspend_stats/success 2>/dev/null ||
		sed -n 's/^success: //p' /sys/kernel/debug/suspend_stats
}

# asleep LEVEL: to a level of /sys/power/pm_test and back.
asleep()
{
	echo "$1" >/sys/power/pm_test && echo mem >/sys/power/state
}

# Down to memory, until the clock wakes it
asleep_for_real()
{
	local before

	before=$(sleeps)
	echo none >/sys/power/pm_test
	echo 0 >/sys/class/rtc/rtc0/wakealarm
	echo +3 >/sys/class/rtc/rtc0/wakealarm &&
		echo deep >/sys/power/mem_sleep &&
		echo mem >/sys/power/state &&
		[ "$(sleeps)" -gt "$before" ]
}

plan 9
check "netdma_quickdata loads" modprobe netdma_quickdata
check "4 channels" has_channels 4 4
check "ten resets of the function under dmatest" during 1500 reset
check "sleep to level 'freezer' under dmatest" during 1000 asleep freezer
check "sleep to level 'devices' under dmatest" during 1000 asleep devices
check "sleep to level 'core' under dmatest" during 1000 asleep core
check "sleep to memory under dmatest" during 1000 asleep_for_real
check "dmatest on each channel afterwards" dmatest 30 "$(channels_of)" iterations=100 threads_per_chan=1
check "both modules unload" rmmod netdma_quickdata netdma
