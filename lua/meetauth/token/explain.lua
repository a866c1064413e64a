--- Every check of a verification, with the expected and the found value, for people. It uses the verifier's own parts
-- (claims.checks, policy.explain, the dialect), but does not stop at the first failure. Later checks therefore read an
-- unverified payload. Its result is never a reason to let a user in.

local header = require "meetauth.token.header";
local hints = require "meetauth.hint.find";
local keyring = require "meetauth.key.ring";
local claims = require "meetauth.token.claims";
local grants = require "meetauth.access.grant";
local names_of = require "meetauth.util.list".names;
local policy = require "meetauth.access.policy";
local told = require "meetauth.token.told";

local explain = {};

local NOTHING = told.NOTHING;

---@class Row
---@field check string    the name of the check
---@field verdict "ok"|"fail"|"skipped"
---@field reason string?  where it failed
---@field expected any    nil where nothing is asked; never where it failed
---@field found any       from the token, or in words; nil where it has no such thing; "nothing" where that is the failure
---@field hint string?    what it may be, in words that hold nothing of the token

-- The rows so far, and "skipped" for checks that cannot be made.
local rows = {};
rows.__index = rows;

function rows:add(check, reason, expected, found)
	if reason and found == nil then found = NOTHING; end
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
	list:add("signature", reason, { alg = subject.key:alg(), kid = subject.key:kid(), entry = entry and entry.id },
		reason and told.signature(subject.token, reason));
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
			local expected = reason == "bad-claim" and check.kind or check.expected(entry.asked, now, entry);
			if check.name == "typ" then value = subject.head.typ; end
			if check.found then value = reason and check.found(entry.asked, all) or nil; end
			list:add(check.name, reason, expected, value);
		end
	end
	return typed;
end

-- The grant of the claims under an issuer entry, and the claims that nobody enforces. It uses claims up.
local function grant_row(list, subject, typed)
	if not typed then
		list:skip("grant");
		return nil;
	end
	local grant, reason = grants.of(subject.reader:unverified(), subject.entry);
	if grant then
		list:add("grant", nil, nil, grant.notes);
		return grant;
	end
	local fault = grants.fault(subject.claims, subject.entry) or { claim = "claims", expected = "claims that give a grant" };
	subject.fault = fault;
	list:add("grant", reason, { [fault.claim] = fault.expected }, { [fault.claim] = fault.found == nil and NOTHING or fault.found });
	return nil;
end

-- Whether the grant opens the room, and as what.
local function room_rows(list, subject)
	local grant, room, place = subject.grant, subject.room, subject.place;
	if not grant then
		list:skip("join");
		return;
	end
	local failed = {};
	for _, row in ipairs(policy.explain(grant, room, place, subject.now)) do
		table.insert(list, row);
		if row.reason then failed[#failed + 1] = row.check; end
	end
	local decision, reason = policy.enter(grant, room, place, subject.now);
	if decision and decision.settings then decision.settings = names_of(decision.settings); end -- a password is not told
	list:add("join", reason, reason and "all rows above ok" or nil, decision or "not ok: " .. table.concat(failed, ", "));
end

-- The rows up to the payload; the subject learns what they found.
local function form_rows(list, subject, verify)
	local known, reason = subject.reader:open(subject.token);
	if known then
		list:add("form", nil, "three parts of base64url", nil);
	else
		list:add("form", reason, told.form(subject.token, reason, verify.max_token));
		list:skip("header", "key", "signature", "payload");
		return;
	end
	local head = known;
	if known == true then head, reason = header.read(subject.reader); end
	if head then
		list:add("header", nil, nil, { alg = head.alg, kid = head.kid, typ = head.typ });
	else
		list:add("header", reason, told.header(subject.reader, reason));
		list:skip("key", "signature", "payload");
		return;
	end
	local no_key;
	subject.head = head;
	local ring;
	subject.bindings, no_key, ring = verify:find_keys(head);
	subject.candidates = ring and keyring.all(ring);
	subject.chosen = ring and ring[1];
	local no_claims;
	subject.claims, no_claims = subject.reader:unverified();
	list:add("key", no_key, told.key(subject, no_key, ring));
	if subject.bindings then signature_row(list, subject); else list:skip("signature"); end
	list:add("payload", no_claims, "a JSON object", no_claims and told.payload(no_claims));
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
---@field fault Fault?        where the claims give no grant

--- verify:explain(token, now, room, place) -> list of rows.
---@param verify Verifier
---@param token string
---@param now number  seconds since the epoch
---@param room Room?  for verifiers of issuer entries: may the token enter it?
---@param place Place?  with room; without one, its base is the domain that hints name
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
