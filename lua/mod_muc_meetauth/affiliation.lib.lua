-- affiliation: the rank of a user in a room. The token's rank is set before the first presence is sent, upwards and
-- downwards. It is kept against modules that promote everybody. It is lent (loan.lib.lua), and ends with the last
-- session that has it.

local jid_bare = require "util.jid".bare;

local policy = require "meetauth.access.policy";

local admission = module:require "admission";
local loan = module:require "loan";
local made = module:require "made";
local people = module:require "people";
local place = module:require "place";
local returning = module:require "returning";

local MUC_NS = "http://jabber.org/protocol/muc";

local full_sessions, hosts = prosody.full_sessions, prosody.hosts;

local affiliation = {};

local standing = { owner = true, admin = true, member = true };
local moderating = { owner = true, admin = true };

local joining = setmetatable({}, { __mode = "k" }); -- room -> the session whose join is under way

local sessions_of = people.sessions_of;

local function is_inside(room, session)
	return session.full_jid ~= nil and room:get_occupant_jid(session.full_jid) ~= nil;
end

local function is_here(room, bare)
	for _, session in sessions_of(bare) do
		if is_inside(room, session) then return true; end
	end
	return false;
end

--- Whether a session left a room for one of its breakout rooms, as far as this can be seen. Jitsi's module takes
-- affiliations there from the main room.
---@return boolean
function affiliation.is_away(room, session)
	local breakouts = room._data.breakout_rooms;
	return breakouts ~= nil and next(breakouts) ~= nil and session.meetauth_away ~= nil and session.meetauth_away[room] == true;
end

local function is_held(room, bare)
	for _, session in sessions_of(bare) do
		if is_inside(room, session) or affiliation.is_away(room, session) then return true; end
	end
	return false;
end

-- Rooms, on a session; none is kept alive by it.
local function mark(session, name, room)
	session[name] = session[name] or setmetatable({}, { __mode = "k" });
	session[name][room] = true;
end

local function unmark(session, name, room)
	if session[name] then session[name][room] = nil; end
end

-- Whom a room lends something to: who came with a token, or with nothing. Accounts of other hosts are left alone.
local function borrows(session)
	return session.meetauth_grant ~= nil or admission.is_guest(session);
end

local function has_borrower(room, bare)
	for _, session in sessions_of(bare) do
		if (session == joining[room] or is_inside(room, session)) and borrows(session) then return true; end
	end
	return false;
end

-- The least that the sessions of a bare JID in a room bring: they never share a right.
local function wanted_of(room, bare, session, decision)
	local wanted = decision.affiliation or "none";
	for _, other in sessions_of(bare) do
		local theirs = other ~= session and is_inside(room, other) and admission.decide(other, room);
		if theirs then wanted = loan.lower(wanted, theirs.affiliation or "none"); end
	end
	return wanted;
end

local function passes_lobby(room, decision)
	return decision.passes_lobby or (room.meetauth_lobby_on_demand and not decision.wants_lobby and not decision.waits);
end

-- Whether a join brings the room's password: Jitsi's lobby lets it pass.
local function knows_password(room, join)
	local x = room:get_password() and join:get_child("x", MUC_NS);
	return x and x:get_child_text("password", MUC_NS) == room:get_password();
end

-- Whether a bearer must be let in first. People who were let in before, and left without a kick, come back without this.
local function has_to_wait(room, current, session, decision, join)
	if not room:get_members_only() or standing[current] then return false; end
	if passes_lobby(room, decision) or session.meetauth_been and session.meetauth_been[room] then return false; end
	if returning.is_moderator(room, session) then return false; end
	return not (join and knows_password(room, join));
end

-- Let a room say of a bearer or guest what the decisions on its sessions say. Banned stays banned, who has to wait
-- waits, and what a human owner gave by hand is not taken.
---@param session table
---@param bare string   its bare JID
---@param decision table
---@param join table?  the presence, where this is a join
---@return string? affiliation  what the room says now; nil: it was not asked
local function settle(room, session, bare, decision, join)
	local current = room:get_affiliation(bare) or "none";
	if current == "outcast" or has_to_wait(room, current, session, decision, join) then return nil; end
	local own, here = loan.own(room, bare, current), is_here(room, bare);
	local due = loan.higher(own, wanted_of(room, bare, session, decision));
	if due == own then loan.take_back(room, bare, here); else loan.lend(room, bare, current, due, here); end
	return due;
end

--- The affiliation of a bearer or guest who is in the room.
---@param session table
---@param decision table
---@return string? affiliation
function affiliation.settle(room, session, decision)
	return settle(room, session, jid_bare(session.full_jid), decision);
end

--- Hook: set the affiliation of who is about to join.
function affiliation.apply(event)
	local room, session, decision = event.room, event.origin, admission.of_join(event);
	if not decision or not borrows(session) then return; end
	local bare = jid_bare(event.stanza.attr.from);
	-- creating a room makes an owner: nobody who must wait gets in that way, and no guest becomes its owner
	if event.is_new_room and (decision.wants_lobby or not decision.affiliation) then
		loan.take_back(room, bare, false);
		event.occupant.role = room:get_default_role(nil);
	end
	-- what a module makes of a guest in this very join is its own matter; what somebody else brought is not the guest's
	if not decision.affiliation and not is_here(room, bare) then return; end
	local due = settle(room, session, bare, decision, event.stanza);
	if due then event.occupant.role = room:get_default_role(due ~= "none" and due or nil); end
end

-- Prosody refuses a nick that somebody else has, after all other gates.
local function is_conflict(event)
	local occupant = event.occupant;
	return occupant ~= nil and not event.is_first_session and not event.is_new_room
		and occupant.bare_jid ~= jid_bare(event.stanza.attr.from);
end

--- Wrap: a join, from the first gate to the last one. One that comes to nothing leaves nothing.
function affiliation.around(handlers, name, event)
	local room = event.room;
	joining[room] = event.origin;
	local stopped = handlers(name, event);
	if name == "muc-room-pre-create" and not stopped then return stopped; end
	joining[room] = nil;
	if stopped or is_conflict(event) then
		local bare = jid_bare(event.stanza.attr.from);
		if loan.is_lent(room, bare) and not is_held(room, bare) then loan.take_back(room, bare, false); end
	end
	return stopped;
end

--- Hook: a session is in; it may leave and come back.
function affiliation.joined(event)
	mark(event.origin, "meetauth_been", event.room);
	unmark(event.origin, "meetauth_away", event.room);
end

-- A person who is put out must be let in again.
local function put_out(room, occupant)
	for real_jid in occupant:each_session() do
		local session = full_sessions[real_jid];
		if session then unmark(session, "meetauth_been", room); end
	end
end

-- The rights that stay are the rights of the people who are still present.
local function settle_rest(room, bare)
	for _, session in sessions_of(bare) do
		local decision = is_inside(room, session) and admission.decide(session, room);
		if decision then return settle(room, session, bare, decision); end
	end
	if is_held(room, bare) then return; end
	if not room:has_occupant() and not room:get_persistent() then return loan.write_off(room, bare); end
	loan.take_back(room, bare, is_here(room, bare));
end

--- Hook: an occupant is gone, or has only changed its nick.
function affiliation.left(event)
	local room, occupant, stanza = event.room, event.occupant, event.stanza;
	if stanza and not stanza.attr.type then return; end
	local bare = occupant.bare_jid;
	if not stanza then
		put_out(room, occupant);
	elseif room._data.breakout_rooms and event.origin and event.origin.full_jid == stanza.attr.from then
		mark(event.origin, "meetauth_away", room);
	end
	if loan.is_lent(room, bare) then settle_rest(room, bare); end
end

--- Hook: a session has ended that was away from rooms of this server.
function affiliation.ended(event)
	local muc = hosts[module.host].modules.muc;
	local bare = jid_bare(event.session.full_jid);
	for room in pairs(event.session.meetauth_away) do
		if muc and muc.get_room_from_jid(room.jid) == room and loan.is_lent(room, bare) then settle_rest(room, bare); end
	end
end

--- Take back what a session brought whose token counts no more, and who may stay as somebody else, or is away.
function affiliation.take_back(room, session)
	local bare = jid_bare(session.full_jid);
	unmark(session, "meetauth_away", room);
	loan.take_back(room, bare, is_here(room, bare));
end

--- Take back every loan to people who have left: after a time without this module.
function affiliation.take_stock(room)
	for _, bare in ipairs(loan.all(room)) do
		if not is_held(room, bare) then loan.take_back(room, bare, false); end
	end
end

local function is_human(actor)
	return actor ~= nil and actor ~= true and not place.exempts(actor);
end

--- Hook: somebody else has set an affiliation. A human's word stays; what a component or a module gives to a bearer or
-- a guest goes when they go.
function affiliation.given(event)
	if loan.is_ours(event) then return; end
	local room, bare, given = event.room, event.jid, event.affiliation;
	local own = loan.own(room, bare, event.previous_affiliation);
	local is_raised = given ~= own and loan.higher(given, own) == given;
	if is_raised and not is_human(event.actor) and has_borrower(room, bare) then
		loan.note(room, bare, own);
	else
		loan.forget(room, bare);
	end
end

local function is_denied(room, bare, wanted, actor)
	for _, session in sessions_of(bare) do
		local grant = made.grant(session, room);
		if grant and not policy.may_promote(grant, wanted, is_human(actor)) then return true; end
	end
	return false;
end

--- Hook: nobody whose token says "not a moderator" is made one by a component or a module.
function affiliation.guard(event)
	if not moderating[event.affiliation] or not is_denied(event.room, event.jid, event.affiliation, event.actor) then return; end
	event.allowed = false;
	event.error = { type = "auth", condition = "forbidden" };
end

--- Hook: this rule for the role.
function affiliation.guard_role(event)
	if event.role ~= "moderator" or not is_denied(event.room, event.occupant.bare_jid, "admin", event.actor) then return; end
	event.allowed, event.error, event.condition = false, "auth", "forbidden";
end

return affiliation;
