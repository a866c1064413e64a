local core = require "meetauth.core";
local json = require "meetauth.util.json";

local function array(t) return setmetatable(t, core.array_mt); end

local written = {
	{ name = "an object", value = { a = 1 }, text = '{"a":1}' };
	{ name = "a list", value = { 1, "a", true, false }, text = '[1,"a",true,false]' };
	{ name = "an empty table as an object", value = {}, text = "{}" };
	{ name = "an empty array", value = array({}), text = "[]" };
	{ name = "an empty array inside", value = { a = array({}) }, text = '{"a":[]}' };
	{ name = "empty arrays inside of a list", value = { array({}), {}, array({}) }, text = "[[],{},[]]" };
	{ name = "an array that is not empty", value = array({ 1 }), text = "[1]" };
	{ name = "null", value = { a = core.null }, text = '{"a":null}' };
	{ name = "null in a list", value = { core.null, 1 }, text = "[null,1]" };
	{ name = "null beside an empty array", value = { core.null, array({}) }, text = "[null,[]]" };
	{ name = "an integer without a point", value = { exp = 1700000000 }, text = '{"exp":1700000000}' };
	{ name = "a float", value = { iat = 1700000000.25 }, text = '{"iat":1700000000.25}' };
	{ name = "the largest integer", value = { math.maxinteger }, text = "[9223372036854775807]" };
	{ name = "the smallest integer", value = { math.mininteger }, text = "[-9223372036854775808]" };
	{ name = "an integer of 15 digits", value = 100000000000001, text = "100000000000001" };
	{ name = "a negative one", value = -100000000000001, text = "-100000000000001" };
	{ name = "an integer of 14 digits", value = 99999999999999, text = "99999999999999" };
	{ name = "a long integer deep inside", value = { a = { b = { 2 ^ 53 | 0 } } }, text = '{"a":{"b":[9007199254740992]}}' };
	{ name = "text with escapes beside a long integer",
		value = { ["a\"b"] = math.maxinteger }, text = '{"a\\"b":9223372036854775807}' };
	{ name = "a string alone", value = "a\0\"\\\n", text = [["a\u0000\"\\\n"]] };
};

-- What JSON cannot say, alone and beside what lua-cjson cannot write by itself.
local refused = {
	{ name = "a function", value = print };
	{ name = "a coroutine", value = coroutine.create(print) };
	{ name = "a userdata", value = io.stdout };
	{ name = "NaN", value = 0 / 0 };
	{ name = "infinity", value = math.huge };
	{ name = "minus infinity", value = -math.huge };
	{ name = "a list with a hole", value = { 1, nil, 3 } };
	{ name = "a list with a hole at its beginning", value = { nil, 2 } };
	{ name = "a list with members", value = { 1, 2, name = "x" } };
	{ name = "a table as a name", value = { [{}] = 1 } };
	{ name = "a boolean as a name", value = { [true] = 1 } };
};

describe("meetauth.util.json.encode", function ()
	for _, case in ipairs(written) do
		it("writes " .. case.name, function ()
			assert.equal(case.text, json.encode(case.value));
			assert.same(case.value, core.decode(case.text));
		end);
	end

	for _, case in ipairs(refused) do
		it("raises on " .. case.name, function ()
			assert.has_error(function () json.encode(case.value); end);
			assert.has_error(function () json.encode({ case.value }); end);
		end);
		it(("raises on %s beside a long integer"):format(case.name), function ()
			assert.has_error(function () json.encode({ big = math.maxinteger, value = case.value }); end);
		end);
		if type(case.value) == "table" then
			it(("raises on %s that holds a long integer"):format(case.name), function ()
				local copy = {};
				for name, value in pairs(case.value) do copy[name] = type(value) == "number" and math.maxinteger or value; end
				assert.has_error(function () json.encode(copy); end);
			end);
		end
	end

	it("raises on a table inside itself", function ()
		local t = {};
		t.t = t;
		assert.has_error(function () json.encode(t); end);
	end);

	it("does not write millions of nulls for a number as a name", function ()
		assert.has_error(function () json.encode({ [200000] = 1 }); end);
	end);

	it("writes every byte of a string, so that it is read as it was", function ()
		for byte = 0, 127 do
			local value = { [string.char(byte)] = string.char(byte) };
			assert.same(value, core.decode(json.encode(value)));
		end
		local text = "Jöe 日本 👍";
		assert.equal(text, core.decode(json.encode(text)));
	end);

	it("does not change lua-cjson for anybody else", function ()
		local cjson = require "cjson";
		json.encode({ array({}) });
		assert.equal("[1,null,3]", cjson.encode({ 1, nil, 3 }));
		assert.equal("{}", cjson.encode({}));
	end);
end);

-- So many lists, one inside of the other.
local function nested(depth)
	local value = {};
	for _ = 2, depth do value = { value }; end
	return value;
end

describe("core.is_plain", function ()
	for name, value in pairs({
		["an object"] = { a = { b = 1 } }, ["a list"] = { 1, "a", true }, ["an empty table"] = {}, ["a text"] = "a", ["no"] = false,
		["null"] = core.null, ["an integer of 14 digits"] = 99999999999999, ["a negative one"] = -99999999999999,
		["a float of 14 digits"] = 0.12345678901234, ["a large float of one digit"] = 1e300, ["the smallest float"] = -1e14,
		["infinity, which lua-cjson refuses"] = math.huge, ["32 lists inside of each other"] = nested(32),
	}) do
		it("leaves to lua-cjson " .. name, function ()
			assert.is_true(core.is_plain(value));
			assert.equal(name:find("^32") == nil, core.is_plain({ value }));
		end);
	end

	for name, value in pairs({
		["an integer of 15 digits"] = 100000000000000, ["a negative one"] = -100000000000000, ["a float of 17 digits"] = 0.1 + 0.2,
		["a float of 15 digits"] = 100000000000001.0, ["a small float of 15 digits"] = -0.123456789012345,
		["an empty array"] = array({}), ["a list with a member"] = { 1, a = 2 }, ["a name that is a float"] = { [1.5] = 1 },
		["a name that is a boolean"] = { [true] = 1 }, ["33 lists inside of each other"] = nested(33),
	}) do
		it("does not leave to lua-cjson " .. name, function ()
			assert.is_false(core.is_plain(value));
			assert.is_false(core.is_plain({ a = value }));
		end);
	end
end);
