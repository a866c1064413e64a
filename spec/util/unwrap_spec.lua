-- What people paste in place of a token, each way by itself and several at once.

local growth = require "spec.support.growth";
local hostile = require "spec.support.hostile";
local unwrap = require "meetauth.util.unwrap";
local world = require "spec.support.hintworld";

local token = world.of_jitsi();

local function names_of(text)
	local inner, ways = unwrap.of(text);
	local names = {};
	for i, way in ipairs(ways) do names[i] = way.name; end
	return inner, table.concat(names, " ");
end

-- { the ways, what is pasted }; the token comes out of each
local cases = {
	{ "", token };
	{ "space", token .. "\n" }; { "space", " \t" .. token }; { "space", token .. "\r\n\r\n" };
	{ "invisible", "\u{FEFF}" .. token }; { "invisible", token .. "\u{200B}" }; { "invisible", token:gsub("%.", "\u{2060}.") };
	{ "invisible", token .. "\u{A0}" };
	{ "object", '{"token":"' .. token .. '"}' }; { "object", '{ "user": "eyal", "access_token" : "' .. token .. '" }' };
	{ "object", '"jwt": "' .. token .. '",' };
	{ "quotes", '"' .. token .. '"' }; { "quotes", "'" .. token .. "'," }; { "quotes", "`" .. token .. "`" };
	{ "quotes", "<" .. token .. ">" }; { "quotes", '"' .. token }; { "quotes", token .. '";' };
	{ "quotes", "\u{201c}" .. token .. "\u{201d}" };
	{ "bearer", "Bearer " .. token }; { "bearer", "bearer+" .. token }; { "bearer", "Bearer%20" .. token };
	{ "bearer", "Authorization: Bearer " .. token }; { "bearer", "authorization:bearer  " .. token };
	{ "link", "https://meet.example/standup?jwt=" .. token };
	{ "link", "https://meet.example/standup?lang=de&jwt=" .. token .. "&x=1#config.startWithAudioMuted=true" };
	{ "link", "wss://meet.example/xmpp-websocket?room=standup&token=" .. token }; { "link", "/standup?jwt=" .. token };
	{ "link", "meet.example/standup#jwt=" .. token }; { "link", "https://meet.example/standup?jwt=" .. token:gsub("%.", "%%2E") };
	{ "link", "?jwt=" .. token };
	{ "parameter", "token=" .. token }; { "parameter", "room=standup&jwt=" .. token };
	{ "percent", (token:gsub("%.", "%%2E")) }; { "percent percent", (token:gsub("%.", "%%252e")) };
	{ "doubled", token .. token }; { "doubled", token .. "\n" .. token }; { "doubled", token .. ", " .. token };
	{ "break", token:sub(1, 40) .. "\n" .. token:sub(41) }; { "break", (token:gsub("%.", ". ")) };
	{ "break", token:sub(1, 40) .. "\\n" .. token:sub(41) }; { "break", token:sub(1, 40) .. "\\\r\n" .. token:sub(41) };
	{ "dot", token .. "." }; { "dot", token .. "..." };
	{ "base64", token .. "=" }; { "base64", (token:gsub("%.", "=.")) };
	{ "space quotes bearer", '  "Bearer ' .. token .. '"\n' };
	{ "link quotes", "https://meet.example/standup?jwt=%22" .. token .. "%22" };
	{ "space object bearer dot doubled", '{"token":"Bearer ' .. token .. token .. '."}\n' };
};

describe("meetauth.util.unwrap", function ()
	for i, case in ipairs(cases) do
		it(("takes off %s (%d)"):format(case[1] == "" and "nothing of a token" or case[1], i), function ()
			assert.same({ token, case[1] }, { names_of(case[2]) });
		end);
	end

	it("turns the letters of base64 into those of base64url", function ()
		assert.same({ "a-b_.c.d", "base64" }, { names_of("a+b/==.c=.d") });
	end);

	it("tells of each way a word, what was pasted and what to write", function ()
		local seen, tried = {}, {};
		for _, case in ipairs(cases) do
			for name in case[1]:gmatch("%S+") do tried[name] = true; end
		end
		for _, way in ipairs(unwrap.ways) do
			assert.is_nil(seen[way.name]);
			seen[way.name] = true;
			assert.is_true(tried[way.name], way.name);
			assert.is_nil((way.says .. way.write):find("%s", 1, true)); -- a hint has it in the place of a name
			assert.is_string(world.instruction(way.says .. ". " .. way.write), way.write);
		end
	end);

	it("leaves alone what has no token in it, or two that differ", function ()
		local other = world.of_jitsi({ room = "retro" });
		for _, text in ipairs({ "", ".", "..", "...", "\"", "=", "?", "{}", "a b", "https://meet.example/standup", "?jwt=",
			"a.b.c", "a.b", "h.p.", token .. other, token .. "\n" .. other, ("x"):rep(100), "key=value", "https://a/?b=c&d=e" }) do
			assert.same({ text, "" }, { names_of(text) });
		end
	end);

	it("takes any bytes, raises on none, and ends", function ()
		for _, case in ipairs(cases) do
			for bent in hostile.tokens(case[2], 31, 200) do
				local inner, ways = unwrap.of(bent);
				assert.is_true(#inner <= #bent and #ways <= 8);
			end
		end
		local text = token;
		for _ = 1, 50 do text = '"Bearer ' .. text; end
		assert.equal(8, #select(2, unwrap.of(text)));
	end);

	for _, odd in ipairs({ "\"", " ", ".", "=", "?", "&", "%41", "\"a\":", "\"a\":\"", "?a=", "&a=b", "\\n", "\xE2\x80\x9C", "eyJ.",
		"\xEF\xBB\xBF", "<", "Bearer " }) do
		it(("takes a time that grows as the text does, of many %q #growth"):format(odd), function ()
			for _, form in ipairs({ "%sx", "?%s", "a. b.c%sx" }) do
				assert.is_true(growth.is_linear(unwrap.of, function (size) return (form:format(odd:rep(size // #odd))); end), form);
			end
		end);
	end
end);
