local cachecontrol = require "meetauth.http.cachecontrol";
local growth = require "spec.support.growth";

local FLOOR, CEILING = 60, 21600;

local cases = {
	{ name = "the ceiling where the server says nothing", headers = {}, seconds = CEILING };
	{ name = "what the server says", control = "max-age=300", seconds = 300 };
	{ name = "it among other words", control = "public, Max-Age=\"300\" , must-revalidate, no-transform", seconds = 300 };
	{ name = "it without the time on the way", control = "max-age=300", age = "100", seconds = 200 };
	{ name = "the floor for zero", control = "max-age=0", seconds = FLOOR };
	{ name = "the floor for a negative age", control = "max-age=-1", seconds = FLOOR };
	{ name = "the floor for an age that is no number", control = "max-age=soon", seconds = FLOOR };
	{ name = "the floor for a number in another notation", control = "max-age=0x7fff", seconds = FLOOR };
	{ name = "the floor for infinity by name", control = "max-age=inf", seconds = FLOOR };
	{ name = "the ceiling for an absurd age", control = "max-age=" .. ("9"):rep(400), seconds = CEILING };
	{ name = "the floor where all of it was spent on the way", control = "max-age=300", age = ("9"):rep(400), seconds = FLOOR };
	{ name = "what is left where Age is no number", control = "max-age=300", age = "-5", seconds = 300 };
	{ name = "the floor for no-store", control = "no-store, max-age=300", seconds = FLOOR };
	{ name = "the floor for no-cache", control = "no-cache", seconds = FLOOR };
	{ name = "the ceiling for words without an age", control = "public", seconds = CEILING };
	{ name = "the ceiling for a directive that only ends so", control = "s-max-age=5, x=max-age", seconds = CEILING };
	{ name = "the ceiling for garbage", control = ",,;=\0,", seconds = CEILING };
};

describe("meetauth.http.cachecontrol gives", function ()
	for _, case in ipairs(cases) do
		it(case.name, function ()
			local headers = { ["cache-control"] = case.control, age = case.age };
			assert.equal(case.seconds, cachecontrol.seconds(headers, FLOOR, CEILING));
		end);
	end

	for name, make in pairs({
		["white space"] = function (size) return "a" .. (" "):rep(size) .. "x y"; end,
		["letters"] = function (size) return ("a"):rep(size) .. " y z"; end,
		["="] = function (size) return ("="):rep(size); end,
		["directives"] = function (size) return ("a=1,"):rep(size // 4); end,
		["quotes"] = function (size) return "max-age=" .. ("\""):rep(size); end,
	}) do
		it("all of them in a time that grows as the field does: " .. name .. " #growth", function ()
			local function read(control) cachecontrol.seconds({ ["cache-control"] = control }, FLOOR, CEILING); end
			assert.is_true(growth.is_linear(read, make));
		end);
	end
end);
