# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# Two functions, both drivers, and the file in /lib/modprobe.d that the package
# installs: who gets the devices, and how that is changed. The commands are those of
# the guide.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

devices=/sys/bus/pci/devices

# As udev does for each device
autoload()
{
	local slot

	for slot in 4 5; do
		modprobe -b "$(cat $devices/0000:00:0$slot.0/modalias)" || return
	done
}

# drivers SLOT-4 SLOT-5: are these the drivers of the functions?
drivers()
{
	local found

	found="$(readlink $devices/0000:00:04.0/driver) $(readlink $devices/0000:00:05.0/driver)"
	[ "$(echo "$found" | sed 's,[^ ]*/,,g')" = "$1 $2" ] || {
		echo "# $found"
		return 1
	}
}

as_installed()
{
	autoload && drivers ioatdma ioatdma && ! loaded netdma_quickdata
}

beside()
{
	modprobe netdma_quickdata && drivers ioatdma ioatdma
}

override()
{
	echo netdma_quickdata >$devices/0000:00:04.0/driver_override &&
		echo 0000:00:04.0 >/sys/bus/pci/drivers/ioatdma/unbind &&
		echo 0000:00:04.0 >/sys/bus/pci/drivers_probe &&
		drivers netdma_quickdata ioatdma
}

back()
{
	echo >$devices/0000:00:04.0/driver_override &&
		echo 0000:00:04.0 >/sys/bus/pci/drivers/netdma_quickdata/unbind &&
		echo 0000:00:04.0 >/sys/bus/pci/drivers/ioatdma/bind &&
		drivers ioatdma ioatdma
}

instead()
{
	modprobe -r netdma_quickdata && modprobe -r ioatdma && modprobe netdma_quickdata &&
		drivers netdma_quickdata netdma_quickdata
}

# The second function, as for the first run, while nobody has the first one
alone()
{
	modprobe -r netdma_quickdata &&
		echo 0 >/sys/bus/pci/drivers_autoprobe && modprobe netdma_quickdata &&
		echo 0000:00:05.0 >/sys/bus/pci/drivers/netdma_quickdata/bind &&
		echo 1 >/sys/bus/pci/drivers_autoprobe && drivers "" netdma_quickdata
}

default()
{
	modprobe -r netdma_quickdata && mkdir -p /etc/modprobe.d &&
		echo blacklist ioatdma >/etc/modprobe.d/netdma.conf &&
		autoload && drivers netdma_quickdata netdma_quickdata && ! loaded ioatdma
}

plan 8
check "as installed, ioatdma gets the devices" as_installed
check "modprobe netdma_quickdata takes nothing away from it" beside
check "driver_override gives one device to netdma_quickdata" override
check "which copies there" dmatest 30 "$(channels_of)" iterations=50
check "and gives it back" back
check "netdma_quickdata in place of ioatdma" instead
check "one device, though nobody has the other" alone
check "one line makes it the default" default
