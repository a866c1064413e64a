#!/bin/sh
# run.sh SECONDS [TARGET...] - build the fuzz targets and run each, or those that are named, for that long,
# one for each processor at a time.
# What they learn stays in build/fuzz/corpus; what breaks them is kept in build/fuzz/found and said.
set -eu

cd "$(dirname "$0")/../.."
seconds=${1:?"usage: spec/fuzz/run.sh SECONDS [TARGET...]"}
shift
make -s -j"$(nproc)" -f spec/fuzz/Makefile
# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $(make -s -f spec/fuzz/Makefile names)

# Short allocation traces make OpenSSL's decoders five times as fast; a reproducer run by hand has long ones.
export ASAN_OPTIONS=allocator_may_return_null=1:strict_string_checks=1:malloc_context_size=2:quarantine_size_mb=16:max_malloc_fill_size=64
export UBSAN_OPTIONS=print_stacktrace=1

# Lua frees when it likes, which would be looked into after every run: spec/alloc counts those targets' leaks.
leaks() {
	case $1 in
	jsontable | selector | verify | jwks | keydocument | httpresponse | discovery) echo 0 ;;
	*) echo 1 ;;
	esac
}

# fuzz TARGET - leaves what it said in TARGET.log and, where it found something, TARGET.found
fuzz() {
	corpus=build/fuzz/corpus/$1
	log=build/fuzz/$1.log
	mkdir -p "$corpus"
	rm -f "build/fuzz/$1.found"
	printf 'fuzz: %s for %s s\n' "$1" "$seconds" >&2
	build/fuzz/"$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -seed=1 \
		-detect_leaks="$(leaks "$1")" \
		-use_value_profile=1 -print_final_stats=1 -dict=spec/fuzz/"$1".dict \
		-artifact_prefix=build/fuzz/found/"$1"- "$corpus" spec/fuzz/seeds/"$1" >"$log" 2>&1 || {
		grep -v '^#\|^NEW_FUNC' "$log" | tail -n 60 >&2
		sed -n 's/.*Test unit written to //p' "$log" | head -n 1 >"build/fuzz/$1.found"
	}
}

mkdir -p build/fuzz/found
running=0
for target in "$@"; do
	fuzz "$target" &
	running=$((running + 1))
	[ $((running % $(nproc))) -ne 0 ] || wait
done
wait

failed=
printf '%-10s %12s\n' target executions
for target in "$@"; do
	ran=$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$target.log")
	printf '%-10s %12s\n' "$target" "${ran:-?}"
	[ ! -e "build/fuzz/$target.found" ] || failed="$failed $target($(cat "build/fuzz/$target.found"))"
done
[ -z "$failed" ] || {
	echo "fuzz: found something:$failed" >&2
	exit 1
}
