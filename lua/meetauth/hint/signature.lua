--- Hints beside a signature that is none by the entry's key: another spelling of the secret, another secret, a part of it.

local core = require "meetauth.core";
local parts = require "meetauth.hint.parts";
local weak_secrets = require "meetauth.key.weak".known;

local is_secret_alg = parts.is_secret_alg;

local TRIES_MAX = 8; -- keys of other entries

-- Bytes of a signature, where the algorithm alone says so.
local lengths = {
	HS256 = 32, HS384 = 48, HS512 = 64, ES256 = 64, ES256K = 64, ES384 = 96, ES512 = 132, Ed25519 = 64, Ed448 = 114,
};

-- How many bytes the signature of a key has at least; as many as the modulus, where it is RSA.
local function length_by(key)
	local members = not lengths[key:alg()] and key:members();
	return lengths[key:alg()] or members and members.n and #members.n * 3 // 4 or 0;
end

-- Whether it has fewer bytes than any of the keys makes.
local function is_short(subject)
	local length = #(subject.token:match("^.*%.(.*)$") or "") * 3 // 4;
	for _, binding in ipairs(subject.bindings) do
		if length >= length_by(binding.key) then return false; end
	end
	return true;
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

-- Among the lookalikes of the entry's secrets, the one that signed the token.
local function lookalike(subject)
	for _, found in ipairs(subject.keys[subject.entry] or {}) do
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

---@type Hint[]
return {
	{ check = "signature", reason = "signature-mismatch",
		says = "the signature is too short for %s, because the end of the token was cut off. Copy the whole token",
		holds = function (s) return is_short(s) and s.head.alg; end };
	{ check = "signature", reason = "signature-mismatch", says = "%s",
		holds = function (s)
			local found = lookalike(s);
			return found and found.says;
		end };
	{ check = "signature", reason = "signature-mismatch",
		says = "the token is signed with %s, a secret from examples that everybody knows. Give the issuer the entry's secret",
		holds = known_secret };
	{ check = "signature", reason = "signature-mismatch",
		says = "the token names this entry, but is signed with the key of the entry %s. Write the iss or d of that entry, or sign "
			.. "with this entry's key",
		holds = function (s)
			local entry = signing_entry(s);
			return entry and entry.id;
		end };
};
