local core = require "meetauth.core";
local daily = require "meetauth.dialect.daily";

local entry = { domain_id = "acme", room = "required", user_prefix = "daily:acme:" };

local function grant(text, of)
	return daily.grant(assert(core.decode(text)), of or entry);
end

-- Feature names and what Daily's defaults make of them (daily.md 5.3): everyone, owners, nobody.
local features = {
	["screen-sharing"] = "everyone", ["create-polls"] = "everyone", ["send-groupchat"] = "everyone",
	["send-private-message"] = "everyone", ["livestreaming"] = "owner", ["transcription"] = "owner",
	["recording"] = "nobody", ["outbound-call"] = "nobody", ["sip-outbound-call"] = "nobody", ["file-upload"] = "nobody",
	["live-translation"] = "nobody", ["flip"] = "nobody", ["name-readonly"] = "nobody",
};

local rooms = {
	{ r = '"stand-up_1"', room = "stand-up_1" };
	{ r = '"Hello"', room = "hello" }; -- XMPP folds case
	{ r = '"' .. ("x"):rep(128) .. '"', room = ("x"):rep(128) };
	{ r = '"' .. ("x"):rep(129) .. '"', reason = "bad-claim" };
	{ r = '""', reason = "bad-claim" };
	{ r = '"*"', reason = "bad-claim" };
	{ r = '"a*"', reason = "bad-claim" };
	{ r = '"a b"', reason = "bad-claim" };
	{ r = '"[t]a"', reason = "bad-claim" };
	{ r = '"a@b"', reason = "bad-claim" };
	{ r = '"a/b"', reason = "bad-claim" };
	{ r = '"a.b"', reason = "bad-claim" };
	{ r = '"%a"', reason = "bad-claim" };
	{ r = '"a\\n"', reason = "bad-claim" };
	{ r = '"a\\u0000"', reason = "bad-claim" };
	{ r = '"ä"', reason = "bad-claim" };
	{ r = "1", reason = "bad-claim" };
	{ r = "null", reason = "bad-claim" };
	{ r = "true", reason = "bad-claim" };
	{ r = '["a"]', reason = "bad-claim" };
};

local owners = {
	{ o = nil, owner = "denied" };
	{ o = "true", owner = "granted" };
	{ o = "false", owner = "denied" };
	{ o = "1", reason = "bad-claim" };
	{ o = '"true"', reason = "bad-claim" };
	{ o = "null", reason = "bad-claim" };
	{ o = "{}", reason = "bad-claim" };
};

local users = {
	{ claims = "", user = {} };
	{ claims = ',"u":"Joe"', user = { name = "Joe" } };
	{ claims = ',"u":"J\\u202e\\noe"', user = { name = "Joe" } };
	{ claims = ',"u":"' .. ("ä"):rep(300) .. '"', user = { name = ("ä"):rep(256) } };
	{ claims = ',"u":1', reason = "bad-claim" };
	{ claims = ',"u":null', reason = "bad-claim" };
	{ claims = ',"ud":"u1"', user = { id = "daily:acme:u1" } };
	{ claims = ',"ud":"u\\u00001"', user = { id = "daily:acme:u1" } };
	{ claims = ',"ud":"' .. ("ä"):rep(36) .. '"', user = { id = "daily:acme:" .. ("ä"):rep(36) } };
	{ claims = ',"ud":"' .. ("ä"):rep(37) .. '"', reason = "bad-claim" };
	{ claims = ',"ud":"\\ud83d\\ude00' .. ("x"):rep(35) .. '"', user = { id = "daily:acme:\u{1F600}" .. ("x"):rep(35) } };
	{ claims = ',"ud":7', reason = "bad-claim" };
	{ claims = ',"ud":["u1"]', reason = "bad-claim" };
};

local domains = {
	{ name = "another domain", text = '{"d":"umbrella","r":"x"}', reason = "unknown-issuer" };
	{ name = "the domain in another case", text = '{"d":"Acme","r":"x"}', reason = "unknown-issuer" };
	{ name = "no domain", text = '{"r":"x"}', reason = "unknown-issuer" };
	{ name = "a number as domain", text = '{"d":1,"r":"x"}', reason = "bad-claim" };
	{ name = "null as domain", text = '{"d":null,"r":"x"}', reason = "bad-claim" };
	{ name = "no room", text = '{"d":"acme"}', reason = "missing-claim" };
	{ name = "long names, which nobody asked for (daily.md 2.5)",
		text = '{"domain_id":"acme","room_name":"x"}', reason = "unknown-issuer" };
	{ name = "a bad claim before another domain", text = '{"d":"umbrella","r":"*"}', reason = "bad-claim" };
};

describe("meetauth.dialect.daily", function ()
	it("reads Daily's published sample (daily.md 1.3)", function ()
		local found = grant([[{"nbf":1548721569,"exp":1864081538,"r":"hello","o":true,"ss":true,"er":"local",
			"d":"25df5057-ef0d-4d97-bde6-0cf287276cbb","iat":1548721831}]],
			{ domain_id = "25df5057-ef0d-4d97-bde6-0cf287276cbb", room = "required", user_prefix = "" });
		assert.equal("daily:25df5057-ef0d-4d97-bde6-0cf287276cbb", found.issuer);
		assert.equal("hello", found.room);
		assert.equal("granted", found.owner);
		assert.is_true(found.passes_lobby);
		assert.is_false(found.check_domain);
		assert.is_nil(found.domain);
		assert.same({ moderator = true, affiliation = "owner" }, found.user);
	end);

	for _, case in ipairs(rooms) do
		it(("%s the room %s"):format(case.room and "reads" or "refuses", #case.r > 40 and case.r:sub(1, 20) .. "..." or case.r),
			function ()
				local found, reason = grant(('{"d":"acme","r":%s}'):format(case.r));
				assert.equal(case.room, found and found.room);
				assert.equal(case.reason, reason);
			end);
	end

	for _, case in ipairs(owners) do
		it(("takes o = %s for %s"):format(case.o or "nothing", case.owner or case.reason), function ()
			local found, reason = grant(('{"d":"acme","r":"x"%s}'):format(case.o and ',"o":' .. case.o or ""));
			assert.equal(case.owner, found and found.owner);
			assert.equal(case.reason, reason);
			if found then
				assert.equal(case.owner == "granted", found.user.moderator);
				assert.equal(case.owner == "granted" and "owner" or "member", found.user.affiliation);
			end
		end);
	end

	for _, case in ipairs(users) do
		it(("makes a user of {%s}"):format(#case.claims > 40 and case.claims:sub(2, 20) .. "..." or case.claims:sub(2)), function ()
			local found, reason = grant('{"d":"acme","r":"x"' .. case.claims .. "}");
			assert.equal(case.reason, reason);
			if case.user then
				assert.equal(case.user.id, found.user.id);
				assert.equal(case.user.name, found.user.name);
			else
				assert.is_nil(found);
			end
		end);
	end

	for _, case in ipairs(domains) do
		it("refuses " .. case.name, function ()
			assert.same({ nil, case.reason }, { grant(case.text) });
		end);
	end

	it("opens every room without r where the entry says so", function ()
		local found = grant('{"d":"acme"}', { domain_id = "acme", room = "tenant", user_prefix = "" });
		assert.equal("*", found.room);
		assert.equal("denied", found.owner);
	end);

	it("names every feature, because a neighbour takes an absent one for denied", function ()
		for _, owner in ipairs({ false, true }) do
			local expected = {};
			for name, who in pairs(features) do expected[name] = who == "everyone" or (who == "owner" and owner); end
			assert.same(expected, grant(('{"d":"acme","r":"x","o":%s}'):format(owner)).features);
		end
	end);

	it("hands out a feature table of its own each time", function ()
		local one, two = grant('{"d":"acme","r":"x"}'), grant('{"d":"acme","r":"x"}');
		one.features.recording = true;
		assert.is_false(two.features.recording);
	end);

	it("reads no word of Jitsi's", function ()
		local found = grant('{"d":"acme","r":"x","moderator":true,"context":{"user":{"moderator":true}}}');
		assert.equal("denied", found.owner);
	end);
end);
