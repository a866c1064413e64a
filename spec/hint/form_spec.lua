-- Hints beside a token's form and the text of its claims.

local list = require "meetauth.hint.form";
local world = require "spec.support.hintworld";

local good = world.of_jitsi();

local function raw(payload) return world.signed(world.secrets.portal, payload); end

-- { what people trip over, the token, the check beside which the hint stands, what it says }
local cases = {
	{ "quotes around a token", '"' .. good .. '"', "form", "in quotes" };
	{ "Bearer before it", "Bearer " .. good, "form", "Bearer" };
	{ "a newline behind it", good .. "\n", "form", "white space is around" };
	{ "padding", good .. "=", "form", "base64url" };
	{ "a token that was cut off", good:match("^(.*)%."), "form", "has no signature" };
	{ "a link", "https://meet.example/standup?lang=de&jwt=" .. good .. "#config.x=1", "form", "a whole link" };
	{ "a parameter", "token=" .. good, "form", "name of a parameter" };
	{ "a JSON object", '{"ok":true,"token":"' .. good .. '"}', "form", "inside a JSON object" };
	{ "two copies", good .. good, "form", "appears twice. Write the token once" };
	{ "%2E for its dots", good:gsub("%.", "%%2E"), "form", "percent-encoded" };
	{ "a line break inside", good:sub(1, 30) .. "\n" .. good:sub(31), "form", "inside the token" };
	{ "a dot at its end", good .. ".", "form", "a dot follows the token" };
	{ "a byte order mark", "\u{FEFF}" .. good, "form", "invisible characters" };
	{ "the beginning of a token", good:match("^[^.]*"), "form", "only the beginning" };
	{ "a token without its last letter", good:sub(1, -2), "form", "the end of the token was cut off" };
	{ "a name that was cut inside an emoji", raw('{"iss":"portal","context":{"user":{"name":"LEAK \\ud83c"}}}'), "payload",
		"emoji" };
	{ "a name that was cut inside a letter", raw('{"iss":"portal","context":{"user":{"name":"LEAK\xC3"}}}'),
		"payload", "not UTF-8" };
	{ "JSON of JSON", raw('"{\\"iss\\":\\"LEAK\\"}"'), "payload", "converted to JSON twice" };
	{ "a claim that stands there twice", raw('{"iss":"LEAK","iss":"portal"}'), "payload", "Write each name only once" };
};

local seen = {};

describe("a hint", function ()
	for _, case in ipairs(cases) do
		it("is given for " .. case[1], function () world.look(case, list, seen); end);
	end

	it("was given for each that there is beside a token's form", function ()
		for _, hint in ipairs(list) do assert.is_true(seen[hint], hint.check .. ": " .. hint.says); end
	end);

	it("is told by a payload's escapes, whole pairs and backslashes among them", function ()
		for text, is_half in pairs({
			["\\ud83c\\udf89"] = false, ["\\ud83c"] = true, ["\\udf89"] = true, ["\\ud83c\\ud83c\\udf89"] = true, ["\\\\ud83c"] = false,
			["\\\\\\ud83c"] = true, ["\\u00e9"] = false,
		}) do
			local rows = world.rows_of({ "", raw('{"iss":"portal","name":"' .. text .. '",}') });
			for _, row in ipairs(rows) do
				if row.check == "payload" then assert.equal(is_half, row.hint ~= nil and row.hint:find("emoji", 1, true) ~= nil, text); end
			end
		end
	end);
end);
