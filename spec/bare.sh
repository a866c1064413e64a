#!/bin/sh
# bare.sh [SUITE...] - the README's first commands in a bare Debian that has git and make besides, on a clone of what is
# committed: the last lines of each, and how it ended. Needs root (chroot) and debootstrap. Takes a quarter of an hour for
# each suite; Debian's smallest root stays in build/roots, and there the whole of what each command said.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/spec/support/roots.sh"
[ $# -gt 0 ] || set -- bookworm trixie

stop() {
	echo "bare: $*" >&2
	exit 1
}
step() { printf '%s: %s\n' "$suite" "$*"; }

roots_need git

# A reader's first commands, a line each.
commands() {
	awk '/^```/ { if (inside) exit; inside = 1; next } inside { sub(/ *#.*/, ""); print }' "$root/README.md"
}

# Which way this machine reaches the world, as words for env.
network() {
	for name in http_proxy https_proxy no_proxy; do
		eval "value=\${$name:-}"
		[ -z "$value" ] || printf '%s=%s\n' "$name" "$value"
	done
	! command -v npm >/dev/null || printf 'npm_config_registry=%s\n' "$(npm config get registry)"
}

# The certificates that this machine's administrator trusts; Debian's own come with ca-certificates.
trusted=/usr/local/share/ca-certificates

# A machine of this suite in the folder 'fresh', on this one's network, with a clone in /root/meetauth.
machine() {
	fresh machine smallest
	for file in resolv.conf hosts; do
		cp -L /etc/$file "$fresh/etc/$file"
	done
	[ ! -d $trusted ] || cp -R $trusted "$fresh${trusted%/*}"
	packages_in "$fresh" "git make"
	git -C "$root" -c safe.directory='*' bundle create -q "$fresh/tmp/meetauth.bundle" HEAD
	within "$fresh" git clone /tmp/meetauth.bundle /root/meetauth
}

# tried COMMAND - as the README's reader runs it; says how it ended.
tried() {
	log=$kept/$(echo "$1" | tr -c 'a-z\n' -).log
	ended=0
	# shellcheck disable=SC2046,SC2086 # lists of words
	aside "$root/spec/support/machine.sh" "$fresh" $root_env $(network) sh -c "cd /root/meetauth && $1" >"$log" 2>&1 || ended=$?
	tail -n 12 "$log" | cut -c 1-200
	step "$1: status $ended, all of it in $log"
	return $ended
}

failed=
for suite in "$@"; do
	roots_for "$suite"
	machine
	step "git and make, a clone of $(git -C "$root" -c safe.directory='*' log -1 --format='%h (%s)')"
	commands >"$work/commands"
	while read -r command; do
		tried "$command" || failed="$failed $suite: $command;"
	done <"$work/commands"
	roots_end
done
[ -z "$failed" ] || stop "failed:$failed"
echo "bare: $(commands | paste -s -d ' ' | sed 's/ make/, make/g') pass on: $*"
