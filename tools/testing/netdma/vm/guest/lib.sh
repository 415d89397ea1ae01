# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# What the guest scripts have in common: KTAP, modules, the engines, dmatest.

# busybox has commands of these names too, and its shell prefers them.
depmod() { /sbin/depmod "$@"; }
insmod() { /sbin/insmod "$@"; }
modinfo() { /sbin/modinfo "$@"; }
modprobe() { /sbin/modprobe "$@"; }
rmmod() { /sbin/rmmod "$@"; }

test_number=0

plan()
{
	echo "KTAP version 1"
	echo "1..$1"
}

ok()
{
	test_number=$((test_number + 1))
	echo "ok $test_number - $*"
}

not_ok()
{
	test_number=$((test_number + 1))
	echo "not ok $test_number - $*"
}

skip()
{
	ok "$1 # SKIP $2"
}

# check NAME COMMAND...: one test, which passes if the command does.
check()
{
	local name=$1

	shift
	if "$@"; then ok "$name"; else not_ok "$name"; fi
}

# within MS COMMAND...: repeat it for so long, until it succeeds.
within()
{
	local tries=$(($1 / 100))

	shift
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return
		sleep 0.1
	done
}

eventually()
{
	within 10000 "$@"
}

not()
{
	! "$@"
}

# The kernel messages since the last forget_log.
forget_log()
{
	dmesg -c >/dev/null
}

# Ask the runner something. Prints the answer; fails if it is not "ok".
ask()
{
	local answer

	echo "$*" >&9
	# shellcheck disable=SC3045	# busybox has it
	read -r -t 60 answer <&9 || answer="error no answer"
	echo "$answer"
	[ "${answer%% *}" = ok ]
}

# engine COMMAND...: a command for engine $ENGINE (default 0), see
# engine/quickdata-engine.rst
engine()
{
	ask engine "${ENGINE:-0}" "$@"
}

# With boot --hotplug: ask for the removal of engine $ENGINE's function, or put in
# a new one once the old one and its engine have gone.
unplug()
{
	ask unplug "${ENGINE:-0}"
}

plug()
{
	ask plug "${ENGINE:-0}"
}

# field NAME ANSWER: a field of an engine's answer
field()
{
	local word

	for word in $2; do
		[ "${word%%=*}" != "$1" ] || echo "${word#*=}"
	done
}

# Each channel's number and the descriptors that it has finished
finished()
{
	engine counters name=descriptors | tr ' ' '\n' | sed -n 's/^channel\(.*\)\..*=/\1 /p'
}

# more_finished ENOUGH CHANNELS: has each finished so many more than /tmp/finished says,
# and are there at least so many channels?
more_finished()
{
	finished | awk -v enough="$1" -v channels="$2" '
		NR == FNR { before[$1] = $2; next }
		{ channels-- }
		$2 - before[$1] < enough { bad = 1 }
		END { exit bad || channels > 0 }' /tmp/finished -
}

# Find a project or stock module by name, for insmod.
module_path()
{
	find "/lib/modules/$(uname -r)" -name "$1.ko"
}

loaded()
{
	grep -q "^$1 " /proc/modules
}

# The DMA channels of a PCI function, or behind the port there, in order: of function 0
# in slot 4, or in slot $1, or of another function: 4.1
channels_of()
{
	local place=${1:-4}

	[ "$place" != "${place%.*}" ] || place=$place.0
	find "/sys/bus/pci/devices/0000:00:0$place/" -name 'dma*chan*' 2>/dev/null |
		sed 's,.*/,,' | sort -t n -k 2n
}

# has_channels SLOT COUNT
has_channels()
{
	[ "$(channels_of "$1" | wc -l)" = "$2" ]
}

# The line of /proc/interrupts for channel $1: the one that names its function
# or driver and its channel, else the only one of its function. Prints
# "vector count", the count being that of all CPUs.
interrupt_of()
{
	local device irqs

	device=$(readlink -f "/sys/class/dma/$1/device")
	irqs=$(ls "$device/msi_irqs" 2>/dev/null)
	[ -n "$irqs" ] || irqs=$(cat "$device/irq")
	awk -v irqs="$irqs" -v number="${1##*chan}" '
		BEGIN { n = split(irqs, list); for (i in list) mine[list[i] ":"] = 1 }
		!($1 in mine) { next }
		{
			count = 0
			for (i = 2; $i ~ /^[0-9]+$/; i++)
				count += $i
			vector = $1 + 0
			only = vector " " count
			name = $NF
			if (match(name, /ch(an)?[0-9]+$/)) {
				sub(/.*ch(an)?/, "", name)
				if (name == number)
					found = only
			} else {
				unnamed[++lines] = only
			}
		}
		END {
			if (!found)		# one shared line, or in channel order
				found = lines > 1 ? unnamed[number + 1] : only
			print found
		}' /proc/interrupts
}

# Without and with its driver: the function $address, which the script sets
# shellcheck disable=SC2154
unbind()
{
	local driver=/sys/bus/pci/drivers/${driver:-netdma_quickdata}

	[ ! -e "$driver/$address" ] || echo "$address" >"$driver/unbind"
}

bind()
{
	local driver=/sys/bus/pci/drivers/${driver:-netdma_quickdata}

	[ -e "$driver/$address" ] || echo "$address" >"$driver/bind" && within 20000 has_channels 4 4
}

# Has every channel of the function in slot 4 interrupted?
interrupts_counted()
{
	local channel vector count

	for channel in $(channels_of); do
		read -r vector count <<-END
			$(interrupt_of "$channel")
		END
		[ "${count:-0}" -gt 0 ] || {
			echo "# $channel: no interrupt on vector $vector"
			return 1
		}
	done
}

cpus_of_vector()
{
	local cpus

	cpus=$(cat "/proc/irq/$1/effective_affinity_list" 2>/dev/null)
	[ -n "$cpus" ] || cpus=$(cat "/proc/irq/$1/smp_affinity_list" 2>/dev/null)
	echo "${cpus:--}"
}

# distinct_vectors "CHANNEL...": which vectors they have
distinct_vectors()
{
	local channel

	for channel in $1; do
		interrupt_of "$channel" | cut -d ' ' -f 1
	done | sort -u
}

# own_vectors COUNT "CHANNEL...": are they so many, and has each one of its own?
own_vectors()
{
	[ "$(echo "$2" | wc -w)" = "$1" ] && [ "$(distinct_vectors "$2" | wc -l)" = "$1" ]
}

# spread_vectors "CHANNEL...": are both CPUs interrupted?
spread_vectors()
{
	local vector

	[ "$(for vector in $(distinct_vectors "$1"); do
		cpus_of_vector "$vector"
	done | sort -u | wc -l)" = 2 ]
}

# dmatest_start "CHANNEL..." PARAMETER=VALUE...: start dmatest on these channels.
dmatest_start()
{
	local channels=$1 dir=/sys/module/dmatest/parameters parameter channel

	shift
	modprobe dmatest || return
	for parameter; do
		echo "${parameter#*=}" >"$dir/${parameter%%=*}" || return
	done
	for channel in $channels; do
		echo "$channel" >"$dir/channel" || return
	done
	echo 1 >"$dir/run"
}

# dmatest_threads <LOG: how many were started
dmatest_threads()
{
	sed -n 's/.*dmatest: Added \([0-9]*\) threads.*/\1/p' | awk '{ n += $1 } END { print n + 0 }'
}

# dmatest_stop COMMAND...: end it before it is through, once the command has stopped the
# engine, or taken it from its driver: a thread that is told to stop gives its buffers back
# without waiting for its copy.
dmatest_stop()
{
	echo "dmatest is stopped" >/dev/kmsg
	"$@"
	echo 0 >/sys/module/dmatest/parameters/run
	rmmod dmatest
}

# dmatest_totals <LOG: what became of its copies, as netdma_totals. What it could not
# prepare was never queued, and what it was waiting for when it was told to stop has
# failed with its driver, or is terminated, which it calls a time-out. A callback too many
# it does not see, and it asks for no reason.
dmatest_totals()
{
	awk '
		/dmatest: Added/ { stopped = 0 }
		/dmatest: .*: summary / { tests += $(NF - 8) }
		/dmatest: .*(prep|submit|mapping) error|dmatest: .*unmap data NULL/ { tests-- }
		/dmatest: .*completion error status/ { if (stopped) aborted++; else failed++ }
		/dmatest is stopped/ { stopped = 1 }
		/dmatest: .*test timed out/ { if (stopped) aborted++; else lost++ }
		/dmatest: .*completion busy/ { lost++ }
		/dmatest: .*data error/ { wrong++ }
		END {
			print tests + 0, tests - failed - aborted - lost, failed + 0, \
			      aborted + 0, lost + 0, 0, \
			      wrong + 0, failed + 0, failed + 0, failed + 0
		}'
}

# dmatest SECONDS "CHANNEL..." PARAMETER=VALUE...: run dmatest on these channels
# and wait until all its threads have given their summary: neither its
# parameter "wait" nor "run" says so reliably. Writes one line per channel to
# /tmp/dmatest: name, threads, tests, failures, KB/s. Fails if not all threads
# ended in time, did all their iterations, and found no failure. PATIENCE
# multiplies the time.
dmatest()
{
	local limit=$(($1 * 5 * ${PATIENCE:-1})) channels=$2 started iterations

	shift 2
	: >/tmp/dmatest
	forget_log
	dmatest_start "$channels" "$@" || return
	started=$(dmesg | dmatest_threads)
	[ "$started" -gt 0 ] || return
	while [ "$(dmesg | grep -c 'dmatest: .*: summary ')" -lt "$started" ]; do
		limit=$((limit - 1))
		[ $limit -gt 0 ] || {
			echo "# dmatest: not all of $started threads ended"
			dmesg | tail -n 10 | sed 's/^/# /'
			return 1
		}
		sleep 0.2
	done
	iterations=$(cat /sys/module/dmatest/parameters/iterations)
	rmmod dmatest
	dmesg | sed -n 's/.*dmatest: \(dma[0-9]*chan[0-9]*\)-.*: summary \([0-9]*\) tests, \([0-9]*\) failures .* iops \([0-9]*\) KB\/s.*/\1 \2 \3 \4/p' |
		awk '{ threads[$1]++; tests[$1] += $2; failures[$1] += $3; rate[$1] += $4 }
			END { for (c in tests) print c, threads[c], tests[c], failures[c], rate[c] }' |
		sort >/tmp/dmatest
	dmesg | grep 'dmatest: .*: result ' | head -n 5 | sed 's/^/# /'
	awk -v wanted="$(echo "$channels" | wc -w)" -v iterations="$iterations" '
		$4 || $3 != $2 * iterations { bad = 1 }
		END { exit bad || NR != wanted }' /tmp/dmatest
}

# print_rows: a data line for each channel of the last dmatest run, with its
# interrupt vector and the CPU that takes it, for the host's table.
print_rows()
{
	local channel threads tests failures rate vector count

	# shellcheck disable=SC2034	# threads and count: columns passed over
	while read -r channel threads tests failures rate; do
		read -r vector count <<-END
			$(interrupt_of "$channel")
		END
		echo "# row $channel $vector $(cpus_of_vector "$vector") $tests $failures $rate"
	done </tmp/dmatest
}

# netdma_totals: what became of all copies, one line per run of netdma_test since
# the last forget_log: queued, done, failed, aborted, lost, duplicated, wrong, and of
# those failed how many to read, to write and otherwise.
netdma_totals()
{
	dmesg | sed -n 's/.*netdma_test: total //p' | tr -cd '0-9 \n'
}

# netdma_accounted RUNS [COPIES]: were there as many runs, each with some (or
# exactly so many) copies queued, and each copy done or aborted exactly once?
netdma_accounted()
{
	netdma_totals | awk -v runs="$1" -v copies="${2:-0}" '
		!$1 || (copies && $1 != copies) || $1 != $2 + $4 || $3 + $5 + $6 + $7 { bad = 1 }
		END { exit bad || NR != runs }' && return
	dmesg | grep 'netdma_test: ' | head -n 20 | sed 's/^/# /'
	return 1
}

# netdma_run PARAMETER=VALUE...: start the NetDMA client, with defaults for the rest.
netdma_run()
{
	local parameter dir=/sys/module/netdma_test/parameters

	loaded netdma_test || insmod "$(module_path netdma_test)" || return
	forget_log
	for parameter in channels=0 threads_per_chan=1 iterations=1000 test_buf_size=16384 \
		mode= norandom=0 hold=0 vanish=0 starve=0 timeout=10000 seed="${SEED:-1}" "$@"; do
		echo "${parameter#*=}" >"$dir/${parameter%%=*}" || return
	done
	echo 1 >$dir/run
}

# Wait until it has ended by itself.
netdma_wait()
{
	cat /sys/module/netdma_test/parameters/wait >/dev/null
}

# netdma_test COPIES PARAMETER=VALUE...: a whole run; see that as many are queued, and
# each is accounted for. Writes one line per channel to /tmp/netdma_test: number,
# threads, copies, failures, KB/s.
netdma_test()
{
	local copies=$1

	shift
	netdma_run "$@" && netdma_wait || return
	dmesg | sed -n 's/.*netdma_test: .* channel \([0-9]*\) thread .*: summary \([0-9]*\) copies, \([0-9]*\) failures, .* iops \([0-9]*\) KB\/s.*/\1 \2 \3 \4/p' |
		awk '{ threads[$1]++; copies[$1] += $2; failures[$1] += $3; rate[$1] += $4 }
			END { for (c in copies) print c, threads[c], copies[c], failures[c], rate[c] }' |
		sort -n >/tmp/netdma_test
	netdma_accounted 1 "$copies"
}
