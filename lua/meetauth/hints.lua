--- What may lie behind a verdict, in words for the operator: each from something that people really trip over.
-- A hint holds nothing of the token, only words of its own and of the configuration: it may be logged.

local core = require "meetauth.core";
local dailyclaims = require "meetauth.dialect.dailyclaims".list;
local null = core.null;
local roomname = require "meetauth.roomname";

local hints = {};

local MILLISECONDS = 100000000000; -- as seconds: the year 5138
local MOMENT = 1000000000; -- less is a duration rather than a moment: 2001
local TRIES_MAX = 8; -- keys of other entries

local known_algorithms = {};
for _, alg in ipairs(core.algorithms()) do known_algorithms[alg] = true; end

-- Parts ----------------------------------------------------------------------

local function object(value) return type(value) == "table" and value or {}; end

local function is_secret_alg(alg) return alg:find("^HS") ~= nil; end

local function given(value) return value ~= nil and value ~= null; end

-- Whether two names are the same but for case and a slash at the end. Names of very different lengths are not
-- looked at: one is an outsider's.
local function is_close(one, other)
	return one ~= other and math.abs(#one - #other) <= 2 and one:lower():gsub("/+$", "") == other:lower():gsub("/+$", "");
end

local function closest(value, set)
	if type(value) ~= "string" then return nil; end
	for word in pairs(set or {}) do
		if is_close(value, word) then return word; end
	end
	return nil;
end

-- The first entry for which test(entry) holds.
local function entry_where(subject, test)
	for _, entry in ipairs(subject.entries) do
		if test(entry) then return entry; end
	end
	return nil;
end

local function takes(subject, dialect)
	return entry_where(subject, function (entry) return entry.dialect == dialect; end) ~= nil;
end

local function looks_daily(all) return given(all.d) or given(all.domain_id) or given(all.r) or given(all.room_name); end
local function looks_jitsi(all) return given(all.iss) or given(all.room) or given(all.context); end

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

-- Whether the algorithms of all the keys that there were to choose from are such.
local function all_algorithms(subject, is_wanted)
	for _, binding in ipairs(subject.candidates or {}) do
		if not is_wanted(binding.key:alg()) then return false; end
	end
	return subject.candidates ~= nil;
end

-- Claims that stand in an object of their own, as some libraries wrap them.
local wrappers = { "payload", "claims", "data", "body", "token" };

local function wrapper(all)
	for _, name in ipairs(wrappers) do
		local inner = object(all[name]);
		if given(inner.iss) or given(inner.room) or given(inner.context) or given(inner.r) then return name; end
	end
	return nil;
end

local opinions = { ["true"] = true, ["false"] = true };

-- Whether what stands there is meant to say who moderates, and says nothing.
local function is_no_opinion(value)
	return given(value) and type(value) ~= "boolean" and not opinions[value];
end

-- The name of a claim of Daily's that has another type than it should have.
local function mistyped_daily(all)
	for _, field in ipairs(dailyclaims) do
		local value = all[field.claim];
		if given(value) and field.type ~= "any" and type(value) ~= (field.type == "object" and "table" or field.type) then
			return field.claim, field.type;
		end
	end
	return nil;
end

-- The name of a claim of Jitsi's that has another type than it should have.
local function mistyped_jitsi(all)
	local context = all.context;
	if given(context) and type(context) ~= "table" then return "context", "object"; end
	for _, name in ipairs({ "room", "sub" }) do
		if given(all[name]) and type(all[name]) ~= "string" then return name, "string"; end
	end
	for _, name in ipairs({ "user", "features", "room" }) do
		local value = object(context)[name];
		if given(value) and type(value) ~= "table" then return "context." .. name, "object"; end
	end
	return nil;
end

local long_names = {};
for _, field in ipairs(dailyclaims) do long_names[#long_names + 1] = field.long; end

-- The same key under another entry's roof.
local function signing_entry(subject)
	local tries = 0;
	for _, entry in ipairs(subject.entries) do
		for _, key in ipairs(entry ~= subject.entry and entry.keys or {}) do
			if key:alg() == subject.head.alg and tries < TRIES_MAX then
				tries = tries + 1;
				if subject.reader:payload(key) then return entry; end
			end
		end
	end
	return nil;
end

local function lookalike(subject)
	for _, candidate in ipairs(subject.entry and subject.entry.lookalikes or {}) do
		if candidate.key:alg() == subject.head.alg and subject.reader:payload(candidate.key) then return candidate; end
	end
	return nil;
end

-- Hints ----------------------------------------------------------------------

---@class Hint
---@field check string    the row that it stands beside
---@field reason string?  the row's reason; nil: also where all is well
---@field says string     %s: what 'holds' returned
---@field holds fun(subject: Subject): any

local function is_dialect(subject, dialect) return subject.entry ~= nil and subject.entry.dialect == dialect; end

--- The first that holds beside a row is given.
---@type Hint[]
hints.list = {
	-- the token's form
	{ check = "form", reason = "malformed", says = "the token stands in quotes",
		holds = function (s) return s.token:find("^%s*[\"']"); end };
	{ check = "form", reason = "malformed", says = "the word Bearer stands before the token",
		holds = function (s) return s.token:lower():find("^%s*bearer[%s%%+]"); end };
	{ check = "form", reason = "malformed", says = "white space stands around the token",
		holds = function (s) return s.token:find("^%s") or s.token:find("%s$"); end };
	{ check = "form", reason = "malformed", says = "it is base64, and should be base64url without padding",
		holds = function (s) return s.token:find("^[%w+/=_-]+%.[%w+/=_-]+%.[%w+/=_-]+$") and s.token:find("[+/=]"); end };
	{ check = "form", reason = "malformed", says = "the signature is missing: cut off, or never signed",
		holds = function (s) return s.token:find("^[%w_-]+%.[%w_-]+%.?$"); end };

	-- whose token it is
	{ check = "key", reason = "unknown-issuer", says = "it is a Daily token, and no entry has the dialect \"daily\"",
		holds = function (s) return s.claims and not given(s.claims.iss) and looks_daily(s.claims) and not takes(s, "daily"); end };
	{ check = "key", reason = "unknown-issuer", says = "it is a Jitsi token, and no entry has the dialect \"jitsi\"",
		holds = function (s) return s.claims and looks_jitsi(s.claims) and not takes(s, "jitsi"); end };
	{ check = "key", reason = "unknown-issuer", says = "long Daily names count in entries with claim_names = \"either\" only",
		holds = function (s) return s.claims and not given(s.claims.d) and given(s.claims.domain_id) and takes(s, "daily"); end };
	{ check = "key", reason = "unknown-issuer", says = "the claims stand one level too deep, in %s",
		holds = function (s) return s.claims and wrapper(s.claims); end };
	{ check = "key", reason = "unknown-issuer",
		says = "iss differs only in case or by a slash at its end from the issuer of the entry %s",
		holds = function (s)
			local entry = s.claims and entry_where(s, function (e) return closest(s.claims.iss, e.asked.issuer); end);
			return entry and entry.id;
		end };
	{ check = "key", reason = "unknown-issuer", says = "d differs only in case from the domain_id of the entry %s",
		holds = function (s)
			local d = s.claims and s.claims.d;
			local entry = type(d) == "string" and entry_where(s, function (e) return is_close(d, e.domain_id or ""); end);
			return entry and entry.id;
		end };
	{ check = "key", reason = "unknown-issuer", says = "there is no iss", holds = function (s)
			return s.claims and not given(s.claims.iss) and not looks_daily(s.claims);
		end };
	{ check = "key", reason = "algorithm-mismatch", says = "it is not signed: its alg is none",
		holds = function (s) return s.head.alg:lower() == "none"; end };
	{ check = "key", reason = "algorithm-mismatch",
		says = "it is signed with a private key, and the entry has a shared secret: configure the issuer's public key",
		holds = function (s)
			return known_algorithms[s.head.alg] and not is_secret_alg(s.head.alg) and all_algorithms(s, is_secret_alg);
		end };
	{ check = "key", reason = "algorithm-mismatch", says = "it is signed with a shared secret, and the entry has public keys",
		holds = function (s)
			return is_secret_alg(s.head.alg) and all_algorithms(s, function (alg) return not is_secret_alg(alg); end);
		end };
	{ check = "key", reason = "unknown-key", says = "every key of the entry has a kid, and the token's is another",
		holds = function (s) return s.head.kid; end };

	-- who signed it
	{ check = "signature", reason = "signature-mismatch", says = "%s",
		holds = function (s)
			local found = lookalike(s);
			return found and found.says;
		end };
	{ check = "signature", reason = "signature-mismatch",
		says = "it is signed by the key of the entry %s, under the name of this one",
		holds = function (s)
			local entry = signing_entry(s);
			return entry and entry.id;
		end };

	-- what it says
	{ check = "typ", reason = "type-mismatch", says = "it is an access token: name at+jwt in typ where such tokens shall count",
		holds = function (s) return s.head.typ == "at+jwt"; end };
	{ check = "exp", reason = "bad-claim", says = "exp is a number in quotes: it has to be a number",
		holds = function (s) return is_text_number(s.claims.exp); end };
	{ check = "exp", says = "exp looks like milliseconds: it is in seconds",
		holds = function (s) return is_milliseconds(s.claims.exp); end };
	{ check = "exp", reason = "expired", says = "exp looks like a duration: it is a moment, in seconds since 1970",
		holds = function (s) return s.claims.exp >= 0 and s.claims.exp < MOMENT; end };
	{ check = "exp", reason = "expired", says = "iat is still to come: one of the two clocks is wrong", holds = is_ahead };
	{ check = "exp", reason = "expired", says = "it never was valid: exp is not after iat",
		holds = function (s) return math.type(s.claims.iat) and s.claims.exp <= s.claims.iat; end };
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

	-- what it gives
	{ check = "grant", reason = "missing-claim", says = "the claims stand one level too deep, in %s",
		holds = function (s) return wrapper(s.claims); end };
	{ check = "grant", reason = "missing-claim", says = "there is no room: an entry with room = \"tenant\" takes such tokens",
		holds = function (s) return is_dialect(s, "jitsi") and not given(s.claims.room) and s.entry.room == "required"; end };
	{ check = "grant", reason = "missing-claim", says = "there is no sub, which domain_verification asks for",
		holds = function (s) return is_dialect(s, "jitsi") and not given(s.claims.sub); end };
	{ check = "grant", reason = "missing-claim", says = "long Daily names count in entries with claim_names = \"either\" only",
		holds = function (s) return is_dialect(s, "daily") and given(s.claims.room_name); end };
	{ check = "grant", reason = "missing-claim", says = "there is no r: an entry with room = \"tenant\" takes such tokens",
		holds = function (s) return is_dialect(s, "daily") and s.claims.r == nil; end };
	{ check = "grant", reason = "bad-claim", says = "%s",
		holds = function (s)
			local mistyped = is_dialect(s, "daily") and mistyped_daily or mistyped_jitsi;
			local name, kind = mistyped(s.claims);
			return name and ("%s has another type: it has to be a JSON %s"):format(name, kind);
		end };
	{ check = "grant", reason = "bad-claim", says = "r names one room: there is no * and no pattern",
		holds = function (s) return is_dialect(s, "daily") and type(s.claims.r) == "string" and s.claims.r:find("[*?]"); end };
	{ check = "grant", says = "context stands inside context",
		holds = function (s) return type(object(s.claims.context).context) == "table"; end };
	{ check = "grant", says = "user stands outside of context, where nobody looks",
		holds = function (s) return is_dialect(s, "jitsi") and type(s.claims.user) == "table"; end };
	{ check = "grant", says = "moderator is neither true nor false: it says nothing",
		holds = function (s)
			local user = object(object(s.claims.context).user);
			return is_dialect(s, "jitsi") and (is_no_opinion(s.claims.moderator) or is_no_opinion(user.moderator));
		end };
	{ check = "grant", says = "moderator stands where nobody looks: it belongs into context.user",
		holds = function (s)
			local context = object(s.claims.context);
			return is_dialect(s, "jitsi") and (given(context.moderator) or given(object(context.features).moderator));
		end };
	{ check = "grant", says = "long Daily names count in entries with claim_names = \"either\" only",
		holds = function (s)
			if not is_dialect(s, "daily") or s.entry.claim_names == "either" then return false; end
			for _, name in ipairs(long_names) do
				if given(s.claims[name]) then return true; end
			end
			return false;
		end };

	-- where it leads
	{ check = "room", reason = "room-mismatch", says = "room is an address: it has to be the room's name alone",
		holds = function (s) return s.grant.room:find("[/@]"); end };
	{ check = "room", reason = "room-mismatch",
		says = "room looks like a pattern: it is one with context.room.glob or context.room.regex",
		holds = function (s) return not s.grant.room_pattern and s.grant.room:find("[*?]"); end };
	{ check = "room", reason = "room-mismatch", says = "room names the tenant, too: that stands in sub",
		holds = function (s) return s.grant.room:find("^%[.+%]"); end };
	{ check = "tenant", reason = "room-mismatch",
		says = "sub looks like the domain in the browser's address: the server's own, for these rooms, is %s",
		holds = function (s)
			local domain = s.grant.domain;
			return domain and domain:find(".", 1, true) and not roomname.split(s.room.node) and s.site.base;
		end };
	{ check = "tenant", reason = "room-mismatch",
		says = "sub is the server's domain or another tenant: this room is a tenant's",
		holds = function (s) return s.grant.domain and roomname.split(s.room.node); end };
	{ check = "tenant", reason = "room-mismatch", says = "sub names a tenant, and this room is none's",
		holds = function (s) return s.grant.domain; end };
	{ check = "tenant", reason = "room-mismatch", says = "the entry opens rooms of its tenant only",
		holds = function (s) return s.grant.tenant; end };
};

local by_check = {};
for _, hint in ipairs(hints.list) do
	by_check[hint.check] = by_check[hint.check] or {};
	table.insert(by_check[hint.check], hint);
end

--- The hint that stands beside a row, if any.
---@param row Row
---@param subject Subject
---@return string?
function hints.beside(row, subject)
	local check = row.reason == "malformed" and "form" or row.check; -- its form fails where it is first looked at
	for _, hint in ipairs(by_check[check] or {}) do
		local found = (hint.reason == nil or hint.reason == row.reason) and hint.holds(subject);
		if found then return (hint.says:gsub("%%s", { ["%s"] = tostring(found) })); end
	end
	return nil;
end

return hints;
