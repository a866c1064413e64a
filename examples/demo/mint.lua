-- mint.lua - sign meeting tokens with the library itself.
-- stdin: a JSON object per line, { "entry": { "secret": ... }, "claims": { ... } }.
-- stdout: a token per line. A secret never stands on a command line.

local meetauth = require "meetauth";
local json = require "cjson";

for line in io.lines() do
	local order = json.decode(line);
	local key = assert(meetauth.key { alg = "HS256", secret = order.entry.secret });
	print(assert(meetauth.sign(key, order.claims)));
end
