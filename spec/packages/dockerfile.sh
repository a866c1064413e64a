#!/bin/sh
# dockerfile.sh DOCKERFILE CONTEXT BUILD TARGET - carries out the steps of a Dockerfile of two stages without Docker:
# those of the first in the root BUILD, those of the second in the root TARGET. Knows FROM, RUN and COPY as they stand
# there, each on one line; ARG chooses the roots' releases, which are chosen already. Jitsi's image has a user that is not
# root, so what the second stage runs must not need one.
set -eu

file=$1
context=$2
build=$3
target=$4
root=
user=

while read -r word rest; do
	case $word in
	'' | '#'* | ARG) continue ;;
	FROM)
		user=$([ -z "$root" ] || echo --userspec=nobody:nogroup)
		root=$([ -z "$root" ] && echo "$build" || echo "$target")
		;;
	RUN)
		echo "RUN $rest"
		# shellcheck disable=SC2086 # one word, or none
		chroot $user "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
			sh -c "$rest" </dev/null >"$root/tmp/run.log" 2>&1 || {
			cat "$root/tmp/run.log" >&2
			exit 1
		}
		;;
	COPY)
		echo "COPY $rest"
		from=$context
		case $rest in
		--from=build\ *)
			from=$build
			rest=${rest#* }
			;;
		esac
		mkdir -p "$root/${rest#* }"
		tar -c -C "$from/${rest%% *}" --exclude=./build --exclude=./.git --exclude=node_modules . | tar -x -C "$root/${rest#* }"
		;;
	*)
		echo "dockerfile: $word is not known here" >&2
		exit 1
		;;
	esac
done <"$file"
