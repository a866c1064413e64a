-- moderation: what a token keeps its bearer from sending is kept back by Jitsi's AV moderation, where the server
-- has it: Jicofo and the bridge take of a moderated medium only what its allow-list lets through.
-- Moderation is switched on with the first bearer who may not send, everybody who may is put on the list, and
-- moderators are above it. It stays on until the meeting is over: each switching on makes Jicofo mute everybody
-- once, and nobody shall mute others by coming and going. What a human moderator does by hand, counts: a list that
-- they made is theirs alone, a name that they put on or took off ours stays there or off, and what they switch off
-- stays off.

local array = require "util.array";
local st = require "util.stanza";
local jid_split, jid_join = require "util.jid".split, require "util.jid".join;

local array_mt = require "meetauth.core".array_mt;
local json = require "meetauth.json";
local roomname = require "meetauth.roomname";

local JITMEET_NS = "http://jitsi.org/jitmeet";
local FOCUS = "focus"; -- the nick of Jitsi's conference focus, in whose name moderation is switched on

local hosts, full_sessions = prosody.hosts, prosody.full_sessions;

local moderation = {};
local site;

local media = { { name = "audio", word = "a" }, { name = "video", word = "v" }, { name = "desktop", word = "sv" } };

---@class Moderation     of one medium in a room, kept on the room
---@field list string[]?  the allow-list that was there when we last looked
---@field ours boolean    we made it
---@field listed table<string, true>  nicks that we put on it
---@field off boolean     somebody else switched it off

-- The address of Jitsi's component for these rooms, from which alone Jicofo takes word, and whether it knows the
-- screen as a medium of its own: its releases that do have this function.
local function component()
	for name, host in pairs(hosts) do
		local loaded = host.modules.av_moderation_component;
		if loaded and module:context(name):get_option_string("muc_component") == module.host then
			return name, rawget(loaded, "start_av_moderation") ~= nil;
		end
	end
	return nil, false;
end

-- An address as clients and Jicofo write it: room@conference.tenant.domain for [tenant]room@conference.domain.
local function outward(jid)
	local node, host, resource = jid_split(jid);
	local tenant, name = roomname.split(node);
	local label = host:match("^(.-)%.");
	if not tenant or not site.base or host ~= label .. "." .. site.base then return jid; end
	return jid_join(name, ("%s.%s.%s"):format(label, tenant, site.base), resource);
end

local function lets(session, word)
	local grant = session and session.meetauth_grant;
	return not (grant and grant.send) or grant.send[word] == true;
end

---@class Person
---@field occupant table
---@field session table?   about to join as that occupant, or to change to it

local function may_send(person, word)
	if person.occupant.role == "moderator" then return true; end
	if not lets(person.session, word) then return false; end
	for real_jid in person.occupant:each_session() do
		if not lets(full_sessions[real_jid], word) then return false; end
	end
	return true;
end

local function people_in(room, newcomer)
	local people = {};
	for nick, occupant in room:each_occupant() do people[nick] = { occupant = occupant }; end
	if newcomer then people[newcomer.occupant.nick] = newcomer; end
	return people;
end

local function send(from, occupant, body)
	local text = json.encode(body);
	for real_jid in occupant:each_session() do
		module:send(st.message({ from = from, to = real_jid }):text_tag("json-message", text, { xmlns = JITMEET_NS }));
	end
end

local function news(room, medium)
	return { type = "av_moderation", room = outward(room.jid), mediaType = medium };
end

local function enabled_news(room, medium)
	local body = news(room, medium);
	body.enabled, body.actor = true, outward(room.av_moderation_actors[medium]);
	return body;
end

-- All lists, an empty one as a list: Jicofo keeps the old one of a medium that is not there.
local function list_news(room, medium)
	local body = news(room, medium);
	body.whitelists = {};
	for name, list in pairs(room.av_moderation) do
		body.whitelists[name] = table.move(list, 1, #list, 1, setmetatable({}, array_mt));
	end
	return body;
end

local function approved_news(room, medium)
	local body = news(room, medium);
	body.approved = true;
	return body;
end

local function tell(room, from, body, fits)
	for _, occupant in room:each_occupant() do
		if not fits or fits(occupant) then send(from, occupant, body); end
	end
end

local function is_moderator(occupant) return occupant.role == "moderator"; end

local function has(list, jid)
	for _, other in ipairs(list) do
		if other == jid then return true; end
	end
	return false;
end

-- Jitsi's own module may have put it there as well.
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

---@return Moderation
local function known(room, medium)
	room.meetauth_moderation = room.meetauth_moderation or {};
	local all = room.meetauth_moderation;
	all[medium] = all[medium] or { ours = false, listed = {}, off = false };
	return all[medium];
end

local function list_of(room, medium)
	return room.av_moderation and room.av_moderation[medium];
end

-- Take note of what others have done since we last looked. Lists that are equal are not the same list.
local function look(room, medium)
	local state, list = known(room, medium), list_of(room, medium);
	if not rawequal(state.list, list) then
		state.off = list == nil;
		state.list, state.ours, state.listed = list, false, {};
	end
	return state;
end

local function switch_on(room, medium, state)
	room.av_moderation, room.av_moderation_actors = room.av_moderation or {}, room.av_moderation_actors or {};
	state.list, state.ours = array(), true;
	room.av_moderation[medium] = state.list;
	room.av_moderation_actors[medium] = room.jid .. "/" .. FOCUS;
	module:log("info", "AV moderation of %s is on at %s: a token keeps its bearer from sending it", medium, room.jid);
end

local function is_held(people, word)
	for _, person in pairs(people) do
		if not may_send(person, word) then return true; end
	end
	return false;
end

-- Bring our list up to date: who is gone or may not any more goes off it, who may comes on it.
local function fill(state, people, word)
	local added, changed = {}, false;
	for nick in pairs(state.listed) do
		if not people[nick] or not may_send(people[nick], word) then
			state.listed[nick] = nil;
			changed = take_off(state.list, outward(nick)) or changed;
		end
	end
	for nick, person in pairs(people) do
		if not state.listed[nick] and may_send(person, word) then
			state.listed[nick] = true;
			if not has(state.list, outward(nick)) then state.list:push(outward(nick)); end
			added[#added + 1], changed = person, true;
		end
	end
	return added, changed;
end

local function settle_medium(room, from, medium, people)
	local state = look(room, medium.name);
	local fresh = not state.list and not state.off and is_held(people, medium.word);
	if fresh then switch_on(room, medium.name, state); end
	if not state.ours then return; end
	local added, changed = fill(state, people, medium.word);
	if changed or fresh then tell(room, from, list_news(room, medium.name), is_moderator); end -- the list, then its use
	if fresh then tell(room, from, enabled_news(room, medium.name)); end
	for _, person in ipairs(added) do
		if not is_moderator(person.occupant) and not person.session then
			send(from, person.occupant, approved_news(room, medium.name));
		end
	end
end

--- Let moderation in a room be what the tokens of those in it ask for.
---@param newcomer Person?
local function settle(room, newcomer)
	local from, knows_screens = component();
	if not from then return; end
	local people = people_in(room, newcomer);
	for _, medium in ipairs(media) do
		if medium.name ~= "desktop" or knows_screens then settle_medium(room, from, medium, people); end
	end
end

moderation.settle = settle;

local function warn_where_nobody_can(room, session)
	if component() then return; end
	for _, medium in ipairs(media) do
		if not lets(session, medium.word) then
			module:log("warn", "A token keeps its bearer from sending %s at %s, but there is no av_moderation_component for %s: "
				.. "the client is told, nothing more", medium.name, room.jid, module.host);
			return;
		end
	end
end

-- Who may not send a medium has nothing of whoever had their nick before, on any list.
local function forget(room, nick, session)
	local from = component();
	for _, medium in ipairs(media) do
		local state = look(room, medium.name);
		if from and state.list and not lets(session, medium.word) and take_off(state.list, outward(nick)) then
			state.listed[nick] = nil;
			tell(room, from, list_news(room, medium.name), is_moderator);
		end
	end
end

local function comes(room, occupant, session, is_first)
	if is_first then forget(room, occupant.nick, session); end
	settle(room, { occupant = occupant, session = session });
end

--- Hook: somebody is let in. Jicofo hears of the list before it hears of them.
function moderation.joining(event)
	warn_where_nobody_can(event.room, event.origin);
	comes(event.room, event.occupant, event.origin, event.is_first_session);
end

--- Hook: somebody is about to change their nick, or to send any other presence.
function moderation.changing(event)
	if event.orig_occupant == event.dest_occupant then return; end
	comes(event.room, event.dest_occupant, event.origin, event.is_first_session);
end

--- Hook: somebody is in, and has been told by Jitsi's module that moderation is on. The focus may not have been.
function moderation.joined(event)
	local room, from = event.room, component();
	local occupant = room:get_occupant_by_nick(event.nick);
	if not from or not occupant then return; end
	for _, medium in ipairs(media) do
		local state = look(room, medium.name);
		if state.ours then
			if site.exempts(occupant.bare_jid) then
				send(from, occupant, list_news(room, medium.name));
				send(from, occupant, enabled_news(room, medium.name));
			elseif not is_moderator(occupant) and state.listed[occupant.nick] then
				send(from, occupant, approved_news(room, medium.name));
			end
		end
	end
end

--- Hook: somebody is gone; a change of nick was seen to before.
function moderation.left(event)
	if event.stanza and not event.stanza.attr.type then return; end
	settle(event.room);
end

--- Hook: somebody was promoted, or demoted.
function moderation.affiliated(event)
	settle(event.room);
end

--- Every room: after a reload of this module.
function moderation.settle_all()
	local muc = hosts[module.host].modules.muc;
	if not muc then return; end
	for room in muc.each_room(true) do settle(room); end
end

return function (this_site)
	site = this_site;
	return moderation;
end;
