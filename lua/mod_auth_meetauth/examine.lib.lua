-- examine: this host's verdict on a token that somebody shows to its operator. It is judged as at a login and at a join, by
-- the present keys and revocations. Nobody logs in by this, and nothing is counted.

local nodeprep = require "util.encodings".stringprep.nodeprep;
local nameprep, resourceprep = require "util.encodings".stringprep.nameprep, require "util.encodings".stringprep.resourceprep;
local time_now = require "util.time".now;

local escape = require "meetauth.util.bytes".escape;
local new_grant = require "meetauth.access.grant".of;
local policy = require "meetauth.access.policy";

local current = module:require "current";
local revocation = module:require "revocation";

local examine = {};

local place = { base = module.host, nfkc = resourceprep, fold = nameprep };

-- Refusals that a later key can cure.
local curable = { ["unknown-key"] = true, ["signature-mismatch"] = true };

local function verified(site, token, now)
	local claims, reason, entry = site.verify(token, now);
	if not curable[reason] then return claims, reason, entry; end
	local again, unknown = site.keys:wait_for(site.verify, token);
	if not again then return nil, unknown == "keys-unavailable" and unknown or reason; end
	return site.verify(token, now);
end

-- Why it lets nobody in, or the decision on the room.
local function judged(site, token, room, now)
	local claims, reason, entry = verified(site, token, now);
	if not claims then return reason; end
	local grant, refused = new_grant(claims, entry);
	if not grant then return refused, entry; end
	refused = revocation.refused(grant) or entry.mode == "observe" and "observed-only" or nil;
	if refused then return refused, entry; end
	local decision;
	if room then decision, refused = policy.enter(grant, room, place, now); end
	return refused, entry, decision;
end

--- The verdict on a token here.
---@param token string
---@param name string?  of a room, as people write it, or [tenant]name
---@return { rows: Row[], subject: Subject, reason: string?, entry: table?, room: string?, decision: Decision? } judged
function examine.of(token, name)
	local site, now = current.site, time_now();
	local room = name and { node = nodeprep(name) or escape(name, "%[%]"):lower() };
	local reason, entry, decision = judged(site, token, room, now);
	local rows, subject = site.verify:explain(token, now, room, place);
	return { rows = rows, subject = subject, reason = reason, entry = entry, room = name, decision = decision };
end

return examine;
