# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# The client of the NetDMA interface, netdma_test (see ../../netdma_test), on our
# driver; with PROVIDER=soft on the provider that needs no engine. Each copy has to
# be reported exactly once, and right.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

provider=${PROVIDER:-quickdata}
scale=${SCALE:-1}		# multiplies the iterations of the mixed run
if [ "$provider" = soft ]; then
	driver=/sys/bus/platform/drivers/netdma_soft
	device=netdma_soft
else
	driver=/sys/bus/pci/drivers/netdma_quickdata
	device=0000:00:04.0
fi

loads()
{
	insmod "$(module_path netdma)" && insmod "$(module_path "netdma_$provider")" &&
		[ -e "$driver/$device" ]
}

# mode MODE [PARAMETER=VALUE...]: one thread on each of the four channels
mode()
{
	local mode=$1

	shift
	netdma_test 1200 iterations=300 mode="$mode" "$@"
}

# Many threads, all there is, and what disturbs them
mixed()
{
	netdma_test $((8000 * scale)) iterations=$((1000 * scale)) threads_per_chan=2 \
		test_buf_size=8192 mode=suspend,abort,reset,limit
}

# Time to fill the buffers, and for some copies
settle()
{
	sleep $((${PATIENCE:-0} + 1))
}

# Start an endless run, and let it get going.
endless()
{
	netdma_run iterations=0 threads_per_chan=2 test_buf_size=8192 "$@" && settle
}

end()
{
	echo 0 >/sys/module/netdma_test/parameters/run
}

# The provider stops under load, and the client gives its channels back first, or
# finds out. When the provider is there again, so is the client.
stop()
{
	endless "$@" && echo "$device" >"$driver/unbind" && netdma_wait &&
		echo "$device" >"$driver/bind" && settle && end && netdma_accounted 2
}

# The power goes under load, and comes back.
sleeps()
{
	endless && echo devices >/sys/power/pm_test && echo mem >/sys/power/state &&
		settle && end && netdma_accounted 1 &&
		dmesg | grep -q 'netdma_test: .*: power down' &&
		dmesg | grep -q 'netdma_test: .*: power up' &&
		! dmesg | grep 'netdma_test: .*result:'
}

unloads()
{
	rmmod netdma_test "netdma_$provider" netdma
}

# What the documentation shows
samples()
{
	insmod "$(module_path netdma)" && insmod "$(module_path netdma_sample_provider)" &&
		insmod "$(module_path netdma_sample_client)" &&
		dmesg | grep -q 'netdma_sample_client: copied (0)' &&
		rmmod netdma_sample_client netdma_sample_provider netdma
}

plan 19
check "netdma and netdma_$provider load" loads
for kind in dma batch page virt vmalloc sg null; do
	check "$kind" mode $kind
done
check "whole buffers" mode "" norandom=1
check "told by callback" mode callback
check "asked for" mode poll
check "copies that are split" netdma_test 40 iterations=40 channels=1 test_buf_size=2097152
check "suspend under load" mode suspend
check "abort and reset under load" mode abort,reset
check "all of it, on two threads per channel" mixed
check "the provider stops under load" stop
check "the provider stops while its channels are held" stop hold=1
[ "$provider" = soft ] || check "power down and up under load" sleeps
check "all modules unload" unloads
[ "$provider" != soft ] || check "the samples of the documentation copy" samples
