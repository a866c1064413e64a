--- The openssl command line as a second engine for every algorithm: it signs and verifies what the core does.
-- Signatures are in JWS's form here (RFC 7518 3.4); openssl's DER is turned within this file.

local base64 = require "spec.support.base64";
local openssl = require "spec.support.openssl";

local engine = {};

-- kind: as in support/openssl.lua; hash: as openssl names it; coordinate: bytes of r and of s.
engine.algorithms = {
	{ alg = "HS256", hash = "sha256", block = 64 };
	{ alg = "HS384", hash = "sha384", block = 128 };
	{ alg = "HS512", hash = "sha512", block = 128 };
	{ alg = "RS256", kind = "rsa", hash = "sha256" };
	{ alg = "RS384", kind = "rsa", hash = "sha384" };
	{ alg = "RS512", kind = "rsa", hash = "sha512" };
	{ alg = "PS256", kind = "rsa", hash = "sha256", pss = true };
	{ alg = "PS384", kind = "rsa", hash = "sha384", pss = true };
	{ alg = "PS512", kind = "rsa", hash = "sha512", pss = true };
	{ alg = "ES256", kind = "P-256", hash = "sha256", coordinate = 32 };
	{ alg = "ES384", kind = "P-384", hash = "sha384", coordinate = 48 };
	{ alg = "ES512", kind = "P-521", hash = "sha512", coordinate = 66 };
	{ alg = "ES256K", kind = "secp256k1", hash = "sha256", coordinate = 32 };
	{ alg = "EdDSA", kind = "Ed25519", point = 32 };
	{ alg = "EdDSA", kind = "Ed448", point = 57 };
	{ alg = "Ed25519", kind = "Ed25519", point = 32 };
	{ alg = "Ed448", kind = "Ed448", point = 57 };
};

--- The secret of the HMAC rows, as long as the longest hash.
engine.secret = ("engine\0\xFF"):rep(8);

-- A file with these bytes while 'use' runs, which gets its path.
local function with_file(bytes, use)
	local path = os.tmpname();
	local file <close> = assert(io.open(path, "wb"));
	assert(file:write(bytes));
	file:flush();
	local ok, result = pcall(use, path);
	os.remove(path);
	assert(ok, result);
	return result;
end

local function digest(hash, bytes)
	return openssl.run(("dgst -%s -binary -out <out> <in>"):format(hash), bytes);
end

-- HMAC out of plain digests (RFC 2104), so that the secret is in nobody's arguments.
local function hmac(row, secret, bytes)
	local function padded(with)
		return (secret .. ("\0"):rep(row.block - #secret)):gsub(".", function (c) return string.char(c:byte() ~ with); end);
	end
	return digest(row.hash, padded(0x5C) .. digest(row.hash, padded(0x36) .. bytes));
end

local function to_raw(der, coordinate)
	local at, halves = der:byte(2) == 0x81 and 4 or 3, {};
	for i = 1, 2 do
		local n = der:byte(at + 1);
		local integer = der:sub(at + 2, at + 1 + n):gsub("^\0+", "");
		halves[i] = ("\0"):rep(coordinate - #integer) .. integer;
		at = at + 2 + n;
	end
	return halves[1] .. halves[2];
end

local function integer(bytes)
	bytes = bytes:gsub("^\0+(.)", "%1");
	if bytes:byte() >= 0x80 then bytes = "\0" .. bytes; end
	return "\2" .. string.char(#bytes) .. bytes;
end

local function to_der(raw, coordinate)
	local body = integer(raw:sub(1, coordinate)) .. integer(raw:sub(coordinate + 1));
	return "\x30" .. (#body < 128 and "" or "\x81") .. string.char(#body) .. body;
end

local function options(row)
	return row.pss and "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest " or "";
end

--- Sign bytes as openssl does; 'sigopts' in the place of the row's own.
function engine.sign(row, bytes, sigopts)
	if row.block then return hmac(row, engine.secret, bytes); end
	local private = openssl.private(row.kind);
	if row.point then return openssl.run("pkeyutl -sign -rawin -inkey <in2> -in <in> -out <out>", bytes, private); end
	local signature = openssl.run(("dgst -%s %s-sign <in2> -out <out> <in>"):format(row.hash, sigopts or options(row)),
		bytes, private);
	return row.coordinate and to_raw(signature, row.coordinate) or signature;
end

--- Whether openssl finds the signature good.
function engine.verifies(row, bytes, signature)
	if row.block then return hmac(row, engine.secret, bytes) == signature; end
	if row.coordinate then signature = to_der(signature, row.coordinate); end
	return with_file(openssl.public(row.kind), function (key)
		local command = row.point and ("pkeyutl -verify -rawin -pubin -inkey %s -in <in> -sigfile <in2> -out <out>"):format(key)
			or ("dgst -%s %s-verify %s -signature <in2> -out <out> <in>"):format(row.hash, options(row), key);
		return (pcall(openssl.run, command, bytes, signature));
	end);
end

--- Raise a number to the private exponent, no padding: the signature of any encoded message (RFC 8017 5.2.1).
function engine.sign_encoded(row, encoded)
	return openssl.run("pkeyutl -decrypt -pkeyopt rsa_padding_mode:none -inkey <in2> -in <in> -out <out>", encoded,
		openssl.private(row.kind));
end

--- The public key as DER.
function engine.der(row)
	return openssl.run("pkey -pubin -in <in> -outform DER -out <out>", openssl.public(row.kind));
end

--- The public key as JWK members, read off openssl's output, not the core's.
function engine.jwk(row)
	if row.kind == "rsa" then
		local hex = openssl.run("rsa -pubin -in <in> -noout -modulus -out <out>", openssl.public("rsa")):match("Modulus=(%x+)");
		local n = hex:gsub("%x%x", function (digits) return string.char(tonumber(digits, 16)); end);
		return { kty = "RSA", n = base64.url(n), e = "AQAB" };
	end
	local der = engine.der(row);
	if row.point then return { kty = "OKP", crv = row.kind, x = base64.url(der:sub(-row.point)) }; end
	local c = row.coordinate;
	return { kty = "EC", crv = row.kind, x = base64.url(der:sub(-2 * c, -c - 1)), y = base64.url(der:sub(-c)) };
end

return engine;
