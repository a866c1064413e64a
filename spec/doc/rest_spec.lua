local page = require "spec.support.page";
local properties = require "meetauth.rest.properties";
local roomproperties = require "meetauth.rest.roomproperties";
local restapi = require "meetauth.rest.api";

local path = "doc/rest.md";

local function read(name)
	local file <close> = assert(io.open(name));
	return file:read("a");
end

describe("the page of Daily's REST interface", function ()
	it("lists the properties, their order and their claims", function ()
		local expected, listed = {}, {};
		for i, property in ipairs(properties.list) do
			expected[i] = { "`" .. property.name .. "`", property.claim and "`" .. property.claim .. "`" or "–" };
		end
		for i, row in ipairs(page.rows(path, "property")) do listed[i] = { row[1], row[2] }; end
		assert.same(expected, listed);
	end);

	it("lists the properties of rooms, and says of each whether it is kept", function ()
		local expected, listed = {}, {};
		for _, property in ipairs(roomproperties.list) do expected[property.name] = property.kept and "yes" or "no"; end
		for _, row in ipairs(page.rows(path, "property of a room")) do
			for name in row[1]:gmatch("`([%w_]+)`") do listed[name] = row[2]; end
		end
		listed.privacy = nil;
		assert.same(expected, listed);
	end);

	it("tells the limits of the code", function ()
		local answers, keys = read("lua/meetauth/rest/answers.lua"), read("lua/meetauth/rest/apikeys.lua");
		assert.equal("16384", answers:match("BODY_MAX = (%d+)"));
		assert.equal("32", keys:match("KEY_MIN = (%d+)"));
		assert.equal("100, 5", read("lua/mod_http_meetauth/mod_http_meetauth.lua"):match("REQUESTS, SECONDS = (%d+, %d+)"));
		for _, limit in ipairs({ "16 KiB", "at least 32 ", "20 requests a second", "first 100" }) do
			assert.truthy(read(path):find(limit, 1, true), limit);
		end
	end);

	it("lists the errors, each status with its word", function ()
		local listed, made = {}, {};
		for _, row in ipairs(page.rows(path, "status")) do
			local word = row[2]:match("^`([%l-]+)`$");
			for status in row[1]:gmatch("%d+") do
				if word then listed[status .. " " .. word] = true; end
			end
		end
		for _, row in pairs(restapi.errors) do made[row[1] .. " " .. row[2]] = true; end
		assert.same(made, listed);
	end);
end);
