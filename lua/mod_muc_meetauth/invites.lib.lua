-- invites: an owner in a room asks for a link to the room for another person. The owner uses our IQ
-- (doc/invitations.md), or the operator uses the shell. mod_auth_meetauth decides the content and signs.

local jid_bare = require "util.jid".bare;
local new_throttle = require "util.throttle".create;
local st = require "util.stanza";

local counters = require "meetauth.server.counters";
local text = require "meetauth.util.text";

local admission = module:require "admission";
local breakout = module:require "breakout";
local place = module:require "place";
local record = module:require "record";

local INVITE_NS = "urn:meetauth:invite:0";
local NAME_MAX = 256; -- characters
local COUNT, SECONDS = 10, 60; -- of each session

local full_sessions, hosts = prosody.full_sessions, prosody.hosts;

local invites = {};

local made = counters.of(module:metric("counter", "invitations", "", "invitations made", { "dialect", "entry" }));

-- Whether the room has a session for an owner by its token.
local function owns(session, room)
	local grant = session and session.meetauth_grant;
	local decision = grant and grant.owner == "granted" and room:get_occupant_jid(session.full_jid) ~= nil
		and admission.decide(session, room);
	return decision and decision.affiliation == "owner" and room:get_affiliation(jid_bare(session.full_jid)) == "owner";
end

-- Make one for an owner: the token, the link and the end; or nil and what is wrong, for them.
local function invite(session, room, wish)
	local auth = hosts[place.base].modules.auth_meetauth;
	local main = breakout.main_of(room.jid) or room;
	local facts = { node = main.jid:match("^([^@]+)@") };
	local invited, problem = auth.invite(session.meetauth_grant, facts, wish, place);
	if not invited then
		(session.log or module._log)("info", "Invitation refused: %s", problem);
		return nil, problem;
	end
	local grant = session.meetauth_grant;
	made(grant.dialect, grant.entry):add(1);
	record.invited(session, room);
	return invited;
end

local function is_too_often(session)
	local throttle = session.meetauth_invites or new_throttle(COUNT, SECONDS);
	session.meetauth_invites = throttle;
	throttle:update(); -- else it fills up for all the time before, once it is empty
	return not throttle:poll(1);
end

local truths = { ["true"] = true, ["1"] = true, ["false"] = false, ["0"] = false };

local function wish_of(element)
	local name = element.attr.name and text.clean(element.attr.name, NAME_MAX);
	return { name = name ~= "" and name or nil, moderator = truths[element.attr.moderator or "false"] };
end

--- Hook: a request to a room.
function invites.asked(event)
	local stanza, session = event.stanza, event.origin;
	local muc = hosts[module.host].modules.muc;
	local room = muc and muc.get_room_from_jid(jid_bare(stanza.attr.to));
	local function refuse(kind, condition, words)
		session.send(st.error_reply(stanza, kind, condition, words));
		return true;
	end
	if not room or not owns(session, room) then
		return refuse("auth", "forbidden", "Only an owner by token who is in the room can invite");
	end
	if is_too_often(session) then return refuse("wait", "resource-constraint", "Too many invitations. Wait a minute"); end
	local wish = wish_of(stanza.tags[1]);
	if wish.moderator == nil then return refuse("modify", "bad-request", "moderator must be true or false"); end
	local invited, problem = invite(session, room, wish);
	if not invited then return refuse("cancel", "not-allowed", problem); end
	session.send(st.reply(stanza):tag("invite", { xmlns = INVITE_NS, expires = ("%d"):format(invited.expires) })
		:text_tag("token", invited.token):text_tag("url", invited.link));
	return true;
end

--- For the shell: an invitation in the name of an owner who is in the room.
---@param address string
---@param wish { as: string?, name: string?, moderator: boolean? }  as: the owner's nick; nil: the first one by the nicks
---@return table? invited
---@return string? problem
function invites.make(address, wish)
	local muc = hosts[module.host].modules.muc;
	local room = muc and muc.get_room_from_jid(address);
	if not room then return nil, "this room does not exist now. Write an address such as standup@conference.meet.example"; end
	local owner, nick;
	for at, occupant in room:each_occupant() do
		local is_wanted = not wish.as or at == room.jid .. "/" .. wish.as;
		for real_jid in occupant:each_session() do
			local session = full_sessions[real_jid];
			if is_wanted and (not nick or at < nick) and owns(session, room) then owner, nick = session, at; end
		end
	end
	if not owner then return nil, "no owner by token is in the room, and an invitation needs one"; end
	return invite(owner, room, { name = wish.name and text.clean(wish.name, NAME_MAX), moderator = wish.moderator });
end

return invites;
