-- revocation: this host's revocations, as Prosody's storage has them. Other servers can share the storage. It is read at
-- regular intervals, so that a login or a join never waits for it. People whom a new one hits are judged again immediately.

local monotonic = require "util.time".monotonic;
local time_now = require "util.time".now;

local is_over = require "meetauth.server.revocation".is_over;
local new_revocation = require "meetauth.server.revocation".of;
local revocations = require "meetauth.server.revocations";
local row_of = require "meetauth.server.revocationrow".of;

local current = module:require "current";
local live = module:require "live";
local storage = module:require "storage";

local revocation = {};

local POLL = 5; -- seconds
local RETRY = 1; -- seconds, while storage fails; how often it is really asked then is its own matter
local SLICE, PAUSE = 0.05, 0.05; -- seconds: for how long it is read at a time, and how long everybody else has their turn then
local LATE = 30; -- seconds since a look began that has read all: what others have revoked may be missing

local ENDED_AT_ONCE = 1000;

-- A reload of this module forgets nothing. read_at: monotonic seconds: when a look began that has read all; nil: the last one
-- has not, or there was none.
local known = module:shared("revocations");
known.set = known.set or revocations.new();

local set = known.set;
local rows = module:require "buckets".open("meetauth_revoked", set);
local timer, sweeper;
local look_began;
local news = {}; -- ids that are new, of the look that goes on

-- Of these ids the ones whose revocations hit a connected session: max_age is checked at logins only, and sessions outlive
-- it.
local function needed(ids)
	local some, hit = revocations.new(), {};
	for _, id in ipairs(ids) do some:add(set:get(id)); end
	live.each(function (session)
		local one = session.meetauth_grant and some:hit(session.meetauth_grant);
		while one do
			hit[one.id] = true;
			some:remove(one.id);
			one = some:hit(session.meetauth_grant);
		end
	end);
	return hit;
end

-- Another server, which needs it no longer, may have dropped what is needed here.
local function remove_gone(gone, now)
	if not gone[1] then return; end
	local stays, ended = {}, {};
	for _, id in ipairs(gone) do
		if is_over(set:get(id), now) then ended[#ended + 1] = id; end
	end
	if ended[1] then stays = needed(ended); end
	for _, id in ipairs(gone) do
		if not stays[id] then set:remove(id); end
	end
end

local dropping = {}; -- ids of ended ones, by bucket

local function take_ended(now)
	local ids = set:due(now, ENDED_AT_ONCE);
	if not ids[1] then return; end
	local stays = needed(ids);
	for _, id in ipairs(ids) do
		local bucket = set:bucket_of(id);
		if stays[id] then
			set:again(id, now + POLL);
		else
			dropping[bucket] = dropping[bucket] or {};
			table.insert(dropping[bucket], id);
		end
	end
end

-- Judge again the connected people whom one of these hits. People whom another one hits, too, were told before.
local function tell(ids)
	if not next(ids) then return; end
	local may_stay = not current.site.meetauth_revoke_kicks;
	live.each(function (session)
		local one = session.meetauth_grant and set:hit(session.meetauth_grant);
		if one and ids[one.id] then -- its rooms ask again
			prosody.events.fire_event("meetauth-session-updated", { session = session, may_stay = may_stay });
		end
	end);
end

-- The data that is read from storage.
local takers = {};

function takers.all(bucket, found)
	local fresh, gone, damaged = set:replace(bucket, found);
	for _, id in ipairs(fresh) do news[id] = true; end
	for _, id in ipairs(damaged) do rows:damaged(bucket, id); end
	remove_gone(gone, time_now());
end

function takers.one(bucket, id, row)
	if row == nil then
		if set:bucket_of(id) == bucket then remove_gone({ id }, time_now()); end
		return;
	end
	local outcome = set:take(bucket, id, row);
	if outcome == "new" then news[id] = true; elseif outcome == "damaged" then rows:damaged(bucket, id); end
end

-- Drop ended ones of a bucket. Another server may have revoked one of them again: each is read before.
local function drop_some(bucket, ids, now)
	local over = {};
	for _, id in ipairs(ids) do
		local is_read, row = rows:read(bucket, id);
		if is_read then takers.one(bucket, id, row); end
		local one = set:get(id);
		if is_read and row ~= nil and one and is_over(one, now) then
			over[#over + 1] = id;
		elseif one then
			set:again(id, now + POLL);
		end
	end
	local dropped = over[1] and rows:drop(bucket, over);
	for _, id in ipairs(over) do
		if dropped then set:remove(id); else set:again(id, now + POLL); end
	end
end

-- A slice of the work, and the time of the next one. No other server must be told: each sees the ends itself.
local function sweep()
	local now, enough = time_now(), monotonic() + SLICE;
	if not storage.may_forget() then return POLL; end
	if not next(dropping) then take_ended(now); end
	while next(dropping) and monotonic() < enough do
		local bucket, ids = next(dropping);
		dropping[bucket] = nil;
		drop_some(bucket, ids, now);
	end
	return next(dropping) and RETRY or POLL;
end

local pauses = { more = PAUSE, failed = RETRY };

local function poll()
	look_began = look_began or monotonic();
	local outcome = rows:look(SLICE, takers);
	if outcome ~= "more" then
		known.read_at = outcome == "all" and look_began or nil;
		look_began = nil;
		local told = news;
		news = {};
		tell(told);
	end
	return pauses[outcome] or POLL;
end

-- Whether all revocations of others are known here, except very new ones.
local function is_known()
	return known.read_at ~= nil and monotonic() - known.read_at < LATE and not storage.is_down();
end

---@param grant Grant
---@return boolean
function revocation.is_revoked(grant)
	return set:hit(grant) ~= nil;
end

--- Why a grant cannot log in; nil: it can.
---@param grant Grant
---@return string? reason  revoked, storage-unavailable
function revocation.refused(grant)
	if set:hit(grant) then return "revoked"; end
	if current.site.meetauth_storage_down == "closed" and not is_known() then return "storage-unavailable"; end
	return nil;
end

local FULL = "there are already %d revocations, which is the limit. Revoke by entry and issued_before";

--- Revoke tokens; on this server immediately, on others that share its storage when they next read it.
---@param kind "jti"|"sub"|"user"|"entry"
---@param value string
---@param options { entry: string?, issued_before: number?, expires: number? }?
---@param by string?  who revokes, where it is not the operator
---@return Revocation? revocation
---@return string? problem  what is wrong with it, or storage-unavailable
function revocation.revoke(kind, value, options, by)
	local site, now = current.site, time_now();
	local one, problem = new_revocation(kind, value, options or {}, site.entries, site.meetauth_reconnect_grace, now);
	if not one then return nil, problem; end
	one.by = by;
	local before = set:bucket_of(one.id);
	if set.count >= revocations.COUNT_MAX and not before then return nil, FULL:format(set.count); end
	local bucket = revocations.bucket(one.id);
	if not rows:keep(bucket, one.id, row_of(one)) then return nil, "storage-unavailable"; end
	if before and before ~= bucket then rows:keep(before, one.id, nil); end
	set:add(one);
	tell({ [one.id] = true });
	return one;
end

--- The present revocations, as far as this server knows.
---@param count_max integer?  at most so many; nil: all
---@return Revocation[]  the newest first
function revocation.revoked(count_max)
	return set:list(count_max);
end

--- How many there are.
---@return integer
function revocation.count()
	return set.count;
end

--- The requests of back ends for their own entry's revocations (rest/revocations.lua).
---@param max integer
---@return RestRevocations
function revocation.service(max)
	return {
		max = max, revoke = revocation.revoke, unrevoke = revocation.unrevoke,
		ids = function (entry) return set:ids(entry); end,
		get = function (id) return set:get(id); end,
		find = function (kind, value, entry) return set:find(kind, value, entry); end,
		count = function (entry) return set:count_of(entry); end,
	};
end

--- Take a revocation back.
---@param id string
---@return boolean? removed
---@return string? problem  there is none, or storage-unavailable
function revocation.unrevoke(id)
	local bucket = set:bucket_of(id);
	if not bucket then return nil, "no revocation has this id"; end
	if not rows:keep(bucket, id, nil) then return nil, "storage-unavailable"; end
	set:remove(id);
	return true;
end

function revocation.watch()
	timer = module:add_timer(poll(), poll);
	sweeper = module:add_timer(POLL, sweep);
end

function revocation.stop()
	timer:stop();
	sweeper:stop();
end

return revocation;
