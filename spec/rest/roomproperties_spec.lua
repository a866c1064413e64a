local core = require "meetauth.core";
local json = require "meetauth.util.json";
local roomproperties = require "meetauth.rest.roomproperties";

local now = 1700000000;
local null = core.null;

local function list(...) return setmetatable({ ... }, core.array_mt); end
local function read(properties, before) return roomproperties.read({ properties = properties }, now, before); end

-- Of each property: values that fit, and some that do not.
local kept = {
	nbf = { good = { 0, now }, bad = { "0", -1, true } };
	exp = { good = { now + 60 }, bad = { now, "x", now * 1000 } };
	max_participants = { good = { 1, 200 }, bad = { 0, 1.5, "2", -1, 2147483648 } };
	eject_at_room_exp = { good = { true }, bad = { 1, "true" }, default = false };
	eject_after_elapsed = { good = { 1, 2147483647 }, bad = { 0, 1.5, "60" } };
	enable_knocking = { good = { true, false }, bad = { 1 } };
	enforce_unique_user_ids = { good = { true }, bad = { 0 }, default = false };
	enable_screenshare = { good = { false }, bad = { "no" }, default = true };
	enable_recording = { good = { "cloud", list("cloud", "local"), list() }, bad = { "tape", true, {} } };
	permissions = { good = { { canSend = false } }, bad = { true, { cs = true } } };
};

describe("the properties of a room", function ()
	for _, property in ipairs(roomproperties.list) do
		local row = kept[property.name];
		if row then
			it("are kept: " .. property.name, function ()
				assert.is_true(property.kept);
				assert.equal(row.default, property.default);
				for _, value in ipairs(row.good) do
					assert.same({ config = { [property.name] = value }, unkept = {} }, (read({ [property.name] = value })));
				end
				for _, value in ipairs(row.bad) do
					local wish, wrong = read({ [property.name] = value });
					assert.is_nil(wish);
					assert.truthy(wrong:find(property.name, 1, true));
				end
			end);
		else
			it("are written down and have no effect: " .. property.name, function ()
				assert.is_nil(property.kept);
				for _, value in ipairs({ true, "x", 7, { a = 1 }, list({ a = 1 }) }) do
					local wish = read({ [property.name] = value });
					if wish and value ~= property.default then
						assert.same({ config = { [property.name] = value }, unkept = { property.name } }, wish);
					end
				end
			end);
		end
	end

	it("are Daily's 49", function () assert.equal(49, #roomproperties.list); end);

	it("count as absent where they are null or Daily's default", function ()
		for _, property in ipairs(roomproperties.list) do
			assert.same({}, read({ [property.name] = null }).config);
			if property.default ~= nil then
				assert.same({}, read({ [property.name] = property.default }).config);
				assert.same({}, read({ [property.name] = property.default }, { [property.name] = "other" }).config);
			end
		end
	end);

	it("stay as they are where a change does not name them; two of them end by null", function ()
		local before = { exp = now - 60, geo = "eu", enable_recording = "cloud", streaming_endpoints = list() };
		assert.same(before, read({}, before).config);
		assert.same(before, read({ exp = null, geo = null }, before).config);
		assert.same({ exp = now - 60, geo = "eu" }, read({ enable_recording = null, streaming_endpoints = null }, before).config);
	end);

	it("are rounded so that a window is never wider than the one asked for", function ()
		assert.same({ exp = now + 60, nbf = now + 1 }, read({ exp = now + 60.9, nbf = now + 0.1 }).config);
		assert.equal("integer", math.type(read({ max_participants = 4.0 }).config.max_participants));
	end);

	it("leave nulls out of permissions", function ()
		assert.same({ permissions = { canSend = true } }, read({ permissions = { canSend = true, canAdmin = null } }).config);
	end);

	for _, case in ipairs({
		{ "a body that is no object", list(), "the body should be an object" };
		{ "an unknown member", { url = "x" }, "unknown parameter 'url'" };
		{ "another privacy", { privacy = "org" }, "privacy should be public or private" };
		{ "properties that are a list", { properties = list() }, "properties should be an object" };
		{ "an unknown property", { properties = { zz = 1, fun = 1 } }, "unknown parameter 'fun'" };
	}) do
		it("are refused in " .. case[1], function () assert.same({ nil, case[3] }, { roomproperties.read(case[2], now) }); end);
	end

	it("know no new name for a room that is there", function ()
		assert.same({ nil, "unknown parameter 'name'" }, { roomproperties.read({ name = "x" }, now, {}) });
	end);
end);

describe("the rules of a room", function ()
	local function rules(privacy, properties)
		return roomproperties.rules(privacy, core.decode(json.encode(read(properties).config)));
	end

	it("are none where nothing was asked for", function () assert.same({}, rules("public", {})); end);

	it("are what the kept properties say, and nothing of the others", function ()
		assert.same({
			private = true, knocks = true, nbf = now, exp = now + 60, eject_at = now + 60, eject_after = 30, max = 4, unique = true,
			defaults = { p = { cs = "a" }, er = "cloud", ss = false };
		}, rules("private", {
			nbf = now, exp = now + 60, eject_at_room_exp = true, eject_after_elapsed = 30, max_participants = 4, enable_knocking = true,
			enforce_unique_user_ids = true, permissions = { canSend = list("audio") }, enable_recording = "cloud",
			enable_screenshare = false, geo = "eu", start_video_off = true,
		}));
	end);

	it("have nobody knock at a public room, nobody ejected without exp, and nobody hidden", function ()
		assert.same({ defaults = { p = {} } }, rules("public", {
			enable_knocking = true, eject_at_room_exp = true, permissions = { hasPresence = false },
		}));
	end);

	it("are none of what nobody could have written", function ()
		for _, config in ipairs({ { fun = true }, { exp = "x" }, { max_participants = 0 } }) do
			assert.is_nil(roomproperties.rules("public", config));
		end
	end);
end);
