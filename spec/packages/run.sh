#!/bin/sh
# run.sh [SUITE...] - the rock, the Debian package, prosodyctl install and the container's recipe, each tried in a bare
# Debian of its own: installed without a network, logged in to with real tokens, upgraded, removed without a trace.
# Prints what it does and what came of it. Needs root (chroot) and debootstrap. A first run takes minutes, mostly for
# fetching Debian, which stays in build/roots.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/spec/support/roots.sh"
[ $# -gt 0 ] || set -- bookworm trixie

stop() {
	echo "packages: $*" >&2
	exit 1
}
step() { printf '%s: %s\n' "$suite" "$*"; }

roots_need node
"$root/spec/support/needs.sh" live

# offline ROOT COMMAND... - in that root, without a network, and said; its words are shown only where it fails
offline() {
	where=$1
	shift
	step "  # $*"
	# shellcheck disable=SC2086 # a list of words
	unshare -n chroot "$where" $root_env "$@" >"$where/tmp/within.log" 2>&1 </dev/null || {
		cat "$where/tmp/within.log" >&2
		stop "$suite: failed: $*"
	}
}

# Besides the smallest: a root that can build, and one with Prosody, as an operator has it, where apt has fetched what
# our packages depend on.
roots() {
	if [ ! -e "$kept/builder.tar" ]; then
		step "making the root that builds"
		fresh builder smallest
		packages_in "$fresh" "gcc libc6-dev make pkg-config lua5.4 liblua5.4-dev libssl-dev dpkg-dev luarocks zip unzip"
		keep builder
	fi
	if [ ! -e "$kept/prosody.tar" ]; then
		step "making the root with Prosody"
		fresh prosody smallest
		packages_in "$fresh" prosody
		packages_in "$fresh" "--download-only lua-argparse luarocks unzip"
		keep prosody
	fi
}

# What is in a root, but for what apt and dpkg write down of their own doing.
listing() {
	(cd "$1" && find . -xdev -path ./var/lib/dpkg -prune -o -path ./var/lib/apt -prune -o -path ./var/cache -prune -o \
		-path ./var/log -prune -o -path ./tmp -prune -o -path ./etc/ld.so.cache -prune -o -print | sort)
}

logs_in() {
	step "  Prosody $(chroot "$1" dpkg-query -W -f '${Version}' prosody):"
	node "$root/spec/packages/login.mjs" "$@" || stop "$suite: people do not get in as they should"
}

# complete FOLDER... - every file of lua/ that make install copies is in one of these folders of the root.
complete() {
	missing=$(cd "$root/lua" && find . \( -name '*.lua' -o -name '*.js' -o -name '*.css' \) | while read -r file; do
		found=
		for folder in "$@"; do
			[ ! -e "$fresh$folder/$file" ] || found=$folder
		done
		[ -n "$found" ] || echo "$file"
	done)
	[ -z "$missing" ] || stop "$suite: these files are missing: $missing"
	step "  all $(find "$root/lua" -name '*.lua' -o -name '*.js' -o -name '*.css' | wc -l) files of lua/ are installed"
}

# An older version, built from the same files, then the one at hand.
build() {
	fresh builder builder
	builder=$fresh
	mkdir "$builder/src" "$builder/out"
	tar -c -C "$root" --exclude=./build --exclude=./.git --exclude=node_modules . | tar -x -C "$builder/src"
	step "building, without a network"
	offline "$builder" env DEB_VERSION=0.0.9-1 make -C /src deb
	offline "$builder" make -C /src deb
	offline "$builder" sh -c 'cd /src && luarocks --lua-version 5.4 make --deps-mode=none --tree=/out/rocks'
	offline "$builder" sh -c 'cd /out && luarocks --lua-version 5.4 --tree=/out/rocks pack meetauth'
	rock=$(basename "$builder"/out/meetauth-*.rock)
}

debian_package() {
	step "the package"
	fresh debian prosody
	cp "$builder"/src/build/deb/*.deb "$fresh/tmp"
	listing "$fresh" >"$work/before"
	older=$(basename "$fresh"/tmp/prosody-meetauth_0.0.9-1_*.deb)
	newer=$(basename "$fresh"/tmp/prosody-meetauth_*~deb*.deb)
	offline "$fresh" apt-get -y --no-install-recommends install "/tmp/$older"
	logs_in "$fresh" ""
	offline "$fresh" apt-get -y install "/tmp/$newer"
	step "  installed: $(chroot "$fresh" dpkg-query -W -f '${Package} ${Version} (${Depends})' prosody-meetauth)"
	logs_in "$fresh" ""
	complete /usr/lib/prosody/modules /usr/share/lua/5.4
	[ -e "$fresh/usr/share/zsh/vendor-completions/_meetauth" ] || stop "$suite: Debian's zsh finds nothing to complete"
	offline "$fresh" apt-get -y remove prosody-meetauth
	[ -z "$(find "$fresh/usr" -name '*meetauth*')" ] || stop "$suite: something is left"
	offline "$fresh" apt-get -y install "/tmp/$newer"
	offline "$fresh" apt-get -y purge --auto-remove prosody-meetauth
	nothing_left
}

# The root is as it was, but for what Prosody itself has written.
nothing_left() {
	listing "$fresh" | grep -v '^./var/lib/prosody/' >"$work/after"
	grep -v '^./var/lib/prosody/' "$work/before" | diff - "$work/after" >&2 || stop "$suite: something is left, or missing"
	step "  nothing is left"
	rm -rf --one-file-system "$fresh"
}

# The packed rock, by LuaRocks, where examples/packaging says that it is.
packed_rock() {
	step "the rock $rock"
	fresh rocks prosody
	cp "$builder/out/$rock" "$fresh/tmp"
	offline "$fresh" apt-get -y --no-install-recommends install luarocks unzip
	listing "$fresh" >"$work/before"
	offline "$fresh" luarocks --lua-version 5.4 install --deps-mode=none "/tmp/$rock"
	complete /usr/local/share/lua/5.4
	logs_in "$fresh" /usr/local/share/lua/5.4
	offline "$fresh" luarocks --lua-version 5.4 remove meetauth
	rm -rf "$fresh/usr/local/lib/luarocks" "$fresh/usr/local/lib/lua" "$fresh/usr/local/share/lua" "$fresh/root/.cache" # LuaRocks' own
	mkdir -p "$fresh/usr/local/bin" # which it takes along when the command was all that is in it
	nothing_left
}

# The same rock, by Prosody's installer, as Prosody's user.
prosodyctl_install() {
	step "prosodyctl install"
	fresh prosodyctl prosody
	cp "$builder/out/$rock" "$fresh/tmp"
	offline "$fresh" apt-get -y --no-install-recommends install luarocks unzip
	mkdir "$fresh/var/lib/prosody/.luarocks"
	echo 'deps_mode = "none"' >"$fresh/var/lib/prosody/.luarocks/config-5.4.lua"
	offline "$fresh" setpriv --reuid=prosody --regid=prosody --clear-groups env HOME=/var/lib/prosody prosodyctl install "/tmp/$rock"
	complete /var/lib/prosody/custom_plugins/share/lua/5.4
	logs_in "$fresh" "" "/var/lib/prosody/custom_plugins/lib/lua/5.4/?.so"
	offline "$fresh" setpriv --reuid=prosody --regid=prosody --clear-groups env HOME=/var/lib/prosody prosodyctl remove meetauth
	[ -z "$(find "$fresh/var/lib/prosody" -name '*meetauth*')" ] || stop "$suite: something is left"
	step "  nothing is left"
	rm -rf --one-file-system "$fresh"
}

container() {
	step "the container's recipe, step by step"
	fresh stage smallest
	stage=$fresh
	fresh container prosody
	"$root/spec/packages/dockerfile.sh" "$root/examples/packaging/docker/Dockerfile" "$root" "$stage" "$fresh" >"$work/steps" ||
		stop "$suite: the recipe failed"
	sed "s/^/$suite:   /" "$work/steps"
	complete /prosody-plugins /usr/local/share/lua/5.4
	logs_in "$fresh" /prosody-plugins
	rm -rf --one-file-system "$stage" "$fresh"
}

for suite in "$@"; do
	roots_for "$suite"
	roots
	build
	debian_package
	packed_rock
	prosodyctl_install
	[ "$suite" != trixie ] || container # what Jitsi's image is made of
	roots_end
done
echo "packages: installed, logged in to, upgraded and removed on: $*"
