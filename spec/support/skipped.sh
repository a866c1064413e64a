#!/bin/sh
# skipped.sh FILE - one line of what the specs' runners have written there: what was skipped, and why.
set -eu

sort -u "$1" | awk '{ list = list (NR > 1 ? "; " : "") $0 } END { print "skipped: " (NR ? NR " (" list ")" : "nothing") }'
