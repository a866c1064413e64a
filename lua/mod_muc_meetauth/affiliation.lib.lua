-- affiliation: as what? The token's word, set before the first presence goes out, upwards and downwards; and
-- kept against those who promote everybody.

local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;

local policy = require "meetauth.policy";

local MUC_NS = "http://jabber.org/protocol/muc";

local hosts = prosody.hosts;

local affiliation = {};
local site, admission;

local standing = { owner = true, admin = true, member = true };
local moderating = { owner = true, admin = true };

local function passes_lobby(room, decision)
	return decision.passes_lobby or (room.meetauth_lobby_on_demand and not decision.wants_lobby and not decision.waits);
end

-- Whether a join brings the room's password: Jitsi's lobby lets it pass.
local function knows_password(room, join)
	local x = room:get_password() and join:get_child("x", MUC_NS);
	return x and x:get_child_text("password", MUC_NS) == room:get_password();
end

--- Let a room say of a bearer what the decision says. Banned stays banned, and who has to wait waits.
---@param join table?  the presence, where this is a join
---@return boolean set
function affiliation.set(room, bare, decision, join)
	local current = room:get_affiliation(bare);
	if current == "outcast" then return false; end
	if room:get_members_only() and not standing[current or "none"] and not passes_lobby(room, decision)
		and not (join and knows_password(room, join)) then
		return false;
	end
	if current ~= decision.affiliation then
		room:set_affiliation(true, bare, decision.affiliation);
	end
	return true;
end

--- Hook: set the affiliation of who is about to join.
function affiliation.apply(event)
	local room, from = event.room, event.stanza.attr.from;
	if site.exempts(from) then return; end
	local decision = admission.decide(event.origin, room);
	if not decision then return; end
	-- creating a room makes an owner: nobody who shall wait gets in that way, and no guest comes to rule
	if event.is_new_room and (decision.wants_lobby or event.origin.meetauth_guest) then
		room:set_affiliation(true, jid_bare(from), "none");
		event.occupant.role = room:get_default_role("none");
	end
	if not decision.affiliation then return; end
	if affiliation.set(room, jid_bare(from), decision, event.stanza) then
		event.occupant.role = room:get_default_role(decision.affiliation);
	end
end

-- The grant of somebody who is logged in, by bare JID.
local function grant_of(bare)
	local node, host = jid_split(bare);
	local user = hosts[host] and hosts[host].sessions and hosts[host].sessions[node];
	for _, session in pairs(user and user.sessions or {}) do
		if session.meetauth_grant then return session.meetauth_grant; end
	end
	return nil;
end

local function is_human(actor)
	return actor ~= nil and actor ~= true and not site.exempts(actor);
end

--- Hook: nobody whose token says "not a moderator" is made one by a component or a module.
function affiliation.guard(event)
	if not moderating[event.affiliation] then return; end
	local grant = grant_of(event.jid);
	if grant and not policy.may_promote(grant, event.affiliation, is_human(event.actor)) then
		event.allowed = false;
		event.error = { type = "auth", condition = "forbidden" };
	end
end

--- Hook: the same for the role.
function affiliation.guard_role(event)
	if event.role ~= "moderator" then return; end
	local grant = grant_of(event.occupant.bare_jid);
	if grant and not policy.may_promote(grant, "admin", is_human(event.actor)) then
		event.allowed, event.error, event.condition = false, "auth", "forbidden";
	end
end

return function (this_site, this_admission)
	site, admission = this_site, this_admission;
	return affiliation;
end;
