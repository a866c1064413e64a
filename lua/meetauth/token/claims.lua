--- The checks of a token's typ and claims (RFC 7519 4.1) against the entry, one row each. A verification stops at the
-- first failure, and an explanation goes through all rows. Pure: the clock is an argument. The signature and the claims'
-- types (RFC 7519 4.1) were checked before by the core.

local core = require "meetauth.core";
local names_of = require "meetauth.util.list".names;

local null, array_mt = core.null, core.array_mt;

local claims = {};

---@class Asked            what a verifier or an issuer entry asks of the claims
---@field leeway number    seconds, a float so that sums with it cannot wrap; for exp, nbf and iat
---@field issuer table<string, true>?    accepted iss; nil where any will do, or none
---@field audience table<string, true>?  accepted aud; nil if it is not checked
---@field require string[]?
---@field claims table<string, string>?  claims that must be there and say that
---@field admit ClaimRule?  who may come in at all (dialect/jitsi/claimrule.lua)
---@field max_age number?  seconds since iat
---@field check (fun(all: table): any, string?)?  the caller's own word

---@alias Test fun(all: table, now: number, head: Header): string?  the reason to refuse, or nil

---@class Check
---@field name string        the claim's, or another thing that is checked
---@field test (fun(asked: Asked, entry: table): Test?)?  makes the test, once for an entry; no test: nothing is asked
---@field is (fun(value: any): boolean)?  the claim's type, for code that reads it without the core's check, and
---@field kind string?       in words
---@field expected fun(asked: Asked, now: number, entry: table): any   for people, and
---@field found (fun(asked: Asked, all: table): any)?  where it fails; the claim's value, where there is no such function
---@field vouched boolean?   reads values that it may only see after types and signature were checked
---@field optional boolean?  of no interest where nothing is asked
---@field passing boolean?   its outcome changes as time passes
---@field window boolean?    its test is a part of one that verifications make of all such rows together

local function is_number(value) return math.type(value) ~= nil; end
local function is_string(value) return type(value) == "string"; end

local function is_audience(value)
	if type(value) == "string" then return true; end
	if getmetatable(value) ~= array_mt then return false; end
	for _, name in ipairs(value) do
		if type(name) ~= "string" then return false; end
	end
	return true;
end

local function words(set)
	local list = names_of(set);
	return list[1] and list or nil;
end

local function nothing() return nil; end

local function has_any(aud, accepted)
	for _, name in ipairs(aud) do
		if accepted[name] then return true; end
	end
	return false;
end

-- Rules about a claim: a part of a dialect's folder, which programs without entries have no use for.
local function rules() return require "meetauth.dialect.jitsi.claimrule"; end

-- Names with their values, for people.
local function told(values)
	local list = {};
	for i, name in ipairs(names_of(values)) do list[i] = name .. " = " .. values[name]; end
	return list;
end

-- exp and nbf in one call: every login comes this way, and two calls take more time.
local function window(asked)
	local leeway = asked.leeway;
	return function (all, now)
		local exp, nbf = all.exp, all.nbf;
		if exp and now >= exp + leeway then return "expired"; end
		return nbf and now < nbf - leeway and "not-yet-valid" or nil;
	end;
end

-- One of the two alone.
local function alone(name)
	return function (asked)
		local test = window(asked);
		return function (all, now) return test({ [name] = all[name] }, now); end;
	end;
end

-- Whether a claim under another name has the value of the claim that it replaces, if that exists. If it does not exist, it
-- gets this value. A reason where the two disagree, or where it is no number.
local function stands_for(all, other, name)
	local value, said = all[other], all[name];
	if value == nil or value == null then return nil; end
	if not is_number(value) or value ~= value or value + 0.0 == math.huge then return "bad-claim"; end
	if said ~= nil and said ~= null and said ~= value then return "ambiguous-claims"; end
	all[name] = value;
	return nil;
end

--- In the order in which they are made.
---@type Check[]
claims.checks = {
	{
		name = "other names", optional = true, expected = function (_, _, entry) return names_of(entry.long_times); end,
		test = function (_, entry)
			local long_times = entry.long_times;
			return long_times and function (all)
				for other, name in pairs(long_times) do
					local reason = stands_for(all, other, name);
					if reason then return reason; end
				end
				return nil;
			end;
		end;
	};
	{
		name = "typ",
		expected = function (_, _, entry)
			local accepted = words(entry.typ);
			if accepted and accepted[1] == "" then accepted[1] = "none"; end
			return accepted;
		end,
		test = function (_, entry)
			local accepted = entry.typ;
			return accepted and function (_, _, head) return not accepted[head.typ or ""] and "type-mismatch" or nil; end;
		end;
	};
	{
		name = "exp", is = is_number, kind = "a number", passing = true, window = true, test = alone("exp"),
		expected = function (asked, now) return ("after %.14g"):format(now - asked.leeway); end;
	};
	{
		name = "nbf", is = is_number, kind = "a number", passing = true, window = true, test = alone("nbf"),
		expected = function (asked, now) return ("not after %.14g"):format(now + asked.leeway); end;
	};
	{
		name = "iat", is = is_number, kind = "a number", passing = true,
		expected = function (asked, now)
			local leeway, max_age = asked.leeway, asked.max_age;
			return max_age and ("since %.14g, and not after %.14g"):format(now - max_age - leeway, now + leeway);
		end,
		test = function (asked)
			local leeway, max_age = asked.leeway, asked.max_age;
			return max_age and function (all, now)
				local iat = all.iat;
				if not iat then return "missing-claim"; end
				return (now - leeway > iat + max_age or now + leeway < iat) and "too-old" or nil;
			end;
		end;
	};
	{
		name = "iss", is = is_string, kind = "a string", expected = function (asked) return words(asked.issuer); end,
		test = function (asked)
			local accepted = asked.issuer;
			return accepted and function (all) return not accepted[all.iss or false] and "issuer-mismatch" or nil; end;
		end;
	};
	{
		name = "aud", is = is_audience, kind = "a string, or a list of strings",
		expected = function (asked) return words(asked.audience); end,
		test = function (asked)
			local accepted = asked.audience;
			return accepted and function (all)
				local aud = all.aud or false;
				if accepted[aud] or type(aud) == "table" and has_any(aud, accepted) then return nil; end
				return "audience-mismatch";
			end;
		end;
	};
	{ name = "sub", is = is_string, kind = "a string", expected = nothing };
	{ name = "jti", is = is_string, kind = "a string", expected = nothing };
	{
		name = "require", optional = true, expected = function (asked) return asked.require; end,
		found = function (asked, all)
			local there = {};
			for _, name in ipairs(asked.require or {}) do
				if all[name] ~= nil and all[name] ~= null then there[#there + 1] = name; end
			end
			return there[1] and there or nil;
		end,
		test = function (asked)
			local required = asked.require;
			return required and function (all)
				for _, name in ipairs(required) do
					if all[name] == nil or all[name] == null then return "missing-claim"; end
				end
				return nil;
			end;
		end;
	};
	{
		name = "claims", optional = true, expected = function (asked) return told(asked.claims); end,
		found = function (asked, all)
			local said = {};
			for name in pairs(asked.claims) do said[name] = all[name]; end
			return next(said) and said or nil;
		end,
		test = function (asked)
			local wanted = asked.claims;
			return wanted and function (all)
				local reason;
				for name, value in pairs(wanted) do
					local said = all[name];
					if said == nil or said == null then return "missing-claim"; end
					if said ~= value then reason = "claim-mismatch"; end
				end
				return reason;
			end;
		end;
	};
	{
		name = "admit", optional = true, expected = function (asked) return rules().words(asked.admit); end,
		found = function (asked, all) return rules().found(asked.admit, all); end,
		test = function (asked)
			local rule = asked.admit;
			local holds = rule and rules().holds;
			return rule and function (all) return not holds(rule, all) and "not-admitted" or nil; end;
		end;
	};
	{
		name = "check", optional = true, vouched = true,
		expected = function () return "yes from the verifier's check function"; end,
		found = function () return "no"; end,
		test = function (asked)
			local check = asked.check;
			return check and function (all)
				local ok, reason = check(all);
				return not ok and (reason or "check-failed") or nil;
			end;
		end;
	};
};

local function tests_of(entry, lasting)
	local tests, has_window = {}, false;
	for _, check in ipairs(claims.checks) do
		local make = check.test;
		if lasting and check.passing or has_window and check.window then
			make = nil;
		elseif check.window then
			make, has_window = window, true;
		end
		tests[#tests + 1] = make and make(entry.asked, entry) or nil;
	end
	return tests;
end

-- The first of some tests that refuses; a single one is called directly.
local function in_turn(tests)
	if #tests == 1 then return tests[1]; end
	return function (all, now, head)
		for i = 1, #tests do
			local reason = tests[i](all, now, head);
			if reason then return reason; end
		end
		return nil;
	end;
end

--- The rules of an entry, as one test.
---@param entry table  { asked, typ = set? }
---@return Test
function claims.test(entry) return in_turn(tests_of(entry, false)); end

--- The part of it whose outcome is the same at any time.
---@param entry table
---@return Test
function claims.lasting_test(entry) return in_turn(tests_of(entry, true)); end

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
