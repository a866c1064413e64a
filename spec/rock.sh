#!/bin/sh
# rock.sh - the rock builds, installs and works: luarocks make as doc/install.md says it, into a tree that
# is thrown away, once for each way to tell LuaRocks that Debian's lua-argparse is there.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" # no configuration but this one

stop() {
	echo "rock: $*" >&2
	exit 1
}

# LuaRocks builds where the sources are: it gets sources of its own.
mkdir "$work/tree"
cd "$root"
tar -c --exclude=./build --exclude=./.git --exclude=node_modules . | tar -x -C "$work/tree"
cd "$work/tree"

# make_rock NAME [ARGUMENT...] - luarocks make into a tree of that name, quietly where it goes well
make_rock() {
	name=$1
	shift
	luarocks --lua-version 5.4 make "$@" --tree="$work/$name" >"$work/$name.log" 2>&1 || {
		cat "$work/$name.log" >&2
		stop "luarocks make failed ($name)"
	}
	luarocks --lua-version 5.4 --tree="$work/$name" show --rock-license meetauth >/dev/null || stop "meetauth is not listed ($name)"
}

make_rock by-flag --deps-mode=none
mkdir "$work/.luarocks"
echo 'rocks_provided = { argparse = "0.7.1-1" }' >"$work/.luarocks/config-5.4.lua"
make_rock by-configuration
! grep -q "Missing dependencies" "$work/by-configuration.log" || stop "argparse does not count as present"

for name in by-flag by-configuration; do
	share=$work/$name/share/lua/5.4
	(cd lua && find . -type f ! -path ./meetauth/cli/meetauth | sort) >"$work/sent"
	(cd "$share" && find . -type f | sort) >"$work/came"
	diff "$work/sent" "$work/came" >&2 || stop "the files that came are not those of lua/ ($name)"
	symbols=$(nm -D --defined-only "$work/$name/lib/lua/5.4/meetauth/core.so" | awk '{ print $3 }')
	[ "$symbols" = luaopen_meetauth_core ] || stop "the core shows other symbols than luaopen_meetauth_core: $symbols"
	cd /
	LUA_PATH_5_4="$share/?.lua;$share/?/init.lua;;" LUA_CPATH_5_4="$work/$name/lib/lua/5.4/?.so;;" \
		lua5.4 "$root/spec/support/smoke.lua" "$work/$name" || stop "the installed rock does not work ($name)"
	"$root/spec/support/smoke.sh" "$work/$name/bin/meetauth" || stop "the installed command does not work ($name)"
	cd "$work/tree"
done
echo "rock: luarocks make builds, installs and works"
