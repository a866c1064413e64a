--- Hints beside what a token says: its typ, its times, iss, aud, and what is required.

local claimrule = require "meetauth.dialect.jitsi.claimrule";
local names_of = require "meetauth.util.list".names;
local parts = require "meetauth.hint.parts";

local any_of, given, closest = parts.any_of, parts.given, parts.closest;

local MILLISECONDS = 100000000000; -- as seconds: the year 5138

local function is_text_number(value) return type(value) == "string" and tonumber(value) ~= nil; end
local function is_milliseconds(value) return math.type(value) ~= nil and value >= MILLISECONDS; end

-- Whether iat is in the future, beyond the leeway.
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

-- The entry's claims that the token does not have, and the entry's claims that have another value in it, with the right
-- values.
local function lacking(subject)
	return names_of(subject.entry.asked.claims, function (name) return not given(subject.claims[name]); end);
end

local function contradicted(subject)
	local wanted = subject.entry.asked.claims;
	local list = names_of(wanted, function (name) return subject.claims[name] ~= wanted[name]; end);
	for i, name in ipairs(list) do list[i] = ("%s = \"%s\""):format(name, wanted[name]); end
	return list;
end

-- The value of the claim that says who may enter, and the claim's name.
local function admitting(subject) return claimrule.found(subject.entry.asked.admit, subject.claims); end

local function claim_name(subject)
	local claim = subject.entry.asked.admit.claim;
	return type(claim) == "table" and table.concat(claim, ".") or claim;
end

---@type Hint[]
return {
	{ check = "typ", reason = "type-mismatch",
		says = "the token is an access token. Ask for an ID token, or set typ = { \"JWT\", \"at+jwt\" } in the entry",
		holds = function (s) return s.head.typ == "at+jwt"; end };
	{ check = "typ", reason = "type-mismatch", says = "the token is of another kind. Write typ = \"JWT\" into its header",
		holds = function () return true; end };
	{ check = "exp", reason = "bad-claim", says = "exp is a number in quotes. Write the number without quotes: \"exp\": 1767225600",
		holds = function (s) return is_text_number(s.claims.exp); end };
	{ check = "exp", says = "exp looks like milliseconds. Write seconds: exp = Math.floor(Date.now() / 1000) + 3600",
		holds = function (s) return is_milliseconds(s.claims.exp); end };
	{ check = "exp", reason = "expired",
		says = "exp looks like a duration, but exp is a time in seconds since 1970. Write exp = now + 3600, such as 1767225600",
		holds = function (s) return s.claims.exp >= 0 and s.claims.exp < parts.MOMENT; end };
	{ check = "exp", reason = "expired",
		says = "iat is in the future, because one of the two clocks is wrong. Set both clocks by NTP: timedatectl set-ntp true",
		holds = is_ahead };
	{ check = "exp", reason = "expired", says = "the token was never valid, because exp is not after iat. Write exp = iat + 3600",
		holds = function (s) return math.type(s.claims.iat) and s.claims.exp <= s.claims.iat; end };
	{ check = "exp", reason = "expired", says = parts.EXPIRED,
		holds = function (s) return parts.since(s.claims.exp, s.now); end };
	{ check = "exp", says = "the token has no exp and never expires. Write exp = now + 3600",
		holds = function (s) return s.claims.exp == nil and not requires(s, "exp"); end };
	{ check = "nbf", reason = "bad-claim", says = "nbf is a number in quotes. Write the number without quotes: \"nbf\": 1767222000",
		holds = function (s) return is_text_number(s.claims.nbf); end };
	{ check = "nbf", says = "nbf looks like milliseconds. Write seconds: nbf = Math.floor(Date.now() / 1000)",
		holds = function (s) return is_milliseconds(s.claims.nbf); end };
	{ check = "nbf", reason = "not-yet-valid",
		says = "iat is in the future too, because the issuer's clock is ahead. Set both clocks by NTP: timedatectl set-ntp true",
		holds = is_ahead };
	{ check = "nbf", reason = "not-yet-valid", says = "nbf is in the future. Write nbf = now, such as 1767222000, or delete nbf",
		holds = function () return true; end };
	{ check = "iat", reason = "bad-claim", says = "iat is a number in quotes. Write the number without quotes: \"iat\": 1767222000",
		holds = function (s) return is_text_number(s.claims.iat); end };
	{ check = "iat", says = "iat looks like milliseconds. Write seconds: iat = Math.floor(Date.now() / 1000)",
		holds = function (s) return is_milliseconds(s.claims.iat); end };
	{ check = "iat", reason = "missing-claim",
		says = "the token has no iat, and max_age needs it. Write iat = now, such as 1767222000",
		holds = function (s) return s.claims.iat == nil; end };
	{ check = "iat", reason = "too-old",
		says = "iat is in the future, because the issuer's clock is ahead. Set both clocks by NTP: timedatectl set-ntp true",
		holds = is_ahead };
	{ check = "iat", reason = "too-old",
		says = "the token is older than the entry's max_age. Sign a new token with iat = now, or set a longer max_age",
		holds = function () return true; end };
	{ check = "iss", reason = "issuer-mismatch", says = "iss differs only in case or by a slash at its end. Write iss = \"%s\"",
		holds = function (s) return closest(s.claims.iss, s.entry.asked.issuer); end };
	{ check = "aud", reason = "audience-mismatch",
		says = "the token has no aud. Add %s to aud at the provider (in Keycloak: an audience mapper)",
		holds = function (s)
			return s.claims.aud == nil and parts.is_of_provider(s.entry) and any_of(names_of(s.entry.asked.audience));
		end };
	{ check = "aud", reason = "audience-mismatch", says = "the token has no aud. Write aud = %s",
		holds = function (s) return s.claims.aud == nil and any_of(names_of(s.entry.asked.audience)); end };
	{ check = "aud", reason = "audience-mismatch", says = "aud differs only in case or by a slash at its end. Write aud = \"%s\"",
		holds = function (s)
			local aud = s.claims.aud;
			for _, name in ipairs(type(aud) == "table" and aud or { aud }) do
				local word = closest(name, s.entry.asked.audience);
				if word then return word; end
			end
			return nil;
		end };
	{ check = "aud", reason = "audience-mismatch",
		says = "aud names another service. Add %s to aud at the provider (in Keycloak: an audience mapper), or set the entry's "
			.. "audience to your client's id at the provider",
		holds = function (s) return parts.is_of_provider(s.entry) and any_of(names_of(s.entry.asked.audience)); end };
	{ check = "aud", reason = "audience-mismatch",
		says = "aud names another service. Write aud = %s, or add that service to the entry's audience (asap_accepted_audiences)",
		holds = function (s) return any_of(names_of(s.entry.asked.audience)); end };
	{ check = "require", reason = "missing-claim", says = "the token lacks these claims: %s. Write each claim into the token",
		holds = function (s)
			local missing = {};
			for _, name in ipairs(s.entry.asked.require) do
				if not given(s.claims[name]) then missing[#missing + 1] = name; end
			end
			return table.concat(missing, ", ");
		end };
	{ check = "claims", reason = "missing-claim", says = "the token lacks these claims: %s. Write each claim into the token",
		holds = function (s) return table.concat(lacking(s), ", "); end };
	{ check = "claims", reason = "claim-mismatch", says = "a claim has another value, or is not a string. Write %s",
		holds = function (s) return table.concat(contradicted(s), ", "); end };
	{ check = "admit", reason = "not-admitted", says = "the token has no %s. Ask the issuer to put it into its tokens",
		holds = function (s) return not given(admitting(s)) and claim_name(s); end };
	{ check = "admit", reason = "not-admitted",
		says = "%s is not a list, but contains in admit needs a list. Write values = { … } in admit to compare a string",
		holds = function (s) return s.entry.asked.admit.contains and type(admitting(s)) ~= "table" and claim_name(s); end };
	{ check = "admit", reason = "not-admitted",
		says = "%s is a list, but values in admit needs a string. Write contains = … in admit to search a list",
		holds = function (s) return s.entry.asked.admit.values and type(admitting(s)) == "table" and claim_name(s); end };
	{ check = "admit", reason = "not-admitted",
		says = "%s has none of the values in the entry's admit option, where case matters. Add one of these values to the user's token",
		holds = claim_name };
};
