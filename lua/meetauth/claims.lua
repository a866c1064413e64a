--- The registered claims (RFC 7519 4.1) against what is asked of them.
-- Pure: the clock is an argument; signatures were checked before.

local math_type = math.type;

local claims = {};

---@class Asked            what a verifier or an issuer entry asks of the claims
---@field leeway number    seconds, a float so that sums with it cannot wrap; for exp, nbf and iat
---@field issuer table<string, true>?    accepted iss; nil where any will do, or none
---@field audience table<string, true>?  accepted aud; nil where it is not looked at
---@field require string[]?
---@field max_age number?  seconds since iat
---@field check (fun(all: table): any, string?)?  the caller's own word

-- Whether aud is a string or a list of strings and, where any are accepted, names one of them.
local function audience_refused(aud, accepted)
	if type(aud) == "string" then return accepted and not accepted[aud] and "audience-mismatch" or nil; end
	if type(aud) ~= "table" then return "bad-claim"; end
	local n, named = 0, false;
	for _, name in pairs(aud) do
		if type(name) ~= "string" then return "bad-claim"; end
		n, named = n + 1, named or (accepted and accepted[name]);
	end
	if n ~= #aud then return "bad-claim"; end
	return accepted and not named and "audience-mismatch" or nil;
end

local function require_refused(all, required)
	for _, name in ipairs(required) do
		if all[name] == nil then return "missing-claim"; end
	end
	return nil;
end

local function own_check_refused(all, check)
	local ok, reason = check(all);
	if ok then return nil; end
	return reason or "check-failed";
end

--- The first reason to refuse these claims, or nil.
-- A claim of the wrong type is refused, whether or not it is asked for; an absent one only if it is.
---@param all table
---@param asked Asked
---@param now number  seconds since the epoch
---@return string? reason  bad-claim, expired, not-yet-valid, missing-claim, too-old, issuer-mismatch,
--   audience-mismatch, check-failed or a word of the caller's own check
function claims.refused(all, asked, now)
	local exp, nbf, iat, leeway = all.exp, all.nbf, all.iat, asked.leeway;
	if exp ~= nil then
		if not math_type(exp) then return "bad-claim"; end
		if now >= exp + leeway then return "expired"; end
	end
	if nbf ~= nil then
		if not math_type(nbf) then return "bad-claim"; end
		if now < nbf - leeway then return "not-yet-valid"; end
	end
	local max_age = asked.max_age;
	if iat ~= nil then
		if not math_type(iat) then return "bad-claim"; end
		if max_age and (now - leeway > iat + max_age or now + leeway < iat) then return "too-old"; end
	elseif max_age then
		return "missing-claim";
	end

	local iss, issuer = all.iss, asked.issuer;
	if iss ~= nil then
		if type(iss) ~= "string" then return "bad-claim"; end
		if issuer and not issuer[iss] then return "issuer-mismatch"; end
	elseif issuer then
		return "issuer-mismatch";
	end
	local aud, audience = all.aud, asked.audience;
	if aud ~= nil then
		local reason = audience_refused(aud, audience);
		if reason then return reason; end
	elseif audience then
		return "audience-mismatch";
	end
	local sub, jti = all.sub, all.jti;
	if sub ~= nil and type(sub) ~= "string" or jti ~= nil and type(jti) ~= "string" then return "bad-claim"; end

	local required, check = asked.require, asked.check;
	local reason = required and require_refused(all, required);
	if reason then return reason; end
	return check and own_check_refused(all, check) or nil;
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
