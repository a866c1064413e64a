local core = require "meetauth.core";
local lookalikes = require "meetauth.key.lookalikes";
local world = require "spec.support.hintworld";

-- What each lookalike of a secret says, where it verifies what 'other' has signed.
local function said(alg, secret, other)
	local reader = core.token.new(4096);
	assert(reader:open(core.sign(core.key.new(alg, "secret", other, nil, true), "{}", "{}")));
	local list = {};
	for _, candidate in ipairs(lookalikes.of(alg, secret)) do
		assert.equal(alg, candidate.key:alg());
		if reader:payload(candidate.key) then list[#list + 1] = candidate.says; end
	end
	return table.concat(list, "; ");
end

local plain = ("s"):rep(30) .. "?>"; -- whose base64 and base64url differ

local cases = {
	{ name = "a newline more here", secret = plain .. "\n", other = plain, says = "ends with white space" };
	{ name = "a carriage return more here", secret = plain .. "\r\n", other = plain, says = "ends with white space" };
	{ name = "a newline more there", secret = plain, other = plain .. "\n", says = "ends with a newline" };
	{ name = "white space around it here", secret = " " .. plain .. "\t", other = plain, says = "begins or ends with white space" };
	{ name = "a carriage return more there", secret = plain, other = plain .. "\r", says = "ends with a carriage return," };
	{ name = "both more there", secret = plain, other = plain .. "\r\n", says = "ends with a carriage return and a newline" };
	{ name = "a space more there", secret = plain, other = plain .. " ", says = "ends with a space" };
	{ name = "quotes here", secret = "\"" .. plain .. "\"", other = plain, says = "configured secret is in quotes" };
	{ name = "single quotes and a newline here", secret = "'" .. plain .. "'\n", other = plain,
		says = "configured secret is in quotes" };
	{ name = "quotes there", secret = plain, other = "\"" .. plain .. "\"", says = "issuer's secret is in quotes" };
	{ name = "single quotes there", secret = plain, other = "'" .. plain .. "'", says = "issuer's secret is in single quotes" };
	{ name = "hex in capitals here, and in small letters there", secret = ("AB12"):rep(16), other = ("ab12"):rep(16),
		says = "hex in capital letters, and the issuer's secret is hex in small letters" };
	{ name = "hex in small letters here, and in capitals there", secret = ("ab12"):rep(16), other = ("AB12"):rep(16),
		says = "hex in small letters, and the issuer's secret is hex in capital letters" };
	{ name = "hex here", secret = ("3f"):rep(32), other = ("\63"):rep(32), says = "secret is hex" };
	{ name = "hex in capitals here", secret = ("3F"):rep(32), other = ("\63"):rep(32), says = "secret is hex" };
	{ name = "hex there", secret = ("\63"):rep(32), other = ("3f"):rep(32), says = "the hex text" };
	{ name = "base64 here", secret = ("Pz8+"):rep(12), other = ("??>"):rep(12), says = "secret is base64" };
	{ name = "base64url here", secret = ("Pz8-"):rep(12), other = ("??>"):rep(12), says = "secret is base64" };
	{ name = "base64 with padding here", secret = ("Pz8+"):rep(12) .. "Pw==", other = ("??>"):rep(12) .. "?",
		says = "secret is base64" };
	{ name = "base64 there", secret = ("??>"):rep(12) .. "?", other = ("Pz8+"):rep(12) .. "Pw==", says = "the base64 text" };
	{ name = "base64url there", secret = ("??>"):rep(12) .. "?", other = ("Pz8-"):rep(12) .. "Pw", says = "the base64url text" };
};

describe("meetauth.key.lookalikes", function ()
	for _, case in ipairs(cases) do
		for _, alg in ipairs({ "HS256", "HS512" }) do
			it(("knows %s under %s"):format(case.name, alg), function ()
				local says = said(alg, case.secret, case.other);
				assert.is_truthy(says:find(case.says, 1, true), says);
			end);
		end
	end

	it("says what to write, in a sentence that begins with a verb", function ()
		for _, case in ipairs(cases) do
			for _, one in ipairs(lookalikes.of("HS256", case.secret)) do assert.is_string(world.instruction(one.says), one.says); end
		end
	end);

	it("has none that is the secret itself", function ()
		for _, case in ipairs(cases) do assert.equal("", said("HS256", case.secret, case.secret)); end
	end);

	it("takes any bytes for a secret", function ()
		for _, secret in ipairs({ "a", "\0", "\n", "====", "%s", ("\255"):rep(64), "ab\n" }) do
			assert.is_table(lookalikes.of("HS256", secret));
		end
	end);
end);
