-- revocation: this host's revocations, as Prosody's storage has them, which other servers may share: read at regular
-- intervals, so that a login or a join never waits for it. Whom a new one hits is looked at again at once.

local time_now = require "util.time".now;

local revocations = require "meetauth.server.revocations";

local current = module:require "current";
local live = module:require "live";
local storage = module:require "storage";

local revocation = {};

local POLL = 5; -- seconds
local RETRY = 1; -- seconds, while storage fails; how often it is really asked then is its own matter

local ENDED_AT_ONCE = 100; -- dropped from storage

local set = revocations.new();
local timer;

-- Those that have ended, by id, but for those in another set.
local function ended_but(others, now)
	local ended = revocations.new();
	for id, one in pairs(set.all) do
		if revocations.is_over(one, now) and not others[id] then ended:add(one); end
	end
	return ended;
end

-- Leave out of a set whatever hits a session that is there: max_age is asked for at logins only, sessions outlive it.
local function without_needed(ended)
	if ended.count == 0 then return ended; end
	live.each(function (session)
		local hit;
		repeat
			hit = session.meetauth_grant and ended:hit(session.meetauth_grant);
			if hit then ended:remove(hit.id); end
		until not hit;
	end);
	return ended;
end

-- Another server, which needs it no longer, may have dropped what is needed here.
local function keep_needed(fresh, now)
	local idle = without_needed(ended_but(fresh.all, now));
	for id, one in pairs(ended_but(fresh.all, now).all) do
		if not idle.all[id] then fresh:add(one); end
	end
end

local function drop_ended(now)
	local ids = {};
	for id in pairs(without_needed(ended_but({}, now)).all) do
		ids[#ids + 1] = id;
		if #ids == ENDED_AT_ONCE then break; end
	end
	if not ids[1] or not storage.drop_ended(ids) then return; end
	for _, id in ipairs(ids) do set:remove(id); end
end

local function is_news(fresh)
	for id, one in pairs(fresh.all) do
		local known = set.all[id];
		if not known or known.issued_before ~= one.issued_before or known.since ~= one.since then return true; end
	end
	return false;
end

local function use(fresh)
	local news = is_news(fresh);
	set = fresh;
	if not news then return; end
	local may_stay = not current.site.meetauth_revoke_kicks;
	live.each(function (session)
		if session.meetauth_grant and set:hit(session.meetauth_grant) then -- its rooms ask again
			prosody.events.fire_event("meetauth-session-updated", { session = session, may_stay = may_stay });
		end
	end);
end

local function poll()
	local kept = storage.revocations();
	if kept == nil then return RETRY; end
	local now = time_now();
	if kept then
		local fresh, damaged = revocations.from(kept);
		if damaged > 0 then module:log("warn", "%d rows of the store meetauth_revoked are not valid revocations", damaged); end
		keep_needed(fresh, now);
		use(fresh);
	end
	if storage.may_forget() then drop_ended(now); end
	return POLL;
end

---@param grant Grant
---@return boolean
function revocation.is_revoked(grant)
	return set:hit(grant) ~= nil;
end

--- Why a grant may not log in; nil: it may.
---@param grant Grant
---@return string? reason  revoked, storage-unavailable
function revocation.refused(grant)
	if set:hit(grant) then return "revoked"; end
	if storage.is_down() and current.site.meetauth_storage_down == "closed" then return "storage-unavailable"; end
	return nil;
end

--- Revoke tokens; on this server at once, on others that share its storage when they next read it.
---@param kind "jti"|"sub"|"user"|"entry"
---@param value string
---@param options { entry: string?, issued_before: number?, expires: number? }?
---@param by string?  who revokes, where it is not the operator
---@return Revocation? revocation
---@return string? problem  what is wrong with it, or storage-unavailable
function revocation.revoke(kind, value, options, by)
	local site, now = current.site, time_now();
	local one, problem = revocations.of(kind, value, options or {}, site.entries, site.meetauth_reconnect_grace, now);
	if not one then return nil, problem; end
	one.by = by;
	if set.count >= revocations.COUNT_MAX and not set.all[one.id] then
		return nil, ("there are already %d revocations, which is the limit. Revoke by entry and issued_before"):format(set.count);
	end
	if not storage.keep(one) then return nil, "storage-unavailable"; end
	local fresh = revocations.from(set.all);
	fresh:add(one);
	use(fresh);
	return one;
end

--- What is revoked now, as far as this server knows.
---@return Revocation[]
function revocation.revoked()
	return set:list();
end

--- How many there are.
---@return integer
function revocation.count()
	return set.count;
end

--- Take a revocation back.
---@param id string
---@return boolean? removed
---@return string? problem  there is none, or storage-unavailable
function revocation.unrevoke(id)
	if not set.all[id] then return nil, "no revocation has this id"; end
	if not storage.drop(id) then return nil, "storage-unavailable"; end
	set:remove(id);
	return true;
end

function revocation.watch()
	timer = module:add_timer(poll(), poll);
end

function revocation.stop()
	timer:stop();
end

return revocation;
