# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the set-up scripts have in common: the cache, messages, packages, apt.
# To be sourced.

cache=${NETDMA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/netdma}

# What a User Mode Linux kernel, and the tests in it, are built and run with
# shellcheck disable=SC2034	# used where this is sourced
packages_kunit=(bc bison flex gcc libc6-dev libelf-dev make python3 xz-utils)

# apt and dpkg may end normally on Ctrl-C, and bash would then go on.
trap 'exit 130' INT

step()
{
	printf '[%3ds] %s\n' "$SECONDS" "$*" >&2
}

# The first line says what is wrong, the others what to do: they can be pasted.
die()
{
	printf '%s\n' "setup: $1" "${@:2}" >&2
	exit 2
}

# Run a command that talks a lot: its output is shown only if it fails.
quietly()
{
	local log output

	log=$(mktemp)
	exec {output}<>"$log"
	rm "$log"	# an interruption leaves nothing
	"$@" >&"$output" 2>&1 9<&- || {
		tail -n 20 "/dev/fd/$output" >&2
		die "failed: $*"
	}
	exec {output}>&-
}

# --- the cache ----------------------------------------------------------------

# enter_cache NAME: let no other set-up of that name run. What it has under
# NAME-tmp.* is removed at its end, or by the next one.
enter_cache()
{
	scope=$1
	mkdir -p "$cache"
	[ -w "$cache" ] || die "$cache belongs to someone else: set NETDMA_CACHE to another folder"
	# Open for reading, which another user's file is too.
	[ -e "$cache/$scope-lock" ] || : >"$cache/$scope-lock"
	exec 9<"$cache/$scope-lock"
	flock -n 9 || {
		step "Waiting for another set-up to end"
		flock 9
	}
	trap remove_temporary EXIT
	remove_temporary
}

remove_temporary()
{
	rm -rf --one-file-system "$cache/$scope"-tmp.*
}

temporary_folder()
{
	local dir

	dir=$(mktemp -d "$cache/$scope-tmp.XXXXXX")
	chmod 755 "$dir"
	echo "$dir"
}

# Point $cache/$1 at entry $2, in one step.
point()
{
	ln -sfn "$2" "$cache/$scope-tmp.link"
	mv -T "$cache/$scope-tmp.link" "$cache/$1"
}

# --- packages ---------------------------------------------------------------

# Print the version of package $1 if it is installed.
installed_version()
{
	dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null |
		sed -n 's/^installed //p' || :
}

# Print those of the given packages that are not installed.
missing_packages()
{
	local installed package

	installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || :)
	for package; do
		grep -qxF "installed $package" <<<"$installed" || echo "$package"
	done
}

# What is lacking is $*.
update_lists()
{
	[ "$(id -u)" = 0 ] || die "the package lists lack $*. As root:" "  apt-get update"
	step "Updating the package lists"
	quietly apt-get -o DPkg::Lock::Timeout=600 -q update
}

install_packages()
{
	env DEBIAN_FRONTEND=noninteractive \
		apt-get -o DPkg::Lock::Timeout=600 -q -y --no-install-recommends install "$@"
}

# The lists may be missing, or older than the archive.
need_packages()
{
	local missing

	mapfile -t missing < <(missing_packages "$@")
	[ ${#missing[@]} != 0 ] || return 0
	[ "$(id -u)" = 0 ] ||
		die "packages are missing. As root:" \
			"  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
	step "Installing ${missing[*]}"
	apt-get --simulate -q install --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
		update_lists
	install_packages "${missing[@]}" >/dev/null 2>&1 9<&- || {
		update_lists
		quietly install_packages "${missing[@]}"
	}
}

# Print the Debian archive that this machine's apt uses.
find_mirror()
{
	# shellcheck disable=SC2016	# apt's variables, not the shell's
	apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
		awk '$1 == "Debian" && $2 !~ /-/ && !n++ { print $3 }'
}

# Set $mirror to it.
need_mirror()
{
	mirror=$(find_mirror)
	[ -n "$mirror" ] || { update_lists "the Debian archive"; mirror=$(find_mirror); }
	[ -n "$mirror" ] || die "no Debian archive is configured in apt"
}

# foreign_apt SUITE...: set $apt to the options for an apt of its own, which knows
# nothing but those, and no installed package. That needs no root.
foreign_apt()
{
	local dir suite mirror

	need_mirror
	dir=$(temporary_folder)
	mkdir -p "$dir/state/lists/partial" "$dir/cache/archives/partial" "$dir/empty"
	: >"$dir/state/status"
	for suite; do
		echo "deb [arch=amd64] $mirror $suite main"
	done >"$dir/sources.list"
	apt=(-o "Dir::State=$dir/state" -o "Dir::State::Lists=$dir/state/lists"
		-o "Dir::State::status=$dir/state/status" -o "Dir::Cache=$dir/cache"
		-o "Dir::Cache::archives=$dir/cache/archives"
		-o "Dir::Etc::SourceList=$dir/sources.list" -o "Dir::Etc::SourceParts=$dir/empty"
		-o "Dir::Etc::Preferences=/dev/null" -o "Dir::Etc::PreferencesParts=$dir/empty"
		-o Acquire::Languages=none -o APT::Architecture=amd64 -o APT::Default-Release=
		-o "APT::Sandbox::User=$(id -un)")
	step "Updating the package lists of $*"
	quietly apt-get "${apt[@]}" -q update
}

# --- kernels built here -------------------------------------------------------

# check_config FRAGMENT CONFIG: a line that was dropped silently is a checker that
# does not check.
check_config()
{
	local line lost=()

	while read -r line; do
		case $line in
		CONFIG_*) grep -qxF "$line" "$2" || lost+=("$line") ;;
		"# CONFIG_"*)
			line=${line#\# }
			! grep -q "^${line% is not set}=" "$2" || lost+=("# $line") ;;
		esac
	done <"$1"
	[ ${#lost[@]} = 0 ] || die "Linux does not take these lines of $1:" "${lost[@]}"
}

# Of a built kernel, modules need the headers, the scripts, the symbols and one
# linker script.
remove_objects()
{
	find "$1" \( -name '*.o' -o -name '*.a' -o -name '*.cmd' \) \
		! -path "$1/scripts/*" ! -path "$1/tools/*" -exec rm {} +
	rm -f "$1/vmlinux" "$1"/.tmp_vmlinux*
}
