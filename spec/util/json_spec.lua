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

-- What JSON cannot say, alone and beside a long integer.
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

describe("JSON that is written", function ()
	it("has the members of each object in the order of their names' bytes", function ()
		local names = { "", "A", "a", "a\0", "aa", "b", "exp", "iss", "ä", "日" };
		for round = 1, 50 do
			local value, expected = {}, {};
			for i = 1, #names do -- in another order each time
				local name = names[(i * 7 + round * 3) % #names + 1];
				value[name] = { [name] = { x = 1 } };
			end
			for i, name in ipairs(names) do
				local text = core.encode(name);
				expected[i] = ('%s:{%s:{"x":1}}'):format(text, text);
			end
			assert.equal("{" .. table.concat(expected, ",") .. "}", json.encode(value));
		end
	end);

	it("has any number of members, and texts of any length", function ()
		local value, expected = {}, {};
		for i = 1, 5000 do
			local name = ("n%05d"):format(i);
			value[name] = ("x"):rep(i % 300);
			expected[i] = ('"%s":"%s"'):format(name, value[name]);
		end
		assert.equal("{" .. table.concat(expected, ",") .. "}", json.encode(value));
		local long = ("y\n"):rep(100000);
		assert.equal('"' .. ("y\\n"):rep(100000) .. '"', json.encode(long));
	end);

	it("is 32 tables deep at most, lists and objects", function ()
		local function deep(depth, wrap)
			local value = 1;
			for _ = 1, depth do value = wrap(value); end
			return value;
		end
		for _, wrap in ipairs({ function (value) return { value }; end, function (value) return { a = value }; end }) do
			assert.same(deep(32, wrap), core.decode(json.encode(deep(32, wrap))));
			assert.has_error(function () json.encode(deep(33, wrap)); end, "JSON cannot have tables more than 32 deep");
		end
	end);

	it("has every double as a number that reads as the same", function ()
		for _, value in ipairs({ 0.1, 0.1 + 0.2, 1e300, 5e-324, -1.5, 123456789012345.5, 2 ^ 53, -0.123456789012345, 1e15, 1 / 3 }) do
			local read = core.decode(json.encode(value));
			assert.equal(value, read);
		end
	end);

	it("has its slashes as they are where people read it, and is read as the same", function ()
		for _, value in ipairs({ "https://a/b", "\\/", "\\", "\"/\n", { ["a/b"] = { "c/d" } } }) do
			local shown = json.shown(value);
			assert.is_nil(shown:gsub("\\\\", ""):find("\\/", 1, true), shown);
			assert.same(value, core.decode("[" .. shown .. "]")[1]);
		end
		assert.equal('"https://a/b"', json.shown("https://a/b"));
	end);

	it("raises, names what it was, and leaves nothing behind", function ()
		for found, value in pairs({ ["function"] = print, thread = coroutine.create(print), userdata = io.stdout }) do
			assert.has_error(function () json.encode({ a = ("x"):rep(5000), b = value }); end, "JSON cannot have a " .. found);
		end
	end);
end);
