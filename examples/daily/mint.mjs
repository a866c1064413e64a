// mint.mjs ROOM USER_ID NAME [owner] - a Daily meeting token for an hour, by REST, with Node alone.
// Environment: DAILY_API_KEY, and DAILY_API_URL: https://api.daily.co/v1 at Daily, https://meet.example/v1 here.

const { DAILY_API_KEY: key, DAILY_API_URL: api } = process.env;
const [room, id, name, role] = process.argv.slice(2);
if (!key || !api || !name) throw new Error("usage: DAILY_API_KEY= DAILY_API_URL= node mint.mjs ROOM USER_ID NAME [owner]");

const exp = Math.floor(Date.now() / 1000) + 3600;
const response = await fetch(`${api}/meeting-tokens`, {
	method: "POST",
	headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
	body: JSON.stringify({ properties: { room_name: room, user_id: id, user_name: name, is_owner: role === "owner", exp } }),
});
if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
console.log((await response.json()).token);
