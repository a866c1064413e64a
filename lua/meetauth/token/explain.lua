--- Every check of a verification with what was expected and what was found, for people.
-- Goes the verifier's way with the verifier's own parts (claims.checks, policy.explain, the dialect), but does
-- not stop at the first "no": later checks look at the payload although nobody may vouch for it. Its result
-- is never a reason to let in.

local header = require "meetauth.token.header";
local hints = require "meetauth.hint.find";
local keyring = require "meetauth.key.ring";
local claims = require "meetauth.token.claims";
local new_grant = require "meetauth.access.grant".of;
local policy = require "meetauth.access.policy";
local names_of = require "meetauth.util.list".names;

local explain = {};

local NAMES_MAX = 10; -- of entries or keys, shown

---@class Row
---@field check string    what was looked at
---@field verdict "ok"|"fail"|"skipped"
---@field reason string?  where it failed
---@field expected any    nil where nothing is asked
---@field found any       from the token; nil where it has no such thing
---@field hint string?    what it may be, in words that hold nothing of the token

-- The rows so far, and "skipped" for what cannot be looked at.
local rows = {};
rows.__index = rows;

function rows:add(check, reason, expected, found)
	table.insert(self, { check = check, verdict = reason and "fail" or "ok", reason = reason, expected = expected, found = found });
end

function rows:skip(...)
	for _, check in ipairs({ ... }) do table.insert(self, { check = check, verdict = "skipped" }); end
end

-- The key that signed, or the one that would have been expected to.
local function signature_row(list, subject)
	local reason;
	for _, binding in ipairs(subject.bindings) do
		local ok, why = subject.reader:payload(binding.key);
		if ok then
			subject.key, subject.entry, subject.signed = binding.key, binding.entry, true;
			reason = nil;
			break;
		end
		reason = why;
		if reason ~= "signature-mismatch" then break; end
	end
	local tried = subject.bindings[1];
	subject.key = subject.key or tried.key;
	local entry = subject.entry or tried.entry;
	list:add("signature", reason, { alg = subject.key:alg(), kid = subject.key:kid(), entry = entry and entry.id }, nil);
end

-- Names as a list, sorted; what is beyond some of them is told by "...".
local function listed(set)
	local names = names_of(set);
	local some = table.move(names, 1, math.min(#names, NAMES_MAX), 1, {});
	if names[NAMES_MAX + 1] then some[NAMES_MAX + 1] = "..."; end
	return some[1] and some or nil;
end

-- What would have found an entry and a key of it: by the reason why there is none.
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
		for _, entry in ipairs(ring or {}) do
			for _, alg in ipairs(entry.algorithms or {}) do algs[alg] = true; end
		end
		for _, binding in ipairs(subject.candidates or {}) do algs[binding.key:alg()] = true; end
		return { alg = listed(algs) };
	end;
	["unknown-key"] = function (subject)
		local kids = {};
		for _, binding in ipairs(subject.candidates or {}) do
			local key = binding.key;
			if key:alg() == subject.head.alg and key:kid() then kids[key:kid()] = true; end
		end
		return { kid = listed(kids) };
	end;
};

local function key_row(list, subject, reason, ring)
	local expect = expected_key[reason or ""];
	local expected = expect and expect(subject, ring) or {};
	local head, all = subject.head, reason == "unknown-issuer" and subject.claims or {};
	list:add("key", reason, next(expected) and expected or nil, { alg = head.alg, kid = head.kid, iss = all.iss, d = all.d });
end

-- Whether every claim had its type.
local function claim_rows(list, subject)
	local all, entry, now = subject.claims, subject.entry, subject.now;
	local typed, complete = true, true;
	for _, check in ipairs(claims.checks) do
		local test = check.test and check.test(entry.asked, entry);
		local value = all[check.name];
		local reason = check.is and value ~= nil and not check.is(value) and "bad-claim" or nil;
		typed = typed and not reason;
		if check.vouched and test and not (typed and complete and subject.signed) then
			list:skip(check.name);
		elseif test or not check.optional then
			reason = reason or test and test(all, now, subject.head) or nil;
			complete = complete and reason ~= "missing-claim";
			local found = nil;
			if check.name == "typ" then
				found = subject.head.typ;
			elseif check.found then
				found = check.found(entry.asked, all);
			elseif not check.optional then
				found = value;
			end
			list:add(check.name, reason, check.expected(entry.asked, now, entry), found);
		end
	end
	return typed;
end

-- What the claims give under an issuer entry, and what of them nobody enforces. It uses claims up.
local function grant_row(list, subject, typed)
	if not typed then
		list:skip("grant");
		return nil;
	end
	local grant, reason = new_grant(subject.reader:unverified(), subject.entry);
	list:add("grant", reason, nil, grant and grant.notes);
	return grant;
end

-- Whether the grant opens the room, and as what.
local function room_rows(list, subject)
	local grant, room, place = subject.grant, subject.room, subject.place;
	if not grant then
		list:skip("join");
		return;
	end
	for _, row in ipairs(policy.explain(grant, room, place, subject.now)) do table.insert(list, row); end
	local decision, reason = policy.enter(grant, room, place, subject.now);
	if decision and decision.settings then decision.settings = names_of(decision.settings); end -- a password is not told
	list:add("join", reason, nil, decision);
end

-- The rows up to the payload; the subject learns what they found.
local function form_rows(list, subject, verify)
	local known, reason = subject.reader:open(subject.token);
	list:add("form", reason, "three parts of base64url", nil);
	if not known then
		list:skip("header", "key", "signature", "payload");
		return;
	end
	local head = known;
	if known == true then head, reason = header.read(subject.reader); end
	list:add("header", reason, nil, head and { alg = head.alg, kid = head.kid, typ = head.typ });
	if not head then
		list:skip("key", "signature", "payload");
		return;
	end
	local no_key;
	subject.head = head;
	local ring;
	subject.bindings, no_key, ring = verify:find_keys(head);
	subject.candidates = ring and keyring.all(ring);
	subject.chosen = ring and ring[1];
	local unreadable;
	subject.claims, unreadable = subject.reader:unverified();
	key_row(list, subject, no_key, ring);
	if subject.bindings then signature_row(list, subject); else list:skip("signature"); end
	list:add("payload", unreadable, "a JSON object", nil);
end

---@class Subject             what is known of a token in the end; all of it unverified unless 'signed'
---@field token string       "" for what is none
---@field now number
---@field reader Token
---@field entries table[]
---@field keys Keys
---@field room Room?
---@field place Place?
---@field head Header?
---@field entry table?        whose key signed, or should have
---@field chosen table?       the first entry that iss or d chose, which may have no key yet
---@field key Key?
---@field signed boolean?
---@field bindings Binding[]?
---@field candidates Binding[]?  the keys that there were to choose from
---@field claims table?
---@field grant Grant?

--- verify:explain(token, now, room, place) -> list of rows.
---@param verify Verifier
---@param token string
---@param now number  seconds since the epoch
---@param room Room?  for verifiers of issuer entries: may the token enter it?
---@param place Place?  with room
---@return Row[]
---@return Subject
function explain.token(verify, token, now, room, place)
	local subject = {
		token = type(token) == "string" and token or "", now = now,
		reader = verify.reader, entries = verify.entries, keys = verify.keys, entry = verify.entry, room = room, place = place,
	};
	local list = setmetatable({}, rows);
	form_rows(list, subject, verify);
	local first = (subject.bindings or subject.candidates or {})[1];
	subject.entry = subject.entry or first and first.entry or subject.chosen;
	if subject.claims and subject.entry then
		local typed = claim_rows(list, subject);
		if subject.entry.dialect then subject.grant = grant_row(list, subject, typed); end
		if subject.entry.dialect and room then room_rows(list, subject); end
	end
	for _, row in ipairs(list) do row.hint = row.verdict ~= "skipped" and hints.beside(row, subject) or nil; end
	return setmetatable(list, nil), subject;
end

return explain;
