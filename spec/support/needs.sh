#!/bin/sh
# needs.sh GROUP... - install the named groups of tools if they are missing: build, spec, check, fuzz, valgrind, rock,
# live, storage, browser.
# Looks first; only what is missing is installed, and only where apt-get exists.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/spec/support/debian.sh"

say() { echo "needs: $*" >&2; }
stop() {
	say "$*"
	exit 1
}

# The Debian packages of a group.
packages() {
	case $1 in
	build) echo gcc libc6-dev make pkg-config lua5.4 liblua5.4-dev libssl-dev lua-cjson ;;
	spec) echo lua5.4 lua-argparse lua-busted openssl nodejs ;;
	rock) echo luarocks lua-argparse ;;
	fuzz) echo clang libclang-rt-dev ;;
	valgrind) echo valgrind libc6-dbg ;;
	check) echo lua-check clang-format cppcheck ;;
	live) echo lua5.4 lua-cjson lua-expat lua-filesystem lua-sec lua-socket ca-certificates nodejs npm openssl python3 curl ;;
	storage) echo postgresql lua-dbi-postgresql lua-dbi-sqlite3 ;;
	browser) echo chromium ca-certificates nodejs npm ;;
	*) stop "no such group: $1 (build, spec, check, fuzz, valgrind, rock, live, storage, browser)" ;;
	esac
}

# Is what this package brings there, from Debian or from elsewhere?
there() {
	case $1 in
	gcc | make | pkg-config | lua5.4 | clang | clang-format | cppcheck | luarocks | npm | openssl | python3 | curl | valgrind) command -v "$1" ;;
	nodejs) command -v node && node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' ;;
	lua-busted) command -v busted ;;
	lua-check) command -v luacheck ;;
	liblua5.4-dev) pkg-config --exists lua5.4 ;;
	libssl-dev) pkg-config --exists 'libcrypto >= 3' ;;
	lua-argparse) lua5.4 -e 'require "argparse"' ;;
	lua-cjson) lua5.4 -e 'require "cjson"' ;;
	lua-expat) lua5.4 -e 'require "lxp"' ;;
	lua-filesystem) lua5.4 -e 'require "lfs"' ;;
	lua-sec) lua5.4 -e 'require "ssl"' ;;
	lua-socket) lua5.4 -e 'require "socket"' ;;
	lua-dbi-postgresql) lua5.4 -e 'require "dbd.postgresql"' ;;
	lua-dbi-sqlite3) lua5.4 -e 'require "dbd.sqlite3"' ;;
	postgresql) ls /usr/lib/postgresql/*/bin/initdb ;;
	libclang-rt-dev)
		echo 'int LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return p == 0 && n == 1; }' |
			clang -fsanitize=fuzzer,address,undefined -x c -o /dev/null -
		;;
	libc6-dbg) valgrind --quiet true ;;
	libc6-dev) echo '#include <stdlib.h>' | gcc -E - ;;
	ca-certificates) test -s /etc/ssl/certs/ca-certificates.crt ;; # npm
	chromium) test -x /usr/bin/chromium ;;
	esac >/dev/null 2>&1
}

missing() {
	for package in $(printf '%s\n' "$@" | sort -u); do
		there "$package" || printf ' %s' "$package"
	done
}

have_apt() { command -v apt-get >/dev/null 2>&1; }

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

updated=no
update_lists() {
	[ $updated = no ] || return 0
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null 2>&1 ||
		stop "only root can install; please run: apt-get update && apt-get install --no-install-recommends${1:-}"
	say "reading the package lists"
	as_root apt-get -qq update || stop "apt-get update failed"
	updated=yes
}

# Debian's postgresql makes a database of its own and runs it, unless it is told not to; the specs need the programs.
no_cluster=/etc/postgresql-common/createcluster.d/meetauth-specs.conf
without_cluster() {
	as_root mkdir -p "${no_cluster%/*}"
	echo "create_main_cluster = false" | as_root tee "$no_cluster"
} >/dev/null

install() {
	wanted=$(missing "$@")
	[ -n "$wanted" ] || return 0
	have_apt || stop "missing, and no apt-get here to install it:$wanted"
	update_lists "$wanted"
	say "installing$wanted"
	case "$wanted " in *" postgresql "*) without_cluster ;; esac
	# shellcheck disable=SC2086 # a list of words
	as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes \
		apt-get install -qq -y --no-install-recommends $wanted >/dev/null || failed=yes
	case "$wanted " in *" postgresql "*) as_root rm "$no_cluster" ;; esac
	[ -z "${failed:-}" ] || stop "apt-get could not install$wanted"
	wanted=$(missing "$@")
	[ -z "$wanted" ] || stop "installed, yet not usable:$wanted"
}

# suite VERSION - the suite of Debian that has this Prosody, for machines whose own lists have another one.
suite() {
	case $1 in
	0.12) echo bookworm ;;
	13.0) echo bookworm-backports ;;
	*) stop "no suite of Debian is known here for Prosody $1" ;;
	esac
}

# offers VERSION - do the lists in use have this Prosody?
offers() {
	case $(apt-cache policy prosody 2>/dev/null | sed -n 's/^  Candidate: //p') in
	"$1".*) ;;
	*) return 1 ;;
	esac
}

# download PACKAGE FOLDER - its .deb into FOLDER, from the lists in use.
download() {
	(cd "$2" && apt-get -qq -o APT::Sandbox::User=root download "$1" >/dev/null) || stop "apt-get could not fetch $1"
}

# icu TREE - the library of ICU that this Prosody was linked with and that is missing, as a package's name.
# Every release of Debian has another one; they fit beside each other.
icu() {
	ldd "$1/usr/lib/prosody/util/encodings.so" | sed -n 's/.*libicuuc\.so\.\([0-9]*\) => not found/libicu\1/p'
}

# prosody VERSION - unpack Debian's Prosody under build/, without installing a service.
# The unpacked tree finds itself from the path of its own executable, so it can be moved and copied.
prosody() (
	tree=$root/build/prosody-$1
	[ ! -e "$tree/usr/bin/prosody" ] || [ -n "$(icu "$tree")" ] || exit 0
	have_apt || stop "missing, and no apt-get here to fetch it: Prosody $1 (unpacked in build/prosody-$1)"
	mkdir -p "$root/build"
	work=$(mktemp -d "$root/build/prosody.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	apt-cache show prosody >/dev/null 2>&1 || update_lists
	if ! offers "$1"; then
		[ -n "$(debian_site)" ] || stop "no Debian among apt's sources to fetch Prosody $1 from"
		debian_lists "$work" "$(suite "$1")" || stop "apt-get update failed for $(suite "$1")"
		export APT_CONFIG="$work/apt.conf"
		offers "$1" || stop "Prosody $1 is not in $(suite "$1") any more"
	fi
	say "fetching Prosody $1"
	download prosody "$work"
	dpkg-deb -x "$work"/prosody_*.deb "$work/tree"
	sed -i \
		-e "s|^CFG_SOURCEDIR='|local tree = arg[0]:match('^(.*)/usr/bin/') or '.';\nCFG_SOURCEDIR=tree..'|" \
		-e "s|^\(CFG_[A-Z]*DIR\)='|\1=tree..'|" \
		"$work/tree/usr/bin/prosody" "$work/tree/usr/bin/prosodyctl"
	chmod 755 "$work/tree"
	library=$(icu "$work/tree")
	if [ -n "$library" ]; then
		say "installing $library"
		download "$library" "$work"
		unset APT_CONFIG
		as_root dpkg -i "$work/$library"_*.deb >/dev/null || stop "$library could not be installed"
	fi
	rm -rf "$tree"
	mv "$work/tree" "$tree"
)

# rules_tool - promtool into build/: Debian 13 has a package of it, Debian 12 only a package of Prometheus, which would
# bring a service along. The alert rules' spec says so where there is none.
rules_tool() (
	! command -v promtool >/dev/null && [ ! -x "$root/build/promtool" ] && have_apt || exit 0
	apt-cache show prometheus >/dev/null 2>&1 || update_lists
	package=promtool
	apt-cache show $package >/dev/null 2>&1 || package=prometheus
	say "fetching promtool"
	work=$(mktemp -d "$root/build/promtool.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	download $package "$work"
	dpkg-deb --fsys-tarfile "$work"/${package}_*.deb | tar -x -C "$work" ./usr/bin/promtool
	mv "$work/usr/bin/promtool" "$root/build/promtool"
)

# npm_packages FOLDER WHAT - what the specs in FOLDER import, exactly as its package-lock.json names it.
npm_packages() {
	[ ! "$root/$1/node_modules/.package-lock.json" -nt "$root/$1/package-lock.json" ] || return 0
	say "fetching $2"
	(cd "$root/$1" && npm ci --loglevel=error >/dev/null) || stop "npm ci failed in $1"
}

# npm_alone FOLDER NAME VERSION SHA512 - one package without the packages that it names, because its build holds them.
npm_alone() (
	place=$root/$1/node_modules/$2
	! grep -qs "\"version\": \"$3\"" "$place/package.json" || exit 0
	say "fetching $2"
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	npm pack --loglevel=error --pack-destination "$work" "$2@$3" >/dev/null || stop "npm pack failed for $2"
	found=$(node -p 'crypto.createHash("sha512").update(fs.readFileSync(process.argv[1])).digest("base64")' "$work"/*.tgz)
	[ "$found" = "$4" ] || stop "$2 $3 is not what it was: its SHA-512 is $found"
	mkdir -p "$place"
	tar -xzf "$work"/*.tgz --strip-components=1 -C "$place"
)

# needs.sh GROUP... - install the named groups of tools if they are missing: build, spec, check, fuzz, valgrind, rock,
# live, storage, browser.
all=
for group in "$@"; do
	all="$all $(packages "$group")"
done
# shellcheck disable=SC2086 # a list of words
install $all
for group in "$@"; do
	case $group in
	live)
		prosody 0.12
		prosody 13.0
		rules_tool
		npm_packages spec/prosody "the XMPP client library"
		npm_packages spec/interop "jose and jsonwebtoken"
		;;
	browser)
		npm_packages spec/browser "the browser's remote control"
		npm_alone spec/browser @lyno/lib-jitsi-meet 2.6726.2 \
			cTrKBgy4ZHD6vyFTOAOx5ylyzjWs3ft6MLhmchu9zRq7uLr8omD4lE2fmSfoyoSqMjFc/3sU9XLYXiJ21hqQuw==
		;;
	esac
done
