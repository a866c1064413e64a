-- Each published token, spoiled in every way that bend.lua knows: refused, for a reason that fits.

local meetauth = require "meetauth";
local core = require "meetauth.core";
local base64 = require "spec.support.base64";
local openssl = require "spec.support.openssl";
local numbers = require "spec.vectors.numbers";
local signed = require "spec.vectors.signed";
local ways = require "spec.vectors.bend";

-- The published examples, taken apart, each with its verifier.
local examples = {};
for i, v in ipairs(signed) do
	local header, payload, signature = v.token:match("^(.*)%.(.*)%.(.*)$");
	local n = core.decode(v.jwk).n;
	examples[i] = {
		name = v.name, alg = v.alg, token = v.token, expected = v.payload;
		header = header, payload = payload, signature = signature, head = base64.bytes(header);
		bytes = base64.bytes(signature), n = n and base64.bytes(n);
		verify = meetauth.verifier { keys = { assert(meetauth.key { alg = v.alg, jwk = v.jwk }) }, algorithms = { v.alg } };
	};
end

local function fits(reason, allowed)
	return reason == allowed or type(allowed) == "table" and allowed[reason] or false;
end

describe("a published token is refused with", function ()
	for _, way in ipairs(ways) do
		it(way.name, function ()
			local applied = 0;
			for _, example in ipairs(examples) do
				local bent = way.bend(example);
				if bent and bent ~= example.token then
					applied = applied + 1;
					local payload, reason = example.verify:payload(bent);
					assert.is_nil(payload, example.name);
					assert.is_true(fits(reason, way.reason), ("%s: %s"):format(example.name, reason));
					local claims, also = example.verify(bent, 0);
					assert.is_nil(claims, example.name);
					assert.is_true(fits(also, way.reason), ("%s: %s"):format(example.name, also));
				end
			end
			assert.is_true(applied > 0, "no example shows it");
		end);
	end

	it("the signature of any other of them", function ()
		for _, example in ipairs(examples) do
			for _, other in ipairs(examples) do
				local bent = example.header .. "." .. example.payload .. "." .. other.signature;
				if bent ~= example.token and bent ~= other.token then
					local payload, reason = example.verify:payload(bent);
					assert.same({ nil, "signature-mismatch" }, { payload, reason }, example.name .. " with " .. other.name);
				end
			end
		end
	end);

	it("the key of any other of them", function ()
		for _, example in ipairs(examples) do
			for _, other in ipairs(examples) do
				local payload, reason = other.verify:payload(example.token);
				if other.alg ~= example.alg then
					assert.same({ nil, "algorithm-mismatch" }, { payload, reason });
				elseif payload == nil then
					assert.equal("signature-mismatch", reason);
				else
					assert.equal(example.expected, payload); -- the same key, published twice
				end
			end
		end
	end);
end);

describe("a token that was signed as it stands is refused with", function ()
	local secret = ("k"):rep(32);
	local verify = meetauth.verifier {
		keys = { assert(meetauth.key { alg = "HS256", secret = secret }) }, algorithms = { "HS256" },
	};
	local head = base64.url('{"alg":"HS256"}');

	local function signed_by_openssl(header, payload)
		local input = header .. "." .. payload;
		return input .. "." .. base64.url(openssl.hmac(secret, input));
	end

	it("nothing wrong", function ()
		assert.same({}, verify(signed_by_openssl(head, "e30"), 0));
	end);

	local payloads = {
		{ name = "a payload of padded base64", text = "e30=", reason = "malformed" };
		{ name = "a payload with spare bits set", text = "e31", reason = "malformed" };
		{ name = "a payload with a newline in it", text = "e3\n0", reason = "malformed" };
		{ name = "a payload with a newline behind it", text = "e30\n", reason = "malformed" };
		{ name = "a payload of one character", text = "e", reason = "malformed" };
		{ name = "a payload of plain JSON", text = "{}", reason = "malformed" };
		{ name = "a payload in the alphabet of plain base64", text = "eyIiOiI/In0", reason = "malformed" };
		{ name = "a payload that is a list", text = base64.url("[]"), reason = "bad-json" };
		{ name = "a payload that is a string", text = base64.url('"{}"'), reason = "bad-json" };
		{ name = "a payload that is null", text = base64.url("null"), reason = "bad-json" };
		{ name = "a payload in two objects", text = base64.url("{}{}"), reason = "bad-json" };
		{ name = "a payload behind a byte order mark", text = base64.url("\xEF\xBB\xBF{}"), reason = "bad-json" };
		{ name = "a payload of broken UTF-8", text = base64.url('{"a":"\xC3"}'), reason = "bad-json" };
		{ name = "a payload that names exp twice", text = base64.url('{"exp":1,"exp":9}'), reason = "duplicate-member" };
		{ name = "a payload that spells exp twice", text = base64.url('{"exp":1,"\\u0065xp":9}'), reason = "duplicate-member" };
		{ name = "a payload without an end", text = base64.url('{"a":1'), reason = "bad-json" };
		{ name = "a payload of NaN", text = base64.url('{"exp":NaN}'), reason = "bad-json" };
		{ name = "a payload beyond any number", text = base64.url('{"exp":1e400}'), reason = "bad-json" };
	};
	for _, case in ipairs(payloads) do
		it(case.name, function ()
			assert.same({ nil, case.reason }, { verify(signed_by_openssl(head, case.text), 0) });
		end);
	end

	local headers = {
		{ name = "a header of padded base64", text = "eyJhbGciOiJIUzI1NiJ9=", reason = "malformed" };
		{ name = "a header with spare bits set", text = "eyJhbGciOiJIUzI1NiIgfR", reason = "malformed" };
		{ name = "a header of plain JSON", text = '{"alg":"HS256"}', reason = "malformed" };
		{ name = "a header that is a list", text = base64.url('["HS256"]'), reason = "bad-json" };
		{ name = "a header that names alg twice", text = base64.url('{"alg":"none","alg":"HS256"}'), reason = "duplicate-member" };
		{ name = "a header with a comma too many", text = base64.url('{"alg":"HS256",}'), reason = "bad-json" };
	};
	for _, case in ipairs(headers) do
		it(case.name, function ()
			assert.same({ nil, case.reason }, { verify(signed_by_openssl(case.text, "e30"), 0) });
		end);
	end
end);

describe("a published token stays good", function ()
	it("with n - s for s, which ECDSA cannot tell (RFC 7518 3.4 asks for no low s)", function ()
		for _, example in ipairs(examples) do
			local n = numbers.order[example.alg];
			if n then
				local r, s = numbers.halves(example.bytes);
				local turned = base64.url(r .. numbers.subtract(n, s));
				assert.equal(example.expected, example.verify:payload(example.header .. "." .. example.payload .. "." .. turned));
			end
		end
	end);
end);
