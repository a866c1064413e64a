#!/bin/sh
# run.sh SECONDS [TARGET...] - build the fuzz targets and run each, or those that are named, for that long.
# What they learn stays in build/fuzz/corpus; what breaks them is kept in build/fuzz/found and said.
set -eu

cd "$(dirname "$0")/../.."
seconds=${1:?"usage: spec/fuzz/run.sh SECONDS [TARGET...]"}
shift
make -s -f spec/fuzz/Makefile
[ $# -gt 0 ] || set -- $(make -s -f spec/fuzz/Makefile names)

# Short allocation traces make OpenSSL's decoders five times as fast; a reproducer run by hand has long ones.
export ASAN_OPTIONS=allocator_may_return_null=1:strict_string_checks=1:malloc_context_size=2:quarantine_size_mb=16:max_malloc_fill_size=64
export UBSAN_OPTIONS=print_stacktrace=1

# Lua frees when it likes, which would be looked into after every run: spec/alloc counts those targets' leaks.
leaks() {
	case $1 in
	jsontable | selector | verify | jwks) echo 0 ;;
	*) echo 1 ;;
	esac
}

mkdir -p build/fuzz/found
report=
failed=
for target in "$@"; do
	corpus=build/fuzz/corpus/$target
	log=build/fuzz/$target.log
	mkdir -p "$corpus"
	printf 'fuzz: %s for %s s\n' "$target" "$seconds" >&2
	if ! build/fuzz/"$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -seed=1 \
		-detect_leaks="$(leaks "$target")" \
		-use_value_profile=1 -print_final_stats=1 -dict=spec/fuzz/"$target".dict \
		-artifact_prefix=build/fuzz/found/"$target"- "$corpus" spec/fuzz/seeds/"$target" >"$log" 2>&1; then
		grep -v '^#\|^NEW_FUNC' "$log" | tail -n 60 >&2
		failed="$failed $target($(sed -n 's/.*Test unit written to //p' "$log" | head -n 1))"
	fi
	ran=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	report="$report$(printf '%-10s %12s' "$target" "${ran:-?}")
"
done

printf '%-10s %12s\n%s' target executions "$report"
[ -z "$failed" ] || {
	echo "fuzz: found something:$failed" >&2
	exit 1
}
