local schema = require "meetauth.util.schema";

local function read(field, value)
	field.name = "option";
	local found = schema.problems();
	return schema.read(found, field, value, "label"), found.list;
end

local accepted = {
	{ kind = "string", value = "a", read = "a" };
	{ kind = "strings", value = "a", read = { "a" } };
	{ kind = "strings", value = { "a", "b" }, read = { "a", "b" } };
	{ kind = "names", value = {}, read = {} };
	{ kind = "names", value = "a", read = { "a" } };
	{ kind = "names", value = { "a" }, read = { "a" } };
	{ kind = "boolean", value = true, read = true };
	{ kind = "boolean", value = false, read = false };
	{ kind = "seconds", value = 0, read = 0 };
	{ kind = "seconds", value = 1.5, read = 1.5 };
	{ kind = "list", value = {}, read = {} };
	{ kind = "list", value = { {}, { a = 1 } }, read = { {}, { a = 1 } } };
	{ kind = schema.one_of("a", "b"), value = "b", read = "b" };
	{ kind = schema.integer(1, 10), value = 1, read = 1 };
	{ kind = schema.integer(1, 10), value = 10.0, read = 10 };
};

local refused = {
	{ kind = "string", values = { "", 1, true, {}, print } };
	{ kind = "strings", values = { "", {}, { "" }, { "a", 1 }, { a = "b" }, { "a", x = "b" }, { nil, "b" }, 1, true } };
	{ kind = "names", values = { "", { "" }, { 1 }, { a = "b" }, { "a", nil, "b" }, { "a", [1.5] = "b" }, 1, false } };
	{ kind = "boolean", values = { "true", 0, 1, {} } };
	{ kind = "seconds", values = { -1, "10", true, {}, 0 / 0, math.huge, -math.huge } };
	{ kind = "list", values = { "a", 1, true, { "a" }, { {}, 1 }, { a = {} }, { {}, a = {} }, { {}, nil, {} }, { [0] = {} } } };
	{ kind = schema.one_of("a", "b"), values = { "c", "A", "", 1, true, {} } };
	{ kind = schema.integer(1, 10), values = { 0, 11, 1.5, "5", 0 / 0, math.huge, true } };
};

local texts = {
	{ field = { kind = "list" }, value = { daily = {} },
		text = 'label: found a table with the name "daily", expected a list of tables' };
	{ field = { kind = "list" }, value = { {}, b = {}, a = {} },
		text = 'label: found a table with the name "a", expected a list of tables' };
	{ field = { kind = "list" }, value = { {}, nil, {} },
		text = "label: found a list with an empty place at 2, expected a list of tables" };
	{ field = { kind = "list" }, value = { [1 << 60] = {} },
		text = "label: found a list with an empty place at 1, expected a list of tables" };
	{ field = { kind = "list" }, value = { {}, "sesame" }, text = "label: found a list with a string of 6 bytes at 2, "
		.. "expected a list of tables" };
	{ field = { kind = "names" }, value = { "a", 7 }, text = "label: found a list with 7 at 2, expected a list of strings" };
	{ field = { kind = "strings" }, value = {}, text = "label: found an empty list, expected a string or a list of strings that "
		.. "are not empty" };
	{ field = { kind = "strings", secret = true }, value = { sesame = "x" }, text = "label: found a table with names, expected a "
		.. "string or a list of strings that are not empty" };
	{ field = { kind = "strings", secret = true }, value = { "sesame", nil, "x" }, text = "label: found a list with an empty place "
		.. "at 2, expected a string or a list of strings that are not empty" };
	{ field = { kind = "boolean" }, value = "yes", text = 'label: found "yes", expected true or false' };
	{ field = { kind = "string" }, value = 1, text = "label: found 1, expected a string that is not empty" };
	{ field = { kind = "string" }, value = { 1, 2 }, text = "label: found a table of 2 items, expected a string that is not empty" };
	{ field = { kind = schema.one_of("a", "b") }, value = "c", text = 'label: found "c", expected "a" or "b"' };
	{ field = { kind = schema.integer(1, 10) }, value = 11, text = "label: found 11, expected a whole number from 1 to 10" };
	{ field = { kind = schema.one_of("a") }, value = ("x"):rep(100),
		text = ('label: found "%s...", expected "a"'):format(("x"):rep(60)) };
};

describe("meetauth.util.schema.read", function ()
	for _, case in ipairs(accepted) do
		it(("reads %s as %s"):format(tostring(case.value), type(case.kind) == "table" and case.kind.expected or case.kind),
			function ()
				local value, found = read({ kind = case.kind, default = "default" }, case.value);
				assert.same(case.read, value);
				assert.equal(math.type(case.read), math.type(value));
				assert.same({}, found);
			end);
	end

	for _, case in ipairs(refused) do
		for _, value in ipairs(case.values) do
			it(("takes %s for no %s"):format(tostring(value), type(case.kind) == "table" and case.kind.expected or case.kind),
				function ()
					local read_value, found = read({ kind = case.kind, default = "default" }, value);
					assert.equal("default", read_value);
					assert.equal(1, #found);
				end);
		end
	end

	for _, case in ipairs(texts) do
		it("tells what was found and what was expected: " .. case.text, function ()
			local _, found = read(case.field, case.value);
			assert.same({ case.text }, found);
		end);
	end

	it("gives the default for nil, which is no problem", function ()
		assert.same({ "default", {} }, { read({ kind = "string", default = "default" }, nil) });
		assert.same({ nil, {} }, { read({ kind = "string" }, nil) });
		assert.same({ true, {} }, { read({ kind = "boolean", default = true }, nil) });
	end);

	it("does not give the caller's own list", function ()
		local list, tables = { "a" }, { {} };
		assert.not_equal(list, (read({ kind = "strings" }, list)));
		assert.not_equal(tables, (read({ kind = "list" }, tables)));
	end);

	it("reads a list of any length", function ()
		local list = {};
		for i = 1, 1000000 do list[i] = "a"; end
		assert.equal(1000000, #read({ kind = "strings" }, list));
	end);

	for _, value in ipairs({ "", { "sesame" }, { "sesame", 1 }, 5357634673, true }) do
		it(("shows nothing of a secret that is a %s"):format(math.type(value) or type(value)), function ()
			local _, found = read({ kind = schema.one_of("x"), secret = true }, value);
			assert.equal(1, #found);
			assert.is_nil(found[1]:find("sesame", 1, true));
			assert.is_nil(found[1]:find("5357634673", 1, true));
		end);
	end

	it("tells a secret's size", function ()
		local _, found = read({ kind = schema.one_of("x"), secret = true }, "sesame");
		assert.same({ 'label: found a string of 6 bytes, expected "x"' }, found);
	end);
end);

describe("meetauth.util.schema.problems", function ()
	it("keeps them in their order", function ()
		local found = schema.problems();
		found:add("a", "b", "c");
		found:add("d", "e", "f");
		assert.same({ "a: found b, expected c", "d: found e, expected f" }, found.list);
	end);

	it("are apart from each other", function ()
		schema.problems():add("a", "b", "c");
		assert.same({}, schema.problems().list);
	end);
end);
