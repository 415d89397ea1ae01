# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A chroot of a Debian, made by vm/setup, to install packages in. It remains as it is:
# what is written goes to a layer above, and away with it. To be sourced.

package=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
checkout=$(realpath "$package/../../../..")
cache=${NETDMA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/netdma}
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$checkout/dkms.conf")

# enter_chroot SUITE COMMAND...: run the command, which is the calling script, again, in
# a namespace where $root is the chroot. The mounts live and die with it. $tmp is a
# folder for both; prepare() is called before, outside.
enter_chroot()
{
	local suite=$1 base kernel

	shift
	if [ -z "${INSIDE-}" ]; then
		"$package/../vm/setup" chroot "$suite" || exit
		tmp=$(mktemp -d)
		trap 'rm -rf --one-file-system "$tmp"' EXIT
		prepare || exit
		INSIDE=yes tmp=$tmp unshare --mount --pid --fork --kill-child "$@"
		exit
	fi
	trap 'exit 143' TERM	# the first process of a namespace ignores it otherwise
	base=$(realpath "$cache/$suite-6.12/../..")
	root=$tmp/root
	# shellcheck disable=SC2034	# used where this is sourced
	mapfile -t kernels < <(ls "$base/kernels")
	mkdir "$root" "$tmp/upper" "$tmp/work"
	{
		mount -t overlay -o "lowerdir=$base,upperdir=$tmp/upper,workdir=$tmp/work" \
			overlay "$root" &&
		mount -t proc proc "$root/proc" &&
		mount --bind /dev "$root/dev"
	} || exit 2
	# To depmod and DKMS, a kernel is there if modules of its own are.
	for kernel in "${kernels[@]}"; do
		cp -rn "$root/kernels/$kernel/modules/kernel" \
			"$root/lib/modules/$(release_of "$kernel")/" &&
			in_root depmod "$(release_of "$kernel")" 2>/dev/null || exit 2
	done
	# DKMS of Debian 12 leaves all but two kernels for the time they are booted.
	echo 'autoinstall_all_kernels="yes"' >>"$root/etc/dkms/framework.conf"
}

in_root()
{
	chroot "$root" env DEBIAN_FRONTEND=noninteractive INITRD=No "$@"
}

release_of()
{
	cat "$root/kernels/$1/release"
}

# modules_of KERNEL: the files, in the order of their names
modules_of()
{
	in_root find "/lib/modules/$(release_of "$1")" -name 'netdma*.ko*' | sort
}

# log_of KERNEL: what DKMS has logged of the build
log_of()
{
	echo "$root/var/lib/dkms/netdma/$version/$(release_of "$1")/x86_64/log/make.log"
}

# warnings_of LOG
warnings_of()
{
	grep -iE 'warning|error:|deprecated' "$1"
}
