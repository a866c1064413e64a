-- kicks: a user whom a moderator removed stays out of the room for the time in the token's entry (kick_bans). The user
-- is known by the user id that the entry gives, or by the token. Kicks of all rooms are kept in memory, also of rooms
-- that are gone.

local time_monotonic = require "util.time".monotonic; -- a clock that is set ends nothing

local refusals = require "meetauth.server.refusals";

local breakout = module:require "breakout";
local notice = module:require "notice";
local place = module:require "place";
local returning = module:require "returning";

local KICKED = "kicked";
local KEPT_MAX = 10000; -- of all rooms; beyond it the one that ends first is forgotten

local full_sessions = prosody.full_sessions;

local kicks = {};

---@class Kick
---@field id integer      by which it is lifted
---@field room string     its address
---@field user string?    the user id
---@field nick string     that they had
---@field entry string
---@field seconds number  how long it lasts
---@field ends number     by the clock that is never set

-- Outlives a reload: by room, then by who they are.
local store = module:shared("/*/meetauth/kicked");
store.rooms, store.count, store.serial = store.rooms or {}, store.count or 0, store.serial or 0;

-- Each kick in force: visit(kick, identity). Kicks that have ended are forgotten.
local function each(visit)
	local now = time_monotonic();
	for room, of_room in pairs(store.rooms) do
		for identity, kick in pairs(of_room) do
			if now >= kick.ends then
				of_room[identity], store.count = nil, store.count - 1;
			else
				visit(kick, identity);
			end
		end
		if next(of_room) == nil then store.rooms[room] = nil; end
	end
end

local function forget(kick, identity)
	local of_room = store.rooms[kick.room];
	of_room[identity], store.count = nil, store.count - 1;
	if next(of_room) == nil then store.rooms[kick.room] = nil; end
end

local function make_room()
	local first, whose;
	each(function (kick, identity)
		if not first or kick.ends < first.ends then first, whose = kick, identity; end
	end);
	if store.count >= KEPT_MAX then forget(first, whose); end
end

local function keep(room, nick, grant, identity)
	if store.count >= KEPT_MAX then make_room(); end
	local of_room = store.rooms[room.jid] or {};
	store.rooms[room.jid] = of_room;
	store.serial = store.serial + 1;
	if not of_room[identity] then store.count = store.count + 1; end
	of_room[identity] = {
		id = store.serial, room = room.jid, user = grant.user and grant.user.id, nick = nick:sub(#room.jid + 2), entry = grant.entry,
		seconds = grant.kick_bans, ends = time_monotonic() + grant.kick_bans,
	};
end

local function in_room(jid, session)
	local of_room = store.rooms[jid];
	local kick = of_room and of_room[returning.identity_of(session)];
	return kick and time_monotonic() < kick.ends and kick or nil;
end

--- The kick that keeps a bearer out of a room. It also applies to a breakout room of the room that they were put out of.
---@param session table
---@param room table
---@return Kick?
function kicks.of(session, room)
	if store.count == 0 then return nil; end
	local kick = in_room(room.jid, session);
	local main = not kick and breakout.main_of(room.jid);
	return kick or main and in_room(main.jid, session) or nil;
end

--- The note for the operator beside such a refusal.
---@param kick Kick
---@return string
function kicks.hint(kick)
	return ("a moderator removed this user, and kick_bans keeps the user out for %.14g seconds. Run prosodyctl shell meetauth "
		.. "kicked to see for how long. Run readmit with the number there to let the user in"):format(kick.seconds);
end

local function put_out(room, real_jid)
	module:fire_event("meetauth-ejected", { room = room, jid = real_jid, reason = KICKED });
end

-- The other devices of somebody who was kicked go as well.
local function put_out_others(room, identity)
	local others = {};
	for nick, occupant in room:each_occupant() do
		for real_jid in occupant:each_session() do
			local session = full_sessions[real_jid];
			if session and session.meetauth_grant and returning.identity_of(session) == identity then
				others[#others + 1] = { nick = nick, jid = real_jid };
			end
		end
	end
	for _, other in ipairs(others) do
		notice.removed(room, other.jid, KICKED);
		room:set_role(true, other.nick, nil, refusals.words(KICKED));
		put_out(room, other.jid);
	end
end

local asking; -- who changes roles by a request that is under way, and whom they put out

--- Wrap: a request to change somebody's role or affiliation, from the first to the last hook that reads it.
function kicks.around(handlers, name, event)
	asking = { actor = event.stanza.attr.from, nicks = {} };
	local result = handlers(name, event);
	asking = nil;
	return result;
end

--- Hook: a role is asked for; none at all is to leave. Whether the asker may is not known yet.
function kicks.putting_out(event)
	if asking and event.role == nil and event.actor == asking.actor then asking.nicks[event.occupant.nick] = true; end
end

local function is_of(session, identity)
	return session ~= nil and session.meetauth_grant ~= nil and returning.identity_of(session) == identity;
end

--- Hook: an occupant is gone. Nobody keeps themselves out: of two devices of a moderator, one may put the other one out.
function kicks.left(event)
	local room, occupant = event.room, event.occupant;
	if event.stanza or not asking or not asking.nicks[occupant.nick] or place.exempts(asking.actor) then return; end
	for real_jid in occupant:each_session() do
		local session = full_sessions[real_jid];
		local grant = session and session.meetauth_grant;
		local identity = grant and grant.kick_bans and returning.identity_of(session);
		if identity and not is_of(full_sessions[asking.actor], identity) then
			keep(room, occupant.nick, grant, identity);
			put_out(room, real_jid);
			put_out_others(room, identity);
		end
	end
end

--- The kicks in force in the rooms here, the newest first, each with the seconds that are left.
---@return { id: integer, room: string, user: string?, nick: string, entry: string, left: number }[]
function kicks.all()
	local list, now = {}, time_monotonic();
	local ours = "@" .. module.host;
	each(function (kick)
		if kick.room:sub(-#ours) ~= ours then return; end
		list[#list + 1] = {
			id = kick.id, room = kick.room, user = kick.user, nick = kick.nick, entry = kick.entry, left = kick.ends - now,
		};
	end);
	table.sort(list, function (one, other) return one.id > other.id; end);
	return list;
end

--- Let somebody in again.
---@param id integer
---@return boolean  whether there was such a kick
function kicks.lift(id)
	local found, whose;
	each(function (kick, identity)
		if kick.id == id then found, whose = kick, identity; end
	end);
	if found then forget(found, whose); end
	return found ~= nil;
end

return kicks;
