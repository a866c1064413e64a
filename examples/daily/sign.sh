#!/bin/sh
# sign.sh ROOM USER_ID NAME [owner] - a Daily meeting token for an hour, with openssl.
# Environment: DAILY_API_KEY (the secret), DAILY_DOMAIN_ID. "openssl dgst -hmac KEY" would show the secret to
# everybody who lists processes; so HMAC (RFC 2104) is put together here, of two plain hashes.
# NAME is put into JSON as it stands: no quotes and no backslashes.
set -eu
[ $# -ge 3 ] || { echo "usage: DAILY_API_KEY= DAILY_DOMAIN_ID= sign.sh ROOM USER_ID NAME [owner]" >&2; exit 2; }

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
sha256() { openssl dgst -sha256 -binary; }
hex() { od -An -v -tx1 | tr -d ' \n'; }

# block MASK: the key, as a block of 64 bytes, each XORed with the mask
block() {
	rest=$key_hex i=0
	while [ $i -lt 64 ]; do
		byte=00
		if [ -n "$rest" ]; then
			byte=${rest%"${rest#??}"} rest=${rest#??}
		fi
		# shellcheck disable=SC2059 # the format is the byte, in octal
		printf "\\$(printf %03o $((0x$byte ^ $1)))"
		i=$((i + 1))
	done
}

if [ ${#DAILY_API_KEY} -gt 64 ]; then # printf is the shell's own: it is no process, and nobody sees it
	key_hex=$(printf %s "$DAILY_API_KEY" | sha256 | hex)
else
	key_hex=$(printf %s "$DAILY_API_KEY" | hex)
fi
hmac() { { block 0x5c; { block 0x36; cat; } | sha256; } | sha256; }

now=$(date +%s)
owner=false
if [ "${4-}" = owner ]; then owner=true; fi
header=$(printf %s '{"alg":"HS256","typ":"JWT"}' | base64url)
payload=$(printf '{"d":"%s","r":"%s","ud":"%s","u":"%s","o":%s,"iat":%d,"exp":%d}' \
	"$DAILY_DOMAIN_ID" "$1" "$2" "$3" $owner "$now" $((now + 3600)) | base64url)
signature=$(printf %s "$header.$payload" | hmac | base64url)
echo "$header.$payload.$signature"
