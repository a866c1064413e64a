--- base64 and base64url in plain Lua: slow, and written apart from the core, so that the specs can hold one against the other.

local base64 = {};

local standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
local url = standard:gsub("%+", "-"):gsub("/", "_");

base64.alphabet = url;

local function encode(bytes, alphabet)
	local out = {};
	for i = 1, #bytes, 3 do
		local a, b, c = bytes:byte(i, i + 2);
		local word = a << 16 | (b or 0) << 8 | (c or 0);
		for digit = 1, c and 4 or b and 3 or 2 do
			local at = (word >> (24 - 6 * digit) & 63) + 1;
			out[#out + 1] = alphabet:sub(at, at);
		end
	end
	return table.concat(out);
end

--- Encode as base64url without padding (RFC 7515 2).
function base64.url(bytes)
	return encode(bytes, url);
end

--- Decode base64url without padding; the text must be right.
function base64.bytes(text)
	local out, word, bits = {}, 0, 0;
	for i = 1, #text do
		word = word << 6 | assert(url:find(text:sub(i, i), 1, true)) - 1;
		bits = bits + 6;
		if bits >= 8 then
			bits = bits - 8;
			out[#out + 1] = string.char(word >> bits & 255);
			word = word & (1 << bits) - 1;
		end
	end
	return table.concat(out);
end

--- Write DER as PEM (RFC 7468).
function base64.pem(label, der)
	local text = encode(der, standard);
	text = text .. ("="):rep(-#text % 4);
	return ("-----BEGIN %s-----\n%s-----END %s-----\n"):format(label, text:gsub(("."):rep(64), "%0\n")
		:gsub("([^\n])$", "%1\n"), label);
end

return base64;
