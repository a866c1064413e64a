--- From a token's text to its claims: the one path that every verification takes.
-- Form, header, key, signature, then the claims' tests; the first "no" ends it. The clock is an argument.

local core = require "meetauth.core";
local read_header = require "meetauth.token.header".read;
local keyring = require "meetauth.key.ring";
local claims = require "meetauth.token.claims";

local fitting = keyring.fitting;
local open, verify_text, signed_claims = core.token.open, core.token.verify, core.token.claims;

local verifier = {};

---@class Verifier  callable: see methods.__call
---@overload fun(token: string, now: number): table?, string?, table?
---@field reader Token
---@field max_token integer  bytes, beyond which it reads none
---@field ring Ring?    all keys, and
---@field entry table?  what they all are bound to, and
---@field test Test?    of the claims; or else:
---@field entries table[]
---@field is_alone true?  hands out claims without entry and key
---@field keys Keys
---@field tests table<table, Test>  by entry
---@field route (fun(reader: Token): Ring?, string?)?
---@field forget fun()?  call it where keys has others than before
local methods = {};
methods.__index = methods;

-- The header of a token, with the reader ready for its claims; nil and why not.
local function head_of(reader, token)
	local head, reason = open(reader, token);
	if head == true then return read_header(reader); end
	return head, reason;
end

-- The keys to try. They are found once for each header if only one ring exists, and told to the reader if only one key
-- exists. For explain.lua, too.
---@param head Header
---@return Binding[]? bindings
---@return string? reason  algorithm-mismatch, unknown-key; for a verifier of issuer entries, the router's
---@return Ring? ring  that they were looked for in
function methods:find_keys(head)
	if self.ring then
		local bindings, no_key = fitting(self.ring, head);
		if bindings and #bindings == 1 then self.reader:expect(bindings[1].key); end
		head.bindings = bindings;
		return bindings, no_key, self.ring;
	end
	local ring, no_entry = self.route(self.reader);
	if not ring then return nil, no_entry; end
	local bindings, no_key = fitting(ring, head);
	return bindings, no_key, ring;
end

-- Verify the token that the reader has begun, with each key that fits; as methods.__call, except is_alone.
local function try_keys(self, head, now)
	local reader = self.reader;
	local reason, bindings;
	if head == true then head, reason = read_header(reader); end
	if not head then return nil, reason; end
	bindings = head.bindings;
	if not bindings then
		bindings, reason = self:find_keys(head);
		if not bindings then return nil, reason; end
	end
	for i = 1, #bindings do
		local binding = bindings[i];
		local all, unsigned = signed_claims(reader, binding.key);
		if all then
			reason = self.tests[binding.entry](all, now, head);
			if reason then return nil, reason; end
			return all, nil, binding.entry, binding.key;
		end
		reason = unsigned;
		if reason ~= "signature-mismatch" then break; end
	end
	return nil, reason;
end

--- Verify one token (RFC 7519 7.2): verify(token, now) -> claims | nil, reason.
---@param token string  compact form (RFC 7515 7.1)
---@param now number    seconds since the epoch
---@return table? claims
---@return string? reason  too-large, malformed, unsupported, bad-json, duplicate-member, bad-header,
--   critical-extension, algorithm-mismatch, unknown-key, signature-mismatch, engine-failure, bad-claim, type-mismatch, expired,
--   not-yet-valid, missing-claim, too-old, issuer-mismatch, audience-mismatch, check-failed or a word of the
--   caller's own check; for a verifier of issuer entries unknown-issuer, ambiguous-claims, claim-mismatch and not-admitted, too
---@return table? entry  the one whose key signed, for a verifier of issuer entries
---@return Key? key     the one that signed, in the same case
function methods:__call(token, now)
	if now + 0 ~= now then error("now must be a number of seconds", 2); end -- NaN would never be late
	local all, head = verify_text(self.reader, token);
	if all then -- the way of nearly every token, where there is one key
		local reason = self.test(all, now, head);
		if reason then return nil, reason; end
		if self.is_alone then return all; end
		return all, nil, self.entry, head.bindings[1].key;
	end
	if all == nil then return nil, head; end
	if not self.is_alone then return try_keys(self, head, now); end
	local claimed, reason = try_keys(self, head, now);
	if claimed then return claimed; end
	return nil, reason;
end

--- After a refusal, for a verifier of issuer entries: whose keys the token may be waiting for.
---@param token string
---@return Header? head
---@return table[]? entries  the entries that the token chose and that accept its algorithm; at least one
function methods:wanted(token)
	local reader = self.reader;
	local head = head_of(reader, token);
	local ring = head and self.route(reader);
	if not ring then return nil; end
	local entries = {};
	for _, entry in ipairs(ring) do
		if keyring.accepts(entry, head.alg) then entries[#entries + 1] = entry; end
	end
	if not entries[1] then return nil; end
	return head, entries;
end

--- Explain one token: verify:explain(token, now, room, place) -> list of rows; see explain.lua.
---@param token string
---@param now number  seconds since the epoch
---@param room Room?  for a verifier of issuer entries: may the token enter it, and as what? (access/policy.lua)
---@param place Place?  with room
---@return Row[]
---@return Subject
function methods:explain(token, now, room, place)
	return require "meetauth.token.explain".token(self, token, now, room, place); -- with every dialect and hint
end

--- The payload of a token, in any form, if a key signed it: verify:payload(token) -> bytes | nil, reason.
---@param token string
---@return string? bytes
---@return string? reason  too-large, malformed, unsupported, bad-json, duplicate-member, bad-header,
--   critical-extension, algorithm-mismatch, unknown-key, signature-mismatch, engine-failure
function methods:payload(token)
	local reader = self.reader;
	local head, reason = head_of(reader, token);
	if not head then return nil, reason; end
	local bindings, no_key = self:find_keys(head);
	if not bindings then return nil, no_key; end
	for _, binding in ipairs(bindings) do
		local bytes, unsigned = reader:payload(binding.key);
		if bytes then return bytes; end
		reason = unsigned;
		if reason ~= "signature-mismatch" then break; end
	end
	return nil, reason;
end

-- By entry: what is asked of its claims, made for its first token.
local function tests()
	return setmetatable({}, { __index = function (made, entry)
		made[entry] = claims.test(entry);
		return made[entry];
	end });
end

local function new(fields, entries, keys, max_token)
	fields.reader, fields.entries, fields.keys, fields.tests = core.token.new(max_token), entries, keys, tests();
	fields.max_token = max_token;
	fields.test = fields.entry and fields.tests[fields.entry];
	return setmetatable(fields, methods);
end

--- A verifier for one set of keys: every key may verify every token, as far as kid and alg fit.
---@param entry table   { asked, typ = set? }
---@param max_token integer  bytes
---@param keys Key[]
---@return Verifier  hands out claims alone
function verifier.of_keys(entry, max_token, keys)
	local verify = verifier.of_entry(entry, max_token, keys);
	verify.is_alone = true;
	return verify;
end

--- As of_keys, for one entry of a host and keys that came from elsewhere: entry and key are handed out, too.
---@param entry table
---@param max_token integer  bytes
---@param keys Key[]
---@return Verifier
function verifier.of_entry(entry, max_token, keys)
	local bindings = {};
	for i, key in ipairs(keys) do bindings[i] = { key = key, entry = entry }; end
	return new({ ring = keyring.ring(bindings), entry = entry }, { entry }, {}, max_token);
end

--- A verifier for a host: the token's iss or d chooses the entry, the entry's keys verify it.
---@param entries table[]  issuer entries as config/host.lua makes them
---@param max_token integer  bytes
---@param keys Keys
---@return Verifier
function verifier.of_entries(entries, max_token, keys)
	local route, forget = keyring.router(entries, keys);
	return new({ route = route, forget = forget }, entries, keys, max_token);
end

--- The issuer entry of a token, even if other things are wrong with it. It is the entry whose key signed it or, if no key
-- did, the only one that its iss or d leaves.
---@param verify Verifier  of_entries
---@param token string
---@return table? entry  nil where it is of none, or may be of several
function verifier.entry_of(verify, token)
	local reader = verify.reader;
	local head = head_of(reader, token);
	if not head then return nil; end
	local ring = verify.route(reader);
	if not ring then return nil; end
	if #ring == 1 then return ring[1]; end
	for _, binding in ipairs(fitting(ring, head) or {}) do
		if reader:payload(binding.key) then return binding.entry; end
	end
	return nil;
end

return verifier;
