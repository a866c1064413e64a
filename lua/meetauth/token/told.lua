--- The expected and found values of the first rows of an explanation: form, header, key, signature and payload. They are
-- words about a token that cannot be read.

local names_of = require "meetauth.util.list".names;
local null = require "meetauth.core".null;
local set_of = require "meetauth.util.list".set;

local told = {};

local NAMES_MAX = 10; -- of entries or keys, shown

--- The found value of a row that fails, where the token has nothing.
told.NOTHING = "nothing";

-- The found value in words where bytes cannot be read: by the reason.
local unreadable = {
	["malformed"] = "bytes that are not base64url", ["bad-json"] = "not a strict JSON object",
	["duplicate-member"] = "a member that appears twice", ["engine-failure"] = "nothing: OpenSSL failed",
};

-- The shape of a token that has no form.
local function shape_of(token)
	if token == "" then return told.NOTHING; end
	local parts = select(2, token:gsub("%.", "")) + 1;
	return ("%d part%s%s"):format(parts, parts == 1 and "" or "s", token:find("[^%w_.-]") and ", with other characters" or "");
end

--- Of the form.
---@param token string
---@param reason string
---@param max integer  bytes of a token
---@return string expected
---@return string found
function told.form(token, reason, max)
	if reason == "too-large" then return ("at most %d bytes"):format(max), ("%d bytes"):format(#token); end
	return "three parts of base64url", shape_of(token);
end

-- The expected header, by the reason why it is refused.
local expected_header = {
	["malformed"] = "base64url", ["bad-json"] = "a JSON object", ["duplicate-member"] = "each member only once",
	["bad-header"] = "alg, kid, typ and cty as strings, kid of at most 256 bytes", ["critical-extension"] = "no crit",
	["unsupported"] = "no enc, no b64 = false, and a cty that is not JWT",
};

-- Of a header that is refused, what it is refused for.
local told_members = {
	["bad-header"] = { "alg", "kid", "typ", "cty" }, ["critical-extension"] = { "crit" }, ["unsupported"] = { "enc", "b64", "cty" },
};

--- Of the header.
---@param reader Token
---@param reason string
---@return string expected
---@return any found
function told.header(reader, reason)
	local members, found = told_members[reason] and reader:header(), {};
	if not members then return expected_header[reason], unreadable[reason]; end
	for _, name in ipairs(told_members[reason]) do found[name] = members[name]; end
	return expected_header[reason], next(found) and found or nil;
end

-- Claims that tell a dialect.
local markers = set_of({ "d", "domain_id", "r", "iss", "aud", "sub", "room", "context" });

-- Names as a list, sorted; what is beyond some of them is told by "...".
local function listed(set)
	local names = names_of(set);
	local some = table.move(names, 1, math.min(#names, NAMES_MAX), 1, {});
	if names[NAMES_MAX + 1] then some[NAMES_MAX + 1] = "..."; end
	return some[1] and some or nil;
end

-- The values that would have found an entry and a key of it: by the reason why none was found.
local expected_key = {
	["unknown-issuer"] = function (subject)
		local iss, d = {}, {};
		for _, entry in ipairs(subject.entries) do
			if entry.dialect == "daily" then d[entry.domain_id] = true; end
			for _, name in ipairs(entry.dialect == "jitsi" and (entry.issuer or { "*" }) or {}) do iss[name] = true; end
		end
		return { iss = listed(iss), d = listed(d) };
	end;
	["algorithm-mismatch"] = function (subject, ring)
		local algs = {};
		for _, entry in ipairs(ring) do
			for _, alg in ipairs(entry.algorithms or {}) do algs[alg] = true; end
		end
		for _, binding in ipairs(subject.candidates) do algs[binding.key:alg()] = true; end
		return next(algs) and { alg = listed(algs) } or "an algorithm for which the entry has a key";
	end;
	["unknown-key"] = function (subject)
		local kids = {};
		for _, binding in ipairs(subject.candidates) do
			local key = binding.key;
			if key:alg() == subject.head.alg and key:kid() then kids[key:kid()] = true; end
		end
		return next(kids) and { kid = listed(kids) } or "a key of the entry";
	end;
	["ambiguous-claims"] = function () return "claims of one dialect: d and r, or iss, aud, sub, room and context"; end;
};

-- The values of a token that have found none.
local function found_key(subject, reason)
	local head, all = subject.head, subject.claims or {};
	if unreadable[reason] then return unreadable[reason]; end
	if reason == "ambiguous-claims" then
		return names_of(all, function (name) return markers[name] and all[name] ~= null; end);
	end
	local found = { alg = head.alg, kid = head.kid };
	if reason == "unknown-issuer" then
		found.iss, found.d = all.iss, all.d;
		if found.iss == nil and found.d == nil then found.iss = told.NOTHING; end
	end
	return found;
end

--- Of the choice of an entry and a key; expected is nil where there is a key.
---@param subject Subject
---@param reason string?
---@param ring Ring?
---@return any expected
---@return any found
function told.key(subject, reason, ring)
	local expect = expected_key[reason];
	local expected = expect and expect(subject, ring) or reason and "claims that can be read" or nil;
	return expected, found_key(subject, reason);
end

--- Of a signature.
---@param token string
---@param reason string
---@return string found
function told.signature(token, reason)
	local length = #(token:match("^.*%.(.*)$")) * 3 // 4;
	return unreadable[reason] or ("a signature of %d bytes, made with another key"):format(length);
end

--- Of the payload.
---@param reason string
---@return string found
function told.payload(reason) return unreadable[reason]; end

return told;
