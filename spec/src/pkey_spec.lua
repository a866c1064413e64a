-- src/pkey.c: public and private keys in every form in which people have them, and those that nobody should have.

local core = require "meetauth.core";
local base64 = require "spec.support.base64";
local der = require "spec.support.der";
local openssl = require "spec.support.openssl";

local kinds = {
	RS256 = "rsa", PS256 = "rsa", ES256 = "P-256", ES384 = "P-384", ES512 = "P-521", ES256K = "secp256k1", EdDSA = "Ed25519",
};

local function to(form, pem)
	return openssl.run(form .. " -in <in> -out <out>", pem);
end

local function crlf(text) return (text:gsub("\n", "\r\n")); end

-- Forms of the RSA key and of the P-256 key that must be read.
local public_forms = {
	{ name = "SPKI in PEM", of = openssl.public };
	{ name = "SPKI in DER", of = function (k) return to("pkey -pubin -outform DER", openssl.public(k)); end };
	{ name = "SPKI in PEM with CRLF", of = function (k) return crlf(openssl.public(k)); end };
	{ name = "PEM without a newline at its end", of = function (k) return (openssl.public(k):gsub("\n$", "")); end };
	{ name = "PEM with text in front and behind",
		of = function (k) return "# the portal's key\n\n" .. openssl.public(k) .. "\nthat was it\n"; end };
	{ name = "PEM with a long text in front",
		of = function (k) return ("words and more words\n"):rep(500) .. openssl.public(k); end };
	{ name = "PEM after EC parameters",
		of = function (k) return openssl.run("ecparam -name prime256v1 -out <out>") .. openssl.public(k); end };
	{ name = "a certificate in PEM", of = openssl.certificate };
	{ name = "a certificate in DER", of = function (k) return to("x509 -outform DER", openssl.certificate(k)); end };
	{ name = "a certificate in PEM with CRLF", of = function (k) return crlf(openssl.certificate(k)); end };
	{ name = "a certificate with its description",
		of = function (k) return to("x509 -text", openssl.certificate(k)); end };
	{ name = "PKCS#1 in PEM", only = "rsa",
		of = function (k) return to("rsa -pubin -RSAPublicKey_out", openssl.public(k)); end };
	{ name = "PKCS#1 in DER", only = "rsa",
		of = function (k) return to("rsa -pubin -RSAPublicKey_out -outform DER", openssl.public(k)); end };
	{ name = "a compressed point", only = "P-256",
		of = function (k) return to("ec -pubin -conv_form compressed", openssl.public(k)); end };
};

local private_forms = {
	{ name = "PKCS#8 in PEM", of = openssl.private };
	{ name = "PKCS#8 in DER", of = function (k) return to("pkcs8 -topk8 -nocrypt -outform DER", openssl.private(k)); end };
	{ name = "PKCS#8 in PEM with CRLF", of = function (k) return crlf(openssl.private(k)); end };
	{ name = "PEM with text in front", of = function (k) return "do not show\n" .. openssl.private(k); end };
	{ name = "the traditional form in PEM", of = function (k) return to("pkey -traditional", openssl.private(k)); end };
	{ name = "the traditional form in DER",
		of = function (k) return to("pkey -traditional -outform DER", openssl.private(k)); end };
	{ name = "SEC1 behind its parameters", only = "P-256",
		of = function () return openssl.run("ecparam -name prime256v1 -genkey -out <out>"); end };
	{ name = "a private key behind its certificate",
		of = function (k) return openssl.certificate(k) .. openssl.private(k); end };
};

local algs = { rsa = "RS256", ["P-256"] = "ES256" };

local function encrypted(form)
	return openssl.run(form .. " -passout pass:secret -in <in> -out <out>", openssl.private("P-256"));
end

-- RSA by hand. The modulus need not be a product of two primes to be looked at.
local function modulus(bits)
	return "\x80" .. ("\xA5"):rep(bits // 8 - 2) .. "\x01";
end
local n2048, e65537 = der.integer(modulus(2048)), der.integer("\1\0\1");

local function rsa(n, e) return base64.pem("PUBLIC KEY", der.rsa(n, e)); end

local infinity = "\0";
local off_curve = "\4" .. ("\1"):rep(64);

local refused = {
	{ name = "nothing", public = "", reason = "bad-key" };
	{ name = "noise", public = ("\xDE\xAD"):rep(50), reason = "bad-key" };
	{ name = "a secret", public = ("k"):rep(32), reason = "bad-key" };
	{ name = "an SSH key", public = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 me@here", reason = "bad-key" };
	{ name = "a JWK", public = '{"kty":"EC","crv":"P-256"}', reason = "bad-key" };
	{ name = "the first line of PEM", public = "-----BEGIN PUBLIC KEY-----\n", reason = "bad-key" };
	{ name = "PEM without its last line",
		public = function () return (openssl.public("P-256"):gsub("%-%-%-%-%-END.*", "")); end, reason = "bad-key" };
	{ name = "PEM that lost a line", alg = "RS256",
		public = function () return (openssl.public("rsa"):gsub("\n[^-\n]+", "", 1)); end, reason = "bad-key" };
	{ name = "PEM whose labels differ",
		public = function () return (openssl.public("P-256"):gsub("END PUBLIC", "END RSA PUBLIC")); end, reason = "bad-key" };
	{ name = "PEM under a label of another form",
		public = function () return (openssl.public("P-256"):gsub("PUBLIC KEY", "CERTIFICATE")); end, reason = "bad-key" };
	{ name = "PEM that holds noise", public = base64.pem("PUBLIC KEY", "noise"), reason = "bad-key" };
	{ name = "PEM of something else", public = function () return openssl.run("ecparam -name prime256v1 -out <out>"); end,
		reason = "bad-key" };
	{ name = "DER with a byte behind it",
		public = function () return to("pkey -pubin -outform DER", openssl.public("P-256")) .. "\0"; end, reason = "bad-key" };
	{ name = "DER in PEM with a byte behind it", public = function ()
		return base64.pem("PUBLIC KEY", to("pkey -pubin -outform DER", openssl.public("P-256")) .. "\0");
	end, reason = "bad-key" };
	{ name = "DER that was cut off",
		public = function () return to("pkey -pubin -outform DER", openssl.public("P-256")):sub(1, -2); end, reason = "bad-key" };
	{ name = "more than 64 KiB of text", public = ("x"):rep(65537), reason = "oversized-key" };
	{ name = "more than 64 KiB of text before a key",
		public = function () return ("x"):rep(65536) .. "\n" .. openssl.public("P-256"); end, reason = "oversized-key" };
	{ name = "a private key in the public one's place",
		public = function () return openssl.private("P-256"); end, reason = "not-public" };
	{ name = "a private key in DER",
		public = function () return to("pkey -outform DER", openssl.private("P-256")); end, reason = "not-public" };
	{ name = "a private key in the traditional form",
		public = function () return to("pkey -traditional", openssl.private("P-256")); end, reason = "not-public" };
	{ name = "a private key behind the public one",
		public = function () return openssl.public("P-256") .. openssl.private("P-256"); end, reason = "not-public" };
	{ name = "a private key before the public one",
		public = function () return openssl.private("P-256") .. openssl.public("P-256"); end, reason = "not-public" };
	{ name = "an encrypted private key in the public one's place",
		public = function () return encrypted("pkcs8 -topk8"); end, reason = "not-public" };
	{ name = "an encrypted private key in DER in the public one's place",
		public = function () return encrypted("pkcs8 -topk8 -outform DER"); end, reason = "not-public" };
	{ name = "an encrypted private key behind the public one",
		public = function () return openssl.public("P-256") .. encrypted("pkcs8 -topk8"); end, reason = "not-public" };
	{ name = "a public key in the private one's place",
		private = function () return openssl.public("P-256"); end, reason = "not-private" };
	{ name = "a public key in DER in the private one's place",
		private = function () return to("pkey -pubin -outform DER", openssl.public("P-256")); end, reason = "not-private" };
	{ name = "a certificate in the private key's place",
		private = function () return openssl.certificate("P-256"); end, reason = "not-private" };
	{ name = "a pass phrase that nobody is asked for: PKCS#8",
		private = function () return encrypted("pkcs8 -topk8"); end, reason = "encrypted-key" };
	{ name = "a pass phrase that nobody is asked for: PKCS#8 in DER",
		private = function () return encrypted("pkcs8 -topk8 -outform DER"); end, reason = "encrypted-key" };
	{ name = "a pass phrase that nobody is asked for: the traditional form",
		private = function () return encrypted("ec -aes128"); end, reason = "encrypted-key" };
	{ name = "nothing as a private key", private = "", reason = "bad-key" };
	{ name = "a secret as a private key", private = ("k"):rep(32), reason = "bad-key" };

	{ name = "RSA of 1024 bits", alg = "RS256", public = function () return openssl.public("rsa-1024"); end, reason = "weak-key" };
	{ name = "RSA of 1024 bits, to sign", alg = "RS256",
		private = function () return openssl.private("rsa-1024"); end, reason = "weak-key" };
	{ name = "RSA of 1024 bits for PSS", alg = "PS256",
		public = function () return openssl.public("rsa-1024"); end, reason = "weak-key" };
	{ name = "RSA of 2040 bits", alg = "RS256", public = rsa(der.integer(modulus(2040)), e65537), reason = "weak-key" };
	{ name = "RSA of 16392 bits", alg = "RS256", public = rsa(der.integer(modulus(16392)), e65537), reason = "oversized-key" };
	{ name = "an even modulus", alg = "RS256",
		public = rsa(der.integer("\x80" .. ("\xA5"):rep(254) .. "\2"), e65537), reason = "bad-key" };
	{ name = "an exponent of 1", alg = "RS256", public = rsa(n2048, der.integer("\1")), reason = "bad-exponent" };
	{ name = "an exponent of 2", alg = "RS256", public = rsa(n2048, der.integer("\2")), reason = "bad-exponent" };
	{ name = "an even exponent", alg = "RS256", public = rsa(n2048, der.integer("\1\0\0")), reason = "bad-exponent" };
	{ name = "an exponent of 65 bits", alg = "RS256",
		public = rsa(n2048, der.integer("\1" .. ("\0"):rep(7) .. "\1")), reason = "bad-exponent" };
	{ name = "an exponent of 1 in PKCS#1", alg = "PS256",
		public = base64.pem("RSA PUBLIC KEY", der.pkcs1(n2048, der.integer("\1"))), reason = "bad-exponent" };

	{ name = "an EC key under RS256", alg = "RS256",
		public = function () return openssl.public("P-256"); end, reason = "key-type-mismatch" };
	{ name = "an Ed25519 key under RS256", alg = "RS256",
		public = function () return openssl.public("Ed25519"); end, reason = "key-type-mismatch" };
	{ name = "an RSA key under ES256", public = function () return openssl.public("rsa"); end, reason = "key-type-mismatch" };
	{ name = "an RSA key under ES256, to sign",
		private = function () return openssl.private("rsa"); end, reason = "key-type-mismatch" };
	{ name = "an Ed25519 key under ES256",
		public = function () return openssl.public("Ed25519"); end, reason = "key-type-mismatch" };
	{ name = "an EC key under EdDSA", alg = "EdDSA",
		public = function () return openssl.public("P-256"); end, reason = "key-type-mismatch" };
	{ name = "an X25519 key under EdDSA", alg = "EdDSA",
		public = function () return openssl.public("X25519"); end, reason = "key-type-mismatch" };
	{ name = "an RSA-PSS key of SHA-384 under PS256", alg = "PS256",
		public = function () return openssl.public("rsa-pss sha384"); end, reason = "key-type-mismatch" };
	{ name = "an RSA-PSS key of SHA-384 under PS512", alg = "PS512",
		private = function () return openssl.private("rsa-pss sha384"); end, reason = "key-type-mismatch" };
	{ name = "an RSA-PSS key whose mask has another hash", alg = "PS256",
		public = function () return openssl.public("rsa-pss sha256 mask sha384"); end, reason = "key-type-mismatch" };
	{ name = "an RSA-PSS key whose salt is longer than the hash", alg = "PS256",
		public = function () return openssl.public("rsa-pss sha256 salt 33"); end, reason = "key-type-mismatch" };
	{ name = "an RSA-PSS key of SHA-1, which is what no parameters in its parameters mean", alg = "PS256",
		public = function () return openssl.public("rsa-pss sha1"); end, reason = "key-type-mismatch" };
	{ name = "Ed448 under Ed25519", alg = "Ed25519",
		public = function () return openssl.public("Ed448"); end, reason = "curve-mismatch" };
	{ name = "Ed25519 under Ed448, to sign", alg = "Ed448",
		private = function () return openssl.private("Ed25519"); end, reason = "curve-mismatch" };
	{ name = "P-256 under Ed25519", alg = "Ed25519",
		public = function () return openssl.public("P-256"); end, reason = "key-type-mismatch" };
	{ name = "ML-DSA-44 in the public key's place", alg = "-",
		public = base64.pem("PUBLIC KEY", der.spki("608648016503040311", ("\1"):rep(1312))), reason = "unknown-algorithm" };
	{ name = "ML-DSA-87 under PS256", alg = "PS256",
		public = base64.pem("PUBLIC KEY", der.spki("608648016503040313", ("\1"):rep(2592))), reason = "unknown-algorithm" };
	{ name = "ML-DSA-65 in DER", alg = "EdDSA",
		public = der.spki("608648016503040312", ("\1"):rep(1952)), reason = "unknown-algorithm" };
	{ name = "ML-DSA-44 in the private key's place", alg = "-",
		private = base64.pem("PRIVATE KEY", der.pkcs8("608648016503040311", "\x80\x20" .. ("\1"):rep(32))),
		reason = "unknown-algorithm" };
	{ name = "ML-DSA-65 in DER, to sign", alg = "ES256",
		private = der.pkcs8("608648016503040312", "\x80\x20" .. ("\1"):rep(32)), reason = "unknown-algorithm" };
	{ name = "ML-DSA-65 in DER, private in the public key's place", alg = "ES256",
		public = der.pkcs8("608648016503040312", "\x80\x20" .. ("\1"):rep(32)), reason = "not-public" };
	{ name = "an RSA-PSS key under RS256", alg = "RS256",
		public = function () return openssl.public("rsa-pss"); end, reason = "key-type-mismatch" };

	{ name = "P-384 under ES256", public = function () return openssl.public("P-384"); end, reason = "curve-mismatch" };
	{ name = "P-256 under ES384", alg = "ES384",
		public = function () return openssl.public("P-256"); end, reason = "curve-mismatch" };
	{ name = "P-256 under ES512", alg = "ES512",
		public = function () return openssl.public("P-256"); end, reason = "curve-mismatch" };
	{ name = "secp256k1 under ES256, of the same size",
		public = function () return openssl.public("secp256k1"); end, reason = "curve-mismatch" };
	{ name = "P-256 under ES256K, of the same size", alg = "ES256K",
		public = function () return openssl.public("P-256"); end, reason = "curve-mismatch" };
	{ name = "P-384 under ES256, to sign", private = function () return openssl.private("P-384"); end,
		reason = "curve-mismatch" };
	{ name = "P-256 with its parameters spelt out",
		public = function () return openssl.public("P-256 explicit"); end, reason = "curve-mismatch" };
	{ name = "P-256 with its parameters spelt out, to sign",
		private = function () return openssl.private("P-256 explicit"); end, reason = "curve-mismatch" };
};

-- What OpenSSL says of these differs by its version: read, or not read; but never a key.
local never = {
	{ name = "a point that is not on the curve", public = base64.pem("PUBLIC KEY", der.ec("P-256", off_curve)) };
	{ name = "the point at infinity", public = base64.pem("PUBLIC KEY", der.ec("P-256", infinity)) };
	{ name = "no point", public = base64.pem("PUBLIC KEY", der.ec("P-256", "")) };
	{ name = "a point cut off", public = base64.pem("PUBLIC KEY", der.ec("P-256", off_curve:sub(1, 40))) };
	{ name = "a point of another curve's size", public = base64.pem("PUBLIC KEY", der.ec("P-256", "\4" .. ("\1"):rep(96))) };
	{ name = "a coordinate over the prime", public = base64.pem("PUBLIC KEY", der.ec("P-256", "\4" .. ("\xFF"):rep(64))) };
	{ name = "a negative modulus", alg = "RS256",
		public = rsa(der.raw_integer("\x80" .. ("\xA5"):rep(254) .. "\1"), e65537) };
	{ name = "a modulus of zero", alg = "RS256", public = rsa(der.integer("\0"), e65537) };
	{ name = "a negative exponent", alg = "RS256", public = rsa(n2048, der.raw_integer("\xFF\xFF\xFD")) };
	{ name = "an exponent of zero", alg = "RS256", public = rsa(n2048, der.integer("\0")) };
};

local function material(case)
	local kind = case.public and "public" or "private";
	local text = case[kind];
	return kind, type(text) == "function" and text() or text;
end

-- The same bytes with another's in the place of some.
local function exchanged(bytes, these, those)
	local at = assert(bytes:find(these, 1, true));
	assert(#these == #those);
	return bytes:sub(1, at - 1) .. those .. bytes:sub(at + #these);
end

local function new_private(kind)
	return kind == "rsa" and openssl.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out <out>")
		or openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:" .. kind .. " -out <out>");
end

-- The private half of one key with the public half of another.
local function of_two(form, kind)
	local mine, other = openssl.private(kind), new_private(kind);
	if kind == "rsa" then return exchanged(to(form, mine), openssl.number(mine, "n"), openssl.number(other, "n")); end
	local function point(pem) return to("pkey -pubout -outform DER", pem):sub(-64); end
	return exchanged(to(form, mine), point(mine), point(other));
end

describe("a private key whose halves do not belong together", function ()
	for kind, alg in pairs({ ["P-256"] = "ES256", rsa = "RS256", secp256k1 = "ES256K" }) do
		for _, form in ipairs({ "pkcs8 -topk8 -nocrypt -outform DER", "pkey -traditional -outform DER" }) do
			it(("is none: %s, %s"):format(kind, form), function ()
				local bytes = of_two(form, kind);
				assert.same({ nil, "bad-key" }, { core.key.new(alg, "private", bytes) });
				local label = form:find("^pkcs8") and "PRIVATE KEY" or kind == "rsa" and "RSA PRIVATE KEY" or "EC PRIVATE KEY";
				assert.same({ nil, "bad-key" }, { core.key.new(alg, "private", base64.pem(label, bytes)) });
			end);
		end
	end
end);

describe("a public key", function ()
	for k, alg in pairs(algs) do
		local token, other, reader;
		setup(function ()
			reader = core.token.new(4096);
			token = core.sign(core.key.new(alg, "private", openssl.private(k)), "{}", '{"a":1}');
			other = token:gsub("%.(.)", function (c) return "." .. (c == "e" and "f" or "e"); end, 1);
		end);
		for _, form in ipairs(public_forms) do
			if not form.only or form.only == k then
				it(("of %s is read from %s"):format(alg, form.name), function ()
					local key = assert(core.key.new(alg, "public", form.of(k)));
					assert.is_false(key:can_sign());
					assert(reader:open(token));
					assert.same({ a = 1 }, reader:claims(key));
					assert(reader:open(other));
					assert.same({ nil, "signature-mismatch" }, { reader:claims(key) });
				end);
			end
		end
	end

	it("is the first one where there are several", function ()
		local reader = core.token.new(4096);
		assert(reader:open(core.sign(core.key.new("ES256", "private", openssl.private("P-256")), "{}", "{}")));
		local stranger = openssl.run("pkey -in <in> -pubout -out <out>",
			openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out <out>"));
		local mine = openssl.public("P-256");
		assert.same({}, reader:claims(core.key.new("ES256", "public", mine .. stranger)));
		assert.same({ nil, "signature-mismatch" }, { reader:claims(core.key.new("ES256", "public", stranger .. mine)) });
	end);

	for alg, k in pairs(kinds) do
		it(("of %s is a private one without the private part"):format(alg), function ()
			assert(core.key.new(alg, "public", openssl.public(k)));
		end);
	end

	it("of EdDSA may be on Ed448, too", function ()
		assert(core.key.new("EdDSA", "public", openssl.public("Ed448")));
	end);

	it("of RSA may have 16384 bits, and an exponent of 3 or of 64 bits", function ()
		assert(core.key.new("RS256", "public", rsa(der.integer(modulus(16384)), e65537)));
		assert(core.key.new("RS256", "public", rsa(n2048, der.integer("\3"))));
		assert(core.key.new("RS256", "public", rsa(n2048, der.integer("\x80" .. ("\0"):rep(6) .. "\1"))));
	end);
end);

describe("a private key", function ()
	for k, alg in pairs(algs) do
		for _, form in ipairs(private_forms) do
			if not form.only or form.only == k then
				it(("of %s is read from %s"):format(alg, form.name), function ()
					local key = assert(core.key.new(alg, "private", form.of(k)));
					assert.is_true(key:can_sign());
					local reader = core.token.new(4096);
					assert(reader:open(core.sign(key, "{}", '{"a":1}')));
					assert.same({ a = 1 }, reader:claims(key)); -- the public part belongs to it
				end);
			end
		end
	end
end);

describe("as a key nobody takes", function ()
	for _, case in ipairs(refused) do
		it(case.name, function ()
			local kind, text = material(case);
			assert.same({ nil, case.reason }, { core.key.new(case.alg or "ES256", kind, text) });
		end);
	end

	for _, case in ipairs(never) do
		it(case.name, function ()
			local kind, text = material(case);
			local key, reason = core.key.new(case.alg or "ES256", kind, text);
			assert.is_nil(key);
			local expected = { ["bad-key"] = true, ["not-on-curve"] = true, ["curve-mismatch"] = true,
				["key-type-mismatch"] = true, ["weak-key"] = true, ["bad-exponent"] = true };
			assert.is_true(expected[reason], reason);
		end);
	end

	local labels = {
		["SPKI in DER"] = { rsa = "PUBLIC KEY", ["P-256"] = "PUBLIC KEY" };
		["PKCS#1 in DER"] = { rsa = "RSA PUBLIC KEY" };
		["a certificate in DER"] = { rsa = "CERTIFICATE", ["P-256"] = "CERTIFICATE" };
		["PKCS#8 in DER"] = { rsa = "PRIVATE KEY", ["P-256"] = "PRIVATE KEY" };
		["the traditional form in DER"] = { rsa = "RSA PRIVATE KEY", ["P-256"] = "EC PRIVATE KEY" };
	};

	for kind, forms in pairs({ public = public_forms, private = private_forms }) do
		for _, form in ipairs(forms) do
			for k, label in pairs(labels[form.name] or {}) do
				it(("%s of %s with a byte more or less"):format(form.name, algs[k]), function ()
					local whole = form.of(k);
					assert(core.key.new(algs[k], kind, whole));
					assert(core.key.new(algs[k], kind, base64.pem(label, whole)));
					for _, bent in ipairs({ whole .. "\0", whole:sub(1, -2) }) do
						assert.same({ nil, "bad-key" }, { core.key.new(algs[k], kind, bent) });
						assert.same({ nil, "bad-key" }, { core.key.new(algs[k], kind, base64.pem(label, bent)) });
					end
				end);
			end
		end
	end

	it("a public key that was cut off, wherever", function ()
		local whole = to("pkey -pubin -outform DER", openssl.public("P-256"));
		for n = 0, #whole - 1 do
			assert.same({ nil, "bad-key" }, { core.key.new("ES256", "public", whole:sub(1, n)) });
		end
	end);

	it("anything under an algorithm of another family", function ()
		for _, alg in ipairs(core.algorithms()) do
			for _, k in ipairs({ "rsa", "P-256", "P-384", "P-521", "secp256k1", "Ed25519" }) do
				local fits = kinds[alg] == k or alg == k or (k == "rsa" and alg:find("^[RP]S"));
				local key = core.key.new(alg, "public", openssl.public(k));
				assert.equal(fits ~= nil and fits ~= false, key ~= nil, alg .. " with " .. k);
			end
		end
	end);
end);
