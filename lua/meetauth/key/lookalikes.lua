--- What a shared secret may have been taken for: its text with or without a newline, its base64, its hex.
-- Keys made of these say in a hint what went wrong; none of them ever admits anybody.

local core = require "meetauth.core";
local bytes = require "meetauth.util.bytes";

local lookalikes = {};

---@class Lookalike
---@field key Key
---@field says string  how the issuer's secret seems to differ from the configured one

local function from_hex(text)
	if #text % 2 ~= 0 or text:find("%X") then return nil; end
	return (text:gsub("%x%x", function (digits) return string.char(tonumber(digits, 16)); end));
end

local function to_base64(secret)
	local text = core.base64url(secret):gsub("[-_]", { ["-"] = "+", ["_"] = "/" });
	return text .. ("="):rep(-#text % 4);
end

-- base64 of any kind, as a JWK has it.
local function as_jwk(text)
	local plain = text:gsub("=+$", ""):gsub("[+/]", { ["+"] = "-", ["/"] = "_" });
	return { kty = "oct", k = plain };
end

---@type { says: string, of: fun(secret: string): string|table|nil }[]
local kinds = {
	{ says = "the configured secret ends with white space, which the issuer's does not",
		of = function (secret) return secret:match("^(.-)%s+$"); end };
	{ says = "the issuer's secret ends with a newline, which the configured one does not",
		of = function (secret) return secret .. "\n"; end };
	{ says = "the configured secret is base64: the issuer uses the bytes that it stands for", of = as_jwk };
	{ says = "the configured secret is hex: the issuer uses the bytes that it stands for", of = from_hex };
	{ says = "the issuer uses the base64 text of the configured secret", of = to_base64 };
	{ says = "the issuer uses the base64url text of the configured secret", of = core.base64url };
	{ says = "the issuer uses the hex text of the configured secret", of = bytes.hex };
};

--- The lookalikes of a secret. They cost as much as six keys, and few secrets are ever asked for theirs.
---@param alg string
---@param secret string
---@return Lookalike[]
function lookalikes.of(alg, secret)
	local list = {};
	for _, kind in ipairs(kinds) do
		local material = kind.of(secret);
		local key = material and core.key.new(alg, type(material) == "table" and "jwk" or "secret", material, nil, true);
		if key then list[#list + 1] = { key = key, says = kind.says }; end
	end
	return list;
end

return lookalikes;
