-- What is wrong with a Jitsi token's claims: there is a fault whenever they give no grant, and it names a claim.

local core = require "meetauth.core";
local fault = require "meetauth.dialect.jitsi.fault";
local hostile = require "spec.support.hostile";
local jitsiread = require "meetauth.dialect.jitsi.read";

local entry = { room = "required", domain_verification = true };
local open = { room = "tenant", domain_verification = false };

local function with(changes)
	local all = { iss = "portal", room = "standup", sub = "meet.example" };
	for name, value in pairs(changes) do all[name] = value; end
	return all;
end

local cases = {
	{ "none, in good claims", with({}), nil };
	{ "none, in claims with nulls", with({ context = core.null, user_id = core.null }), nil };
	{ "room as a number", with({ room = 7 }), "room" }; { "sub as a list", with({ sub = {} }), "sub" };
	{ "context as text", with({ context = "{}" }), "context" };
	{ "features as text", with({ context = { features = "x" } }), "context.features" };
	{ "the first of several, by its name", with({ context = { user = 1, group = 1 } }), "context.group" };
	{ "no room, as null", with({ room = core.null }), "room" }; { "no sub", with({ sub = core.null }), "sub" };
	{ "a pattern that is none", with({ room = "a(", context = { room = { regex = true } } }), "room" };
	{ "a list of no rooms", with({ room = core.decode("[]") }), "room" };
	{ "none, in a list of rooms", with({ room = { "a", "b" } }), nil };
	{ "a list in which one is no name", with({ room = { "a", 1 } }), "room" };
	{ "a list in which one is no pattern", with({ room = { "a", "a(" }, context = { room = { regex = true } } }), "room" };
	{ "a setting of the room that is none", with({ context = { room = { duration = -1 } } }), "context.room.duration" };
	{ "what may be sent in unknown words", with({ context = { user = { send = { "v" } } } }), "context.user.send" };
	{ "none, where settings and media are null",
		with({ context = { user = { send = core.null }, room = { lobby = core.null } } }), nil };
	{ "an id that is none", with({ context = { user = { id = {} } } }), "context.user.id" };
	{ "an issuer's name of Daily's", with({ iss = "daily:x" }), "iss" };
};

describe("meetauth.dialect.jitsi.fault", function ()
	it("finds a pattern that the host's options refuse, and says which", function ()
		local function found(room, regex)
			local strict = setmetatable({ regex = regex }, { __index = entry });
			local one = fault.of(with({ room = room, context = { room = { regex = true } } }), strict);
			return one and one.expected;
		end
		assert.matches("^the room's name: token_regex_enabled = false", found("a.*", { enabled = false }));
		assert.matches("and at most 1 of %*, %+, %- and %?$", found("a+b*", { enabled = true, max_quantifiers = 1 }));
		assert.is_nil(found("a+b", { enabled = true, max_quantifiers = 1 }));
	end);

	for _, case in ipairs(cases) do
		it("finds " .. case[1], function ()
			local found = fault.of(case[2], entry);
			assert.equal(case[3], found and found.claim);
			assert.is_true(found == nil or #found.expected > 0);
		end);
	end

	it("asks for neither room nor sub where the entry does not", function () assert.is_nil(fault.of({ iss = "portal" }, open)); end);

	it("tells no password of a room", function ()
		local found = fault.of(with({ context = { room = { password = "open\nsesame" } } }), entry);
		assert.same({ "context.room.password", "another one" }, { found.claim, found.found });
	end);

	it("finds one in all claims that give no grant, and changes none", function ()
		local refused = 0;
		local text = core.encode(with({ user_id = 7, context = { user = { id = "u", lobby = true, send = { "audio" } }, group = "g",
			room = { regex = true, lobby = true, password = "p", duration = 60 }, features = { flip = true } } }));
		for bent in hostile.tokens(text, 21, 1500) do
			local claims = core.decode(bent);
			for _, of in ipairs(type(claims) == "table" and { entry, open } or {}) do
				local found = fault.of(claims, of);
				assert.same(core.decode(bent), claims);
				if not jitsiread.grant(core.decode(bent), of) then
					refused = refused + 1;
					assert.is_string(found.claim);
					assert.is_string(found.expected);
				end
			end
		end
		assert.is_true(refused > 10, refused);
	end);
end);
