--- The ways to spoil a signed token, each with its name and the reasons it may be refused for.
-- bend(t) gives another token, or nil where this way does not apply. t: { token, header, payload, signature }
-- (base64url texts), { bytes } (the raw signature), { alg, head (JSON text), n (RSA modulus) }.

local base64 = require "spec.support.base64";
local numbers = require "spec.vectors.numbers";

local ways = {};

local function way(name, reason, bend)
	ways[#ways + 1] = { name = name, reason = reason, bend = bend };
end

local parts = { "header", "payload", "signature" };

-- The token with one part replaced.
local function with(t, part, text)
	local new = { header = t.header, payload = t.payload, signature = t.signature };
	new[part] = text;
	return new.header .. "." .. new.payload .. "." .. new.signature;
end

local function with_bytes(t, bytes) return bytes and with(t, "signature", base64.url(bytes)); end

local function with_head(t, pattern, to)
	local head, n = t.head:gsub(pattern, to, 1);
	assert(n == 1, t.head);
	return with(t, "header", base64.url(head));
end

-- None of these is in the alphabet.
local foreign = {
	{ name = "a blank", text = " " };
	{ name = "a newline", text = "\n" };
	{ name = "a tab", text = "\t" };
	{ name = "a NUL", text = "\0" };
	{ name = "an escape of URLs", text = "%2D" };
	{ name = "a letter of two bytes", text = "\xC3\xA9" };
};

-- What a cut part leads to depends on where it is cut: in the middle of a group, spare bits or the signature tell.
local any = { ["malformed"] = true, ["signature-mismatch"] = true, ["bad-json"] = true };

-- The signature is looked at before the payload is.
local no_base64url = {
	header = "malformed", payload = { ["malformed"] = true, ["signature-mismatch"] = true }, signature = "malformed",
};

for _, part in ipairs(parts) do
	local malformed = no_base64url[part];
	way(("the %s cut by one character"):format(part), any, function (t) return with(t, part, t[part]:sub(1, -2)); end);
	way(("the %s cut by a group of four"):format(part), any, function (t) return with(t, part, t[part]:sub(1, -5)); end);
	way(("the first character of the %s missing"):format(part), any, function (t) return with(t, part, t[part]:sub(2)); end);
	way(("the %s empty"):format(part), part == "payload" and "signature-mismatch" or "malformed",
		function (t) return with(t, part, ""); end);
	way(("the %s twice"):format(part), any, function (t) return with(t, part, t[part] .. t[part]); end);
	way(("the %s padded to a full group"):format(part), malformed, function (t)
		return #t[part] % 4 ~= 0 and with(t, part, t[part] .. ("="):rep(-#t[part] % 4)) or nil;
	end);
	way(("the %s with one needless ="):format(part), malformed, function (t) return with(t, part, t[part] .. "="); end);
	way(("the %s with its spare bits set"):format(part), malformed, function (t)
		if #t[part] % 4 == 0 then return nil; end
		local at = base64.alphabet:find(t[part]:sub(-1), 1, true);
		return with(t, part, t[part]:sub(1, -2) .. base64.alphabet:sub(at + 1, at + 1));
	end);
	way(("a character too many in the %s"):format(part), any, function (t) return with(t, part, t[part] .. "A"); end);
	for _, char in ipairs(foreign) do
		way(("%s inside the %s"):format(char.name, part), malformed, function (t)
			return with(t, part, t[part]:sub(1, 5) .. char.text .. t[part]:sub(6));
		end);
		way(("%s after the %s"):format(char.name, part), malformed, function (t) return with(t, part, t[part] .. char.text); end);
		way(("%s before the %s"):format(char.name, part), malformed, function (t) return with(t, part, char.text .. t[part]); end);
	end
end

way("its signature in the alphabet of plain base64", "malformed", function (t)
	return with(t, "signature", (t.signature:gsub("-", "+"):gsub("_", "/")));
end);

-- The outline (RFC 7515 7.1).
way("nothing but its header", "malformed", function (t) return t.header; end);
way("no signature part", "malformed", function (t) return t.header .. "." .. t.payload; end);
way("a fourth part", "malformed", function (t) return t.token .. "." .. t.payload; end);
way("an empty fourth part", "malformed", function (t) return t.token .. "."; end);
way("the five parts of a JWE", "unsupported", function (t) return t.token .. ".AAAA.AAAA"; end);
way("six parts", "malformed", function (t) return t.token .. ".AAAA.AAAA.AAAA"; end);
way("a dot in front", "malformed", function (t) return "." .. t.token; end);
way("commas for dots", "malformed", function (t) return (t.token:gsub("%.", ",")); end);
way("its parts in another order", any, function (t) return t.signature .. "." .. t.payload .. "." .. t.header; end);
way("header and payload exchanged", { ["bad-header"] = true, ["bad-json"] = true }, function (t)
	return t.payload .. "." .. t.header .. "." .. t.signature;
end);
way("quotation marks around it", "malformed", function (t) return '"' .. t.token .. '"'; end);
way("a byte order mark in front", "malformed", function (t) return "\xEF\xBB\xBF" .. t.token; end);
way("the word Bearer in front", "malformed", function (t) return "Bearer " .. t.token; end);
way("itself behind it", "unsupported", function (t) return t.token .. t.token; end);
way("itself behind it, after a dot", "malformed", function (t) return t.token .. "." .. t.token; end);

-- The header (RFC 7515 4).
way("its algorithm in lower case", "algorithm-mismatch", function (t)
	return with_head(t, '"alg":"(%w+)"', function (alg) return ('"alg":"%s"'):format(alg:lower()); end);
end);
way("its algorithm with the case of each letter turned", "algorithm-mismatch", function (t)
	return with_head(t, '"alg":"(%w+)"', function (alg)
		return ('"alg":"%s"'):format((alg:gsub("%a", function (c) return c:lower() == c and c:upper() or c:lower(); end)));
	end);
end);
for _, alg in ipairs({ "none", "None", "NONE", "HS1", "RS1", "ES256 ", "ES256\\u0000", "dir" }) do
	way(("the algorithm %s"):format(alg), "algorithm-mismatch", function (t)
		return with_head(t, '"alg":"%w+"', (('"alg":"%s"'):format(alg):gsub("%%", "%%%%")));
	end);
end
for _, alg in ipairs({ "HS256", "HS512", "RS256", "RS384", "PS256", "ES256", "ES384", "ES256K", "EdDSA" }) do
	way(("its algorithm exchanged for %s"):format(alg), "algorithm-mismatch", function (t)
		return t.alg ~= alg and with_head(t, '"alg":"%w+"', ('"alg":"%s"'):format(alg)) or nil;
	end);
end
way("no algorithm", "bad-header", function (t) return with_head(t, '"alg"', '"ALG"'); end);
way("a number for its algorithm", "bad-header", function (t) return with_head(t, '"alg":"%w+"', '"alg":256'); end);
way("null for its algorithm", "bad-header", function (t) return with_head(t, '"alg":"%w+"', '"alg":null'); end);
way("a list for its algorithm", "bad-header", function (t) return with_head(t, '"alg":("%w+")', '"alg":[%1]'); end);
way("its algorithm twice", "duplicate-member", function (t) return with_head(t, '("alg":"%w+")', "%1,%1"); end);
way("its algorithm twice, the second time with an escape", "duplicate-member", function (t)
	return with_head(t, '"alg":("%w+")', '"alg":%1,"\\u0061lg":%1');
end);
way("a critical extension added to its header", "critical-extension", function (t)
	return with_head(t, "{", '{"crit":["exp"],"exp":1,');
end);
way("an empty list of critical extensions added to its header", "critical-extension", function (t)
	return with_head(t, "{", '{"crit":[],');
end);
way("enc added to its header (CVE-2024-33531)", "unsupported", function (t)
	return with_head(t, "{", '{"enc":"A128GCM",');
end);
way("another header of the same meaning", "signature-mismatch", function (t) return with_head(t, "{", "{ "); end);
way("a kid added to its header", "signature-mismatch", function (t)
	return not t.head:find("kid", 1, true) and with_head(t, "{", '{"kid":"other",') or nil;
end);
way("a byte after its header's object", "bad-json", function (t) return with(t, "header", base64.url(t.head .. "x")); end);
way("a NUL after its header's object", "bad-json", function (t) return with(t, "header", base64.url(t.head .. "\0")); end);
way("a byte order mark before its header's object", "bad-json", function (t)
	return with(t, "header", base64.url("\xEF\xBB\xBF" .. t.head));
end);
way("its header in a list", "bad-json", function (t) return with(t, "header", base64.url("[" .. t.head .. "]")); end);
way("a header of UTF-16", "bad-json", function (t)
	return with(t, "header", base64.url((t.head:gsub(".", "%0\0"))));
end);

-- The payload.
way("another payload", "signature-mismatch", function (t) return with(t, "payload", "e30"); end);

-- The signature, whatever the algorithm.
way("a signature of zeros", "signature-mismatch", function (t) return with_bytes(t, ("\0"):rep(#t.bytes)); end);
way("a signature of ones", "signature-mismatch", function (t) return with_bytes(t, ("\xFF"):rep(#t.bytes)); end);
way("a signature of one byte", "signature-mismatch", function (t) return with_bytes(t, t.bytes:sub(1, 1)); end);
way("a zero byte after its signature", "signature-mismatch", function (t) return with_bytes(t, t.bytes .. "\0"); end);
way("a zero byte before its signature", "signature-mismatch", function (t) return with_bytes(t, "\0" .. t.bytes); end);
way("a signature without its last byte", "signature-mismatch", function (t) return with_bytes(t, t.bytes:sub(1, -2)); end);
way("a signature without its first byte", "signature-mismatch", function (t) return with_bytes(t, t.bytes:sub(2)); end);
way("half its signature", "signature-mismatch", function (t) return with_bytes(t, t.bytes:sub(1, #t.bytes // 2)); end);
way("its signature backwards", "signature-mismatch", function (t) return with_bytes(t, t.bytes:reverse()); end);
way("its signature as hexadecimal digits", "signature-mismatch", function (t)
	return with_bytes(t, (t.bytes:gsub(".", function (c) return ("%02x"):format(c:byte()); end)));
end);
way("its signature encoded twice", "signature-mismatch", function (t) return with_bytes(t, t.signature); end);
way("a signature of 4 KiB", "signature-mismatch", function (t) return with_bytes(t, ("\1"):rep(4096)); end);
way("the last bit of its signature turned", "signature-mismatch", function (t)
	return with_bytes(t, t.bytes:sub(1, -2) .. string.char(t.bytes:byte(-1) ~ 1));
end);
way("the first bit of its signature turned", "signature-mismatch", function (t)
	return with_bytes(t, string.char(t.bytes:byte() ~ 0x80) .. t.bytes:sub(2));
end);

-- ECDSA (RFC 7518 3.4): r and s, 1 to n - 1 each.
local function ecdsa(name, make)
	way(name, "signature-mismatch", function (t)
		local n = numbers.order[t.alg];
		if not n then return nil; end
		local r, s = numbers.halves(t.bytes);
		return with_bytes(t, make(r, s, n));
	end);
end

local function integer(bytes)
	bytes = bytes:gsub("^\0+(.)", "%1");
	if bytes:byte() >= 0x80 then bytes = "\0" .. bytes; end
	return "\2" .. string.char(#bytes) .. bytes;
end

local function sequence(body)
	return "\x30" .. (#body < 128 and "" or "\x81") .. string.char(#body) .. body;
end

ecdsa("r and s exchanged", function (r, s) return s .. r; end);
ecdsa("r twice", function (r) return r .. r; end);
ecdsa("r = 0", function (r, s) return ("\0"):rep(#r) .. s; end);
ecdsa("s = 0", function (r) return r .. ("\0"):rep(#r); end);
ecdsa("r = n", function (_, s, n) return n .. s; end);
ecdsa("s = n", function (r, _, n) return r .. n; end);
ecdsa("r = s = n", function (_, _, n) return n .. n; end);
ecdsa("r = s = 1", function (r) local one = ("\0"):rep(#r - 1) .. "\1"; return one .. one; end);
ecdsa("r + n for r", function (r, s, n) local sum = numbers.add(r, n); return sum and sum .. s; end);
ecdsa("s + n for s", function (r, s, n) local sum = numbers.add(s, n); return sum and r .. sum; end);
ecdsa("n - r for r", function (r, s, n) return numbers.subtract(n, r) .. s; end);
ecdsa("DER for its signature", function (r, s) return sequence(integer(r) .. integer(s)); end);
ecdsa("DER for its signature, filled up to the raw length", function (r, s)
	local der = sequence(integer(r) .. integer(s));
	return der .. ("\0"):rep(#r + #s - #der);
end);
ecdsa("r and s one byte longer each", function (r, s) return "\0" .. r .. "\0" .. s; end);
ecdsa("r and s one byte shorter each", function (r, s) return r:sub(2) .. s:sub(2); end);
ecdsa("r and s little-endian", function (r, s) return r:reverse() .. s:reverse(); end);
ecdsa("r alone", function (r) return r; end);

-- RSA (RFC 8017 8.1.2, 8.2.2): exactly as long as the modulus, and less than it.
local function rsa(name, make)
	way(name, "signature-mismatch", function (t) return t.n and with_bytes(t, make(t.bytes, t.n)); end);
end

rsa("the signature 1", function (s) return ("\0"):rep(#s - 1) .. "\1"; end);
rsa("the modulus for its signature", function (_, n) return n; end);
rsa("the modulus less one for its signature", function (s, n)
	return numbers.subtract(n, ("\0"):rep(#s - 1) .. "\1");
end);
rsa("the modulus less the signature", function (s, n) return numbers.subtract(n, s); end);
rsa("the modulus added to its signature", function (s, n) return numbers.add(s, n); end);

-- EdDSA (RFC 8032 5.1.7): S less than L, little-endian.
local function eddsa(name, make)
	way(name, "signature-mismatch", function (t)
		if t.alg ~= "EdDSA" then return nil; end
		local r, s = numbers.halves(t.bytes);
		return with_bytes(t, make(r, s, numbers.edwards_order[#t.bytes]));
	end);
end

eddsa("L added to its S, which makes it malleable", function (r, s, l)
	return r .. numbers.add(s:reverse(), l):reverse();
end);
eddsa("S = 0", function (r, s) return r .. ("\0"):rep(#s); end);
eddsa("S = L", function (r, _, l) return r .. l:reverse(); end);
eddsa("R of small order", function (r, s) return "\1" .. ("\0"):rep(#r - 1) .. s; end);
eddsa("R and S exchanged", function (r, s) return s .. r; end);
eddsa("the sign of its R turned", function (r, s)
	return r:sub(1, -2) .. string.char(r:byte(-1) ~ 0x80) .. s;
end);

return ways;
