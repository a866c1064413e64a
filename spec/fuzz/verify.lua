--- Fuzz target: tokens. The first byte chooses how the rest becomes one: as it is, as a payload or as a header
--- and a payload (a line each) that the fixed key signs, so that what lies behind the signature is reached.

local held = require "spec.support.held";
local meetauth = require "meetauth";
local core = require "meetauth.core";
local verifier = require "meetauth.token.verifier";
local claims = require "meetauth.token.claims";
local entry_of = require "meetauth.access.entry".of;
local answer = require "spec.fuzz.support".answer;
local unwrap = require "meetauth.util.unwrap".of;

local NOW = 1700000000;

local key = assert(meetauth.key { alg = "HS256", secret = ("k"):rep(32) });
local other = assert(meetauth.key { alg = "HS256", secret = ("o"):rep(32), kid = "other" });
local elliptic = assert(meetauth.key { jwk = [[{"kty":"EC","crv":"P-256",
	"x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]] });
local keys = { other, key, elliptic };

local bare = meetauth.verifier { keys = keys, algorithms = { "HS256", "ES256" } };
local asking = meetauth.verifier { keys = keys, algorithms = { "HS256", "ES256" }, issuer = { "joe", "ann" },
	audience = "jitsi", leeway = 10, typ = { "JWT" }, require = { "exp", "sub" }, max_age = 3600 };

-- An entry as a configuration has it.
local function entry(fields, issuer)
	local made = entry_of(fields, "fuzz");
	made.keys, made.issuer, made.algorithms = keys, issuer, { "HS256", "ES256" };
	made.asked = { leeway = 10.0, issuer = claims.set(issuer) };
	return made;
end

local entries = { entry({ dialect = "jitsi" }, { "joe" }), entry({ dialect = "daily", domain_id = "one" }) };
local host = verifier.of_entries(entries, 16384, held(entries));

-- Types that whoever gets claims relies on (RFC 7519 4.1).
local types = { exp = "number", nbf = "number", iat = "number", iss = "string", sub = "string", jti = "string" };

local function check_claims(all)
	if not all then return; end
	assert(getmetatable(all) == nil);
	for name, expected in pairs(types) do
		assert(all[name] == nil or type(all[name]) == expected, name);
	end
	assert(not (all.exp and all.exp < NOW - 10), "expired");
end

local verdicts = { ok = true, fail = true, skipped = true };

local function check_rows(rows)
	assert(rows[1].check == "form");
	for _, row in ipairs(rows) do
		assert(verdicts[row.verdict]);
		if row.verdict == "fail" then
			answer(nil, row.reason);
			assert(row.expected ~= nil and row.found ~= nil, row.check);
		end
	end
end

-- Nobody but the fixed keys signs, so a token from outside is never taken.
local function check(token, is_signed)
	for _, verify in ipairs({ bare, asking, host }) do
		local all = answer(verify(token, NOW));
		assert(is_signed or not all, "a forgery was taken");
		check_claims(all);
		check_rows(verify:explain(token, NOW));
		local bytes = answer(verify:payload(token));
		assert(not (all and not bytes), "claims without a payload");
	end
	if answer(asking(token, NOW)) then assert(answer(bare(token, NOW)), "asking for more gave more"); end
	answer(meetauth.peek(token));
	assert(#unwrap(token) <= #token);
end

local function sign(header, payload)
	return assert(core.sign(key, header, payload));
end

local ways = {
	function (rest) check(rest, false); end;
	function (rest) check(sign('{"alg":"HS256"}', rest), true); end;
	function (rest)
		local header, payload = rest:match("^([^\n]*)\n(.*)$");
		if header then check(sign(header, payload), true); end
	end;
	function (rest) check(sign(rest, '{"iss":"joe","aud":"jitsi","exp":1700000100,"iat":1699999999,"sub":"s"}'), true); end;
};

return function (bytes)
	if bytes == "" then return; end
	ways[bytes:byte() % #ways + 1](bytes:sub(2));
end;
