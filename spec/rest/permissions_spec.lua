-- Daily's permissions in the words of its REST interface, to and from those of a token.

local core = require "meetauth.core";
local grant_of = require "meetauth.access.grant".of;
local json = require "meetauth.util.json";
local permissions = require "meetauth.rest.permissions";
local properties = require "meetauth.rest.properties";

local null = core.null;

-- A list, marked as one that was read from JSON.
local function list(...)
	return setmetatable({ ... }, core.array_mt);
end

local function read(asked)
	return properties.read({ properties = asked }, 1700000000);
end

-- What a JSON reader makes of it again.
local function through_json(value)
	return core.decode(json.encode(value));
end

describe("Daily's permissions in long words", function ()
	local full = { video = true, audio = true, screenVideo = false, screenAudio = true, customVideo = { ["*"] = true },
		customAudio = { ["*"] = false, dj = true } };
	local full_short = { v = true, a = true, sv = false, sa = true, cv = { ["*"] = true }, ca = { ["*"] = false, dj = true } };

	for i, case in ipairs({
		{ { hasPresence = true }, { hp = true } };
		{ { hasPresence = false }, { hp = false } };
		{ { canSend = true }, { cs = true } };
		{ { canSend = list() }, { cs = false } };
		{ { canSend = list("customAudio", "video", "audio", "screenVideo", "screenAudio", "customVideo") },
			{ cs = "ca,v,a,sv,sa,cv" } };
		{ { canAdmin = false }, { ca = false } };
		{ { canAdmin = list("streaming") }, { ca = "s" } };
		{ { canReceive = {} }, { cr = {} } };
		{ { canReceive = { base = false } }, { cr = { b = false } } };
		{ { canReceive = { base = full } }, { cr = { b = full_short } } };
		{ { canReceive = { byUserId = { ["*"] = false, ann = { audio = false, customVideo = { cam = true } } } } },
			{ cr = { u = { ["*"] = false, ann = { a = false, cv = { cam = true } } } } } };
		{ { canReceive = { byUserId = { ann = { screenAudio = false } } } }, { cr = { u = { ann = { sa = false } } } } };
		{ { canReceive = { byParticipantId = { x = { customAudio = {} } } } }, { cr = { p = { x = { ca = {} } } } } };
	}) do
		it(("become a claim p that a grant can be made of: case %d"):format(i), function ()
			local claims = assert(read({ permissions = case[1] }));
			assert.same(case[2], claims.p);
			claims.d, claims.r = "acme", "standup";
			assert(grant_of(through_json(claims), { dialect = "daily", domain_id = "acme", user_prefix = "", hidden = "visible",
				room = "required", asked = { leeway = 0 } }));
		end);
	end

	local some, media = { video = true }, {};
	for name, rule in pairs(full) do media[name] = rule; end
	media.customVideo = { cam = true };
	for i, case in ipairs({
		{ { canFly = true }, "unknown parameter 'permissions.canFly'" };
		{ { ca = true }, "unknown parameter 'permissions.ca'" };
		{ { hasPresence = "true" }, "permissions.hasPresence should be " };
		{ { canSend = "video" }, "permissions.canSend should be " };
		{ { canSend = list("v") }, "permissions.canSend should be " };
		{ { canSend = list("video", "video") }, "permissions.canSend should be " };
		{ { canSend = some }, "permissions.canSend should be " };
		{ { canAdmin = list("participants", 1) }, "permissions.canAdmin should be " };
		{ { canReceive = true }, "permissions.canReceive should be " };
		{ { canReceive = { all = true } }, "permissions.canReceive should be " };
		{ { canReceive = { base = some } }, "permissions.canReceive should be " };
		{ { canReceive = { base = media } }, "permissions.canReceive should be " };
		{ { canReceive = { byUserId = true } }, "permissions.canReceive should be " };
		{ { canReceive = { byUserId = { ann = {} } } }, "permissions.canReceive should be " };
		{ { canReceive = { byUserId = { ann = { v = true } } } }, "permissions.canReceive should be " };
		{ { canReceive = { byUserId = { ann = { video = 1 } } } }, "permissions.canReceive should be " };
		{ { canReceive = { byParticipantId = { x = { customAudio = true } } } }, "permissions.canReceive should be " };
		{ { canReceive = { byParticipantId = { x = { customAudio = { dj = "true" } } } } }, "permissions.canReceive should be " };
	}) do
		it(("are refused where nobody knows them, or the type is wrong: case %d"):format(i), function ()
			local claims, info = read({ permissions = case[1] });
			assert.is_nil(claims);
			assert.equal(case[2], info:sub(1, #case[2]));
		end);
	end

	-- A random value of the long grammar.
	local function any_rule(complete)
		if math.random(4) == 1 then return math.random(2) == 1; end
		local rule = {};
		for _, name in ipairs({ "video", "audio", "screenVideo", "screenAudio" }) do
			if complete or math.random(2) == 1 then rule[name] = math.random(2) == 1; end
		end
		for _, name in ipairs({ "customVideo", "customAudio" }) do
			if complete or math.random(2) == 1 then rule[name] = { ["*"] = math.random(2) == 1, cam = math.random(2) == 1 or nil }; end
		end
		if next(rule) == nil then rule.audio = false; end
		return rule;
	end

	it("come back as they went in", function ()
		math.randomseed(7);
		for _ = 1, 500 do
			local asked = {
				hasPresence = math.random(2) == 1, canSend = list("video", math.random(2) == 1 and "audio" or nil),
				canAdmin = list("participants", math.random(2) == 1 and "transcription" or nil),
				-- one restriction at least: rules that restrict nothing come back as base = true
				canReceive = { base = any_rule(true), byUserId = { ann = any_rule(false), ben = { audio = false } },
					byParticipantId = { ["*"] = any_rule(false) } },
			};
			local claims = through_json(assert(read({ permissions = asked })));
			assert.same(asked, assert(properties.write(claims, false)).permissions);
		end
	end);
end);

describe("a claim p in long words", function ()
	local cases = {
		{ "no member that the claim has not", {}, {} };
		{ "no member that is null there", { hp = null, cs = false }, { canSend = false } };
		{ "rules that restrict nothing as one word", { cr = { b = true } }, { canReceive = { base = true } } };
		{ "lists in one order, whatever theirs was", { cs = "ca,v", ca = "t,p" },
			{ canSend = list("video", "customAudio"), canAdmin = list("participants", "transcription") } };
		{ "true for all of them, false for none", { hp = false, cs = "v,a,sv,sa,cv,ca", ca = "" },
			{ hasPresence = false, canSend = true, canAdmin = false } };
		{ "no words that nobody knows", { cs = "v,zz", ca = "boss", zz = 1 },
			{ canSend = list("video"), canAdmin = false } };
		{ "rules of receiving, to their last part", { cr = { b = false, u = { ann = { sv = false, cv = { cam = true } } } } },
			{ canReceive = { base = false, byUserId = { ann = { screenVideo = false, customVideo = { cam = true } } } } } };
		{ "long names where they count", { canAdmin = list("streaming") }, { canAdmin = list("streaming") }, either = true };
		{ "none of them where they do not", { canAdmin = list("streaming") }, {} };
	};
	for _, case in ipairs(cases) do
		it("has " .. case[1], function ()
			assert.same(case[3], permissions.write(case[2], case.either == true));
		end);
	end

	for reason, claim in pairs({ ["bad-claim"] = { cs = 1 }, ["ambiguous-claims"] = { hp = true, hasPresence = false } }) do
		it("is refused where a token's is: " .. reason, function ()
			assert.same({ nil, reason }, { permissions.write(claim, true) });
		end);
	end
end);

describe("permissions that are no object", function ()
	for _, value in ipairs({ true, 7, "all", null, list(), list("video") }) do
		it("are refused as a whole: " .. type(value), function ()
			assert.same({ nil, nil, "an object" }, { permissions.read(value) });
		end);
	end
end);
