#!/bin/sh
# smoke.sh COMMAND - the meetauth command at that path finds its library, signs a token and verifies it.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$1" keygen --out-private secret
"$1" sign --secret-file secret --iss portal --room standup --out token
"$1" verify --secret-file secret --iss portal token >claims
grep -q '"room":"standup"' claims
! "$1" verify --secret-file secret --iss other token >/dev/null 2>&1
