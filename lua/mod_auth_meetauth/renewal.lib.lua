-- renewal: after a reload of the configuration, the grants of connected users are made again. If an entry has changed,
-- its users have the rights that their tokens give today. If the entry is gone or refuses them, they have no rights.

local time_now = require "util.time".now;

local policy = require "meetauth.access.policy";
local regrant = require "meetauth.server.regrant";

local comeback = module:require "comeback";
local current = module:require "current";
local fields = module:require "fields";
local live = module:require "live";

local renewal = {};

local judged_by = setmetatable({}, { __mode = "k" }); -- sessions that are logged in and not bound yet -> configuration

-- Another grant for a session, or none from now on.
local function renew(session, change)
	local old, token = session.meetauth_grant, session.auth_token;
	local fresh, reason = regrant.of(token, change.after);
	if not fresh then
		old.withdrawn = reason;
		return;
	end
	fresh.returns = old.returns;
	if session.meetauth_seats then session.jitsi_meet_context_features = old.features; end -- rooms put theirs there again
	local elsewhere = current.site.meetauth_enforcement == "elsewhere";
	fields.renew(session, token, fresh, (regrant.of(token, change.before)), elsewhere);
end

-- Whether something has changed for a session.
local function look(session, changed, guests_go)
	local grant = session.meetauth_grant;
	local change = grant and changed[grant.entry];
	if change then renew(session, change); end
	if guests_go and session.meetauth_guest and not grant then
		session.meetauth_guest = nil;
		return true;
	end
	return change ~= nil;
end

local function guests_go(before, after)
	return before.allow_empty_token and not after.allow_empty_token;
end

-- Let a session's rooms look again. That a token has expired meanwhile is nothing new to them: who is in stays in.
local function tell_rooms(session)
	local grant = session.meetauth_grant;
	local returns = grant and grant.returns;
	if grant and policy.closed(grant, time_now()) == "expired" then
		grant.returns = { rooms = comeback.rooms_of(session), until_ = math.huge };
	end
	prosody.events.fire_event("meetauth-session-updated", { session = session });
	if grant then grant.returns = returns; end
end

--- Judge all connected people again; their rooms do it, too.
---@param before Site  that was in use
---@param after Site   and that is
function renewal.of_all(before, after)
	local changed, no_guests = regrant.changed(before.entries, after.entries), guests_go(before, after);
	if next(changed) == nil and not no_guests then return; end
	local renewed, withdrawn = {}, 0;
	live.each(function (session)
		if look(session, changed, no_guests) then renewed[#renewed + 1] = session; end
	end);
	for _, session in ipairs(renewed) do
		if not session.meetauth_grant or session.meetauth_grant.withdrawn then withdrawn = withdrawn + 1; end
		tell_rooms(session);
	end
	if renewed[1] then
		module:log("info", "The configuration changed for %d sessions. %d of them cannot enter a room any more", #renewed,
			withdrawn);
	end
end

--- A session has logged in by a configuration, which may be another one when it binds.
function renewal.note(session, site)
	judged_by[session] = site;
end

function renewal.watch()
	module:hook("resource-bind", function (event)
		local session, site = event.session, current.site;
		local before = judged_by[session];
		judged_by[session] = nil;
		if before and before ~= site then
			look(session, regrant.changed(before.entries, site.entries), guests_go(before, site));
		end
	end, 1);
end

return renewal;
