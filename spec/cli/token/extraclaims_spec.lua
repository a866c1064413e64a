-- Claims that stand on the command line as they are.

local core = require "meetauth.core";
local ended = require "spec.support.ended";
local extraclaims = require "meetauth.cli.token.extraclaims";

describe("claims on the command line", function ()
	local cases = {
		{ "of every kind of JSON", { "a=1", "b=true", "c=null", "d=\"x\"", "e=[1]", "f={\"g\":{}}", "h=false" },
			{ a = 1, b = true, c = core.null, d = "x", e = { 1 }, f = { g = {} }, h = false } };
		{ "that are strings where they are no JSON", { "a=x", "b=", "c=01", "d={x:1}", "e=a=b", "f=1},\"b\":{", "g=Ä" },
			{ a = "x", b = "", c = "01", d = "{x:1}", e = "a=b", f = '1},"b":{', g = "Ä" } };
		{ "inside of others", { "a.b.c=1", "a.b.d=2", "a.é=3" }, { a = { b = { c = 1, d = 2 }, ["é"] = 3 } } };
		{ "beside what an object says", { 'a={"b":1}', "a.c=2", 'a={"d":3}' }, { a = { b = 1, c = 2, d = 3 } } };
	};
	for _, case in ipairs(cases) do
		it(case[1], function () assert.same(case[3], extraclaims.read(case[2])); end);
	end

	it("may be none", function ()
		assert.is_nil(extraclaims.read({}));
		assert.is_nil(extraclaims.read(nil));
		assert.is_nil(extraclaims.add({ a = 1 }, nil));
	end);

	local refusals = {
		{ "without a name", { "=1" }, "--claim: expected name=value" }; { "without a value", { "a" }, "--claim: expected name=value" };
		{ "with a part that is empty", { "a..b=1" }, "--claim: expected name=value" };
		{ "with a dot before", { ".a=1" }, "--claim: expected name=value" };
		{ "with a dot behind", { "a.=1" }, "--claim: expected name=value" };
		{ "twice", { "a.b=1", "a.b=1" }, "--claim a.b: the claim appears twice" };
		{ "inside of what is no object", { "a=[1]", "a.b=1" }, "--claim a: the claim appears twice" };
		{ "deeper than JSON is read", { ("a."):rep(40) .. "a=1" }, "--claim " .. ("a."):rep(40) .. "a: bad-json" };
	};
	for _, case in ipairs(refusals) do
		it("end the command: " .. case[1], function () assert.same({ 2, case[3] }, { ended(extraclaims.read, case[2]) }); end);
	end

	it("are added to a token's, which has none of them already", function ()
		local extra = extraclaims.read({ "context.user.team=7", "x=1" });
		for _ = 1, 2 do -- the same ones to each token
			local claims = { iss = "p", context = { user = { id = "u" } } };
			assert.is_nil(extraclaims.add(claims, extra));
			assert.same({ iss = "p", x = 1, context = { user = { id = "u", team = 7 } } }, claims);
		end
		assert.truthy(extraclaims.add({ context = "c" }, extra):find("--claim context: another option sets this claim", 1, true));
		assert.truthy(extraclaims.add({ context = { user = { team = false } } }, extra):find("--claim context.user.team: ", 1, true));
	end);
end);
