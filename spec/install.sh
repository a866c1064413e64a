#!/bin/sh
# install.sh - make install puts every file in its place, and the core needs and shows no more than it should.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
prefix=/opt/meetauth
share=$stage$prefix/share/lua/5.4
core=$stage$prefix/lib/lua/5.4/meetauth/core.so

stop() {
	echo "install: $*" >&2
	exit 1
}

env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s -C "$root" install DESTDIR="$stage" PREFIX="$prefix" >/dev/null

(cd "$root/lua" && find . -type f ! -path ./meetauth/cli/meetauth -printf 'share/lua/5.4/%P 644\n' &&
	printf '%s\n' 'lib/lua/5.4/meetauth/core.so 755' 'bin/meetauth 755' 'share/man/man1/meetauth.1 644' \
		'share/bash-completion/completions/meetauth 644' 'share/zsh/site-functions/_meetauth 644' \
		'share/fish/vendor_completions.d/meetauth.fish 644') |
	sort >"$stage/expected"
(cd "$stage$prefix" && find . -type f -printf '%P %m\n' | sort) >"$stage/found"
diff "$stage/expected" "$stage/found" >&2 || stop "the files installed are not those expected"

# the core itself asks for libcrypto and libc, whatever those bring along; one symbol for Lua to find
needed=$(objdump -p "$core" | awk '$1 == "NEEDED" && $2 !~ /^ld-linux/ { print $2 }' | sort | paste -s -d ' ')
[ "$needed" = "libc.so.6 libcrypto.so.3" ] || stop "the core asks for other libraries than libcrypto and libc: $needed"
symbols=$(nm -D --defined-only "$core" | awk '{ print $3 }')
[ "$symbols" = luaopen_meetauth_core ] || stop "the core shows other symbols than luaopen_meetauth_core: $symbols"

cd /
LUA_PATH_5_4="$share/?.lua;$share/?/init.lua;;" LUA_CPATH_5_4="$stage$prefix/lib/lua/5.4/?.so;;" \
	lua5.4 "$root/spec/support/smoke.lua" "$stage$prefix" || stop "what was installed does not work"
"$root/spec/support/smoke.sh" "$stage$prefix/bin/meetauth" || stop "the command that was installed does not work"
echo "install: make install puts everything in its place, and it works"
