"""mint.py ROOM USER_ID NAME [owner] - a Daily meeting token for an hour, by REST, with Python's standard library.

Environment: DAILY_API_KEY, and DAILY_API_URL: https://api.daily.co/v1 at Daily, https://meet.example/v1 here.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

if len(sys.argv) < 4:
    sys.exit("usage: DAILY_API_KEY= DAILY_API_URL= python3 mint.py ROOM USER_ID NAME [owner]")
room, user_id, name = sys.argv[1:4]

properties = {
    "room_name": room, "user_id": user_id, "user_name": name, "is_owner": sys.argv[4:] == ["owner"],
    "exp": int(time.time()) + 3600,
}
request = urllib.request.Request(
    os.environ["DAILY_API_URL"] + "/meeting-tokens",
    data=json.dumps({"properties": properties}).encode(),
    headers={"Authorization": "Bearer " + os.environ["DAILY_API_KEY"], "Content-Type": "application/json"},
)
try:
    with urllib.request.urlopen(request, timeout=30) as response:
        print(json.load(response)["token"])
except urllib.error.HTTPError as error:
    sys.exit(f"{error.code} {error.read().decode()}")
