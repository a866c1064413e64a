--- From a token's text to its claims: the one path that every verification takes.
-- Form, header, key, signature, then the claims; the first "no" ends it. The clock is an argument.

local core = require "meetauth.core";
local header = require "meetauth.header";
local keyring = require "meetauth.keyring";
local claims = require "meetauth.claims";

local verifier = {};

---@class Verifier
---@field reader userdata
---@field route fun(reader: userdata): Ring?, string?
local methods = {};
methods.__index = methods;

-- The binding whose key signed the token, or nil and why the last one tried did not.
local function signer_of(reader, bindings)
	local ok, reason;
	for i = 1, #bindings do
		ok, reason = reader:verify(bindings[i].key);
		if ok then return bindings[i]; end
	end
	return nil, reason;
end

--- Verify one token.
---@param text string   the compact token (RFC 7515 7.1)
---@param now number    seconds since the epoch
---@return table? claims
---@return table|string entry  the issuer entry whose key verified it; where claims is nil, the reason
function methods:judge(text, now)
	if type(text) ~= "string" then return nil, "malformed"; end
	local reader = self.reader;
	local ok, reason = reader:open(text);
	if not ok then return nil, reason; end
	local head, bad_header = header.read(reader);
	if not head then return nil, bad_header; end
	local ring, no_entry = self.route(reader);
	if not ring then return nil, no_entry; end
	local bindings, no_key = keyring.fitting(ring, head);
	if not bindings then return nil, no_key; end
	local signer, forged = signer_of(reader, bindings);
	if not signer then return nil, forged; end
	local entry = signer.entry;
	if entry.typ and not entry.typ[head.typ or ""] then return nil, "type-mismatch"; end
	local found, unreadable = reader:claims();
	if not found then return nil, unreadable; end
	local refused = signer.check(found, now);
	if refused then return nil, refused; end
	return found, entry;
end

--- verify(text, now) -> claims | nil, reason
function methods:__call(text, now)
	local found, reason = self:judge(text, now);
	if found then return found; end
	return nil, reason;
end

---@param entry table  keys, and what is asked of the claims
---@return Binding[]
local function bindings_of(entry)
	local check, bindings = claims.checker(entry.asked), {};
	for i, key in ipairs(entry.keys) do
		bindings[i] = { key = key, entry = entry, check = check };
	end
	return bindings;
end

--- A verifier for one set of keys: every key may verify every token, as far as kid and alg fit.
---@param entry table   { keys, asked, typ = set? }
---@param max_token integer  bytes
---@return Verifier
function verifier.of_keys(entry, max_token)
	local ring = keyring.ring(bindings_of(entry));
	return setmetatable({ reader = core.token(max_token), route = function () return ring; end }, methods);
end

--- A verifier for a host: the token's iss or d chooses the entry, the entry's keys verify it.
---@param entries table[]  issuer entries as config.lua makes them
---@param max_token integer  bytes
---@return Verifier
function verifier.of_entries(entries, max_token)
	local bindings = {};
	for _, entry in ipairs(entries) do
		table.move(bindings_of(entry), 1, #entry.keys, #bindings + 1, bindings);
	end
	return setmetatable({ reader = core.token(max_token), route = keyring.router(bindings) }, methods);
end

return verifier;
