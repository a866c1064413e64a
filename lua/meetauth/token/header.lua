--- A token's JOSE header (RFC 7515 4), read once for each distinct header.
-- Knows neither keys nor claims.

local header = {};

local KID_MAX = 256; -- bytes

---@class Header      a record that the tokens of one reader share
---@field alg string
---@field kid string?
---@field typ string? lower case, without "application/" (RFC 7515 4.1.9)
---@field bindings Binding[]?  verifier.lua's: the keys that fit, where they depend on the header alone

--- The short form of a media type for comparing: case and a leading "application/" make no difference.
---@param typ string
---@return string
function header.short_type(typ)
	return (typ:lower():gsub("^application/", ""));
end

local function is_string(value)
	return value == nil or type(value) == "string";
end

local function check(members)
	local alg, kid, typ, cty = members.alg, members.kid, members.typ, members.cty;
	if type(alg) ~= "string" or not (is_string(kid) and is_string(typ) and is_string(cty)) or (kid and #kid > KID_MAX) then
		return nil, "bad-header";
	end
	if members.crit ~= nil then return nil, "critical-extension"; end
	if members.enc ~= nil or members.b64 == false or (cty and header.short_type(cty) == "jwt") then
		return nil, "unsupported";
	end
	return { alg = alg, kid = kid, typ = typ and header.short_type(typ) };
end

--- Read the header of the token at hand, for the first time; the reader will know it from now on.
-- jwk, jku, x5u and x5c are ignored: a key never comes from the token (RFC 8725 3.10).
---@param reader Token
---@return Header? record
---@return string? reason  malformed, bad-json, duplicate-member, bad-header, critical-extension, unsupported
function header.read(reader)
	local members, unreadable = reader:header();
	if not members then return nil, unreadable; end
	local record, reason = check(members);
	if not record then return nil, reason; end
	reader:remember(record);
	return record;
end

return header;
