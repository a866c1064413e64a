--- Hints beside a token's form, the choice of its entry and its signature.

local core = require "meetauth.core";
local parts = require "meetauth.hint.parts";
local set_of = require "meetauth.util.list".set;
local weak_secrets = require "meetauth.key.weak".known;

local given, is_close, closest, wrapper = parts.given, parts.is_close, parts.closest, parts.wrapper;

local TRIES_MAX = 8; -- keys of other entries

local known_algorithms = set_of(core.algorithms());

local function is_secret_alg(alg) return alg:find("^HS") ~= nil; end

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

-- Whether all the keys that there were to choose from are such.
local function all_candidates(subject, is_wanted)
	for _, binding in ipairs(subject.candidates or {}) do
		if not is_wanted(binding) then return false; end
	end
	return subject.candidates ~= nil;
end

-- Whether their algorithms are such.
local function all_algorithms(subject, is_wanted)
	return all_candidates(subject, function (binding) return is_wanted(binding.key:alg()); end);
end

-- The same key under another entry's roof.
local function signing_entry(subject)
	local tries = 0;
	for _, entry in ipairs(subject.entries) do
		for _, one in ipairs(entry ~= subject.entry and subject.keys[entry] or {}) do
			local key = one.key;
			if key:alg() == subject.head.alg and tries < TRIES_MAX then
				tries = tries + 1;
				if subject.reader:payload(key) then return entry; end
			end
		end
	end
	return nil;
end

-- Among the lookalikes of some keys, the one that signed the token.
local function signer(subject, keys)
	for _, found in ipairs(keys) do
		for _, candidate in ipairs(found.lookalikes and found.lookalikes() or {}) do
			if candidate.key:alg() == subject.head.alg and subject.reader:payload(candidate.key) then return candidate; end
		end
	end
	return nil;
end

-- The secret that everybody knows and that signed the token.
local function known_secret(subject)
	for _, text in ipairs(is_secret_alg(subject.head.alg) and weak_secrets or {}) do
		local key = core.key.new(subject.head.alg, "secret", text, nil, true);
		if key and subject.reader:payload(key) then return text; end
	end
	return nil;
end

local function lookalike(subject) return signer(subject, subject.keys[subject.entry] or {}); end

---@type Hint[]
return {
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
		holds = function (s)
			local function has_kid(binding) return binding.key:kid() ~= nil; end
			return s.head.kid and s.candidates[1] and all_candidates(s, has_kid);
		end };

	-- who signed it
	{ check = "signature", reason = "signature-mismatch", says = "%s",
		holds = function (s)
			local found = lookalike(s);
			return found and found.says;
		end };
	{ check = "signature", reason = "signature-mismatch",
		says = "it is signed with %s, which stands in examples: the issuer still has to be given the entry's secret",
		holds = known_secret };
	{ check = "signature", reason = "signature-mismatch",
		says = "it is signed by the key of the entry %s, under the name of this one",
		holds = function (s)
			local entry = signing_entry(s);
			return entry and entry.id;
		end };
};
