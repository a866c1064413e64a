"""sign.py ROOM USER_ID NAME [owner] - a Daily meeting token for an hour, with Python's standard library.

Environment: DAILY_API_KEY (the secret), DAILY_DOMAIN_ID. The secret never stands on a command line.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


if len(sys.argv) < 4:
    sys.exit("usage: DAILY_API_KEY= DAILY_DOMAIN_ID= python3 sign.py ROOM USER_ID NAME [owner]")
key, domain = os.environ["DAILY_API_KEY"], os.environ["DAILY_DOMAIN_ID"]
room, user_id, name = sys.argv[1:4]

now = int(time.time())
claims = {
    "d": domain, "r": room, "ud": user_id, "u": name, "o": sys.argv[4:] == ["owner"],
    "iat": now, "exp": now + 3600,
}
signed = base64url(b'{"alg":"HS256","typ":"JWT"}') + "." + base64url(json.dumps(claims).encode())
signature = hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest()
print(signed + "." + base64url(signature))
