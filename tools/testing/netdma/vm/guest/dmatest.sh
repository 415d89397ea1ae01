# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# Our driver under dmatest, and under the NetDMA interface's netdma_test, on one
# function with four channels. The lines
# "# configuration ..." and "# row ..." are the table of "make run".

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

scale=${SCALE:-1}	# multiplies the iterations

bound()
{
	[ -e /sys/bus/pci/devices/0000:00:04.0/driver ]
}

# configuration NAME ITERATIONS PARAMETER=VALUE...
configuration()
{
	local name=$1 iterations=$(($2 * scale))

	shift 2
	echo "# configuration $name"
	check "$name: verified on each channel" \
		dmatest 60 "$(channels_of)" iterations="$iterations" timeout=10000 "$@"
	print_rows
}

# The same for the interface's own clients
netdma_configuration()
{
	local name=$1 iterations=$(($2 * scale))

	echo "# configuration $name"
	check "$name: verified on each channel" netdma_test $((8 * iterations)) \
		iterations="$iterations" threads_per_chan=2 test_buf_size=4096 \
		mode=suspend,limit
	sed "s/^/$(channels_of | sed 's/[0-9]*$//;q')/" /tmp/netdma_test >/tmp/dmatest
	print_rows
}

plan 14
check "netdma_quickdata loads, and netdma with it" modprobe netdma_quickdata
check "it binds" bound
check "4 channels" has_channels 4 4
check "each channel has a vector of its own" own_vectors 4 "$(channels_of)"
check "the vectors are spread over both CPUs" spread_vectors "$(channels_of)"
configuration "4 KiB, 1 thread" 1000 test_buf_size=4096
configuration "4 KiB, 8 threads" 250 test_buf_size=4096 threads_per_chan=8
configuration "64 KiB, 1 thread" 250 test_buf_size=65536
configuration "64 KiB, 8 threads" 50 test_buf_size=65536 threads_per_chan=8
# A polling thread ends with terminate_all: one thread per channel, then.
configuration "4 KiB, polled" 1000 test_buf_size=4096 polled=1
configuration "4 KiB, memset" 1000 test_buf_size=4096 dmatest=1
netdma_configuration "4 KiB, 2 threads, netdma_test" 1000
check "each channel has interrupted" interrupts_counted
check "all modules unload" rmmod netdma_test netdma_quickdata netdma
