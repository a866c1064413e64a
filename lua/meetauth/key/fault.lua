--- The fault in an invalid key, in words for the operator who must correct it. It reads the key's form only. The core
-- says why a well-formed key is refused.

local fault = {};

-- Bytes of a coordinate (RFC 7518 6.2.1.2, RFC 8037 2, RFC 8812 3.1).
local lengths = { ["P-256"] = 32, ["P-384"] = 48, ["P-521"] = 66, secp256k1 = 32, Ed25519 = 32, Ed448 = 57 };

local public_members = { RSA = { "n", "e" }, EC = { "crv", "x", "y" }, OKP = { "crv", "x" }, oct = { "k" } };

-- Why a text is no base64url (RFC 4648 5), in the order of the search.
local flaws = {
	{ pattern = "=", what = "has padding" },
	{ pattern = "[+/]", what = "is base64, not base64url" },
	{ pattern = "%s", what = "has white space" },
	{ pattern = "[^%w_-]", what = "is not base64url" },
};

local function flaw_of(value, length)
	for _, flaw in ipairs(flaws) do
		if value:find(flaw.pattern) then return flaw.what; end
	end
	if #value % 4 == 1 then return "is cut off"; end
	local bytes = #value * 3 // 4;
	if length and bytes ~= length then return ("has %d bytes, not %d"):format(bytes, length); end
	return nil;
end

--- The fault of a JWK (RFC 7517 4).
---@param members table
---@return string? what  such as "`n` has padding"; nil where its form is right
function fault.of_jwk(members)
	if type(members.kty) ~= "string" then return "`kty` is missing"; end
	for _, name in ipairs(public_members[members.kty] or {}) do
		local value = members[name];
		local length = name ~= "crv" and members.kty ~= "RSA" and lengths[members.crv] or nil;
		local what;
		if type(value) ~= "string" then
			what = value == nil and "is missing" or "is not a string";
		elseif name ~= "crv" then
			what = flaw_of(value, length);
		end
		if what then return ("`%s` %s"):format(name, what); end
	end
	return nil;
end

--- The fault of a public key or certificate as text (RFC 7468).
---@param text string
---@return string? what  nil where its form is right, or it is no text at all
function fault.of_pem(text)
	if text:find("[%z\1-\8\14-\31]") then return nil; end -- DER
	if text:find("\\n", 1, true) then return "it has the two characters `\\n` instead of line breaks"; end
	if not text:find("-----BEGIN ", 1, true) then return "it has no BEGIN line"; end
	if not text:find("-----END ", 1, true) then return "it has no END line"; end
	if not text:find("%-%-%-%-%-\r?\n") then return "it has no line breaks"; end
	return nil;
end

return fault;
