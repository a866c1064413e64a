--- Hints beside what a token says: its typ, its times, iss, aud, and what is required.

local claimrule = require "meetauth.dialect.jitsi.claimrule";
local names_of = require "meetauth.util.list".names;
local parts = require "meetauth.hint.parts";

local given, closest = parts.given, parts.closest;

local MILLISECONDS = 100000000000; -- as seconds: the year 5138

local function is_text_number(value) return type(value) == "string" and tonumber(value) ~= nil; end
local function is_milliseconds(value) return math.type(value) ~= nil and value >= MILLISECONDS; end

-- Whether iat is still to come, beyond the leeway.
local function is_ahead(subject)
	local iat = subject.claims.iat;
	return math.type(iat) ~= nil and iat > subject.now + subject.entry.asked.leeway;
end

local function requires(subject, claim)
	for _, name in ipairs(subject.entry.asked.require or {}) do
		if name == claim then return true; end
	end
	return false;
end

-- The names of those of the entry's claims for which it holds.
local function listed(subject, holds)
	local wanted = subject.entry.asked.claims;
	return table.concat(names_of(wanted, function (name) return holds(subject.claims[name], wanted[name]); end), ", ");
end

-- What stands in the claim that says who may come in, and the claim's name.
local function admitting(subject) return claimrule.found(subject.entry.asked.admit, subject.claims); end

local function claim_name(subject)
	local claim = subject.entry.asked.admit.claim;
	return type(claim) == "table" and table.concat(claim, ".") or claim;
end

---@type Hint[]
return {
	{ check = "typ", reason = "type-mismatch", says = "it is an access token: name at+jwt in typ where such tokens shall count",
		holds = function (s) return s.head.typ == "at+jwt"; end };
	{ check = "exp", reason = "bad-claim", says = "exp is a number in quotes: it has to be a number",
		holds = function (s) return is_text_number(s.claims.exp); end };
	{ check = "exp", says = "exp looks like milliseconds: it is in seconds",
		holds = function (s) return is_milliseconds(s.claims.exp); end };
	{ check = "exp", reason = "expired", says = "exp looks like a duration: it is a moment, in seconds since 1970",
		holds = function (s) return s.claims.exp >= 0 and s.claims.exp < parts.MOMENT; end };
	{ check = "exp", reason = "expired", says = "iat is still to come: one of the two clocks is wrong", holds = is_ahead };
	{ check = "exp", reason = "expired", says = "it never was valid: exp is not after iat",
		holds = function (s) return math.type(s.claims.iat) and s.claims.exp <= s.claims.iat; end };
	{ check = "exp", reason = "expired", says = parts.EXPIRED,
		holds = function (s) return parts.since(s.claims.exp, s.now); end };
	{ check = "exp", says = "there is no exp: it is good for ever",
		holds = function (s) return s.claims.exp == nil and not requires(s, "exp"); end };
	{ check = "nbf", reason = "bad-claim", says = "nbf is a number in quotes: it has to be a number",
		holds = function (s) return is_text_number(s.claims.nbf); end };
	{ check = "nbf", says = "nbf looks like milliseconds: it is in seconds",
		holds = function (s) return is_milliseconds(s.claims.nbf); end };
	{ check = "nbf", reason = "not-yet-valid", says = "iat is still to come, too: the issuer's clock is ahead of this one",
		holds = is_ahead };
	{ check = "iat", reason = "bad-claim", says = "iat is a number in quotes: it has to be a number",
		holds = function (s) return is_text_number(s.claims.iat); end };
	{ check = "iat", says = "iat looks like milliseconds: it is in seconds",
		holds = function (s) return is_milliseconds(s.claims.iat); end };
	{ check = "iat", reason = "missing-claim", says = "there is no iat, which max_age counts from",
		holds = function (s) return s.claims.iat == nil; end };
	{ check = "iat", reason = "too-old",
		says = "iat is still to come: the issuer's clock is ahead of this one", holds = is_ahead };
	{ check = "iss", reason = "issuer-mismatch",
		says = "iss differs only in case or by a slash at its end from the accepted %s",
		holds = function (s) return closest(s.claims.iss, s.entry.asked.issuer); end };
	{ check = "aud", reason = "audience-mismatch", says = "there is no aud",
		holds = function (s) return s.claims.aud == nil; end };
	{ check = "aud", reason = "audience-mismatch",
		says = "aud differs only in case or by a slash at its end from the accepted %s",
		holds = function (s)
			local aud = s.claims.aud;
			for _, name in ipairs(type(aud) == "table" and aud or { aud }) do
				local word = closest(name, s.entry.asked.audience);
				if word then return word; end
			end
			return nil;
		end };
	{ check = "require", reason = "missing-claim", says = "missing: %s",
		holds = function (s)
			local missing = {};
			for _, name in ipairs(s.entry.asked.require) do
				if not given(s.claims[name]) then missing[#missing + 1] = name; end
			end
			return table.concat(missing, ", ");
		end };
	{ check = "claims", reason = "missing-claim", says = "missing: %s",
		holds = function (s) return listed(s, function (said) return not given(said); end); end };
	{ check = "claims", reason = "claim-mismatch", says = "it says another thing, or is no text: %s",
		holds = function (s) return listed(s, function (said, wanted) return said ~= wanted; end); end };
	{ check = "admit", reason = "not-admitted", says = "there is no %s: does the issuer put it into its tokens?",
		holds = function (s) return not given(admitting(s)) and claim_name(s); end };
	{ check = "admit", reason = "not-admitted",
		says = "%s is no list: the entry's contains looks into a list, values compares a text",
		holds = function (s) return s.entry.asked.admit.contains and type(admitting(s)) ~= "table" and claim_name(s); end };
	{ check = "admit", reason = "not-admitted",
		says = "%s is a list: the entry's values compares a text, contains looks into a list",
		holds = function (s) return s.entry.asked.admit.values and type(admitting(s)) == "table" and claim_name(s); end };
	{ check = "admit", reason = "not-admitted", says = "%s is there, and does not name those who may come in; case counts",
		holds = claim_name };
};
