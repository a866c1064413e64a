-- What a caller of the core hands over by mistake: the error names the argument.

local core = require "meetauth.core";
local openssl = require "spec.support.openssl";

local secret = ("k"):rep(32);
local key = assert(core.key.new("HS256", "secret", secret));
local asymmetric = assert(core.key.new("ES256", "public", openssl.public("P-256")));
local token = core.token;

local closed;
do
	local gone <close> = assert(core.key.new("HS256", "secret", secret));
	closed = gone;
end

local unopened, opened = token.new(100), token.new(100);
assert(opened:open("e30.e30.AA"));

local many = {};
for i = 1, 33 do many[i] = { "name" .. i }; end

-- Name, function, the argument that is named, and what is handed over.
local mistakes = {
	{ "decode", core.decode, 1, {} };
	{ "encode", core.encode, 1 };
	{ "sha256", core.sha256, 1, {} };
	{ "base64url", core.base64url, 1, {} };
	{ "keygen", core.keygen, 1, {}, 2048 };
	{ "keygen", core.keygen, 2, "RS256" };
	{ "key.new", core.key.new, 1, {}, "secret", secret };
	{ "key.new", core.key.new, 2, "HS256", "pem", secret };
	{ "key.new", core.key.new, 3, "HS256", "secret", {} };
	{ "key.new of a JWK", core.key.new, 3, "HS256", "jwk", "{}" };
	{ "key.new", core.key.new, 4, "HS256", "secret", secret, {} };
	{ "key.new", core.key.new, 6, "HS256", "secret", secret, "kid", false, {} };
	{ "key.new", core.key.new, 6, "HS256", "secret", secret, "kid", false, -1 };
	{ "key.new", core.key.new, 6, "HS256", "secret", secret, "kid", false, 4097 };
	{ "key.bind", core.key.bind, 1, opened, "ES256" };
	{ "key.bind", core.key.bind, 2, asymmetric, {} };
	{ "key.bind", core.key.bind, 3, asymmetric, "ES256", {} };
	{ "key.bind", core.key.bind, 3, asymmetric, "ES256", -1 };
	{ "key.bind", core.key.bind, 3, asymmetric, "ES256", 4097 };
	{ "selector", core.selector, 1, "rows" };
	{ "selector of 33 rows", core.selector, 1, many };
	{ "selector of a text", core.selector, 1, { "iss" } };
	{ "selector of an empty row", core.selector, 1, { {} } };
	{ "token.new", token.new, 1, "x" };
	{ "token.new", token.new, 1, 0 };
	{ "token.new", token.new, 1, 1048577 };
	{ "token.open", token.open, 1, key, "e30.e30.AA" };
	{ "token.remember", token.remember, 2, opened };
	{ "token.scan", token.scan, 2, opened, opened };
	{ "token.claims", token.claims, 2, opened, secret };
	{ "token.claims of a closed key", token.claims, 2, opened, closed };
	{ "token.payload", token.payload, 2, opened, opened };
	{ "token.payload of a closed key", token.payload, 2, opened, closed };
	{ "sign", core.sign, 1, opened, "{}", "{}" };
	{ "sign by a closed key", core.sign, 1, closed, "{}", "{}" };
	{ "sign", core.sign, 2, key, {}, "{}" };
	{ "sign", core.sign, 3, key, "{}" };
};

for _, name in ipairs({ "alg", "members", "pem", "kid", "can_sign", "bind" }) do
	table.insert(mistakes, { "key." .. name, core.key[name], 1, secret, "ES256" });
	table.insert(mistakes, { "key." .. name .. " of a closed key", core.key[name], 1, closed, "ES256" });
end

for _, name in ipairs({ "remember", "header", "scan", "claims", "unverified", "payload" }) do
	table.insert(mistakes, { "token." .. name, token[name], 1, key, key });
	table.insert(mistakes, { "token." .. name .. " before open", token[name], 1, unopened, key });
end

describe("a mistake in a call of the core", function ()
	for _, row in ipairs(mistakes) do
		local name, call, place = table.unpack(row, 1, 3);
		it(("is told with its place: argument %d of %s"):format(place, name), function ()
			local ok, message = pcall(call, table.unpack(row, 4));
			assert.is_false(ok);
			assert.truthy(message:find(("bad argument #%d to "):format(place), 1, true), message);
		end);
	end
end);
