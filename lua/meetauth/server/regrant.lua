--- Grants of people who are connected, made again when the configuration was read again: the rights of their tokens under
-- the present entries. A token was verified when its bearer logged in; its signature is not checked again. Pure: no
-- clock, no Prosody. Times are left out: another file handles a token that expires.

local claims = require "meetauth.token.claims";
local hostconfig = require "meetauth.config.host";
local core = require "meetauth.core";
local new_grant = require "meetauth.access.grant".of;
local read_header = require "meetauth.token.header".read;

local regrant = {};

local function by_id(entries)
	local all = {};
	for _, entry in ipairs(entries) do all[entry.id] = entry; end
	return all;
end

---@class Change
---@field before table?  the issuer entry; nil: there was none
---@field after table?   nil: there is none any more

--- The entries under which tokens may give something else than before; keys that have changed are no reason.
---@param before table[]  issuer entries
---@param after table[]
---@return table<string, Change>  by id
function regrant.changed(before, after)
	local was, is, changed = by_id(before), by_id(after), {};
	for id, entry in pairs(was) do
		if not is[id] or not hostconfig.reads_alike(entry, is[id]) then changed[id] = { before = entry, after = is[id] }; end
	end
	for id, entry in pairs(is) do
		if not was[id] then changed[id] = { after = entry }; end
	end
	return changed;
end

-- The claims of a token that was verified once, and its header.
local function read(token)
	if type(token) ~= "string" or token == "" then return nil; end
	local reader = core.token.new(#token);
	if not reader:open(token) then return nil; end
	local head = read_header(reader);
	return head and reader:unverified(), head;
end

--- The grant of a verified token under an entry now.
---@param token string
---@param entry table?  nil: it is gone
---@return Grant? grant
---@return string? reason  malformed, unknown-issuer, observed-only, type-mismatch, issuer-mismatch, audience-mismatch,
--   claim-mismatch, not-admitted, missing-claim, bad-claim, ambiguous-claims, not-enforceable
function regrant.of(token, entry)
	if not entry then return nil, "unknown-issuer"; end
	local all, head = read(token);
	if not all then return nil, "malformed"; end
	if entry.mode == "observe" then return nil, "observed-only"; end
	local reason = claims.lasting_test(entry)(all, 0, head);
	if reason then return nil, reason; end
	return new_grant(all, entry);
end

return regrant;
