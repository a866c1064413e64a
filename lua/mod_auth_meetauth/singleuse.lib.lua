-- singleuse: a token whose entry says so logs in once. A connection that dropped can still come back with it, but only to
-- resume a stream. It must name that stream (previd), and this token must have opened it.

local time = require "util.time";
local new_uuid = require "util.uuid".generate;

local claim = require "meetauth.server.singleuse".claim;
local new_expiries = require "meetauth.server.expiries".new;
local name_of = require "meetauth.server.singleuse".name;

local claims = module:require "claims";
local current = module:require "current";
local live = module:require "live";
local record = module:require "record";
local storage = module:require "storage";

local singleuse = {};

local STEP = 5; -- seconds between two looks for claims of expired tokens
local SLICE_EVERY, SLICE = 1, 0.02; -- seconds: how often and how long, while there are some

local AT_ONCE = 10000; -- tokens
local AGAIN = 600; -- seconds: when storage is asked again to forget one
local NEVER = 2 ^ 53; -- seconds: a number that every storage keeps as it is

local timer;

-- Names of tokens whose claims are in storage: names to check now, and the others by the time when they expire. It outlives
-- a reload of this module: claims from before the start of the server are listed only one time.
local kept = module:shared("singleuse");
if not kept.later then kept.now, kept.later, kept.is_listed = {}, new_expiries(), nil; end

-- Of two the one that was made earlier comes first, as far as clocks agree.
local function new_id()
	return ("%014x-%s"):format(math.floor(time.now() * 1000000), new_uuid());
end

--- Use a session's token up, if it is for single use.
---@param session table   logged in except for this check
---@return string? reason  already-used, storage-unavailable
function singleuse.refused(session)
	local grant = session.meetauth_grant;
	session.meetauth_used_up = nil;
	if not grant or not grant.single_use then return nil; end
	local old = live.resumed(session);
	if old and old.auth_token == session.auth_token then
		session.meetauth_used_up, session.meetauth_resumes = true, session.previd;
		return nil;
	end
	local name = name_of(grant.entry, grant.token_id, session.auth_token);
	local expires = math.min(grant.expires, NEVER);
	local claimed, reason = claim(claims, name, new_id(), expires);
	if claimed then
		kept.later:add(name, expires);
		return nil;
	end
	if reason == "storage-unavailable" and current.site.meetauth_storage_down == "open" then
		session.log("warn", "Meeting token for single use accepted, but not recorded as used: storage-unavailable");
		return nil;
	end
	return reason;
end

local function binding(event)
	local session = event.session;
	if not session.meetauth_used_up then return nil; end
	local grant = session.meetauth_grant;
	local function about() return { entry = grant.entry, dialect = grant.dialect }; end
	local text = record.refused(session, "info", "already-used", nil, about, { grant = grant });
	event.error = { type = "cancel", condition = "not-allowed", text = text };
	return false;
end

-- When the last of a token's claims may be forgotten. A damaged one has no known end: it stays.
local function expiry_of(found)
	local last = 0;
	for _, expires in pairs(found) do last = math.max(last, tonumber(expires) or NEVER); end
	return last;
end

local nobody_knows = { false };

local function list_once()
	if kept.is_listed then return; end
	local names = claims.names();
	kept.is_listed = names ~= nil;
	table.move(names or {}, 1, #(names or {}), #kept.now + 1, kept.now);
end

-- A slice of the work, and the time of the next one.
local function sweep()
	local now, enough = time.now(), time.monotonic() + SLICE;
	list_once();
	claims.tidy();
	if not storage.may_forget() then return STEP; end
	local due = kept.later:due(now, AT_ONCE);
	table.move(due, 1, #due, #kept.now + 1, kept.now);
	while kept.now[1] and time.monotonic() < enough do
		local name = kept.now[#kept.now];
		local found = claims.read(name);
		if not found and storage.is_down() then return STEP; end
		table.remove(kept.now);
		local expires = expiry_of(found or nobody_knows);
		if now < expires then
			if expires < NEVER then kept.later:add(name, expires); end
		elseif next(found) and not claims.forget(name) then
			kept.later:add(name, now + AGAIN);
		end
	end
	return kept.now[1] and SLICE_EVERY or STEP;
end

function singleuse.watch()
	list_once();
	module:hook("pre-resource-bind", binding);
	timer = module:add_timer(SLICE_EVERY, sweep);
end

function singleuse.stop()
	timer:stop();
end

return singleuse;
