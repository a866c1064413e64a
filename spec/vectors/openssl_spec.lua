-- The core against the openssl command line: keys that it makes, in every form, and signatures both ways.

local meetauth = require "meetauth";
local core = require "meetauth.core";
local base64 = require "spec.support.base64";
local openssl = require "spec.support.openssl";
local engine = require "spec.vectors.engine";
local numbers = require "spec.vectors.numbers";

local payload = '{"sub":"openssl"}';

local function title(row) return row.point and row.alg .. " on " .. row.kind or row.alg; end

local function input_of(row) return base64.url(('{"alg":"%s"}'):format(row.alg)) .. "." .. base64.url(payload); end

local function payload_of(row, token, key)
	return meetauth.jws(token, { keys = { key }, algorithms = { row.alg } });
end

-- Each form in which the public key may come.
local function public_keys(row)
	if row.block then
		return {
			secret = meetauth.key { alg = row.alg, secret = engine.secret };
			JWK = meetauth.key { alg = row.alg, jwk = { kty = "oct", k = base64.url(engine.secret) } };
		};
	end
	local certificate = openssl.certificate(row.kind);
	return {
		PEM = meetauth.key { alg = row.alg, public = openssl.public(row.kind) };
		DER = meetauth.key { alg = row.alg, public = engine.der(row) };
		JWK = meetauth.key { alg = row.alg, jwk = engine.jwk(row) };
		["certificate as PEM"] = meetauth.key { alg = row.alg, public = certificate };
		["certificate as DER"] = meetauth.key { alg = row.alg,
			public = openssl.run("x509 -in <in> -outform DER -out <out>", certificate) };
	};
end

-- Each form in which the private key may come.
local function private_keys(row)
	if row.block then return { secret = meetauth.key { alg = row.alg, secret = engine.secret } }; end
	local pem = openssl.private(row.kind);
	local keys = {
		["PKCS#8 as PEM"] = meetauth.key { alg = row.alg, private = pem };
		["PKCS#8 as DER"] = meetauth.key { alg = row.alg,
			private = openssl.run("pkcs8 -topk8 -nocrypt -in <in> -outform DER -out <out>", pem) };
	};
	if not row.point then -- PKCS#1, SEC1
		keys["traditional form as PEM"] = meetauth.key { alg = row.alg,
			private = openssl.run("pkey -traditional -in <in> -out <out>", pem) };
		keys["traditional form as DER"] = meetauth.key { alg = row.alg,
			private = openssl.run("pkey -traditional -in <in> -outform DER -out <out>", pem) };
	end
	return keys;
end

local function size(t)
	local n = 0;
	for _ in pairs(t) do n = n + 1; end
	return n;
end

describe("openssl and the core agree on", function ()
	local covered = {};
	for _, row in ipairs(engine.algorithms) do
		covered[row.alg] = true;

		it(("what openssl signs, under its key in every form: %s"):format(title(row)), function ()
			local token = input_of(row) .. "." .. base64.url(engine.sign(row, input_of(row)));
			local keys = public_keys(row);
			assert.equal(row.block and 2 or 5, size(keys));
			for form, key in pairs(keys) do assert.equal(payload, payload_of(row, token, key), form); end
		end);

		it(("what the core signs, with its key in every form: %s"):format(title(row)), function ()
			local keys = private_keys(row);
			assert.equal(row.block and 1 or row.point and 2 or 4, size(keys));
			for form, key in pairs(keys) do
				local token = assert(core.sign(key, ('{"alg":"%s"}'):format(row.alg), payload));
				local input, signature = token:match("^(.*)%.(.*)$");
				assert.equal(input_of(row), input, form);
				assert.is_true(engine.verifies(row, input, base64.bytes(signature)), form);
				assert.is_false(engine.verifies(row, input .. "x", base64.bytes(signature)), form);
			end
		end);

		if not row.block then
			it(("the public key's JWK and PEM: %s"):format(title(row)), function ()
				local key = assert(meetauth.key { alg = row.alg, private = openssl.private(row.kind) });
				local written = assert(key:jwk());
				assert.same({ row.alg, "sig" }, { written.alg, written.use });
				written.alg, written.use = nil, nil;
				assert.same(engine.jwk(row), written);
				assert.equal(openssl.public(row.kind), key:pem());
			end);
		end
	end

	it("every algorithm that there is", function ()
		for _, alg in ipairs(core.algorithms()) do assert.is_true(covered[alg], alg); end
	end);
end);

-- PSS as RFC 7518 3.5 has it: the salt as long as the hash, MGF1 over the same hash.
describe("a PSS signature is refused with", function ()
	local others = { PS256 = "sha384", PS384 = "sha256", PS512 = "sha1" };
	for _, row in ipairs(engine.algorithms) do
		if row.pss then
			local function verdict(sigopts, hash)
				local signed_row = setmetatable({ hash = hash }, { __index = row });
				local token = input_of(row) .. "." .. base64.url(engine.sign(signed_row, input_of(row), sigopts));
				return { payload_of(row, token, assert(meetauth.key { alg = row.alg, public = openssl.public(row.kind) })) };
			end
			local pss = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:%s ";

			it(("nothing wrong: %s"):format(row.alg), function ()
				assert.same({ payload }, verdict(pss:format("digest")));
			end);
			for _, salt in ipairs({ "0", "max", "1", "20" }) do
				it(("a salt of %s bytes: %s"):format(salt, row.alg), function ()
					assert.same({ nil, "signature-mismatch" }, verdict(pss:format(salt)));
				end);
			end
			it(("a salt one byte short: %s"):format(row.alg), function ()
				assert.same({ nil, "signature-mismatch" }, verdict(pss:format(tonumber(row.alg:sub(3)) // 8 - 1)));
			end);
			it(("MGF1 over another hash: %s"):format(row.alg), function ()
				assert.same({ nil, "signature-mismatch" },
					verdict(pss:format("digest") .. "-sigopt rsa_mgf1_md:" .. others[row.alg] .. " "));
			end);
			it(("another hash, whose length the salt has: %s"):format(row.alg), function ()
				assert.same({ nil, "signature-mismatch" }, verdict(pss:format("digest"), others[row.alg]));
			end);
			it(("another hash, its own salt: %s"):format(row.alg), function ()
				assert.same({ nil, "signature-mismatch" },
					verdict(pss:format(tonumber(row.alg:sub(3)) // 8), others[row.alg]));
			end);
			it(("the padding of PKCS#1 v1.5: %s"):format(row.alg), function ()
				assert.same({ nil, "signature-mismatch" }, verdict(""));
			end);
		end
	end
end);

-- PKCS#1 v1.5: 00 01 FF... 00 DigestInfo, every byte of it (RFC 8017 9.2; CVE-2006-4339).
describe("a PKCS#1 v1.5 signature is refused with", function ()
	local row = engine.algorithms[4];
	local input = input_of(row);
	local function sha256() return openssl.run("dgst -sha256 -binary -out <out> <in>", input); end
	local function info() -- SEQUENCE { SEQUENCE { OID sha256, NULL }, OCTET STRING }
		return "\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\0\x04\x20" .. sha256();
	end
	local function padded(body) return "\0\1" .. ("\xFF"):rep(253 - #body) .. "\0" .. body; end

	local cases = {
		{ name = "nothing wrong", encoded = function () return padded(info()); end, good = true };
		{ name = "no NULL after the hash's name", encoded = function ()
			return padded("\x30\x2F\x30\x0B\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20" .. sha256());
		end };
		{ name = "no DigestInfo", encoded = function () return padded(sha256()); end };
		{ name = "a length in two bytes", encoded = function ()
			return padded("\x30\x81\x31" .. info():sub(3));
		end };
		{ name = "another hash's name", encoded = function ()
			return padded((info():gsub("\x04\x02\x01\x05", "\x04\x02\x02\x05")));
		end };
		{ name = "bytes after the DigestInfo", encoded = function () return padded(info() .. "\0\0\0\0"); end };
		{ name = "bytes after the DigestInfo, instead of padding (CVE-2006-4339)", encoded = function ()
			local head = "\0\1" .. ("\xFF"):rep(8) .. "\0" .. info();
			return head .. ("\xAA"):rep(256 - #head);
		end };
		{ name = "bytes inside the DigestInfo", encoded = function ()
			return padded("\x30\x35" .. "\x30\x11\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\4AAAA" .. "\x04\x20" .. sha256());
		end };
		{ name = "padding that is not FF", encoded = function () return (padded(info()):gsub("^(..)\xFF", "%1\xFE")); end };
		{ name = "padding of zeros", encoded = function () return "\0\1" .. ("\0"):rep(254 - #info()) .. info(); end };
		{ name = "the block type 0", encoded = function () return (padded(info()):gsub("^\0\1", "\0\0")); end };
		{ name = "the block type 2", encoded = function () return (padded(info()):gsub("^\0\1", "\0\2")); end };
		{ name = "no zero before the DigestInfo", encoded = function ()
			return "\0\1" .. ("\xFF"):rep(254 - #info()) .. info();
		end };
		{ name = "a second zero before the DigestInfo", encoded = function ()
			return "\0\1" .. ("\xFF"):rep(252 - #info()) .. "\0\0" .. info();
		end };
		{ name = "one bit of the hash turned", encoded = function ()
			local body = info();
			return padded(body:sub(1, -2) .. string.char(body:byte(-1) ~ 1));
		end };
	};
	for _, case in ipairs(cases) do
		it(case.name, function ()
			local encoded = case.encoded();
			assert.equal(256, #encoded);
			local token = input .. "." .. base64.url(engine.sign_encoded(row, encoded));
			assert.same(case.good and { payload } or { nil, "signature-mismatch" },
				{ payload_of(row, token, assert(meetauth.key { alg = "RS256", public = openssl.public("rsa") })) });
		end);
	end
end);

describe("an Ed448 signature is refused with", function ()
	local row = engine.algorithms[15];
	local cases = {
		{ name = "nothing wrong", bend = function (s) return s; end, good = true };
		{ name = "L added to its S", bend = function (s)
			return s:sub(1, 57) .. numbers.add(s:sub(58):reverse(), numbers.edwards_order[114]):reverse();
		end };
		{ name = "a last byte that is not zero", bend = function (s) return s:sub(1, -2) .. "\1"; end };
		{ name = "the length of Ed25519's", bend = function (s) return s:sub(1, 64); end };
		{ name = "R and S exchanged", bend = function (s) return s:sub(58) .. s:sub(1, 57); end };
		{ name = "zeros", bend = function (s) return ("\0"):rep(#s); end };
	};
	for _, case in ipairs(cases) do
		it(case.name, function ()
			local token = input_of(row) .. "." .. base64.url(case.bend(engine.sign(row, input_of(row))));
			assert.same(case.good and { payload } or { nil, "signature-mismatch" },
				{ payload_of(row, token, assert(meetauth.key { alg = row.alg, public = openssl.public(row.kind) })) });
		end);
	end
end);

-- Hundreds of signatures, so that short r and s come along too.
describe("an ECDSA signature of the core", function ()
	for _, row in ipairs(engine.algorithms) do
		if row.coordinate then
			it(("has r and s of full length, also where they begin with zeros: %s"):format(row.alg), function ()
				local key = assert(meetauth.key { alg = row.alg, private = openssl.private(row.kind) });
				local verify = meetauth.verifier { keys = { key }, algorithms = { row.alg } };
				local short;
				for i = 1, 2000 do
					local token = assert(meetauth.sign(key, { i = i }));
					local signature = base64.bytes(token:match("[^.]*$"));
					assert.equal(2 * row.coordinate, #signature);
					local r, s = numbers.halves(signature);
					if r:byte() == 0 or s:byte() == 0 then
						short = token;
						break;
					end
				end
				assert(short, "none of 2000 signatures has a leading zero");
				local input, signature = short:match("^(.*)%.(.*)$");
				assert.is_true(engine.verifies(row, input, base64.bytes(signature)));
				assert(verify(short, 0));
			end);
		end
	end
end);
