--- Entries and tokens for hints: people's usual mistakes, each in a separate token.

local keyheld = require "meetauth.key.held";
local hostconfig = require "meetauth.config.host";
local core = require "meetauth.core";
local json = require "meetauth.util.json";
local meetauth = require "meetauth";
local verifier = require "meetauth.token.verifier";

local hintworld = {};

local MAX = 1048576; -- bytes of a token

hintworld.now = 1700000000;
local now = hintworld.now;
hintworld.place = { base = "meet.jitsi", nfkc = function (s) return s; end, fold = string.lower };
hintworld.text = "0123456789abcdef0123456789abcdef";
local text = hintworld.text;
hintworld.secrets = {
	portal = ("p"):rep(40), school = ("s"):rep(40), acme = ("a"):rep(40), tenant = ("t"):rep(40),
	trailing = ("n"):rep(40) .. "\n",
	quoted = '"' .. ("u"):rep(40) .. '"', capitals = ("AB"):rep(32), small = ("cd"):rep(32), sso = ("o"):rep(40),
	plain = ("q"):rep(40), provider = ("w"):rep(40), groups = ("g"):rep(40), role = ("l"):rep(40),
	hex = text .. text, base64 = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZT8=", raw = ("\251\252"):rep(20),
};
local secrets = hintworld.secrets;

hintworld.signing = assert(meetauth.keygen({ alg = "RS256" }));

local function jitsi(id, more)
	local entry = { id = id, issuer = id, secret = secrets[id], weak_secret = true };
	for name, value in pairs(more or {}) do entry[name] = value; end
	return entry;
end

local function verifier_of(issuers, options)
	local host = assert(hostconfig.read(function (name)
		if name == "meetauth_issuers" then return issuers; end
		return options and options[name];
	end));
	return verifier.of_entries(host.entries, MAX, keyheld.of(host.entries));
end

local strict = {
	id = "strict", dialect = "daily", domain_id = "strict", secret = ("x"):rep(40), weak_secret = true, strict = true,
};
local acme = { id = "acme", dialect = "daily", domain_id = "acme-domain", secret = secrets.acme, weak_secret = true };
local jitsi_entries = {
	jitsi("portal", { max_age = 3600 }), jitsi("school", { audience = "Jitsi" }), jitsi("trailing"), jitsi("hex"), jitsi("base64"),
	jitsi("raw"), jitsi("tenant", { tenant = "acme", domain_verification = false }),
	jitsi("rsa", { public_key = hintworld.signing:pem(), algorithms = "RS256" }),
	jitsi("named", { secret = ("k"):rep(40), kid = "k1" }), jitsi("rooms", { secret = ("r"):rep(40), require = { "exp", "jti" } }),
	jitsi("plain", { domain_verification = false }),
	jitsi("quoted"), jitsi("capitals"), jitsi("small"), jitsi("sso", { issuer = "https://sso.example/realms/x" }),
	jitsi("teams", { secret = ("e"):rep(40), rooms = { "team-*" } }),
	jitsi("served", { algorithms = "ES256", asap_url = "https://keys.example" }),
	jitsi("env", { secret = ("v"):rep(40), issuer = '"env"' }),
	jitsi("provider", { claims = { azp = "meet", token_use = "access" } }),
	jitsi("groups", { admit = { claim = "realm.groups", contains = "staff" } }),
	{ id = "idp", oidc_url = "https://idp.example", public_key = hintworld.signing:pem(), algorithms = "RS256", audience = "meet",
		domain_verification = false },
	{ id = "fetched", oidc_url = "https://fetched.example", algorithms = "RS256" },
	jitsi("role", { admit = { claim = { "role" }, values = { "staff" } } }),
};
hintworld.hosts = {
	jitsi = verifier_of(jitsi_entries), daily = verifier_of({ acme, strict }),
	both = verifier_of({ acme, table.unpack(jitsi_entries) }),
	patternless = verifier_of({ jitsi("portal") }, { token_regex_enabled = false }),
	plain = meetauth.verifier({
		keys = { meetauth.key({ alg = "HS256", secret = secrets.portal }) }, algorithms = { "HS256" }, typ = { "JWT" },
		issuer = "https://sso.example/realm", audience = { "Jitsi" }, max_token = MAX,
	}),
};

--- A token; it has LEAK in the places of its own bytes that no hint may show.
function hintworld.signed(secret, claims, head)
	local key = type(secret) == "userdata" and secret or core.key.new("HS256", "secret", secret, nil, true);
	local payload = type(claims) == "string" and claims or json.encode(claims);
	return core.sign(key, head or '{"alg":"HS256","typ":"JWT"}', payload);
end

local function with(base, claims)
	local all = {};
	for name, value in pairs(base) do all[name] = value; end
	for name, value in pairs(claims or {}) do all[name] = value; end
	for name, value in pairs(all) do
		if value == "none" then all[name] = nil; end
	end
	return all;
end

--- A good token of the entry of that id, except these claims, by its secret or another; "none" is no claim.
function hintworld.of_jitsi(claims, id, secret)
	local base = { iss = id or "portal", sub = "meet.jitsi", room = "standup", exp = now + 60, iat = now, jti = "LEAK" };
	return hintworld.signed(secret or secrets[id or "portal"], with(base, claims));
end

--- A good token of the OpenID provider, except these claims and members of the header.
function hintworld.of_provider(claims, head)
	local base = { iss = "https://idp.example", aud = "meet", room = "standup", exp = now + 60, iat = now, jti = "LEAK" };
	return hintworld.signed(hintworld.signing, with(base, claims), json.encode(with({ alg = "RS256", typ = "JWT" }, head)));
end

--- A good token of the Daily entry, except these claims.
function hintworld.of_daily(claims)
	return hintworld.signed(secrets.acme, with({ d = "acme-domain", r = "standup", exp = now + 60, iat = now }, claims));
end

--- Every row of a case's explanation. A case: { name, token, check, hint, host = "jitsi"?, node = "standup"? }.
function hintworld.rows_of(case)
	return hintworld.hosts[case.host or "jitsi"]:explain(case[2], now, { node = case.node or "standup" }, hintworld.place);
end

-- The first words of instructions.
local verbs = { Write = true, Set = true, Add = true, Sign = true, Copy = true, Give = true, Cut = true, Open = true, Ask = true,
	Take = true, Delete = true, Use = true };

--- The instruction of a hint: its last sentence, which begins with a verb; nil: none.
function hintworld.instruction(hint)
	local sentence = hint:match("^.*%f[%S]%. (%u.*)$") or hint:match("^.*[^.]%. (%u.*)$");
	return sentence and verbs[sentence:match("^%a+")] and sentence or nil;
end

--- Find the hint of a case beside its check, and no byte of the token in any. Each of the list that says that is then seen.
function hintworld.look(case, list, seen)
	local found;
	for _, row in ipairs(hintworld.rows_of(case)) do
		local is_it = row.check == case[3];
		if case[3] == "form" then is_it = (row.reason == "malformed" or row.reason == "unsupported") and not found; end
		if is_it then found = row; end
		assert(not (row.hint and row.hint:find("LEAK")), row.hint);
	end
	assert(found, "no row " .. case[3]);
	assert(found.hint, ("%s is %s (%s) without a hint"):format(found.check, found.verdict, tostring(found.reason)));
	assert(found.hint:find(case[4], 1, true), found.hint);
	assert(hintworld.instruction(found.hint), "nothing to write: " .. found.hint);
	for _, hint in ipairs(list) do
		local before, behind = hint.says:match("^(.-)%%s"), hint.says:match("^.*%%s(.*)$");
		before, behind = before or hint.says, behind or "";
		local fits = found.hint:sub(1, #before) == before and (behind == "" or found.hint:sub(-#behind) == behind);
		if hint.check == case[3] and fits then seen[hint] = true; end
	end
end

return hintworld;
