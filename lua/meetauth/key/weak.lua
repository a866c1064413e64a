--- Secrets that are long enough but weak: secrets from examples, and secrets with few different bytes. An attacker tries
-- these secrets first.

local core = require "meetauth.core";

local weak = {};

local WORD_MAX = 16;     -- bytes: what is shorter and repeated is a word
local UNIT_MAX = 128;    -- bytes: what is longer is nobody's example, repeated
local LETTERS_MIN = 6;   -- different bytes; 16 hexadecimal digits have ten or so

--- Secrets from examples: of jwt.io, of docker-jitsi-meet, and of guides.
weak.known = {
	"a-string-secret-at-least-256-bits-long", "a-valid-string-secret-that-is-at-least-384-bits-long",
	"a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
	"your-256-bit-secret", "your-384-bit-secret", "your-512-bit-secret", "secret", "my_jitsi_app_secret", "my_jitsi_app_id",
	"example_app_secret", "your_app_secret", "my_secret", "jwt-secret-here", "changeme",
	"0123456789", "1234567890", "abcdefghijklmnopqrstuvwxyz",
};

-- The key of RFC 7515 A.1, in base64url.
local RFC_7515 = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

-- Texts that people write where an example asks for another secret, with only their letters and digits.
local shapes = {
	"^changem?e", "^changethis", "^changeit", "^replaceme", "^replacethis", "^replacewith", "^putyour", "^insertyour", "^enteryour",
	"^your%a*secret%a*$", "^my%a*secret$", "^mysecretkey$", "^example%a*secret$", "^thisis%a*secret%a*$",
	"^supersecret%a*%d?%d?%d?$", "^topsecret%a*%d?%d?%d?$", "^jwtsecret%a*$", "^secretkey%a*$",
	"^a%a*stringsecret%a*%d*bitslong%a*$", "^generate%a*secret%a*$",
};

local function plain(text) return (text:lower():gsub("[^%w]", "")); end

local known = {};
for _, text in ipairs(weak.known) do known[plain(text)] = true; end

-- The bytes that are repeated to its end, which can cut them off (Knuth, Morris and Pratt's failure function). It is the
-- secret itself if nothing is repeated, or more than anybody writes twice.
local function unit_of(secret)
	local head = secret:sub(1, 2 * UNIT_MAX);
	local fail, length = { 0 }, 0;
	for i = 2, #head do
		local byte = head:byte(i);
		while length > 0 and byte ~= head:byte(length + 1) do length = fail[length]; end
		if byte == head:byte(length + 1) then length = length + 1; end
		fail[i] = length;
	end
	local period = #head - length;
	if period > #head // 2 or secret:sub(1, -period - 1) ~= secret:sub(period + 1) then return secret; end
	return secret:sub(1, period);
end

-- How many different bytes it has, up to as many as are enough.
local function variety(secret)
	local seen, count = {}, 0;
	for i = 1, #secret do
		local byte = secret:byte(i);
		if not seen[byte] then seen[byte], count = true, count + 1; end
		if count == LETTERS_MIN then break; end
	end
	return count;
end

--- Why a secret is none, in words; nil where nothing is known against it. Its length is the core's to judge.
---@param secret string
---@return string?
function weak.why(secret)
	local unit = unit_of(secret);
	local text = plain(unit:sub(1, UNIT_MAX));
	if known[text] or secret == RFC_7515 or core.base64url(secret) == RFC_7515 then
		return "it is from an example, so everybody knows it";
	end
	for _, shape in ipairs(shapes) do
		if text:find(shape) then return "it is a placeholder for a secret"; end
	end
	if unit:find("^%a$") then return nil; end -- one letter, repeated: so trials are written
	local count = variety(secret);
	if count < LETTERS_MIN then return ("it has only %d different bytes"):format(count); end
	if #unit < WORD_MAX and #unit < #secret then return ("it repeats the same %d bytes"):format(#unit); end
	return nil;
end

return weak;
