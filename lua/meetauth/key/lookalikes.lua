--- Texts that were probably used instead of a shared secret: the text with or without white space or quotes, its base64,
-- its hex. Keys of these texts explain a mistake in a hint. They never admit a user.

local core = require "meetauth.core";
local bytes = require "meetauth.util.bytes";
local trimmed = require "meetauth.util.text".trimmed;

local lookalikes = {};

---@class Lookalike
---@field key Key
---@field says string  how the issuer's secret seems to differ from the configured one, and what to write

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

local function is_hex(text) return text:find("^%x+$") ~= nil; end

-- Hex in letters of the other size; nil for what is no hex, or has no letters.
local function resized(secret, how) return is_hex(secret) and how(secret) ~= secret and how(secret) or nil; end

local GIVE_PLAIN = "Give the issuer the secret alone: printf %s \"$SECRET\", not echo";
local SET_PLAIN = "Write the secret alone: printf %s \"$SECRET\" > FILE";
local SAME = "Use one text unchanged on both sides, such as a new secret: openssl rand -hex 32";

---@type { says: string, write: string, of: fun(secret: string): string|table|nil }[]
local kinds = {
	{ says = "the configured secret begins or ends with white space, and the issuer's secret does not", write = SET_PLAIN,
		of = trimmed };
	{ says = "the configured secret is in quotes, as in a .env file, and the issuer's secret is not", write = SET_PLAIN,
		of = function (secret) return secret:match("^%s*\"(.+)\"%s*$") or secret:match("^%s*'(.+)'%s*$"); end };
	{ says = "the issuer's secret ends with a newline, and the configured secret does not", write = GIVE_PLAIN,
		of = function (secret) return secret .. "\n"; end };
	{ says = "the issuer's secret ends with a carriage return and a newline, and the configured secret does not", write = GIVE_PLAIN,
		of = function (secret) return secret .. "\r\n"; end };
	{ says = "the issuer's secret ends with a carriage return, and the configured secret does not", write = GIVE_PLAIN,
		of = function (secret) return secret .. "\r"; end };
	{ says = "the issuer's secret ends with a space, and the configured secret does not", write = GIVE_PLAIN,
		of = function (secret) return secret .. " "; end };
	{ says = "the issuer's secret is in quotes, as in a .env file, and the configured secret is not", write = GIVE_PLAIN,
		of = function (secret) return "\"" .. secret .. "\""; end };
	{ says = "the issuer's secret is in single quotes, as in a .env file, and the configured secret is not",
		write = GIVE_PLAIN, of = function (secret) return "'" .. secret .. "'"; end };
	{ says = "the configured secret is hex in capital letters, and the issuer's secret is hex in small letters", write = SAME,
		of = function (secret) return resized(secret, string.lower); end };
	{ says = "the configured secret is hex in small letters, and the issuer's secret is hex in capital letters", write = SAME,
		of = function (secret) return resized(secret, string.upper); end };
	{ says = "the configured secret is base64, and the issuer uses the decoded bytes", write = SAME, of = as_jwk };
	{ says = "the configured secret is hex, and the issuer uses the decoded bytes", write = SAME, of = from_hex };
	{ says = "the issuer uses the base64 text of the configured secret", write = SAME, of = to_base64 };
	{ says = "the issuer uses the base64url text of the configured secret", write = SAME, of = core.base64url };
	{ says = "the issuer uses the hex text of the configured secret", write = SAME, of = bytes.hex };
};

--- The lookalikes of a secret. They cost as much as fifteen keys, and few secrets are ever asked for theirs.
---@param alg string
---@param secret string
---@return Lookalike[]
function lookalikes.of(alg, secret)
	local list = {};
	for _, kind in ipairs(kinds) do
		local material = kind.of(secret);
		local form = type(material) == "table" and "jwk" or "secret";
		local key = material and material ~= secret and core.key.new(alg, form, material, nil, true);
		if key then list[#list + 1] = { key = key, says = kind.says .. ". " .. kind.write }; end
	end
	return list;
end

return lookalikes;
