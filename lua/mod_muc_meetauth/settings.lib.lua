-- settings: what the token of a room's owner says of the room (context.room): lobby, password, how many may be in it, how long
-- it lasts. Set when such an owner has come in, and by nobody else. The same value is set once for a meeting: what somebody
-- changes by hand afterwards stays. It counts until the last one has left.

local jid_bare = require "util.jid".bare;
local st = require "util.stanza";
local time_monotonic = require "util.time".monotonic; -- as the timers count

local names_of = require "meetauth.util.list".names;
local refusals = require "meetauth.server.refusals";

local admission = module:require "admission";
local breakout = module:require "breakout";
local lobby = module:require "lobby";
local notice = module:require "notice";
local people = module:require "people";
local place = module:require "place";
local record = module:require "record";

local MUC_USER = "http://jabber.org/protocol/muc#user";
local TIME_LIMIT = "time-limit";
local NOTICE = 60; -- seconds before the end
local WAIT_MAX = 86400; -- seconds of one timer

local hosts = prosody.hosts;

local settings = {};

local timers = {}; -- room JID -> timer of its end

---@class RoomState       kept on the room, so that it outlives this module
---@field set table<string, any>  what was set last, by the names of context.room
---@field began number?  by the clock that is never set: when the duration began
---@field told boolean?  that it ends

-- The settings that a join brings; nil in a breakout room, whose settings are its main room's.
local function brought(event)
	local decision = admission.of_join(event);
	local said = decision and decision.settings;
	return said and not breakout.main_of(event.room.jid) and said or nil;
end

--- Hook: before a room is made for, or entered by, an owner whose token asks for a lobby that nobody makes.
function settings.checking(event)
	local said = brought(event);
	if not (said and said.lobby) or event.room:get_members_only() or lobby.can_be_made() then return nil; end
	return admission.refuse(event, "not-enforceable");
end

local function limit_of(room)
	local state = room.meetauth_settings;
	return state and state.set.max_occupants;
end

-- Whether somebody only comes back from a breakout room.
local function is_away(session, room)
	return session.meetauth_away ~= nil and session.meetauth_away[room] == true;
end

--- Hook: before somebody comes in. Owners by their token come in always: it is theirs to say.
function settings.counting(event)
	local room, session = event.room, event.origin;
	local limit, decision = limit_of(room), admission.of_join(event);
	if not limit or not decision or decision.affiliation == "owner" or is_away(session, room) then return nil; end
	if people.number(room) < limit then return nil; end
	return admission.refuse(event, "room-full");
end

--- Hook: an owner does not have to type the password that their own token has set.
function settings.knowing(event)
	local said = brought(event);
	local password = said and said.password;
	if password and password == event.room:get_password() then lobby.give_password(event.room, event.stanza); end
end

local function each_bearer(room, visit)
	for _, occupant in room:each_occupant() do
		if not place.exempts(occupant.bare_jid) then
			for real_jid in occupant:each_session() do visit(real_jid); end
		end
	end
end

local function remaining(room)
	local state = room.meetauth_settings;
	return state.began + state.set.duration - time_monotonic();
end

local function tell_end(room)
	local seconds = math.max(1, math.ceil(remaining(room)));
	room.meetauth_settings.told = true;
	each_bearer(room, function (real_jid) notice.ending(room, real_jid, TIME_LIMIT, seconds); end);
end

-- The meeting ends for everybody, and with it the room.
local function finish(room)
	local all = {};
	each_bearer(room, function (real_jid) all[#all + 1] = real_jid; end);
	for _, real_jid in ipairs(all) do
		notice.removed(room, real_jid, TIME_LIMIT);
		module:fire_event("meetauth-ejected", { room = room, jid = real_jid, reason = TIME_LIMIT });
	end
	room:set_persistent(false);
	room:destroy(nil, refusals.words(TIME_LIMIT));
end

local function stop_timer(room)
	if timers[room.jid] then timers[room.jid]:stop(); end
	timers[room.jid] = nil;
end

local function watch_end(room)
	stop_timer(room);
	local state = room.meetauth_settings;
	if not state or not state.set.duration then return; end
	local left = remaining(room);
	local wait = not state.told and left > NOTICE and left - NOTICE or left;
	timers[room.jid] = module:add_timer(math.min(math.max(0, wait), WAIT_MAX), function ()
		timers[room.jid] = nil;
		if hosts[module.host].modules.muc.get_room_from_jid(room.jid) ~= room then return; end
		if remaining(room) <= 0 then return finish(room); end
		if remaining(room) <= NOTICE and not room.meetauth_settings.told then tell_end(room); end
		watch_end(room);
	end);
end

-- How each is set. Nothing to do if a limit is checked when somebody comes.
local put = {};

function put.lobby(room, is_on)
	if is_on and not room:get_members_only() then
		if lobby.switch_on(room) then return; end
		module:log("warn", "A token asks for a lobby in %s, but no module made one. Run meetauth check", room.jid);
	elseif is_on == false and room:get_members_only() then
		lobby.switch_off(room);
	end
	room.meetauth_lobby_on_demand = nil; -- the owner's, and it holds for everybody
end

function put.password(room, password) room:set_password(password); end

local changes_room = { lobby = true, password = true };

-- Jitsi's client reads the room again (XEP-0045 10.2.1).
local function tell_changed(room)
	local message = st.message({ type = "groupchat", from = room.jid }):tag("x", { xmlns = MUC_USER });
	room:broadcast_message(message:tag("status", { code = "104" }):up():up());
end

local function apply(room, session, said)
	local state = room.meetauth_settings or { set = {} };
	local changed, tells = {}, false;
	room.meetauth_settings = state;
	for _, name in ipairs(names_of(said)) do
		if state.set[name] ~= said[name] then
			state.set[name], changed[#changed + 1] = said[name], name;
			tells = tells or changes_room[name] == true;
			if put[name] then put[name](room, said[name]); end
		end
	end
	if not changed[1] then return; end
	if state.set.duration then
		state.began, state.told = state.began or time_monotonic(), false;
		watch_end(room);
	end
	record.set(session, room, changed);
	if tells then tell_changed(room); end
end

--- Hook: somebody is in. Their settings are applied if they are an owner of the room.
function settings.joined(event)
	local room, session = event.room, event.origin;
	local state = room.meetauth_settings;
	if state and state.told then
		notice.ending(room, session.full_jid, TIME_LIMIT, math.max(1, math.ceil(remaining(room))));
	end
	local said = brought(event);
	if said and room:get_affiliation(jid_bare(event.stanza.attr.from)) == "owner" then apply(room, session, said); end
end

--- Hook: somebody has left, perhaps the last one: another meeting begins with nothing set.
function settings.left(event)
	local room = event.room;
	if not room.meetauth_settings or room:has_occupant() then return; end
	stop_timer(room);
	room.meetauth_settings = nil;
end

--- Hook: a room is gone.
function settings.destroyed(event)
	if event.room.meetauth_settings then stop_timer(event.room); end
end

--- Rooms that are there already, after a reload of this module.
function settings.watch()
	local muc = hosts[module.host].modules.muc;
	if not muc then return; end
	for room in muc.each_room(true) do watch_end(room); end
end

--- Nothing goes off any more.
function settings.stop()
	for _, timer in pairs(timers) do timer:stop(); end
	timers = {};
end

return settings;
