-- calls: meetings under way, for back ends that ask by REST: who of theirs is in them, and what is done to these. An entry
-- has its own bearers, and guests of the rooms that its back end has made.

local st = require "util.stanza";
local time_now = require "util.time".now;
local new_uuid = require "util.uuid".generate;

local json = require "meetauth.util.json";

local bans = module:require "bans";
local made = module:require "made";
local notice = module:require "notice";
local update = module:require "update";

local JITMEET = "http://jitsi.org/jitmeet";
local MESSAGE = "app-message"; -- what tells a client that reads it which message it is
local NICK = "http://jabber.org/protocol/nick";

local hosts, full_sessions = prosody.hosts, prosody.full_sessions;

local calls = {};

-- The makers of a room: rules by the ids of their entries.
local function makers_of(room)
	local _, rules = made.all(nil, room.jid:match("^([^@]+)@"));
	return rules;
end

-- When a session has come into a room.
local function note(session, room)
	session.meetauth_joined = session.meetauth_joined or setmetatable({}, { __mode = "k" });
	session.meetauth_joined[room] = session.meetauth_joined[room] or time_now();
	return session.meetauth_joined[room];
end

local function forget(session, room)
	if session and session.meetauth_joined then session.meetauth_joined[room] = nil; end
end

--- Hook: a session came in. Nobody asks for those whose entries have no back end.
function calls.joined(event)
	local session, room = event.origin, event.room;
	local grant = session.meetauth_grant;
	if grant and grant.said or session.meetauth_guest and makers_of(room) then note(session, room); end
end

--- Hook: an occupant is gone, or has only changed its nick.
function calls.left(event)
	local room, stanza = event.room, event.stanza;
	if stanza and not stanza.attr.type then return; end
	for real_jid in event.occupant:each_session() do forget(full_sessions[real_jid], room); end
	if stanza then forget(event.origin, room); end
end

local function is_made_by(entry, room)
	local rules = makers_of(room);
	return rules ~= nil and rules[entry.id] ~= nil;
end

-- An occupant's sessions that an entry's back end may see: none, where they are another entry's.
local function sessions_of(occupant, entry, takes_guests)
	local sessions = {};
	for real_jid in occupant:each_session() do
		local session = full_sessions[real_jid];
		local grant = session and session.meetauth_grant;
		if grant and grant.entry == entry.id or session and not grant and takes_guests and session.meetauth_guest then
			sessions[#sessions + 1] = session;
		end
	end
	return sessions;
end

local function name_of(occupant, session)
	local user = session.meetauth_grant and session.meetauth_grant.user;
	if user and user.name then return user.name; end
	local presence = occupant:get_presence(session.full_jid);
	return presence and presence:get_child_text("nick", NICK);
end

-- The people of an entry in a room.
local function people_in(room, entry)
	local people, takes_guests = {}, is_made_by(entry, room);
	for nick, occupant in room:each_occupant() do
		local sessions = sessions_of(occupant, entry, takes_guests);
		local session = sessions[1];
		if session then
			local user = session.meetauth_grant and session.meetauth_grant.user;
			room.meetauth_meeting = room.meetauth_meeting or new_uuid();
			people[#people + 1] = {
				id = nick:sub(#room.jid + 2), user_id = user and user.id, name = name_of(occupant, session),
				joined = note(session, room), meeting = room.meetauth_meeting,
				room = room, occupant = occupant, sessions = sessions,
			};
		end
	end
	return people;
end

--- The people of an entry, by the names in the rooms' addresses.
---@param entry table
---@return table<string, Person[]>
function calls.all(entry)
	local all, muc = {}, hosts[module.host].modules.muc;
	if not muc then return all; end
	for room in muc.each_room(true) do
		local people = people_in(room, entry);
		if people[1] then all[room.jid:match("^([^@]+)@")] = people; end
	end
	return all;
end

local function room_of(node)
	local muc = hosts[module.host].modules.muc;
	return muc and muc.get_room_from_jid(node .. "@" .. module.host);
end

--- The people of an entry in one room.
---@param entry table
---@param node string  the name in the room's address
---@return Person[]
function calls.people(entry, node)
	local room = room_of(node);
	return room and people_in(room, entry) or {};
end

--- Put somebody out.
---@param person Person
function calls.eject(person)
	local room, nick = person.room, person.occupant.nick;
	if not room:get_occupant_by_nick(nick) then return; end -- gone with somebody else
	for _, session in ipairs(person.sessions) do
		notice.removed(room, session.full_jid, "ejected", "You were removed from this meeting");
		module:fire_event("meetauth-ejected", { room = room, jid = session.full_jid, reason = "ejected" });
	end
	room:set_role(true, nick, nil, "You were removed from this meeting");
end

--- Keep users out of a room until nobody is in it; the users in one of its breakout rooms go, too.
---@param entry table
---@param node string
---@param user_ids string[]
function calls.ban(entry, node, user_ids)
	local room = room_of(node);
	if not room then return; end
	bans.add(room, entry.id, user_ids);
	bans.each_session(room, function (session)
		if session.full_jid and not room:get_occupant_by_real_jid(session.full_jid) then
			prosody.events.fire_event("meetauth-session-updated", { session = session });
		end
	end);
end

-- JSON that XML can carry, whose only way to say these two code points is none.
local function written(data)
	return (json.encode({ type = MESSAGE, data = data }):gsub("\u{FFFE}", "\\ufffe"):gsub("\u{FFFF}", "\\uffff"));
end

--- Tell somebody something that their client understands, and Jitsi's app hands on to the page that embeds it.
---@param person Person
---@param data table
function calls.send(person, data)
	for _, session in ipairs(person.sessions) do
		local message = st.message({ type = "groupchat", from = person.room.jid, to = session.full_jid });
		message:text_tag("json-message", written(data), { xmlns = JITMEET });
		person.room:route_stanza(message);
	end
end

--- Give somebody other permissions, until they leave; to guests there is nothing to give.
---@param person Person
---@param p table  the claim
function calls.permit(person, p)
	for _, session in ipairs(person.sessions) do
		if session.meetauth_grant and session.meetauth_grant.said then
			made.permit(session, person.room, p);
			update.look_again(person.room, session, person.occupant);
		end
	end
end

return calls;
