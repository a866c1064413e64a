--- Hints beside the choice of a token's entry and key: iss, d, alg, kid.

local core = require "meetauth.core";
local parts = require "meetauth.hint.parts";
local set_of = require "meetauth.util.list".set;

local given, is_close, closest, wrapper, any_of = parts.given, parts.is_close, parts.closest, parts.wrapper, parts.any_of;
local is_secret_alg, plain_of, has_source = parts.is_secret_alg, parts.plain, parts.has_source;

local known_algorithms = set_of(core.algorithms());

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

-- The issuer of an entry for which test(name) holds, and the entry.
local function issuer_where(subject, test)
	for _, entry in ipairs(subject.entries) do
		for _, name in ipairs(entry.dialect == "jitsi" and entry.issuer or {}) do
			if test(name) then return name, entry; end
		end
	end
	return nil;
end

-- A name of an entry that a token's own name is meant to be; nil where it has none.
local function meant_issuer(subject, as)
	local iss = subject.claims and subject.claims.iss;
	local plain = type(iss) == "string" and as(iss);
	return plain and (issuer_where(subject, function (name) return name ~= iss and as(name) == plain; end));
end

-- Issuers and domains that there are, to choose from.
local function issuers(subject)
	local names = {};
	issuer_where(subject, function (name) names[#names + 1] = name; end);
	return any_of(names);
end

local function domains(subject)
	local names = {};
	for _, entry in ipairs(subject.entries) do names[#names + 1] = entry.domain_id; end
	return any_of(names);
end

-- Of an address, what people take for all of it: without http or https, a port, a path that providers add, a slash.
local function place_of(address)
	local plain = address:lower():gsub("^https?:/*", ""):gsub("/%.well%-known/.*$", "");
	plain = plain:gsub("^([^/:]*):%d+", "%1");
	return plain:match("^.*[^/]");
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

-- The algorithms of the entry, to choose from.
local function algorithms(subject)
	local names, seen = {}, {};
	local function add(alg)
		if not seen[alg] then names[#names + 1], seen[alg] = alg, true; end
	end
	for _, alg in ipairs(subject.entry and subject.entry.algorithms or {}) do add(alg); end
	for _, binding in ipairs(subject.candidates or {}) do add(binding.key:alg()); end
	return any_of(names);
end

local function kids(subject)
	local names = {};
	for _, binding in ipairs(subject.candidates) do names[#names + 1] = binding.key:kid(); end
	return any_of(names);
end

-- Whether a secret of the entry signed it, under another algorithm than the entry's.
local function signed_by_secret(subject)
	local alg = subject.head.alg;
	for _, found in ipairs(is_secret_alg(alg) and known_algorithms[alg] and subject.keys[subject.entry] or {}) do
		local key = found.under and found.under(alg);
		if key and subject.reader:payload(key) then return true; end
	end
	return false;
end

local key_server = { asap_url = true }; -- a server that is asked for each key by its name

local LONG_NAMES = "the token has Daily's long claim names. Set claim_names = \"either\" in the entry, or write the short "
	.. "names: d, r, o";

---@type Hint[]
return {
	-- whose token it is
	{ check = "key", reason = "unknown-issuer",
		says = "this is a Daily token, and no entry accepts Daily tokens. Add an entry with dialect = \"daily\" "
			.. "and the token's d as domain_id",
		holds = function (s) return s.claims and not given(s.claims.iss) and looks_daily(s.claims) and not takes(s, "daily"); end };
	{ check = "key", reason = "unknown-issuer",
		says = "this is a Jitsi token, and no entry accepts Jitsi tokens. Add an entry with dialect = \"jitsi\" "
			.. "and the token's iss as issuer",
		holds = function (s) return s.claims and looks_jitsi(s.claims) and not takes(s, "jitsi"); end };
	{ check = "key", reason = "unknown-issuer", says = LONG_NAMES,
		holds = function (s) return s.claims and not given(s.claims.d) and given(s.claims.domain_id) and takes(s, "daily"); end };
	{ check = "key", reason = "unknown-issuer",
		says = "the claims are one level too deep, in %s. Write them side by side: { \"iss\": …, \"room\": …, \"context\": … }",
		holds = function (s) return s.claims and wrapper(s.claims); end };
	{ check = "key", reason = "unknown-issuer", says = "iss is in quotes or has white space around it. Write iss = \"%s\"",
		holds = function (s)
			local iss = s.claims and s.claims.iss;
			local plain = type(iss) == "string" and plain_of(iss);
			return plain and plain ~= iss and (issuer_where(s, function (name) return name == plain; end));
		end };
	{ check = "key", reason = "unknown-issuer",
		says = "the issuer (app_id) of the entry %s has quotes or white space around it. Set it without them: app_id = \"portal\"",
		holds = function (s)
			local iss = s.claims and s.claims.iss;
			local _, entry = issuer_where(s, function (name) return name ~= iss and plain_of(name) == iss; end);
			return entry and entry.id;
		end };
	{ check = "key", reason = "unknown-issuer", says = "iss differs only in case or by a slash at its end. Write iss = \"%s\"",
		holds = function (s)
			return s.claims and (issuer_where(s, function (name) return closest(s.claims.iss, { [name] = true }) ~= nil; end));
		end };
	{ check = "key", reason = "unknown-issuer",
		says = "iss differs only by http or https, by a port, or by a path at its end. Write iss = \"%s\"",
		holds = function (s) return meant_issuer(s, place_of); end };
	{ check = "key", reason = "unknown-issuer", says = "d differs only in case. Write d = \"%s\"",
		holds = function (s)
			local d = s.claims and s.claims.d;
			local entry = type(d) == "string" and entry_where(s, function (e) return is_close(d, e.domain_id or ""); end);
			return entry and entry.domain_id;
		end };
	{ check = "key", reason = "unknown-issuer", says = "the token has no iss. Write iss = %s",
		holds = function (s) return s.claims and not given(s.claims.iss) and not looks_daily(s.claims) and issuers(s); end };
	{ check = "key", reason = "unknown-issuer",
		says = "no entry has this iss. Write iss = %s, or add an entry with this issuer",
		holds = function (s) return s.claims and type(s.claims.iss) == "string" and issuers(s); end };
	{ check = "key", reason = "unknown-issuer", says = "no entry has this d. Write d = %s, or add an entry with this domain_id",
		holds = function (s) return s.claims and type(s.claims.d) == "string" and domains(s); end };
	{ check = "key", reason = "ambiguous-claims",
		says = "the token has claims of both dialects. Write only d and r for Daily, or only iss, sub, room and context for Jitsi",
		holds = function () return true; end };

	-- which of the entry's keys
	{ check = "key", reason = "algorithm-mismatch", says = "the token is not signed, because its alg is none. Sign it with alg = %s",
		holds = function (s) return s.head.alg:lower() == "none" and algorithms(s); end };
	{ check = "key", reason = "algorithm-mismatch",
		says = "the token is signed with the entry's secret, but with the algorithm %s. Set signature_algorithm = \"%s\" (in "
			.. "meetauth_issuers: "
			.. "algorithms = { \"%s\" }), or sign with the entry's algorithm",
		holds = function (s) return signed_by_secret(s) and s.head.alg; end };
	{ check = "key", reason = "algorithm-mismatch",
		says = "the token is signed with a private key, but the entry has a shared secret. Set signature_algorithm = \"%s\" and write "
			.. "the issuer's public key into app_secret (in meetauth_issuers: algorithms = { \"%s\" } and public_key)",
		holds = function (s)
			local alg = s.head.alg;
			return known_algorithms[alg] and not is_secret_alg(alg) and all_algorithms(s, is_secret_alg) and alg;
		end };
	{ check = "key", reason = "algorithm-mismatch",
		says = "the token is signed with a shared secret, but the entry has public keys. Sign it with the private key and alg = %s",
		holds = function (s)
			return is_secret_alg(s.head.alg) and all_algorithms(s, function (alg) return not is_secret_alg(alg); end) and algorithms(s);
		end };
	{ check = "key", reason = "algorithm-mismatch", says = "the entry accepts another alg. Sign the token with alg = %s",
		holds = algorithms };
	{ check = "key", reason = "unknown-key",
		says = "the provider's key set has no key with the token's kid. Ask the provider for a new token, and compare its kid with "
			.. "the keys that meetauth check shows",
		holds = function (s) return s.head.kid and parts.is_of_provider(s.entry or s.chosen); end };
	{ check = "key", reason = "unknown-key",
		says = "every key of the entry has a kid, but the token has another kid. Write kid = %s in its header",
		holds = function (s)
			local function has_kid(binding) return binding.key:kid() ~= nil; end
			return s.head.kid and s.candidates and s.candidates[1] and all_candidates(s, has_kid) and kids(s);
		end };
	{ check = "key", reason = "unknown-key",
		says = "the key server has no key for the token's kid. Write the public key to HEX.pem on that server, where HEX is the "
			.. "SHA-256 of the kid in hex",
		holds = function (s) return s.head.kid and has_source(s.entry or s.chosen, key_server); end };
};
