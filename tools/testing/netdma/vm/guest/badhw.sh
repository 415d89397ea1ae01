# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# Functions that are not as they should be, and parameters that make no sense.
# The host gives the cases in $CASES (see ../../bad-hardware): lines of
#
#	device	SLOT		bound|unbound	MESSAGE	NAME
#	param	MODULE PARAM=X	loads|refused	MESSAGE	NAME
#
# with tabs between. MESSAGE is a regular expression for the one line that the
# driver logs about it, or empty where it has to stay silent.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

tab=$(printf '\t')

cases()
{
	echo "$CASES" | grep "^$1$tab"
}

# one_line FILTER MESSAGE: of the lines in /tmp/log that FILTER selects, is there
# just one, with MESSAGE in it? What the kernel itself says about a failed
# probe, a wrong parameter or a foreign module does not count.
one_line()
{
	grep -E "$1" /tmp/log |
		grep -Ev 'probe (of|with) .*failed|invalid for parameter|taint' >/tmp/lines
	if [ -n "$2" ]; then
		[ "$(wc -l </tmp/lines)" = 1 ] && grep -Eq "$2" /tmp/lines && return
		echo "# wanted: one line like $2"
	else
		[ -s /tmp/lines ] || return 0
		echo "# wanted: no message"
	fi
	sed 's/^/# found: /' /tmp/lines
	return 1
}

driven()
{
	[ -e "/sys/bus/pci/devices/0000:00:0$1.0/driver" ]
}

device()
{
	local slot=$1 outcome=$2 message=$3

	one_line "netdma[^ ]* 0000:00:0$slot\.0: " "$message" || return
	case $outcome in
	unbound) ! driven "$slot" && has_channels "$slot" 0 ;;
	bound) driven "$slot" && dmatest 30 "$(channels_of "$slot")" iterations=100 ;;
	esac
}

# param "MODULE PARAM=X" OUTCOME MESSAGE
param()
{
	local loads=refused

	forget_log
	# shellcheck disable=SC2086	# module and parameters are words
	modprobe $1 2>/dev/null && loads=loads
	dmesg >/tmp/log
	modprobe -r netdma_quickdata
	modprobe -r netdma
	one_line 'netdma' "$3" && [ "$loads" = "$2" ]
}

nothing_left()
{
	! loaded netdma && [ -z "$(ls /sys/class/dma)" ] &&
		! grep netdma /proc/interrupts /proc/iomem
}

# Consecutive tabs would be one separator for the shell: no empty field, then.
each()
{
	local kind=$1 what outcome message name

	cases "$kind" | sed "s/$tab$tab/$tab-$tab/" >/tmp/cases
	while IFS=$tab read -r _ what outcome message name; do
		[ "$message" != - ] || message=
		check "$name" "$kind" "$what" "$outcome" "$message" </dev/null
	done </tmp/cases
}

plan $((3 + $(echo "$CASES" | grep -c "$tab")))
check "modprobe with these functions present" modprobe netdma_quickdata
dmesg >/tmp/log
each device
check "both modules unload" rmmod netdma_quickdata netdma
each param
check "nothing is left" nothing_left
