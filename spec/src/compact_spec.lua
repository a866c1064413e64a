-- src/compact.c, seen through token:open.

local core = require "meetauth.core";

local cases = {
	{ name = "takes three parts", text = "e30.e30.AA", opens = true };
	{ name = "leaves decoding for later", text = "!.?.\0", opens = true };
	{ name = "refuses the empty string", text = "", reason = "malformed" };
	{ name = "refuses one part", text = "e30", reason = "malformed" };
	{ name = "refuses two parts", text = "e30.e30", reason = "malformed" };
	{ name = "refuses two parts and a dot", text = "e30.e30.", reason = "malformed" };
	{ name = "refuses an empty header", text = ".e30.AA", reason = "malformed" };
	{ name = "takes an empty payload (RFC 7515 has no rule against it)", text = "e30..AA", opens = true };
	{ name = "refuses two dots and nothing else", text = "..", reason = "malformed" };
	{ name = "refuses four parts", text = "e30.e30.AA.AA", reason = "malformed" };
	{ name = "refuses a dot at the end", text = "e30.e30.AA.", reason = "malformed" };
	{ name = "tells an encrypted token of five parts (RFC 7516 9)", text = "e30.AA.AA.AA.AA", reason = "unsupported" };
	{ name = "tells one with an empty key", text = "e30..AA.AA.AA", reason = "unsupported" };
	{ name = "refuses six parts", text = "e30.e30.AA.AA.AA.AA", reason = "malformed" };
	{ name = "refuses dots without end (CVE-2025-30204)", text = ("."):rep(4096), reason = "malformed" };
	{ name = "refuses JSON serialization (CVE-2022-39227)",
		text = '{"payload":"e30","signatures":[]}', reason = "malformed" };
};

describe("the compact form", function ()
	for _, case in ipairs(cases) do
		it(case.name, function ()
			local opened, reason = core.token.new(4096):open(case.text);
			assert.equal(case.opens, opened);
			assert.equal(case.reason, reason);
		end);
	end

	it("hands out each part as it stands", function ()
		local reader = core.token.new(100);
		local key = core.key.new("HS256", "secret", ("k"):rep(32));
		assert(reader:open(core.sign(key, '{"in":"header"}', '{"in":"payload"}')));
		assert.same({ ["in"] = "header" }, reader:header());
		assert.same({ ["in"] = "payload" }, reader:unverified());
	end);

	it("measures before it looks", function ()
		local reader = core.token.new(10);
		assert.is_true(reader:open("e30.e30.AA"));
		assert.same({ nil, "too-large" }, { reader:open("e30.e30.AAA") });
		assert.same({ nil, "too-large" }, { reader:open(("."):rep(11)) });
	end);
end);
