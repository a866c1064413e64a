#!/bin/sh
# valgrind.sh [SPEC...] - the specs of the core, or those that are named, under valgrind: no byte is read that
# nobody wrote or owns, and nothing is lost. make asan runs all specs; what valgrind sees and the sanitizers do
# not is the use of uninitialised memory, inside libcrypto and Lua, too. Nothing is suppressed.
set -eu

cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- spec/src/token_spec.lua spec/src/key_spec.lua spec/src/pkey_spec.lua \
	spec/src/json_spec.lua spec/src/selector_spec.lua spec/src/sigcache_spec.lua spec/key/jwk_spec.lua \
	spec/token/verifier_spec.lua spec/fuzz/found_spec.lua

echo 'require "busted.runner" ({ standalone = false })' |
	valgrind --quiet --error-exitcode=1 --leak-check=full --show-leak-kinds=definite,indirect,possible \
		--errors-for-leak-kinds=definite,indirect,possible --num-callers=24 "${LUA:-lua5.4}" - --ignore-lua -o TAP "$@"
