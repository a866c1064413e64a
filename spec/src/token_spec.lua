-- src/token.c and src/sig.c: reading and verifying one token after the other, and signing.

local core = require "meetauth.core";
local base64 = require "spec.support.base64";
local hostile = require "spec.support.hostile";
local openssl = require "spec.support.openssl";
local reasons = require "meetauth.reasons".by_word;
local rfc = require "spec.support.rfc";

local secret = ("k"):rep(32);
local key = core.key.new("HS256", "secret", secret);
local stranger = core.key.new("HS256", "secret", ("l"):rep(32));
local head = '{"alg":"HS256"}';

local function sign(payload, header) return assert(core.sign(key, header or head, payload)); end

local function opened(token, max)
	local reader = core.token.new(max or 16384);
	assert(reader:open(token));
	return reader;
end

local function with_signature(token, bytes)
	return token:match("^(.*%.)") .. base64.url(bytes);
end

local function signature_of(token)
	return base64.bytes(token:match("[^.]*$"));
end

describe("a published token", function ()
	for _, v in ipairs(rfc) do
		it(("verifies: %s, %s"):format(v.name, v.alg), function ()
			local published = assert(core.key.new(v.alg, v.kind, v.key));
			local reader = opened(v.token);
			assert.same({ alg = v.alg, typ = v.alg == "HS256" and "JWT" or nil }, reader:header());
			assert.equal(v.payload, reader:payload(published));
		end);
		it(("of %s has one spelling"):format(v.name), function ()
			local published = assert(core.key.new(v.alg, v.kind, v.key));
			local reader = core.token.new(16384);
			local step = v.alg == "HS256" and 1 or 7; -- characters tried per position: the others cost more
			for i = 1, #v.token do
				for digit = 1 + i % step, 64, step do
					local char = base64.alphabet:sub(digit, digit);
					local bent = v.token:sub(1, i - 1) .. char .. v.token:sub(i + 1);
					if bent ~= v.token and reader:open(bent) then
						local payload, reason = reader:payload(published);
						assert.is_nil(payload, bent);
						assert.is_true(reason == "signature-mismatch" or reason == "malformed", reason);
					end
				end
			end
		end);
	end

	it("of RFC 7515 A.1 is what this key signs", function ()
		local v = rfc[1];
		assert.equal(v.token, core.sign(core.key.new("HS256", "secret", v.key), '{"typ":"JWT",\r\n "alg":"HS256"}', v.payload));
	end);

	it("of RFC 7515 A.5 (none) can be read, and no key verifies it", function ()
		local reader = core.token.new(16384);
		local token = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ.";
		assert.same({ nil, "malformed" }, { reader:open(token) }); -- an empty signature is no part
		assert(reader:open(token .. "AA"));
		assert.same({ alg = "none" }, reader:header());
		assert.same({ nil, "signature-mismatch" }, { reader:claims(key) });
	end);
end);

describe("a reader", function ()
	for _, max in ipairs({ 0, -1, 1048577, 1.5, "x", {} }) do
		it(("raises on %s as the largest size"):format(type(max) == "table" and "a table" or max), function ()
			assert.has_error(function () core.token.new(max); end);
		end);
	end

	it("takes sizes from 1 byte to 1 MiB", function ()
		assert.same({ nil, "malformed" }, { core.token.new(1):open("x") });
		assert.same({ nil, "malformed" }, { core.token.new(1048576):open(("x"):rep(1048576)) });
		assert.same({ nil, "too-large" }, { core.token.new(1048576):open(("x"):rep(1048577)) });
	end);

	it("reads a token that is exactly as long as allowed", function ()
		local token = sign('{"a":"' .. ("x"):rep(1000) .. '"}');
		assert.equal(1000, #opened(token, #token):claims(key).a);
		assert.same({ nil, "too-large" }, { core.token.new(#token - 1):open(token) });
	end);

	it("raises until a token was opened", function ()
		local reader = core.token.new(100);
		for _, method in ipairs({ "header", "unverified" }) do
			assert.has_error(function () reader[method](reader); end);
		end
		assert.has_error(function () reader:claims(key); end);
		assert.has_error(function () reader:payload(key); end);
		assert.has_error(function () reader:scan(core.selector({})); end);
		assert.has_error(function () reader:remember(1); end);
	end);

	it("forgets the token before where the next one is malformed", function ()
		for _, bad in ipairs({ "x", "a.b.c.d.e", ("x"):rep(2000) }) do
			local reader = opened(sign('{"a":1}'), 1000);
			assert.same({ a = 1 }, reader:claims(key));
			assert.is_nil((reader:open(bad)));
			assert.has_error(function () reader:claims(key); end);
			assert.has_error(function () reader:unverified(); end);
		end
	end);

	it("says malformed to what is no string", function ()
		local reader = core.token.new(100);
		for _, value in ipairs({ 1, 1.5, true, {}, reader, print }) do
			assert.same({ nil, "malformed" }, { reader:open(value) });
		end
		assert.same({ nil, "malformed" }, { reader:open(nil) });
		assert.same({ nil, "malformed" }, { reader:open() });
	end);

	it("raises on a key that is none", function ()
		local reader = core.token.new(100);
		reader:open("e30.e30.AA");
		assert.has_error(function () reader:claims(nil); end);
		assert.has_error(function () reader:claims(secret); end);
		assert.has_error(function () reader:claims(reader); end);
		assert.has_error(function () reader:payload({}); end);
		assert.has_error(function () core.token.new(100).open(key, "e30.e30.AA"); end);
	end);

	it("keeps one token's payload apart from the next one's", function ()
		local reader = core.token.new(1000);
		for i = 1, 20 do
			assert(reader:open(sign(('{"n":%d%s}'):format(i, (" "):rep(20 - i)))));
			assert.same({ n = i }, reader:claims(key));
			assert.same({ n = i }, reader:unverified());
		end
	end);

	it("holds the token while it reads it", function ()
		local reader = core.token.new(1000);
		reader:open(sign('{"a":"' .. ("x"):rep(200) .. '"}'));
		for i = 1, 100 do assert(#(tostring(i)):rep(300) > 0); end
		collectgarbage();
		collectgarbage();
		assert.equal(("x"):rep(200), reader:claims(key).a);
	end);

	it("is independent of another reader", function ()
		local one, two = opened(sign('{"n":1}')), opened(sign('{"n":2}'));
		assert.same({ n = 1 }, one:claims(key));
		assert.same({ n = 2 }, two:claims(key));
		assert.same({ n = 1 }, one:claims(key));
	end);

	it("answers in any order, and again", function ()
		local selector = core.selector({ { "iss", "joe" } });
		local reader = opened(sign('{"iss":"joe"}', '{"alg":"HS256","x":"\\u0061"}'));
		local questions = {
			function () assert.same({ alg = "HS256", x = "a" }, reader:header()); end,
			function () assert.same({ iss = "joe" }, reader:claims(key)); end,
			function () assert.same({ nil, "signature-mismatch" }, { reader:claims(stranger) }); end,
			function () assert.same({ iss = "joe" }, reader:unverified()); end,
			function () assert.equal(1, reader:scan(selector)); end,
			function () assert.equal('{"iss":"joe"}', reader:payload(key)); end,
		};
		for i = 1, #questions do
			for j = 1, #questions do
				questions[i]();
				questions[j]();
			end
		end
	end);
end);

describe("a token with an empty payload", function ()
	local token = sign("");
	local forgery = with_signature(token, ("\0"):rep(32));

	it("is signed, and its payload is the empty string", function ()
		assert.truthy(token:find("..", 1, true));
		assert.equal("", opened(token):payload(key));
		assert.same({ nil, "signature-mismatch" }, { opened(forgery):payload(key) });
	end);

	it("has no claims, which is said after its signature was checked", function ()
		assert.same({ nil, "bad-json" }, { opened(token):claims(key) });
		assert.same({ nil, "signature-mismatch" }, { opened(forgery):claims(key) });
		assert.same({ nil, "bad-json" }, { opened(token):unverified() });
		assert.same({ nil, "bad-json" }, { opened(token):scan(core.selector({ { "iss", "joe" } })) });
	end);

	it("is given by meetauth.jws, and refused by a verifier", function ()
		local meetauth = require "meetauth";
		local options = { keys = { key }, algorithms = { "HS256" } };
		assert.equal("", meetauth.jws(token, options));
		assert.same({ nil, "signature-mismatch" }, { meetauth.jws(forgery, options) });
		assert.same({ nil, "bad-json" }, { meetauth.verifier(options)(token, 0) });
		assert.same({ nil, "signature-mismatch" }, { meetauth.verifier(options)(forgery, 0) });
	end);
end);

describe("a remembered header", function ()
	it("is handed out for the same header only", function ()
		local reader = core.token.new(1000);
		local record = {};
		assert.is_true(reader:open(sign("{}")));
		reader:remember(record);
		assert.equal(record, reader:open(sign('{"another":"payload"}')));
		assert.is_true(reader:open(sign("{}", '{"alg":"HS257"}'))); -- as long, other bytes
		assert.is_true(reader:open(sign("{}", head .. " "))); -- the same value, another spelling
		assert.equal(record, reader:open(sign("{}")));
	end);

	it("belongs to one reader", function ()
		local one, two = core.token.new(1000), core.token.new(1000);
		one:open(sign("{}"));
		one:remember("one");
		assert.is_true(two:open(sign("{}")));
	end);

	it("does not spare the signature", function ()
		local reader = core.token.new(1000);
		reader:open(sign("{}"));
		reader:remember("known");
		assert.equal("known", reader:open(sign("{}"):gsub("e30", "e31", 1) and with_signature(sign("{}"), ("\0"):rep(32))));
		assert.same({ nil, "signature-mismatch" }, { reader:claims(key) });
	end);

	it("is one of the last sixteen", function ()
		local reader = core.token.new(1000);
		for i = 1, 17 do
			reader:open(sign("{}", '{"n":' .. i .. "}"));
			reader:remember(i);
		end
		assert.is_true(reader:open(sign("{}", '{"n":1}')));
		for i = 2, 17 do assert.equal(i, reader:open(sign("{}", '{"n":' .. i .. "}"))); end
	end);

	it("is not longer than 256 characters", function ()
		local reader = core.token.new(1000);
		local fits, too_long = ("x"):rep(192), ("x"):rep(193);
		reader:open(sign("{}", fits));
		reader:remember("fits");
		assert.equal("fits", reader:open(sign("{}", fits)));
		reader:open(sign("{}", too_long));
		reader:remember("too long");
		assert.is_true(reader:open(sign("{}", too_long)));
	end);

	it("outlives a collection", function ()
		local reader = core.token.new(1000);
		reader:open(sign("{}"));
		reader:remember({ "kept" });
		collectgarbage();
		assert.same({ "kept" }, reader:open(sign("{}")));
	end);
end);

describe("a header whose key is expected", function ()
	-- A reader that knows the header, and which key signs under it.
	local function expecting(by)
		local reader = core.token.new(1000);
		reader:open(sign("{}"));
		reader:remember("known");
		reader:expect(by or key);
		return reader;
	end

	it("gives claims at once, with the record", function ()
		local reader = expecting();
		assert.same({ { sub = "ada" }, "known" }, { reader:verify(sign('{"sub":"ada"}')) });
		assert.equal('{"sub":"ada"}', reader:payload(key)); -- it stays open
	end);

	it("spares no check", function ()
		local reader = expecting();
		local forged = core.sign(stranger, head, "{}");
		local rows = {
			{ forged, "signature-mismatch" }, { "x", "malformed" }, { 1, "malformed" }, { "a.b.c.d.e", "unsupported" },
			{ ("a"):rep(1001), "too-large" }, { sign("{} "):gsub("%.[^.]*$", ".="), "malformed" },
			{ sign("[]"), "bad-json" }, { sign('{"a":1,"a":2}'), "duplicate-member" }, { sign('{"exp":"1"}'), "bad-claim" },
		};
		for _, row in ipairs(rows) do assert.same({ nil, row[2] }, { reader:verify(row[1]) }, row[2]); end
		assert.same({ {}, "known" }, { reader:verify(sign("{}")) });
	end);

	it("is that header, and no other", function ()
		local reader = expecting();
		assert.same({ false, true }, { reader:verify(sign("{}", head .. " ")) });
		reader:remember("another");
		assert.same({ false, "another" }, { reader:verify(sign("{}", head .. " ")) });
		assert.same({}, reader:claims(key)); -- the token is open
		assert.same({ {}, "known" }, { reader:verify(sign("{}")) });
	end);

	it("is expected with the key that was named last, and forgotten with its record", function ()
		local reader = expecting(stranger);
		assert.same({ nil, "signature-mismatch" }, { reader:verify(sign("{}")) });
		reader:expect(key);
		assert.same({ {}, "known" }, { reader:verify(sign("{}")) });
		for i = 1, 16 do
			reader:open(sign("{}", '{"n":' .. i .. "}"));
			reader:remember(i);
		end
		assert.same({ false, 16 }, { reader:verify(sign("{}", '{"n":16}')) }); -- in whose place nobody is expected
		assert.same({ false, true }, { reader:verify(sign("{}")) });
	end);

	it("keeps the key while it is expected, and asks the caller where it was closed", function ()
		local reader = expecting(core.key.new("HS256", "secret", ("k"):rep(32)));
		collectgarbage();
		assert.same({ {}, "known" }, { reader:verify(sign("{}")) });
		local closed = core.key.new("HS256", "secret", ("k"):rep(32));
		reader = expecting(closed);
		getmetatable(closed).__close(closed);
		assert.same({ false, "known" }, { reader:verify(sign("{}")) });
	end);

	it("is not expected where it is not remembered", function ()
		local reader = core.token.new(1000);
		reader:open(sign("{}"));
		reader:expect(key);
		assert.same({ false, true }, { reader:verify(sign("{}")) });
		assert.has_error(function () core.token.new(1000):expect(key); end);
		assert.has_error(function () reader:expect("key"); end);
	end);
end);

local headers = {
	{ name = "an object", text = '{"alg":"HS256"}', value = { alg = "HS256" } };
	{ name = "an array", text = '["alg"]', reason = "bad-json" };
	{ name = "a string", text = '"HS256"', reason = "bad-json" };
	{ name = "null", text = "null", reason = "bad-json" };
	{ name = "no JSON", text = "alg", reason = "bad-json" };
	{ name = "two objects", text = "{}{}", reason = "bad-json" };
	{ name = "a member twice", text = '{"alg":"none","alg":"HS256"}', reason = "duplicate-member" };
	{ name = "a member twice after unescaping", text = [[{"alg":"none","\u0061lg":"HS256"}]], reason = "duplicate-member" };
	{ name = "a member twice further inside", text = '{"jwk":{"k":1,"k":2}}', reason = "duplicate-member" };
};

describe("header and payload", function ()
	for _, case in ipairs(headers) do
		it("as a header: " .. case.name, function ()
			local value, reason = opened(sign("{}", case.text)):header();
			assert.same(case.value, value);
			assert.equal(case.reason, reason);
		end);
		it("as signed claims: " .. case.name, function ()
			local value, reason = opened(sign(case.text)):claims(key);
			assert.same(case.value, value);
			assert.equal(case.reason, reason);
		end);
		it("as unverified claims: " .. case.name, function ()
			local value, reason = opened(sign(case.text)):unverified();
			assert.same(case.value, value);
			assert.equal(case.reason, reason);
		end);
		it("as signed bytes: " .. case.name, function ()
			assert.equal(case.text, opened(sign(case.text)):payload(key));
		end);
	end

	it("are looked at only after the signature holds", function ()
		for _, payload in ipairs({ "no JSON", '{"a":1,"a":2}', '{"a":1}' }) do
			assert.same({ nil, "signature-mismatch" }, { opened(sign(payload)):claims(stranger) });
		end
		assert.same({ nil, "signature-mismatch" }, { opened("e30.!!!!.AAAA"):claims(key) });
		assert.same({ nil, "signature-mismatch" }, { opened("e30.!!!!.AAAA"):payload(key) });
	end);

	it("are not asked where the signature is no base64url", function ()
		for _, signature in ipairs({ "A", "AB", "A=", "A A", "+/+/", ("A"):rep(43) .. "=" }) do
			assert.same({ nil, "malformed" }, { opened("e30.e30." .. signature):claims(key) });
			assert.same({ nil, "malformed" }, { opened("e30.e30." .. signature):payload(key) });
		end
	end);

	it("may be long", function ()
		local long = '{"a":"' .. ("\\u00e9"):rep(50000) .. '"}';
		local reader = opened(sign(long), 1048576);
		assert.equal(("é"):rep(50000), reader:claims(key).a);
	end);
end);

-- Every algorithm, its key on the command line, and the digest by which openssl checks a signature.
local schemes = {
	{ alg = "RS256", kind = "rsa", length = 256, dgst = "-sha256" };
	{ alg = "RS384", kind = "rsa", length = 256, dgst = "-sha384" };
	{ alg = "RS512", kind = "rsa", length = 256, dgst = "-sha512" };
	{ alg = "PS256", kind = "rsa", length = 256, dgst = "-sha256", salt = 32 };
	{ alg = "PS384", kind = "rsa", length = 256, dgst = "-sha384", salt = 48 };
	{ alg = "PS512", kind = "rsa", length = 256, dgst = "-sha512", salt = 64 };
	{ alg = "ES256", kind = "P-256", length = 64 };
	{ alg = "ES384", kind = "P-384", length = 96 };
	{ alg = "ES512", kind = "P-521", length = 132 };
	{ alg = "ES256K", kind = "secp256k1", length = 64 };
	{ alg = "EdDSA", kind = "Ed25519", length = 64 };
	{ alg = "EdDSA", kind = "Ed448", length = 114 };
	{ alg = "Ed25519", kind = "Ed25519", length = 64 };
	{ alg = "Ed448", kind = "Ed448", length = 114 };
	{ alg = "PS256", kind = "rsa-pss", length = 256, dgst = "-sha256", salt = 32 };
	{ alg = "PS512", kind = "rsa-pss", length = 256, dgst = "-sha512", salt = 64 };
	{ alg = "PS384", kind = "rsa-pss sha384", length = 256, dgst = "-sha384", salt = 48 };
	{ alg = "HS256", length = 32 };
	{ alg = "HS384", length = 48 };
	{ alg = "HS512", length = 64 };
};

-- The key that signs and the key that verifies.
local function pair(scheme)
	if not scheme.signer and scheme.kind then
		scheme.signer = core.key.new(scheme.alg, "private", openssl.private(scheme.kind));
		scheme.verifier = core.key.new(scheme.alg, "public", openssl.public(scheme.kind));
	elseif not scheme.signer then
		scheme.signer = core.key.new(scheme.alg, "secret", ("s"):rep(64));
		scheme.verifier = scheme.signer;
	end
	return scheme.signer, scheme.verifier;
end

describe("every algorithm", function ()
	local tested = {};
	for _, scheme in ipairs(schemes) do
		tested[scheme.alg] = true;
		local name = scheme.alg .. (scheme.kind and " with " .. scheme.kind or "");

		it(name .. " verifies what it signs, again and again", function ()
			local signer, verifier = pair(scheme);
			local reader = core.token.new(4096);
			for i = 1, 5 do
				local payload = ('{"n":%d}'):format(i);
				local token = assert(core.sign(signer, "{}", payload));
				assert.equal(scheme.length, #signature_of(token));
				assert(reader:open(token));
				assert.same({ n = i }, reader:claims(verifier));
				assert.same({ n = i }, reader:claims(signer));
				assert.equal(payload, reader:payload(verifier));
			end
		end);

		it(name .. " refuses what it did not sign", function ()
			local signer, verifier = pair(scheme);
			local reader = core.token.new(4096);
			local token = core.sign(signer, "{}", '{"n":1}');
			local signature = signature_of(token);
			local wrong = {
				token:gsub("^e30", "e31"), -- not even what was signed
				core.sign(signer, "{}", '{"n":2}'):match("^(.*%.)") .. token:match("[^.]*$"),
				core.sign(signer, "{ }", '{"n":1}'):match("^(.*%.)") .. token:match("[^.]*$"),
				with_signature(token, signature .. "\0"),
				with_signature(token, "\0" .. signature),
				with_signature(token, signature:sub(1, -2)),
				with_signature(token, signature:sub(2)),
				with_signature(token, signature:sub(1, #signature // 2)),
				with_signature(token, signature .. signature),
				with_signature(token, ("\0"):rep(#signature)), -- r = s = 0 (CVE-2022-21449)
				with_signature(token, ("\xFF"):rep(#signature)),
				with_signature(token, ("\0"):rep(#signature - 1) .. "\1"),
				with_signature(token, "\0"),
				with_signature(token, ("\0"):rep(2048)),
				with_signature(token, ("\0"):rep(2049)),
				with_signature(token, ("\0"):rep(2500)),
			};
			for i, text in ipairs(wrong) do
				assert(reader:open(text));
				assert.same({ nil, "signature-mismatch" }, { reader:claims(verifier) }, i);
				assert.same({ nil, "signature-mismatch" }, { reader:payload(verifier) }, i);
			end
			for i = 1, #signature do
				local flipped = signature:sub(1, i - 1) .. string.char(signature:byte(i) ~ 1 << i % 8) .. signature:sub(i + 1);
				assert(reader:open(with_signature(token, flipped)));
				assert.same({ nil, "signature-mismatch" }, { reader:claims(verifier) }, i);
			end
			assert(reader:open(token));
			assert.same({ n = 1 }, reader:claims(verifier)); -- and none of it left a trace
		end);
	end

	it("is tested here", function ()
		for _, alg in ipairs(core.algorithms()) do assert.is_true(tested[alg], alg); end
	end);

	it("verifies only what was signed under it", function ()
		local reader = core.token.new(4096);
		for _, from in ipairs(schemes) do
			assert(reader:open(core.sign((pair(from)), "{}", "{}")));
			for _, to in ipairs(schemes) do
				local _, verifier = pair(to);
				if from == to or from.alg:find("^Ed") and from.kind == to.kind then -- one algorithm under two names (RFC 9864)
					assert.same({}, reader:claims(verifier));
				else
					assert.same({ nil, "signature-mismatch" }, { reader:claims(verifier) }, from.alg .. " as " .. to.alg);
				end
			end
		end
	end);
end);

describe("against openssl's command line", function ()
	for _, scheme in ipairs(schemes) do
		if scheme.dgst then
			it(scheme.alg .. " verifies what openssl signed", function ()
				local _, verifier = pair(scheme);
				local options = scheme.salt and
					" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:" .. scheme.salt or "";
				local signature = openssl.run(("dgst %s -sign <in2>%s -out <out> <in>"):format(scheme.dgst, options),
					"e30.e30", openssl.private(scheme.kind));
				assert.same({}, opened("e30.e30." .. base64.url(signature)):claims(verifier));
			end);
		end
		if scheme.salt and not scheme.kind:find("sha") then -- openssl keeps to a key's parameters, too
			for _, salt in ipairs({ 0, 20, scheme.salt - 1, scheme.salt + 1, "max" }) do
				it(("%s refuses a salt of %s bytes (RFC 7518 3.5)"):format(scheme.alg, salt), function ()
					local _, verifier = pair(scheme);
					local signature = openssl.run(("dgst %s -sign <in2> -sigopt rsa_padding_mode:pss "
						.. "-sigopt rsa_pss_saltlen:%s -out <out> <in>"):format(scheme.dgst, salt), "e30.e30",
						openssl.private(scheme.kind));
					assert.same({ nil, "signature-mismatch" },
						{ opened("e30.e30." .. base64.url(signature)):claims(verifier) });
				end);
			end
			it(scheme.alg .. " refuses another hash in MGF1", function ()
				local _, verifier = pair(scheme);
				local signature = openssl.run(("dgst %s -sign <in2> -sigopt rsa_padding_mode:pss "
					.. "-sigopt rsa_pss_saltlen:%d -sigopt rsa_mgf1_md:sha1 -out <out> <in>"):format(scheme.dgst, scheme.salt),
					"e30.e30", openssl.private(scheme.kind));
				assert.same({ nil, "signature-mismatch" },
					{ opened("e30.e30." .. base64.url(signature)):claims(verifier) });
			end);
		end
	end
end);

describe("signing", function ()
	it("takes any bytes", function ()
		local payload = "\0\255 not JSON";
		assert.equal(payload, opened(sign(payload)):payload(key));
	end);

	it("raises on a key that is none, and on text that is none", function ()
		assert.has_error(function () core.sign(secret, "{}", "{}"); end);
		assert.has_error(function () core.sign(key, {}, "{}"); end);
		assert.has_error(function () core.sign(key, "{}", nil); end);
	end);
end);

describe("a hostile token", function ()
	local token = sign('{"iss":"joe","exp":1300819380,"context":{"user":{"name":"J\\u00f6e"}}}', '{"alg":"HS256","typ":"JWT"}');
	local selector = core.selector({ { "iss", "joe" }, { "d" } });

	it("gets a known reason, and never in", function ()
		local reader = core.token.new(1000);
		local counts = { opened = 0, decoded = 0 };
		for bent in hostile.tokens(token, 20260101, 20000) do
			local ok, reason = reader:open(bent);
			assert.is_true(ok == true or reasons[reason] ~= nil, reason);
			if ok then
				counts.opened = counts.opened + 1;
				for _, method in ipairs({ "header", "unverified" }) do
					local value, why = reader[method](reader);
					assert.is_true(type(value) == "table" or reasons[why] ~= nil, why);
					if method == "unverified" and value then counts.decoded = counts.decoded + 1; end
				end
				local first, second = reader:scan(selector);
				assert.is_true(math.type(first) == "integer" or first == nil and (second == nil or second == 0 or
					reasons[second] ~= nil), second);
				for _, method in ipairs({ "claims", "payload" }) do
					local value, why = reader[method](reader, key);
					assert.is_nil(value, bent);
					assert.truthy(reasons[why], why);
				end
			end
		end
		assert.is_true(counts.opened > 5000 and counts.decoded > 1000, "the mutations are too rough");
	end);
end);
