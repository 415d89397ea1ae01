# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# One function of each part, as the host lists them in $PARTS (see ../../parts), lines of
# slot and device ID; driven by $DRIVER, with the interrupts in $STYLES. All of them copy
# at the same time. The lines "# row ID STYLE COPIES FAILURES INTERRUPTS" are the host's
# table.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

DRIVER=${DRIVER:-netdma_quickdata}
iterations=${ITERATIONS:-300}
driver=/sys/bus/pci/drivers/$DRIVER

slots()
{
	echo "$PARTS" | cut -d ' ' -f 1
}

id_of()
{
	echo "$PARTS" | sed -n "s/^$1 //p"
}

# each COMMAND...: it, with each of the slots
each()
{
	local slot

	for slot in $(slots); do
		"$@" "$slot" || return
	done
}

# is_driven SLOT: is the function what the host says, and does the driver have it, with
# the one channel that its self test has passed?
is_driven()
{
	[ -e "$driver/0000:00:0$1.0" ] && has_channels "$1" 1 &&
		[ "$(cat "/sys/bus/pci/devices/0000:00:0$1.0/device")" = "0x$(id_of "$1")" ]
}

# has_vector STYLE SLOT
has_vector()
{
	local count

	count=$(find "/sys/bus/pci/devices/0000:00:0$2.0/msi_irqs" -type f 2>/dev/null | wc -l)
	case $1 in
	msix) [ "$count" = 1 ] ;;
	intx) [ "$count" = 0 ] ;;
	esac
}

copy()
{
	local channels

	channels=$(for slot in $(slots); do channels_of "$slot"; done)
	rm -f /tmp/dmatest
	dmatest 90 "$channels" iterations="$iterations" timeout=10000
}

# copied STYLE SLOT: has this channel copied, and has it interrupted?
copied()
{
	local channel

	channel=$(channels_of "$2")
	awk -v channel="$channel" -v id="$(id_of "$2")" -v style="$1" -v wanted="$iterations" \
		-v interrupts="$(interrupt_of "$channel" | cut -d ' ' -f 2)" '
		$1 == channel {
			print "# row", id, style, $3, $4, interrupts
			good = $3 == wanted && $4 == 0 && interrupts > 0
		}
		END { exit !good }' /tmp/dmatest
}

rebind()
{
	echo "0000:00:0$1.0" >"$driver/unbind" && [ ! -e "$driver/0000:00:0$1.0" ] &&
		echo "0000:00:0$1.0" >"$driver/bind" && is_driven "$1"
}

# run STYLE PARAMETER...: load, look, copy, unbind, bind, copy, unload
run()
{
	local style=$1 slot

	shift
	check "$style: $DRIVER loads" modprobe "$DRIVER" "$@"
	check "$style: it drives all of them" each is_driven
	check "$style: with such interrupts" each has_vector "$style"
	check "$style: verified copies" copy
	for slot in $(slots); do
		check "$style: $(id_of "$slot") copies and interrupts" copied "$style" "$slot"
	done
	if [ "$DRIVER" = netdma_quickdata ]; then
		check "$style: verified copies by netdma_test" \
			netdma_test $(($(slots | wc -l) * iterations)) iterations="$iterations" \
			mode=suspend,abort,reset,limit
		check "$style: netdma_test unloads" rmmod netdma_test
	fi
	check "$style: unbound and bound again" each rebind
	check "$style: verified copies, again" copy
	check "$style: $DRIVER unloads" modprobe -r "$DRIVER"
}

tests=$((7 + $(slots | wc -l)))
[ "$DRIVER" != netdma_quickdata ] || tests=$((tests + 2))
plan $((tests * $(echo "$STYLES" | wc -w)))
for style in $STYLES; do
	case $DRIVER in
	ioatdma) run "$style" ioat_interrupt_style="$style" ;;
	*) run "$style" ;;
	esac
done
