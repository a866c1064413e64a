#!/bin/sh
# mint.sh ROOM USER_ID NAME [owner] - a Daily meeting token for an hour, by REST, with curl.
# Environment: DAILY_API_KEY, and DAILY_API_URL: https://api.daily.co/v1 at Daily, https://meet.example/v1 here.
# The header with the key is read from stdin (-H @-), so that nobody who lists processes sees it.
# The arguments are put into JSON as they stand: no quotes and no backslashes.
set -eu
[ $# -ge 3 ] || { echo "usage: DAILY_API_KEY= DAILY_API_URL= mint.sh ROOM USER_ID NAME [owner]" >&2; exit 2; }

owner=false
if [ "${4-}" = owner ]; then owner=true; fi
properties=$(printf '{"room_name":"%s","user_id":"%s","user_name":"%s","is_owner":%s,"exp":%d}' \
	"$1" "$2" "$3" $owner $(($(date +%s) + 3600)))
answer=$(printf 'Authorization: Bearer %s\n' "$DAILY_API_KEY" |
	curl -sS -m 30 -H @- -H 'Content-Type: application/json' -d "{\"properties\":$properties}" "$DAILY_API_URL/meeting-tokens")
case $answer in
*'"token":"'*) printf '%s\n' "$answer" | sed 's/.*"token":"\([^"]*\)".*/\1/' ;;
*) printf '%s\n' "$answer" >&2; exit 1 ;;
esac
