# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# Two nodes of two CPUs, with two functions of four channels each: who is near whom.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

nodes="0 1"

functions_of()
{
	grep -l "^$1\$" /sys/bus/pci/drivers/netdma_quickdata/*/numa_node |
		sed 's,/numa_node$,,; s,.*/,,'
}

cpus_of()
{
	find "/sys/devices/system/node/node$1/" -maxdepth 1 -name 'cpu[0-9]*' | sed 's,.*/cpu,,' | sort
}

# The vectors of a function, in the order of its channels
vectors_of()
{
	sed -n "s/^ *\([0-9]*\):.*netdma-$1-ch\([0-9]*\)\$/\2 \1/p" /proc/interrupts |
		sort -n | sed 's/.* //'
}

cpus_of_vectors()
{
	local vector

	for vector in $(vectors_of "$1"); do
		cpus_of_vector "$vector"
	done
}

# How many interrupts CPU $2 has taken of vector $1
taken()
{
	awk -v vector="$1:" -v cpu="$2" '$1 == vector { print $(cpu + 2) }' /proc/interrupts
}

two_functions()
{
	[ "$(functions_of "$1" | wc -l)" = 2 ] && [ "$(cpus_of "$1" | wc -l)" = 2 ]
}

# vectors_near NODE: is each on a CPU of the node, and as many on one as on the other,
# of each function by itself?
vectors_near()
{
	local function cpus

	cpus=$(for cpu in $(cpus_of "$1"); do printf '2 %s\n' "$cpu"; done)
	for function in $(functions_of "$1"); do
		echo "# $function: node $1, interrupts on CPUs $(cpus_of_vectors "$function" | xargs)"
		[ "$(cpus_of_vectors "$function" | sort | uniq -c | sed 's/^ *//')" = "$cpus" ] ||
			return
	done
}

# Do the functions of a node begin at different CPUs?
vectors_begin_apart()
{
	local function

	[ "$(for function in $(functions_of "$1"); do
		cpus_of_vectors "$function" | head -n 1
	done | sort -u | wc -l)" = 2 ]
}

# The functions that have finished descriptors, counted, on each node
counters()
{
	for ENGINE in 0 1 2 3; do
		finished | awk -v node=$((ENGINE % 2)) '{ n += $2 } END { print node, n + 0 }'
	done | awk '{ n[$1] += $2 } END { print n[0], n[1] }'
}

# client_near NODE: does a client that asks for nothing get a channel of the node on
# which it runs?
client_near()
{
	local before0 before1 after0 after1

	read -r before0 before1 <<-END
		$(counters)
	END
	taskset -c "$(cpus_of "$1" | tail -n 1)" insmod "$(module_path netdma_sample_client)" &&
		rmmod netdma_sample_client || return
	read -r after0 after1 <<-END
		$(counters)
	END
	echo "# a client on node $1: copies on node 0: $((after0 - before0)), 1: $((after1 - before1))"
	case $1 in
	0) [ "$after0" -gt "$before0" ] && [ "$after1" = "$before1" ] ;;
	1) [ "$after1" -gt "$before1" ] && [ "$after0" = "$before0" ] ;;
	esac
}

# What NetDMA says of the CPU of channel $2 of function $1
cpu_of_channel()
{
	sed -n 's/^cpu *//p' "/sys/kernel/debug/netdma/$1/channel$2"
}

# All of a vector, on whatever CPU
interrupts()
{
	awk -v vector="$1:" '
		$1 == vector { for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i }
		END { print n + 0 }' /proc/interrupts
}

# The first channel of function $1 copies.
copies()
{
	insmod "$(module_path netdma_test)" provider="$1" && netdma_test 1000 channels=1 &&
		rmmod netdma_test
}

# moved FUNCTION CPU: do the interrupts of its first channel arrive where the user wants?
# It takes an interrupt to move them.
moved()
{
	local vector all here

	vector=$(vectors_of "$1" | head -n 1)
	echo "$2" >"/proc/irq/$vector/smp_affinity_list" && copies "$1" || return
	all=$(interrupts "$vector")
	here=$(taken "$vector" "$2")
	copies "$1" || return
	all=$(($(interrupts "$vector") - all))
	here=$(($(taken "$vector" "$2") - here))
	echo "# moved to CPU $2: $here of $all interrupts there; NetDMA says CPU" \
		"$(cpu_of_channel "$1" 0)"
	[ "$all" -gt 0 ] && [ "$here" = "$all" ] && [ "$(cpu_of_channel "$1" 0)" = "$2" ]
}

plan 11
modprobe netdma_quickdata
for node in $nodes; do
	check "node $node has two CPUs and two functions" two_functions "$node"
	check "the vectors of each function are spread over the CPUs of node $node" \
		vectors_near "$node"
	check "the functions of node $node begin at different CPUs" vectors_begin_apart "$node"
	check "a client on node $node gets a channel there" client_near "$node"
done
function=$(functions_of 0 | head -n 1)
for cpu in 1 3; do
	check "the interrupts of a channel go to CPU $cpu if the user wants that" \
		moved "$function" $cpu
done
check "clients copy on all channels" netdma_test 16000
