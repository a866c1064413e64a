-- smoke.lua PREFIX - the library that lives under PREFIX signs a token and verifies it.

local prefix = arg[1];

for name, path in pairs({ ["meetauth"] = package.path, ["meetauth.core"] = package.cpath }) do
	local found = assert(package.searchpath(name, path));
	assert(found:sub(1, #prefix + 1) == prefix .. "/", name .. " was found at " .. found);
end

local meetauth = require "meetauth";

local key = assert(meetauth.key { alg = "HS256", secret = ("s"):rep(32) });
local verify = meetauth.verifier { keys = { key }, algorithms = { "HS256" }, issuer = "portal" };
local token = assert(meetauth.sign(key, { iss = "portal", exp = 2000 }));

assert(assert(verify(token, 1000)).exp == 2000);
assert(select(2, verify(token, 2000)) == "expired");
