# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# Our modules, loaded and unloaded again and again, in both ways there are.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

rounds=${ROUNDS:-50}

nothing_left()
{
	! loaded netdma && ! loaded netdma_quickdata &&
		[ -z "$(ls /sys/class/dma)" ] && ! grep netdma /proc/interrupts /proc/iomem
}

# Each round: insmod in order, with the channels there, then rmmod.
reload()
{
	local round=0 core provider

	core=$(module_path netdma)
	provider=$(module_path netdma_quickdata)
	while [ $round -lt "$rounds" ]; do
		round=$((round + 1))
		if ! { insmod "$core" && insmod "$provider" && has_channels 4 4 &&
			rmmod netdma_quickdata && rmmod netdma && nothing_left; }; then
			echo "# failed in round $round"
			return 1
		fi
	done
}

core_stays()
{
	! rmmod netdma 2>/dev/null && loaded netdma
}

# described MODULE: does modinfo say what a user wants to know?
described()
{
	local field

	for field in description author license vermagic; do
		[ -n "$(modinfo -F $field "$1")" ] || {
			echo "# modinfo: $1 has no $field"
			return 1
		}
	done
	modinfo -F license "$1" | grep -q '^GPL'
}

# Has each parameter of the module a description of its own?
described_parameters()
{
	! modinfo -F parm "$1" | grep -Ev '^[a-z_0-9]+:.{10,} ?\([a-z ]+\)$'
}

plan 12
check "insmod and rmmod $rounds times" reload
check "modprobe, after depmod" eval 'depmod && modprobe netdma_quickdata'
check "4 channels" has_channels 4 4
check "netdma cannot go while its provider is loaded" core_stays
check "a short dmatest" dmatest 30 "$(channels_of)" iterations=50
check "modprobe -r unloads both" modprobe -r netdma_quickdata
check "nothing is left" nothing_left
check "modinfo describes netdma" described netdma
check "modinfo describes the parameters of netdma" described_parameters netdma
check "modinfo describes netdma_quickdata" described netdma_quickdata
check "modinfo describes the parameters of netdma_quickdata" \
	described_parameters netdma_quickdata
check "modinfo shows the PCI ID 8086:2021" \
	eval 'modinfo -F alias netdma_quickdata | grep -q "^pci:v00008086d00002021"'
