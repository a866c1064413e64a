--- The registered claims (RFC 7519 4.1) against what is asked of them.
-- Pure: the clock is an argument; signatures were checked before, and so were the claims' types
-- (RFC 7519 4.1), by the core as it read them.

local null = require "meetauth.core".null;

local claims = {};

---@class Asked            what a verifier or an issuer entry asks of the claims
---@field leeway number    seconds, a float so that sums with it cannot wrap; for exp, nbf and iat
---@field issuer table<string, true>?    accepted iss; nil where any will do, or none
---@field audience table<string, true>?  accepted aud; nil where it is not looked at
---@field require string[]?
---@field max_age number?  seconds since iat
---@field check (fun(all: table): any, string?)?  the caller's own word

-- Whether every audience of a token is a string and, where any are accepted, one of them is named.
local function audiences_refused(aud, accepted)
	local named = not accepted;
	for _, name in ipairs(aud) do
		if type(name) ~= "string" then return "bad-claim"; end
		named = named or accepted[name];
	end
	return not named and "audience-mismatch" or nil;
end

--- missing-claim where one of the required claims is not there.
---@param all table
---@param required string[]
---@return string? reason
function claims.lacks(all, required)
	for _, name in ipairs(required) do
		if all[name] == nil or all[name] == null then return "missing-claim"; end
	end
	return nil;
end

--- What the caller's own check says: check-failed, or its own word.
---@param all table
---@param check fun(all: table): any, string?
---@return string? reason
function claims.fails(all, check)
	local ok, reason = check(all);
	if ok then return nil; end
	return reason or "check-failed";
end

--- The first reason to refuse these claims, or nil.
---@param all table
---@param asked Asked
---@param now number  seconds since the epoch
---@return string? reason  expired, not-yet-valid, missing-claim, too-old, issuer-mismatch,
--   audience-mismatch, bad-claim, check-failed or a word of the caller's own check
function claims.refused(all, asked, now)
	if now + 0 ~= now then error("now is a number of seconds", 3); end -- NaN would never be late
	local exp, nbf, iat, leeway, max_age = all.exp, all.nbf, all.iat, asked.leeway, asked.max_age;
	if exp and now >= exp + leeway then return "expired"; end
	if nbf and now < nbf - leeway then return "not-yet-valid"; end
	if max_age then
		if not iat then return "missing-claim"; end
		if now - leeway > iat + max_age or now + leeway < iat then return "too-old"; end
	end

	local issuer, aud, audience = asked.issuer, all.aud, asked.audience;
	if issuer and not issuer[all.iss or false] then return "issuer-mismatch"; end
	if type(aud) == "table" then
		local reason = audiences_refused(aud, audience);
		if reason then return reason; end
	elseif audience and not audience[aud or false] then
		return "audience-mismatch";
	end

	local required, check = asked.require, asked.check;
	local reason = required and claims.lacks(all, required);
	if reason then return reason; end
	return check and claims.fails(all, check) or nil;
end

--- A word or a list of words as a set; nil for nil and where "*" is among them.
---@param value string|string[]|nil
---@return table<string, true>?
function claims.set(value)
	if value == nil then return nil; end
	local set = {};
	for _, word in ipairs(type(value) == "table" and value or { value }) do
		if word == "*" then return nil; end
		set[word] = true;
	end
	return set;
end

return claims;
