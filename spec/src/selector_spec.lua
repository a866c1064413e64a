-- src/selector.c: asking a payload which issuer entry it means, before anything is verified.

local core = require "meetauth.core";
local growth = require "spec.support.growth";

local key = core.key.new("HS256", "secret", ("k"):rep(32));
local rows = { { "iss", "joe", "ann" }, { "d", "one" }, { "room" } };

local function scan(payload, asked)
	local reader = core.token.new(16384);
	assert(reader:open(core.sign(key, "{}", payload)));
	return reader:scan(core.selector(asked or rows));
end

local cases = {
	{ name = "finds nothing in an empty object", payload = "{}", found = { n = 3 } };
	{ name = "tells the place of a known value", payload = '{"iss":"joe"}', found = { 1, n = 3 } };
	{ name = "counts values from 1", payload = '{"iss":"ann","d":"one"}', found = { 2, 1, n = 3 } };
	{ name = "tells an unknown value by 0", payload = '{"iss":"bob","room":"r"}', found = { 0, nil, 0, n = 3 } };
	{ name = "tells a value that is no string by 0",
		payload = '{"iss":null,"d":["one"],"room":{"room":"x"}}', found = { 0, 0, 0, n = 3 } };
	{ name = "compares byte for byte", payload = '{"iss":"Joe","d":"one "}', found = { 0, 0, n = 3 } };
	{ name = "compares beyond a NUL", payload = [[{"iss":"joe\u0000"}]], found = { 0, n = 3 } };
	{ name = "compares after unescaping", payload = [[{"\u0069ss":"j\u006fe"}]], found = { 1, n = 3 } };
	{ name = "does not take the beginning of a value for it", payload = '{"iss":"jo"}', found = { 0, n = 3 } };
	{ name = "looks at the top level only", payload = '{"x":{"iss":"joe"},"y":[{"d":"one"}]}', found = { n = 3 } };
	{ name = "reads over everything else",
		payload = '{"a":[[],{}],"b":{"c":{"d":"one"}},"e":1.5,"f":"x\\n","iss":"joe"}', found = { 1, n = 3 } };
	{ name = "refuses a member that comes twice", payload = '{"iss":"joe","iss":"joe"}', reason = "duplicate-member" };
	{ name = "refuses one that comes twice after unescaping",
		payload = [[{"iss":"joe","\u0069ss":"ann"}]], reason = "duplicate-member" };
	{ name = "leaves other members that come twice to whoever reads the claims",
		payload = '{"x":1,"x":2,"iss":"joe"}', found = { 1, n = 3 } };
	{ name = "refuses an array", payload = '["iss","joe"]', reason = "bad-json" };
	{ name = "refuses a string", payload = '"iss"', reason = "bad-json" };
	{ name = "refuses no JSON", payload = "iss", reason = "bad-json" };
	{ name = "refuses what breaks after the answer", payload = '{"iss":"joe",}', reason = "bad-json" };
	{ name = "refuses what breaks inside of what it skips", payload = '{"a":{"b":[1,2}},"iss":"joe"}', reason = "bad-json" };
	{ name = "refuses what does not end", payload = '{"iss":"joe"', reason = "bad-json" };
	{ name = "refuses a member without a value", payload = '{"iss":}', reason = "bad-json" };
	{ name = "refuses text after the object", payload = '{"iss":"joe"}{}', reason = "bad-json" };
	{ name = "refuses 33 containers inside each other",
		payload = '{"a":' .. ("["):rep(32) .. ("]"):rep(32) .. "}", reason = "bad-json" };
};

local mistakes = {
	{ name = "what is no table", "iss" };
	{ name = "nil", nil };
	{ name = "rows that are no tables", { "iss" } };
	{ name = "a row without a name", { {} } };
	{ name = "a name that is no string", { { 1 } } };
	{ name = "a value that is no string", { { "iss", true } } };
};

describe("a selector", function ()
	for _, case in ipairs(cases) do
		it(case.name, function ()
			local results = table.pack(scan(case.payload));
			if case.reason then
				assert.same({ nil, case.reason, n = 2 }, results);
			else
				assert.same(case.found, results);
			end
		end);
	end

	for _, case in ipairs(mistakes) do
		it("raises on " .. case.name, function ()
			assert.has_error(function () core.selector(case[1]); end);
		end);
	end

	it("has 32 rows at most", function ()
		local many = {};
		for i = 1, 32 do many[i] = { "m" .. i, "v" }; end
		local results = table.pack(scan('{"m1":"v","m32":"v"}', many));
		assert.equal(32, results.n);
		assert.equal(1, results[1]);
		assert.equal(1, results[32]);
		many[33] = { "m33" };
		assert.has_error(function () core.selector(many); end);
	end);

	it("may have no rows", function ()
		assert.equal(0, select("#", scan("{}", {})));
		assert.same({ nil, "bad-json" }, { scan("[]", {}) });
	end);

	it("finds any of a thousand values", function ()
		local row = { "iss" };
		for i = 1, 1000 do row[i + 1] = "issuer-" .. i; end
		for _, i in ipairs({ 1, 500, 1000 }) do
			assert.equal(i, (scan(('{"iss":"issuer-%d"}'):format(i), { row })));
		end
	end);

	it("chooses among many values as quickly as among few #growth", function ()
		local function make(size)
			local row, reader = { "iss" }, core.token.new(1000);
			for i = 1, size // 10 do row[i + 1] = "issuer-" .. i; end
			assert(reader:open(core.sign(key, "{}", ('{"iss":"issuer-%d"}'):format(size // 10))));
			return { reader = reader, selector = core.selector({ row }), last = size // 10 };
		end
		assert.is_true(growth.is_constant(function (made)
			for _ = 1, 100 do assert(made.last == made.reader:scan(made.selector)); end
		end, make));
	end);

	it("gives the first of two values that are the same", function ()
		assert.equal(2, (scan('{"a":"x"}', { { "a", "y", "x", "x", "z" } })));
	end);

	it("gives the first of two rows for one name", function ()
		assert.same({ 1, nil, n = 2 }, table.pack(scan('{"a":"x"}', { { "a", "x" }, { "a", "y" } })));
	end);

	it("keeps its strings", function ()
		local selector;
		do
			local name, value = ("na"):rep(50) .. "me", ("va"):rep(50) .. "lue";
			selector = core.selector({ { name, value } });
		end
		collectgarbage();
		collectgarbage();
		local reader = core.token.new(1000);
		assert(reader:open(core.sign(key, "{}", ('{"%s":"%s"}'):format(("na"):rep(50) .. "me", ("va"):rep(50) .. "lue"))));
		assert.equal(1, (reader:scan(selector)));
	end);

	it("is no reader, and a reader no selector", function ()
		local reader = core.token.new(100);
		reader:open("e30.e30.AA");
		assert.has_error(function () reader:scan(reader); end);
		assert.has_error(function () reader:scan(key); end);
		assert.has_error(function () reader:scan(); end);
	end);
end);
