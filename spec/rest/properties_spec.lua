local core = require "meetauth.core";
local dailyclaims = require "meetauth.dialect.daily.claims";
local json = require "meetauth.util.json";
local properties = require "meetauth.rest.properties";

local now = 1700000000;

-- A list, marked as one that was read from JSON.
local function list(...)
	return setmetatable({ ... }, core.array_mt);
end

local function read(asked)
	return properties.read({ properties = asked }, now);
end

local null = core.null;
local booleans = { good = { true, false }, bad = { "true", 0, 1, {}, list() }, says = "true or false" };

-- Every property: its claim, values that are taken (and what they become, where that is something else), others.
local rows = {
	room_name = { claim = "r", good = { "standup", "Stand-up_2", "0", ("a"):rep(128) },
		bad = { "", "*", "a b", "ü", "[acme]a", "a%", ("a"):rep(129), 7, true, null, {}, list("a") },
		says = "1 to 128 letters, digits, - and _" };
	eject_at_token_exp = { claim = "ejt", like = booleans };
	eject_after_elapsed = { claim = "eje", good = { 1, 60, 2147483647, 60.0 }, becomes = { 1, 60, 2147483647, 60 },
		bad = { 0, -1, 1.5, 2147483648, math.huge, "60", true, {} }, says = "a whole number of seconds, 1 to 2147483647" };
	nbf = { claim = "nbf", good = { 0, now, now + 0.5, now + 60, 99999999999 }, becomes = { 0, now, now + 1, now + 60, 99999999999 },
		bad = { -1, 100000000000, "0", true, {} } };
	exp = { claim = "exp", good = { now + 1, now + 60.9, 99999999999 }, becomes = { now + 1, now + 60, 99999999999 },
		bad = { -1, now * 1000, math.huge, 0 / 0, "1864081538", true, {} } };
	is_owner = { claim = "o", like = booleans };
	user_name = { claim = "u", good = { "", "Ann", "Ann Ü. 🎈", ("a"):rep(1000) },
		bad = { 7, true, {}, list("a") }, says = "a string" };
	user_id = { claim = "ud", good = { "a", ("ü"):rep(36) }, bad = { "", ("a"):rep(37), "a\0", "a\u{202e}", 7, {} },
		says = "a string of 1 to 36 characters" };
	enable_screenshare = { claim = "ss", like = booleans };
	start_video_off = { claim = "vo", like = booleans };
	start_audio_off = { claim = "ao", like = booleans };
	enable_recording = { claim = "er", good = { "cloud", "local", list(), list("cloud", "raw-tracks", "cloud-audio-only") },
		bad = { "", "tape", "cloud,local", list("cloud", "cloud"), list("tape"), list(1), {}, { cloud = true }, true },
		says = "one or a list of cloud, cloud-audio-only, local, raw-tracks" };
	enable_prejoin_ui = { like = booleans };
	enable_live_captions_ui = { like = booleans };
	enable_recording_ui = { claim = "erui", like = booleans };
	enable_terse_logging = { like = booleans };
	knocking = { claim = "k", like = booleans };
	start_cloud_recording = { claim = "sr", like = booleans };
	start_cloud_recording_opts = { claim = "sro", good = { {}, { width = 1, type = "cloud", layout = {}, dataOutputs = list("x") },
		{ fps = 25.5, instanceId = "a", backgroundColor = "#fff" } },
		bad = { list(), "cloud", true, { url = "x" }, { width = "1" }, { width = -1 }, { type = "local" }, { layout = list() },
			{ dataOutputs = "x" }, { fps = null } },
		says = "an object of documented options" };
	auto_start_transcription = { claim = "ast", like = booleans };
	close_tab_on_exit = { claim = "ctoe", like = booleans };
	redirect_on_meeting_exit = { claim = "rome", good = { "https://app.example/", "app://x", "" },
		bad = { true, {}, 7 }, says = "a string" };
	lang = { claim = "uil", good = { "en", "pt-BR", "user", "jp" }, bad = { "", "EN", "ja", true, {}, list("en") },
		says = "one of the documented languages" };
	permissions = { claim = "p", good = { {}, { canAdmin = true }, { canSend = list("video") } },
		becomes = { {}, { ca = true }, { cs = "v" } }, bad = { true, "all", list(), 7 }, says = "an object" };
};

describe("Daily's properties", function ()
	for name, given in pairs(rows) do
		local row = given.like or given;
		describe(name, function ()
			for i, value in ipairs(row.good) do
				it(("becomes its claim, if any: value %d"):format(i), function ()
					local claims, dropped = read({ [name] = value });
					assert.is_table(claims, dropped);
					if given.claim then
						local wanted = row.becomes and row.becomes[i];
						if wanted == nil then wanted = value; end
						assert.same({ [given.claim] = wanted }, claims);
						assert.equal(math.type(wanted), math.type(claims[given.claim]));
						assert.same({}, dropped);
					else
						assert.same({}, claims);
						assert.same({ name }, dropped);
					end
				end);
			end
			for i, value in ipairs(row.bad) do
				it(("is refused: value %d"):format(i), function ()
					local claims, info = read({ [name] = value });
					assert.is_nil(claims);
					if row.says then assert.equal(name .. " should be " .. row.says, info); end
					assert.truthy(info:find("^" .. name .. " "));
				end);
			end
			if given.claim then
				it("names its claim", function () assert.equal(name, properties.name_of(given.claim)); end);
			end
		end);
	end

	it("are all in this spec, and none beside them", function ()
		local known = {};
		for _, property in ipairs(properties.list) do
			assert.is_table(rows[property.name], property.name);
			assert.equal(rows[property.name].claim, property.claim);
			known[property.name] = true;
		end
		for name in pairs(rows) do assert.is_true(known[name], name); end
	end);

	it("have the long names of Daily's claims; those of times are the short ones", function ()
		local names = { exp = "exp", nbf = "nbf" };
		for _, field in ipairs(dailyclaims.list) do names[field.claim] = names[field.claim] or field.long; end
		for _, property in ipairs(properties.list) do
			if property.claim then assert.equal(names[property.claim], property.name); end
		end
	end);

	it("count as absent where they are null, but for the room", function ()
		for name in pairs(rows) do
			local claims, info = read({ [name] = null });
			if name == "room_name" then
				assert.equal("room_name should be 1 to 128 letters, digits, - and _", info);
			else
				assert.same({}, claims);
				assert.same({}, info);
			end
		end
		local permissions = { hasPresence = null, canSend = list("audio"), canAdmin = null, canReceive = { base = null } };
		assert.same({ p = { cs = "a", cr = {} } }, (read({ permissions = permissions })));
	end);

	it("tell when exp is over: from that second on", function ()
		assert.same({ exp = now + 1 }, (read({ exp = now + 1 })));
		for _, exp in ipairs({ now, now - 1, now + 0.5, 0 }) do
			local claims, info = read({ exp = exp });
			assert.is_nil(claims);
			assert.equal(("exp was '%s', which is in the past rather than in the future"):format(exp), info);
		end
	end);

	it("stand in properties, and nowhere else", function ()
		for _, case in ipairs({
			{ nil, "the body should be an object" };
			{ null, "the body should be an object" };
			{ true, "the body should be an object" };
			{ "properties", "the body should be an object" };
			{ list(), "the body should be an object" };
			{ {}, "missing required field: properties" };
			{ { properties = null }, "properties should be an object" };
			{ { properties = list() }, "properties should be an object" };
			{ { properties = list({ room_name = "a" }) }, "properties should be an object" };
			{ { properties = "room_name" }, "properties should be an object" };
			{ { room_name = "a" }, "unknown parameter 'room_name'" };
			{ { room_name = "a", properties = { room_name = "a" } }, "unknown parameter 'room_name'" };
			{ { Properties = {} }, "unknown parameter 'Properties'" };
			{ { properties = { properties = { room_name = "a" } } }, "unknown parameter 'properties'" };
			{ { properties = { d = "x" } }, "unknown parameter 'd'" };
			{ { properties = { domain_id = "x" } }, "unknown parameter 'domain_id'" };
			{ { properties = { iat = 1 } }, "unknown parameter 'iat'" };
			{ { properties = { zz = 1, aa = 1 } }, "unknown parameter 'aa'" };
			{ { properties = { ["a\r\nb\u{202e}"] = 1 } }, "unknown parameter 'ab'" };
		}) do
			local claims, info = properties.read(case[1], now);
			assert.is_nil(claims);
			assert.equal(case[2], info);
		end
	end);
end);

-- What a JSON reader makes of it again.
local function through_json(value)
	return core.decode(json.encode(value));
end

describe("claims as properties", function ()
	it("leave out what no property makes", function ()
		assert.same({ room_name = "a", exp = 7, user_name = "Ann" },
			properties.write({ d = "acme", r = "a", iat = 5, exp = 7, u = "Ann", jti = "x", otcd = "x", mjh = "https://x.example",
				zz = 1 }, false));
	end);

	it("count long names where the entry does", function ()
		local claims = { d = "acme", room_name = "a", is_owner = true, permissions = { canAdmin = list("participants") } };
		assert.same({}, properties.write(claims, false));
		assert.same({ room_name = "a", is_owner = true, permissions = { canAdmin = { "participants" } } },
			properties.write(claims, true));
	end);

	it("are refused where they have the wrong type, or two spellings disagree", function ()
		assert.same({ nil, "bad-claim" }, { properties.write({ r = "*" }, false) });
		assert.same({ nil, "bad-claim" }, { properties.write({ p = { ca = 7 } }, false) });
		assert.same({ nil, "ambiguous-claims" }, { properties.write({ r = "a", room_name = "b" }, true) });
	end);
end);

describe("any JSON at all", function ()
	local atoms = { true, false, null, 0, -1, 1.5, 2 ^ 53, now + 60, "", "standup", "p", "participants", "video", "*", "cloud",
		"\0" };
	local names = { "properties", "room_name", "exp", "permissions", "canAdmin", "canSend", "canReceive", "base", "byUserId",
		"video", "customAudio", "*", "hasPresence", "start_cloud_recording_opts", "enable_recording", "zz" };

	local function any(depth)
		local kind = depth > 4 and 1 or math.random(3);
		if kind == 1 then return atoms[math.random(#atoms)]; end
		local value = kind == 2 and {} or list();
		for i = 1, math.random(0, 3) do value[kind == 2 and names[math.random(#names)] or i] = any(depth + 1); end
		return value;
	end

	it("becomes claims that can be written as JSON, or a text", function ()
		math.randomseed(11);
		local taken = 0;
		for i = 1, 20000 do
			local body = any(0);
			if i % 2 == 0 then body = { properties = { permissions = any(1), room_name = "standup" } }; end
			local claims, info = properties.read(body, now);
			if claims then
				taken = taken + 1;
				assert.is_table(through_json(claims));
			else
				assert.is_string(info);
				assert.is_true(#info < 200);
			end
		end
		assert.is_true(taken > 100, tostring(taken)); -- else it looked at nothing
	end);
end);
