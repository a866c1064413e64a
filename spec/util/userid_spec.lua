local core = require "meetauth.core";
local userid = require "meetauth.util.userid";

-- What stands in the token's JSON, and the id that it is.
local ids = {
	{ '"u1"', "u1" }, { '"77"', "77" }, { '""', "" }, { '" "', " " }, { '"007"', "007" }, { '"1e3"', "1e3" },
	{ "77", "77" }, { "77.0", "77" }, { "0", "0" }, { "-0", "0" }, { "-0.0", "0" }, { "-5", "-5" }, { "1e3", "1000" },
	{ "770e-1", "77" }, { "9007199254740992", "9007199254740992" }, { "-9007199254740992", "-9007199254740992" },
	{ "9007199254740992.0", "9007199254740992" },
	{ "null", nil },
};

-- What is no id: more than 2^53 is not every number any more, and two ids would be one.
local none = {
	"true", "false", "[]", "[77]", '["u1"]', "{}", '{"id":"u1"}', "0.5", "77.5", "-1e-9", "9007199254740993", "-9007199254740993",
	"9223372036854775807", "-9223372036854775808", "1e16", "1e19", "1e300", "-1e300",
};

describe("meetauth.util.userid", function ()
	for _, case in ipairs(ids) do
		it(("takes %s for %s"):format(case[1], case[2] and ("%q"):format(case[2]) or "no id"), function ()
			local id, reason = userid.of(core.decode('{"id":' .. case[1] .. "}").id);
			assert.equal(case[2], id);
			assert.is_nil(reason);
		end);
	end

	for _, text in ipairs(none) do
		it("refuses " .. text, function ()
			assert.same({ nil, "bad-claim" }, { userid.of(core.decode('{"id":' .. text .. "}").id) });
		end);
	end

	it("takes nothing for no id", function () assert.same({}, { userid.of(nil) }); end);

	it("refuses what no JSON can hold", function ()
		for _, value in ipairs({ 0 / 0, math.huge, -math.huge, print }) do
			assert.same({ nil, "bad-claim" }, { userid.of(value) });
		end
	end);
end);

describe("a user's id", function ()
	local grant = require "meetauth.access.grant".of;
	local entries = {
		jitsi = { dialect = "jitsi", id = "j", room = "required", domain_verification = false, asked = { leeway = 0 } },
		daily = { dialect = "daily", id = "d", domain_id = "acme", room = "required", user_prefix = "", claim_names = "either",
			asked = { leeway = 0 } },
	};
	-- Wherever a token may have it.
	local places = {
		{ "context.user.id", "jitsi", '{"iss":"p","room":"x","context":{"user":{"id":%s}}}' };
		{ "user_id in Jitsi's dialect", "jitsi", '{"iss":"p","room":"x","user_id":%s}' };
		{ "user_id beside a context", "jitsi", '{"iss":"p","room":"x","user_id":%s,"context":{}}', ignored = true };
		{ "ud", "daily", '{"d":"acme","r":"x","ud":%s}' };
		{ "user_id in Daily's dialect", "daily", '{"d":"acme","r":"x","user_id":%s}' };
		{ "both of Daily's names", "daily", '{"d":"acme","r":"x","ud":"77","user_id":%s}', one = true };
	};
	local function read(place, value)
		return grant(core.decode(place[3]:format(value)), entries[place[2]]);
	end

	for _, place in ipairs(places) do
		it("is text in the grant, whatever it was in " .. place[1], function ()
			for _, value in ipairs({ '"77"', "77", "77.0" }) do
				local given = assert(read(place, value));
				assert.equal(not place.ignored and "77" or nil, given.user and given.user.id);
			end
		end);
		it("is refused where it is no id, in " .. place[1], function ()
			for _, value in ipairs(none) do
				local given, reason = read(place, value);
				assert.is_nil(given);
				assert.equal(place.one and "ambiguous-claims" or "bad-claim", reason);
			end
		end);
		it("is none where it is null, in " .. place[1], function ()
			local given = assert(read(place, "null"));
			assert.equal(place.one and "77" or nil, given.user and given.user.id);
		end);
	end

	it("is what an audit and a revocation read", function ()
		local given = assert(read(places[1], "77"));
		assert.equal("77", (require "meetauth.server.audit".bearer(given)));
		local new_revocation = require "meetauth.server.revocation".of;
		local revocations = require "meetauth.server.revocations";
		local set = revocations.new();
		set:add(assert(new_revocation("user", "77", {}, {}, 0, 1700000000)));
		for _, place in ipairs(places) do
			if not place.ignored then assert.is_table(set:hit(assert(read(place, "77.0")))); end
		end
	end);

	it("is checked for Daily's space in any form", function ()
		assert.same({ nil, "bad-claim" }, { read(places[1], '"daily:acme:77"') });
	end);

	it("has Daily's limit in digits, too", function ()
		assert.equal("-9007199254740992", read(places[4], "-9007199254740992").user.id);
	end);
end);
