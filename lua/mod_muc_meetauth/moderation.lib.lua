-- moderation: Jitsi's AV moderation, if the server has it, enforces what a token does not allow its user to send. Of a
-- moderated medium, Jicofo and the bridge accept only users on its allow-list. Moderation is switched on with the first
-- user who must not send. All users who may send are put on the list, and moderators need no list. It stays on until the
-- meeting ends. Each switching on makes Jicofo mute everybody once, and nobody should mute others by leaving and
-- joining. The acts of a human moderator always win. A list that a moderator made belongs to the moderator. A name that
-- a moderator added to our list, or removed from it, stays there or stays off. Moderation that a moderator switched off
-- stays off.

local array = require "util.array";
local jid_bare = require "util.jid".bare;

local made = module:require "made";
local moderationnews = module:require "moderationnews";
local place = module:require "place";

local FOCUS = "focus"; -- the nick of Jitsi's conference focus, in whose name moderation is switched on

local hosts, full_sessions = prosody.hosts, prosody.full_sessions;

local moderation = {};

local media = { { name = "audio", word = "a" }, { name = "video", word = "v" }, { name = "desktop", word = "sv" } };

-- Whether a session's grant lets it send in a room.
local function lets(room, session, word)
	local grant = made.grant(session, room);
	return not (grant and grant.send) or grant.send[word] == true;
end

-- A medium that a session must not send; nil: none.
local function kept_from(room, session)
	for _, medium in ipairs(media) do
		if not lets(room, session, medium.word) then return medium.name; end
	end
	return nil;
end

---@class Person
---@field occupant table
---@field session table?   about to join as that occupant, or to change to it

local function people_in(room, newcomer)
	local people = {};
	for nick, occupant in room:each_occupant() do people[nick] = { occupant = occupant }; end
	if newcomer then people[newcomer.occupant.nick] = newcomer; end
	return people;
end

-- Whether one of a person's sessions fits.
local function any_session(room, person, fits, word)
	if person.session and fits(room, person.session, word) then return true; end
	for real_jid in person.occupant:each_session() do
		if fits(room, full_sessions[real_jid], word) then return true; end
	end
	return false;
end

local function lets_not(room, session, word) return not lets(room, session, word); end

local function may_send(room, person, word)
	return moderationnews.is_moderator(person.occupant) or not any_session(room, person, lets_not, word);
end

local function is_held(room, people, word)
	for _, person in pairs(people) do
		if not may_send(room, person, word) then return true; end
	end
	return false;
end

local function is_anybody_restricted(room, people)
	for _, person in pairs(people) do
		if any_session(room, person, kept_from) then return true; end
	end
	return false;
end

---@class Moderation      of one medium in a room, kept on the room: it outlives this module
---@field list string[]?  the allow-list that was there when we last looked
---@field ours boolean    we made it
---@field listed table<string, true>  nicks that we put on it
---@field off boolean     somebody else switched it off

-- Rooms where nobody was ever kept from anything cost nothing.
local function is_concerned(room) return room.meetauth_moderation ~= nil; end

-- The present lists, with the changes of others since our last check. Lists that are equal are not the same list.
---@return Moderation
local function look(room, medium)
	room.meetauth_moderation = room.meetauth_moderation or {};
	local state = room.meetauth_moderation[medium] or { ours = false, listed = {}, off = false };
	room.meetauth_moderation[medium] = state;
	local list = room.av_moderation and room.av_moderation[medium];
	if not rawequal(state.list, list) then
		state.off = list == nil;
		state.list, state.ours, state.listed = list, false, {};
	end
	return state;
end

local function switch_on(room, medium, state)
	room.av_moderation, room.av_moderation_actors = room.av_moderation or {}, room.av_moderation_actors or {};
	state.list, state.ours = array(), true; -- Jitsi's module pushes and pops
	room.av_moderation[medium] = state.list;
	room.av_moderation_actors[medium] = room.jid .. "/" .. FOCUS;
	module:log("info", "AV moderation of %s is on in %s, because a token does not allow its user to send it", medium, room.jid);
end

local function has(list, jid)
	for _, other in ipairs(list) do
		if other == jid then return true; end
	end
	return false;
end

-- Jitsi's module may have put it there a second time.
local function take_off(list, jid)
	local changed = false;
	for i = #list, 1, -1 do
		if list[i] == jid then
			table.remove(list, i);
			changed = true;
		end
	end
	return changed;
end

-- Bring our list up to date: it loses people who have left or have no right any more, and gets people with the right.
---@return Person[] added
---@return boolean changed
local function fill(room, state, people, word)
	local added, changed = {}, false;
	for nick in pairs(state.listed) do
		if not people[nick] or not may_send(room, people[nick], word) then
			state.listed[nick] = nil;
			changed = take_off(state.list, moderationnews.outward(nick)) or changed;
		end
	end
	for nick, person in pairs(people) do
		if not state.listed[nick] and may_send(room, person, word) then
			local jid = moderationnews.outward(nick);
			if not has(state.list, jid) then state.list:push(jid); end
			state.listed[nick] = true;
			added[#added + 1], changed = person, true;
		end
	end
	return added, changed;
end

local function settle_medium(room, medium, people)
	local state = look(room, medium.name);
	local fresh = not state.list and not state.off and is_held(room, people, medium.word);
	if fresh then switch_on(room, medium.name, state); end
	if not state.ours then return; end
	local added, changed = fill(room, state, people, medium.word);
	if changed or fresh then moderationnews.lists(room, medium.name); end -- the list, then its use
	if fresh then moderationnews.enabled(room, medium.name); end
	for _, person in ipairs(added) do
		local occupant, is_in = person.occupant, not person.session;
		if is_in and not moderationnews.is_moderator(occupant) then moderationnews.approved(room, medium.name, occupant); end
	end
end

--- Let moderation in a room be what the tokens of those in it ask for.
---@param newcomer Person?
function moderation.settle(room, newcomer)
	local address, knows_screens = moderationnews.component();
	local people = address and people_in(room, newcomer);
	if not people or not is_concerned(room) and not is_anybody_restricted(room, people) then return; end
	for _, medium in ipairs(media) do
		if medium.name ~= "desktop" or knows_screens then settle_medium(room, medium, people); end
	end
end

-- A person who must not send a medium inherits nothing from the earlier owner of their nick, on any list.
local function forget(room, nick, session)
	for _, medium in ipairs(media) do
		local state = look(room, medium.name);
		if state.list and not lets(room, session, medium.word) and take_off(state.list, moderationnews.outward(nick)) then
			state.listed[nick] = nil;
			moderationnews.lists(room, medium.name);
		end
	end
end

-- A session is about to be that occupant, unless somebody else is.
local function comes(event, occupant)
	local room, session = event.room, event.origin;
	if event.is_first_session then
		forget(room, occupant.nick, session);
	elseif occupant.bare_jid ~= jid_bare(event.stanza.attr.from) then
		return;
	end
	moderation.settle(room, { occupant = occupant, session = session });
end

--- Hook: somebody is let in. Jicofo hears of the list before it hears of them.
function moderation.joining(event)
	local medium = kept_from(event.room, event.origin);
	if medium and not moderationnews.component() then
		module:log("warn", "A token does not allow its user to send %s in %s, but %s has "
			.. "no av_moderation_component. Only the client is told", medium, event.room.jid, module.host);
	elseif medium or is_concerned(event.room) then
		comes(event, event.occupant);
	end
end

--- Hook: somebody is about to change their nick, or to send any other presence.
function moderation.changing(event)
	if event.orig_occupant ~= event.dest_occupant and is_concerned(event.room) then comes(event, event.dest_occupant); end
end

--- Hook: somebody is in, and has been told by Jitsi's module that moderation is on. Perhaps the focus was not told.
function moderation.joined(event)
	local room = event.room;
	local occupant = room:get_occupant_by_nick(event.nick);
	if not occupant or not is_concerned(room) or not moderationnews.component() then return; end
	for _, medium in ipairs(media) do
		local state = look(room, medium.name);
		if state.ours and place.exempts(occupant.bare_jid) then
			moderationnews.lists(room, medium.name, occupant);
			moderationnews.enabled(room, medium.name, occupant);
		elseif state.ours and state.listed[occupant.nick] and not moderationnews.is_moderator(occupant) then
			moderationnews.approved(room, medium.name, occupant);
		end
	end
end

--- Hook: somebody is gone; a change of nick was seen to before.
function moderation.left(event)
	local is_change = event.stanza and not event.stanza.attr.type;
	if not is_change and is_concerned(event.room) then moderation.settle(event.room); end
end

--- Hook: somebody was promoted, or demoted.
function moderation.affiliated(event)
	if is_concerned(event.room) then moderation.settle(event.room); end
end

--- Every room: after a reload of this module.
function moderation.settle_all()
	local muc = hosts[module.host].modules.muc;
	if not muc then return; end
	for room in muc.each_room(true) do moderation.settle(room); end
end

return moderation;
