--- The registered claims (RFC 7519 4.1) against what an entry asks of them: the checks as data.
-- Pure: the clock is an argument; signatures were checked before.

local claims = {};

local TIME_MAX = 2 ^ 53; -- beyond it a double no longer counts seconds

---@class Asked            what a verifier or an issuer entry asks of the claims
---@field leeway number    seconds, for exp, nbf and iat
---@field issuer table<string, true>?    accepted iss; nil where any will do
---@field audience table<string, true>?  accepted aud; nil where it is not checked
---@field require string[]
---@field max_age number?  seconds since iat
---@field check (fun(claims: table): any, string?)?

local function is_time(value)
	return math.type(value) ~= nil and value >= -TIME_MAX and value <= TIME_MAX;
end

local function is_text(value)
	return value == nil or type(value) == "string";
end

local function names_one(aud, accepted)
	if type(aud) == "string" then return accepted[aud] == true; end
	local found = false;
	for i = 1, #aud do found = found or accepted[aud[i]] == true; end
	return found;
end

local function is_audience(aud)
	if is_text(aud) then return true; end
	if type(aud) ~= "table" then return false; end
	local n = 0;
	for _, value in pairs(aud) do
		if type(value) ~= "string" then return false; end
		n = n + 1;
	end
	return n == #aud;
end

---@class Check
---@field name string
---@field asked fun(asked: Asked): any             whether it applies at all
---@field refuse fun(claims: table, asked: Asked, now: number): string?  a reason, or nil
---@field expected fun(asked: Asked, now: number): any
---@field found fun(claims: table): any

local function always() return true; end

local function words(set)
	local t = {};
	for word in pairs(set) do t[#t + 1] = word; end
	table.sort(t);
	return t;
end

--- In the order in which they are made; the first that refuses decides.
---@type Check[]
claims.checks = {
	{
		name = "exp", asked = always;
		refuse = function (c, asked, now)
			if c.exp == nil then return nil; end
			if not is_time(c.exp) then return "bad-claim"; end
			return now >= c.exp + asked.leeway and "expired" or nil;
		end;
		expected = function (asked, now) return now - asked.leeway; end;
		found = function (c) return c.exp; end;
	};
	{
		name = "nbf", asked = always;
		refuse = function (c, asked, now)
			if c.nbf == nil then return nil; end
			if not is_time(c.nbf) then return "bad-claim"; end
			return now < c.nbf - asked.leeway and "not-yet-valid" or nil;
		end;
		expected = function (asked, now) return now + asked.leeway; end;
		found = function (c) return c.nbf; end;
	};
	{
		name = "iat", asked = always;
		refuse = function (c) return c.iat ~= nil and not is_time(c.iat) and "bad-claim" or nil; end;
		expected = function () return "a number of seconds"; end;
		found = function (c) return c.iat; end;
	};
	{
		name = "iss", asked = always;
		refuse = function (c, asked)
			if not is_text(c.iss) then return "bad-claim"; end
			if not asked.issuer then return nil; end
			return not asked.issuer[c.iss or false] and "issuer-mismatch" or nil;
		end;
		expected = function (asked) return asked.issuer and words(asked.issuer); end;
		found = function (c) return c.iss; end;
	};
	{
		name = "aud", asked = always;
		refuse = function (c, asked)
			if not is_audience(c.aud) then return "bad-claim"; end
			if not asked.audience then return nil; end
			return not (c.aud ~= nil and names_one(c.aud, asked.audience)) and "audience-mismatch" or nil;
		end;
		expected = function (asked) return asked.audience and words(asked.audience); end;
		found = function (c) return c.aud; end;
	};
	{
		name = "sub", asked = always;
		refuse = function (c) return not is_text(c.sub) and "bad-claim" or nil; end;
		expected = function () return "a string"; end;
		found = function (c) return c.sub; end;
	};
	{
		name = "jti", asked = always;
		refuse = function (c) return not is_text(c.jti) and "bad-claim" or nil; end;
		expected = function () return "a string"; end;
		found = function (c) return c.jti; end;
	};
	{
		name = "require", asked = function (asked) return asked.require[1] ~= nil; end;
		refuse = function (c, asked)
			for _, name in ipairs(asked.require) do
				if c[name] == nil then return "missing-claim"; end
			end
			return nil;
		end;
		expected = function (asked) return asked.require; end;
		found = function (c)
			local t = {};
			for name in pairs(c) do t[#t + 1] = name; end
			table.sort(t);
			return t;
		end;
	};
	{
		name = "max_age", asked = function (asked) return asked.max_age; end;
		refuse = function (c, asked, now)
			if c.iat == nil then return "missing-claim"; end
			local age = now - c.iat;
			return (age > asked.max_age + asked.leeway or age < -asked.leeway) and "too-old" or nil;
		end;
		expected = function (asked, now) return now - asked.max_age - asked.leeway; end;
		found = function (c) return c.iat; end;
	};
	{
		name = "check", asked = function (asked) return asked.check; end;
		refuse = function (c, asked)
			local ok, reason = asked.check(c);
			if ok then return nil; end
			return reason or "check-failed";
		end;
		expected = function () return true; end;
		found = function () return nil; end;
	};
};

--- The checks that apply, as one function: it returns the first reason to refuse, or nil.
---@param asked Asked
---@return fun(claims: table, now: number): string?
function claims.checker(asked)
	local refuse = {};
	for _, check in ipairs(claims.checks) do
		if check.asked(asked) then refuse[#refuse + 1] = check.refuse; end
	end
	local n = #refuse;
	return function (c, now)
		for i = 1, n do
			local reason = refuse[i](c, asked, now);
			if reason then return reason; end
		end
		return nil;
	end;
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
