--- Public keys as DER, put together by hand: also keys that no tool would make.

local der = {};

--- A value with this tag, its length in the shortest form.
function der.value(tag, body)
	local n = #body;
	local length = n < 0x80 and string.char(n) or n < 0x100 and string.char(0x81, n) or string.char(0x82, n >> 8, n & 255);
	return string.char(tag) .. length .. body;
end

local wrap = der.value;

local function sequence(...) return wrap(0x30, table.concat({ ... })); end
local function bits(body) return wrap(0x03, "\0" .. body); end
local function oid(hex) return wrap(0x06, (hex:gsub("%x%x", function (h) return string.char(tonumber(h, 16)); end))); end

--- A positive INTEGER from its big-endian bytes.
function der.integer(bytes)
	bytes = bytes:gsub("^\0+(.)", "%1");
	return wrap(0x02, bytes:byte() >= 0x80 and "\0" .. bytes or bytes);
end

--- The INTEGER with exactly these bytes, so a negative one where the first bit is set.
function der.raw_integer(bytes) return wrap(0x02, bytes); end

local curves = { -- RFC 5480 2.1.1.1, SEC 2
	["P-256"] = "2A8648CE3D030107", ["P-384"] = "2B81040022", ["P-521"] = "2B81040023", ["secp256k1"] = "2B8104000A",
};
local edwards = { [32] = "2B6570", [57] = "2B6571" }; -- RFC 8410 3

--- An EC point as SubjectPublicKeyInfo (RFC 5480).
function der.ec(curve, point)
	return sequence(sequence(oid("2A8648CE3D0201"), oid(curves[curve])), bits(point));
end

--- An Ed25519 or Ed448 point as SubjectPublicKeyInfo (RFC 8410 4).
function der.edwards(point)
	return sequence(sequence(oid(edwards[#point])), bits(point));
end

--- RSA as PKCS#1 (RFC 8017 A.1.1): n and e are INTEGERs.
function der.pkcs1(n, e) return sequence(n, e); end

--- RSA as SubjectPublicKeyInfo (RFC 3279 2.3.1).
function der.rsa(n, e)
	return sequence(sequence(oid("2A864886F70D010101"), wrap(0x05, "")), bits(der.pkcs1(n, e)));
end

--- A public key of any algorithm, by its OID in hexadecimal, as SubjectPublicKeyInfo.
function der.spki(algorithm, key) return sequence(sequence(oid(algorithm)), bits(key)); end

--- A private key of any algorithm as PKCS#8 (RFC 5958 2).
function der.pkcs8(algorithm, key) return sequence(wrap(0x02, "\0"), sequence(oid(algorithm)), wrap(0x04, key)); end

return der;
