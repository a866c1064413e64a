-- Damaged tokens, as people paste, mail and cut them: each way on an HS256, an RS256 and a Daily token. The server refuses
-- every one; its hint and the command say what it is; and where it can be undone, the verdict is that of the token itself.

local command = require "spec.support.command";
local hostconfig = require "meetauth.config.host";
local keyheld = require "meetauth.key.held";
local meetauth = require "meetauth";
local secret_of = require "spec.support.secret";
local verifier = require "meetauth.token.verifier";
local world = require "spec.support.hintworld";

local now = os.time();
local secret = secret_of("s");
local hs256 = meetauth.key { alg = "HS256", secret = secret };
local rs256 = world.signing;

---@type { name: string, option: string, alg: string?, key: string, entry: table, sign: fun(exp: integer): string }[]
local tokens = {
	{ name = "HS256", option = "--secret-file", key = secret, entry = { issuer = "portal", secret = secret },
		sign = function (exp)
			return meetauth.sign(hs256, { iss = "portal", sub = "meet.example", room = "standup", exp = exp,
				context = { user = { name = "Zoë?>" } } });
		end };
	{ name = "RS256", option = "--key-file", alg = "RS256", key = rs256:pem(),
		entry = { issuer = "portal", public_key = rs256:pem(), algorithms = "RS256" },
		sign = function (exp) return meetauth.sign(rs256, { iss = "portal", aud = "jitsi", sub = "*", room = "*", exp = exp }); end };
	{ name = "Daily", option = "--secret-file", key = secret, entry = { dialect = "daily", domain_id = "acme", secret = secret },
		sign = function (exp) return meetauth.sign(hs256, { d = "acme", r = "standup", iat = now - 9000, exp = exp }); end };
};

-- { way, what it does to a token, what is said of it, whether it cannot be undone }
local ways = {
	{ "in quotes", function (t) return '"' .. t .. '"'; end, "the token is in quotes" };
	{ "between spaces", function (t) return " " .. t .. " "; end, "white space is around the token" };
	{ "with a byte order mark", function (t) return "\u{FEFF}" .. t; end, "invisible characters" };
	{ "behind Bearer", function (t) return "Bearer " .. t; end, "the word Bearer is in front of the token" };
	{ "in a whole link", function (t) return "https://meet.example/standup?jwt=" .. t .. "#config.prejoin=false"; end,
		"a whole link" };
	{ "in the address of the connection", function (t) return "wss://meet.example/xmpp-websocket?room=standup&token=" .. t; end,
		"a whole link" };
	{ "behind the parameter's name", function (t) return "jwt=" .. t; end, "the name of a parameter" };
	{ "inside a JSON object", function (t) return '{"token": "' .. t .. '"}'; end, "the token is inside a JSON object" };
	{ "doubled", function (t) return t .. t; end, "the token appears twice" };
	{ "doubled, a line each", function (t) return t .. "\n" .. t; end, "the token appears twice" };
	{ "with %2E for its dots", function (t) return (t:gsub("%.", "%%2E")); end, "the token is percent-encoded" };
	{ "with a line break inside", function (t) return t:sub(1, 50) .. "\r\n" .. t:sub(51); end, "a line break is inside" };
	{ "with a dot at its end", function (t) return t .. "."; end, "a dot follows the token" };
	{ "with padding", function (t) return (t:gsub("%.", "=.", 1)); end, "the token is base64" };
	{ "in several ways at once", function (t) return "'Bearer " .. t .. "'\n\n"; end, "white space is around the token" };
	{ "without its signature", function (t) return t:match("^(.*)%."); end, "the token has no signature", true };
	{ "without its payload", function (t) return t:match("^[^.]*"); end, "this is only the beginning of a token", true };
	{ "without the last letter", function (t) return t:sub(1, -2); end, "the end of the token was cut off", true };
	{ "without the second half of its signature", function (t)
		local length = #t:match("[^.]*$");
		return t:sub(1, -1 - (length - length // 8 * 4)); -- whole groups of four letters, which are base64url
	end, "the end of the token was cut off", true };
};

local function hint_of(verify, text)
	for _, row in ipairs(verify:explain(text, now)) do
		if row.verdict == "fail" then return row.hint; end
	end
	return nil;
end

local good, expired = now + 600, now - 600;

setup(function ()
	local folder = command.folder();
	for _, of in ipairs(tokens) do
		local site = assert(hostconfig.read(function (name) return name == "meetauth_issuers" and { of.entry } or nil; end));
		of.verify = verifier.of_entries(site.entries, 16384, keyheld.of(site.entries));
		of.file = command.write(folder .. "/" .. of.name, of.key);
	end
end);
teardown(command.clean);

local function explain(of, text)
	return command.run({ "explain", of.option, of.file, table.unpack(of.alg and { "--alg", of.alg } or {}) }, text);
end

describe("A damaged token #command", function ()
	local count = 0;
	for _, of in ipairs(tokens) do
		for _, way in ipairs(ways) do
			count = count + 1;
			it(("of the sort %s, %s, is refused, and both server and command say what it is"):format(of.name, way[1]), function ()
				local text = way[2](of.sign(good));
				local claims, reason = of.verify(text, now);
				assert.is_nil(claims);
				local hint = hint_of(of.verify, text);
				assert.truthy(hint and hint:find(way[3], 1, true), reason .. ": " .. tostring(hint));
				assert.is_string(world.instruction(hint));
				local ran = explain(of, text);
				assert.truthy(ran.out:find(way[3], 1, true), ran.out);
				if way[4] then
					assert.equal(1, ran.status);
					assert.truthy(ran.out:find("\nverdict: refused: " .. reason, 1, true), ran.out);
					return;
				end
				assert.equal(0, ran.status, ran.out);
				assert.truthy(ran.out:find("^pasted\tFAIL\t" .. reason .. "\t"), ran.out);
				local verdict = "\nverdict: accepted, but only without the text around it. The server refuses the token as you gave it: "
					.. "" .. reason;
				assert.truthy(ran.out:find(verdict, 1, true), ran.out);
			end);

			if not way[4] then
				it(("of the sort %s, %s, is judged as what it was before: expired"):format(of.name, way[1]), function ()
					local ran = explain(of, way[2](of.sign(expired)));
					assert.equal(1, ran.status);
					assert.truthy(ran.out:find("\nverdict: refused: expired: ", 1, true), ran.out);
				end);
			end
		end
	end

	it("was looked at in thirty-nine ways or more", function () assert.is_true(count >= 39, count); end);
end);
