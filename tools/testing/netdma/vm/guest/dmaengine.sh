# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# What dmatest cannot test: the module netdma_dmaengine_client, in
# ../../dmaengine_client, on our driver, and the device going while it holds
# channels. Each case of the module is a test. With IOMMU=yes the engine's accesses go
# through one.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

watches_mappings=$(dmesg | grep -c 'DMA-API: debugging enabled')

seed=${SEED:-1}
stress=${STRESS:-2}	# seconds
only=${ONLY:-}		# part of a case's identifier
iommu=${IOMMU:-}
function=0000:00:04.0
driver=/sys/bus/pci/drivers/netdma_quickdata

# Nothing answers here: far behind all memory, below the engine's 2^46.
bad_address=0x3ff000000000
# The last byte below 2 GiB that something answers for, RAM or firmware.
last=$(sed -n 's/^[0-9a-f]*-\([0-7][0-9a-f]\{7\}\) : [SR].*/\1/p' /proc/iomem | tail -n 1)
memory_end=$((0x$last + 1))

# What netdma_dmaengine_client has logged since the last forget_log.
client_log()
{
	dmesg | sed -n 's/^\[[^]]*\] netdma_dmaengine_client: //p'
}

# Its results as ours; what else it says as comments.
results()
{
	local line

	client_log >/tmp/client
	while read -r line; do
		case $line in
		"ok "*) ok "${line#* - }" ;;
		"not ok "*) not_ok "${line#* - }" ;;
		"1.."*) ;;
		*) echo "# ${line#\# }" ;;
		esac
	done </tmp/client
}

# Did the log say how many cases there are, and are there as many results?
all_there()
{
	[ "$(client_log | sed -n 's/^1\.\.//p')" = \
		"$(client_log | grep -Ec '^(not )?ok ')" ]
}

cases()
{
	insmod "$(module_path netdma_dmaengine_client)" seed="$seed" seconds="$stress" \
		only="$only" bad_address=$bad_address memory_end=$memory_end
}

# Has the IOMMU kept the engine from reading, and from writing, where nothing is mapped?
faults_seen()
{
	dmesg | grep -q "DMAR: \[DMA Read .*fault addr $bad_address " &&
		dmesg | grep -q "DMAR: \[DMA Write .*fault addr $bad_address "
}

# wait_for SECONDS COMMAND...
wait_for()
{
	local limit=$(($1 * 10))

	shift
	while ! "$@"; do
		limit=$((limit - 1))
		[ $limit -gt 0 ] || return
		sleep 0.1
	done
}

ready()
{
	client_log | grep -q 'ready for unbind'
}

# The device goes while the client is in the middle of its work. It keeps its mappings
# until its copies have ended, of which a kernel that watches mappings complains.
unbind()
{
	local client

	[ "$watches_mappings" = 0 ] || {
		echo "# expect DMA-API: .*pending DMA allocations while released from device"
		echo "# expect WARNING: .* at dma_debug_device_change"
		echo "# expect Call Trace:"
	}
	insmod "$(module_path netdma_dmaengine_client)" only=unbind &
	client=$!
	wait_for 10 ready || return
	sleep 0.2
	echo $function >$driver/unbind || return
	wait $client
}

bind()
{
	echo $function >$driver/bind
}

driver_loaded=$(modprobe netdma_quickdata && echo yes)
forget_log
client_loaded=$(cases && echo yes)
all_there=$(all_there && echo yes)
faults_seen=$(faults_seen && echo yes)
plan $((4 + (${#iommu} ? 1 : 0) + $(client_log | grep -Ec '^(not )?ok ') + (${#only} ? 0 : 8)))
check "netdma_quickdata loads" [ "$driver_loaded" ]
check "netdma_dmaengine_client loads" [ "$client_loaded" ]
results
check "every case has a result" [ "$all_there" ]
if [ "$iommu" ]; then
	echo "# expect DMAR: .*fault"
	check "the IOMMU has kept the engine off what is not mapped" [ "$faults_seen" ]
fi
check "netdma_dmaengine_client unloads" rmmod netdma_dmaengine_client
[ -z "$only" ] || exit 0

forget_log
if unbind; then unbound=yes; else unbound=; fi
results
check "the function is taken away while netdma_dmaengine_client holds channels" [ "$unbound" ]
check "no channel is left" has_channels 4 0
check "netdma_dmaengine_client unloads after that" rmmod netdma_dmaengine_client
check "the function is bound again" bind
check "4 channels" has_channels 4 4
check "dmatest on each of them" dmatest 30 "$(channels_of)" iterations=50
check "both modules unload" rmmod netdma_quickdata netdma
