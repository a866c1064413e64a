# roots.sh - (read by other scripts, which set root and know step and stop) bare Debian roots, in build/roots. Some are
# kept; others are made of them and end with the script. Roots that can be used again stay there; remove the folder to begin
# again.

. "$root/spec/support/debian.sh"
work=
aside=

# The command that clears the environment for a command in a root.
root_env="env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive"

# roots_need TOOL... - stop unless roots can be made here and these tools are installed.
roots_need() {
	[ "$(id -u)" -eq 0 ] || stop "only root can make and enter another root; run it as root"
	for tool in debootstrap chroot unshare apt-get tar "$@"; do
		command -v "$tool" >/dev/null || stop "$tool is missing (Debian: debootstrap, coreutils, util-linux, nodejs, git)"
	done
	[ -n "$(debian_keys)" ] || stop "Debian's keys are missing (Debian: debian-archive-keyring)"
	site=$(debian_site)
	[ -n "$site" ] || stop "no Debian among apt's sources to fetch one from; run apt-get update"
	trap clean EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

# Processes that began with the script end with it.
clean() {
	end_aside
	roots_end
}

# The roots of this run are done with.
roots_end() {
	[ -z "$work" ] || rm -rf --one-file-system "$work"
	work=
}

# aside COMMAND... - with its own mounts and processes, which end with the command, and with the script.
# The command is in the background, so that a signal is not kept waiting by it.
aside() {
	env --default-signal=INT,QUIT unshare --mount --pid --fork --kill-child --mount-proc "$@" </dev/null &
	aside=$!
	ended=0
	wait $aside || ended=$?
	aside=
	return $ended
}

# The first process of a namespace takes all others along, and unshare ends when all of them have.
end_aside() {
	[ -n "$aside" ] || return 0
	first=$(cat "/proc/$aside/task/$aside/children" 2>/dev/null) || true
	# shellcheck disable=SC2086 # a number with a blank behind it, or nothing
	kill -KILL ${first:-$aside} 2>/dev/null || true
	wait $aside 2>/dev/null || true
	aside=
}

# roots_for SUITE - its roots are kept in the folder 'kept', this run's roots are made in the folder 'work'.
roots_for() {
	suite=$1
	kept=$root/build/roots/$suite
	mkdir -p "$kept"
	work=$(mktemp -d "$root/build/roots/work.XXXXXX")
	[ -e "$kept/smallest.tar" ] || smallest
}

# The smallest Debian.
smallest() {
	step "making the smallest root"
	aside debootstrap --variant=minbase --keyring="$(debian_keys)" "$suite" "$work/smallest" "$site" >"$kept/debootstrap.log" 2>&1 ||
		stop "debootstrap failed; see $kept/debootstrap.log"
	keep smallest
}

# fresh NAME FROM - a root of that name, unpacked from what is kept; its folder is 'fresh'.
fresh() {
	mkdir "$work/$1"
	tar -x -C "$work/$1" -f "$kept/$2.tar"
	fresh=$work/$1
}

# keep NAME - a root for the next runs, whole or not at all.
keep() {
	tar -c -C "$work/$1" -f "$kept/$1.part" .
	mv "$kept/$1.part" "$kept/$1.tar"
	rm -rf --one-file-system "${work:?}/$1"
}

# within ROOT COMMAND... - in that root, with a network; its words are shown only where it fails.
within() {
	where=$1
	shift
	# shellcheck disable=SC2086 # a list of words
	chroot "$where" $root_env "$@" >"$where/tmp/within.log" 2>&1 </dev/null || {
		cat "$where/tmp/within.log" >&2
		stop "$suite: failed: $*"
	}
}

# packages_in ROOT PACKAGES - these, and what they depend on.
packages_in() { within "$1" sh -c "apt-get -qq update && apt-get -qq -y --no-install-recommends install $2"; }
