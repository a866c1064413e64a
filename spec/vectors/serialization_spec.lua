-- Forms of JWS that are not taken: JSON serializations, detached and unencoded payloads (RFC 7515 7.2, F; RFC 7797).

local meetauth = require "meetauth";
local core = require "meetauth.core";
local rfc7515 = require "spec.vectors.rfc7515";
local rfc7520 = require "spec.vectors.rfc7520";
local rfc7797 = require "spec.vectors.rfc7797";

local secret = assert(meetauth.key { alg = "HS256", jwk = rfc7520.signed[4].jwk });
local joes = assert(meetauth.key { alg = "HS256", jwk = rfc7797.jwk });

local function refusal(token, key)
	local payload, reason = meetauth.jws(token, { keys = { key }, algorithms = { "HS256" } });
	assert.is_nil(payload);
	return reason;
end

describe("a JSON serialization", function ()
	for _, v in ipairs(rfc7520.json) do
		it(("is refused: %s"):format(v.name), function ()
			assert(core.decode(v.text)); -- it is what it says
			-- four dots in the two kids of 4.8 give it the outline of a JWE, which is refused by another word
			assert.equal(v.name:find("4.8", 1, true) and "unsupported" or "malformed", refusal(v.text, secret));
		end);
	end

	it("is refused with a compact token inside (CVE-2022-39227)", function ()
		local token = rfc7520.signed[4].token;
		for _, form in ipairs({ '{"payload":"%s"}', '{"%s":""}', '{"protected":"%s","signature":"AAAA"}', '"%s"' }) do
			assert.equal("malformed", refusal(form:format(token), secret));
		end
	end);
end);

describe("detached content (RFC 7520 4.5)", function ()
	it("is refused without its payload", function ()
		assert.equal("signature-mismatch", refusal(rfc7520.detached.token, secret)); -- it is not of the empty payload
	end);

	it("verifies when its payload is put back", function ()
		local whole = rfc7520.detached.token:gsub("%.%.", "." .. rfc7520.detached.payload .. ".");
		assert.equal(rfc7520.payload, meetauth.jws(whole, { keys = { secret }, algorithms = { "HS256" } }));
	end);

	it("is refused with another payload put in", function ()
		local other = rfc7520.detached.token:gsub("%.%.", ".e30.");
		assert.equal("signature-mismatch", refusal(other, secret));
	end);
end);

describe("an unencoded payload (RFC 7797)", function ()
	local function signed(header, payload) return assert(core.sign(joes, header, payload or "{}")); end

	it("is an ordinary one where it is encoded after all: RFC 7797 4.1", function ()
		assert.equal(rfc7797.payload, meetauth.jws(rfc7797.encoded, { keys = { joes }, algorithms = { "HS256" } }));
	end);

	it("is refused detached: RFC 7797 4.2", function ()
		assert.equal("critical-extension", refusal(rfc7797.unencoded, joes));
	end);

	it("is refused attached, dot and all: RFC 7797 4.2", function ()
		local attached = rfc7797.unencoded:gsub("%.%.", function () return "." .. rfc7797.payload .. "."; end);
		assert.equal("malformed", refusal(attached, joes));
	end);

	local cases = {
		{ name = "as critical", header = rfc7797.header, reason = "critical-extension" };
		{ name = "as critical although it is true", header = '{"alg":"HS256","b64":true,"crit":["b64"]}',
			reason = "critical-extension" };
		{ name = "as critical where it is absent", header = '{"alg":"HS256","crit":["b64"]}', reason = "critical-extension" };
		{ name = "without crit, which RFC 7797 6 forbids", header = '{"alg":"HS256","b64":false}', reason = "unsupported" };
		{ name = "beside another critical parameter", header = '{"alg":"HS256","b64":false,"crit":["b64","exp"]}',
			reason = "critical-extension" };
	};
	for _, case in ipairs(cases) do
		it(("is refused where the header names b64 %s"):format(case.name), function ()
			assert.equal(case.reason, refusal(signed(case.header), joes));
		end);
	end

	it("makes no difference where b64 is true, as if it were absent (RFC 7797 3)", function ()
		assert.equal("{}", meetauth.jws(signed('{"alg":"HS256","b64":true}'), { keys = { joes }, algorithms = { "HS256" } }));
	end);

	it("is refused with a signature that is right for its unencoded bytes", function ()
		local head = rfc7797.unencoded:match("^[^.]*");
		assert.equal("critical-extension", refusal(head .. ".$AB." .. rfc7797.signature, joes));
	end);
end);

describe("an unsecured token (RFC 7515 A.5)", function ()
	local payload = rfc7515[1].token:match("%.(.*)%.");

	it("is refused as it is printed, with an empty signature", function ()
		assert.equal("malformed", refusal("eyJhbGciOiJub25lIn0." .. payload .. ".", joes));
	end);

	for _, alg in ipairs({ "none", "None", "NONE", "nOnE", "none ", " none", "", "null", "HS256none" }) do
		it(("is refused with a signature and the algorithm %q"):format(alg), function ()
			assert.equal("algorithm-mismatch", refusal(core.sign(joes, ('{"alg":"%s"}'):format(alg), "{}"), joes));
		end);
	end

	it("has no key", function ()
		for _, alg in ipairs({ "none", "None", "" }) do
			assert.same({ nil, "unknown-algorithm" }, { meetauth.key { alg = alg, secret = ("k"):rep(64) } });
			assert.same({ nil, "unknown-algorithm" }, { meetauth.key { jwk = { kty = "oct", k = ("A"):rep(86), alg = alg } } });
		end
	end);

	it("has no verifier", function ()
		assert.error(function () meetauth.verifier { keys = { joes }, algorithms = { "none" } }; end);
		assert.error(function () meetauth.verifier { keys = { joes }, algorithms = {} }; end);
		assert.error(function () meetauth.verifier { keys = { joes } }; end);
	end);
end);
