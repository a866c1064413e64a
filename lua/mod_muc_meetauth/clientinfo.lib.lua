-- clientinfo: what a client cannot read from a token of another dialect: its features, as Jitsi's <permissions>,
-- and values that only it can act on. Told to the bearer alone: who comes in, by the presence that says so; later, in a
-- presence of their own.

local st = require "util.stanza";

local json = require "meetauth.json";
local text = require "meetauth.text";

local hosts, full_sessions = prosody.hosts, prosody.full_sessions;

local MUC_USER_NS = "http://jabber.org/protocol/muc#user";
local JITMEET_NS = "http://jitsi.org/jitmeet";
local ADVISORY_NS = "urn:meetauth:advisory:0";

local clientinfo = {};

local function permissions_of(features)
	local element = st.stanza("permissions", { xmlns = JITMEET_NS });
	local names = {};
	for name in pairs(features) do names[#names + 1] = name; end
	table.sort(names);
	for _, name in ipairs(names) do
		element:tag("p", { name = name, val = tostring(features[name]) }):up();
	end
	return element;
end

local function advisory_of(session, grant, room)
	local fixed = session.meetauth_deadlines and session.meetauth_deadlines[room.jid];
	if not grant.advisory and not fixed then return nil; end
	local values = {};
	for name, value in pairs(grant.advisory or {}) do values[name] = value; end
	values.eject_at = fixed and math.floor(fixed.at);
	return st.stanza("advisory", { xmlns = ADVISORY_NS }):text(text.clean(json.encode(values)));
end

-- Jitsi's own module pushes them, where it is there, for sessions with force_permissions_update.
local function pushes_itself()
	return hosts[module.host].modules.jitsi_permissions ~= nil;
end

local function add_to(stanza, session, room)
	if not pushes_itself() then stanza:add_direct_child(permissions_of(session.jitsi_meet_context_features or {})); end
	local advisory = advisory_of(session, session.meetauth_grant, room);
	if advisory then stanza:add_direct_child(advisory); end
end

--- Tell an occupant what its token gives.
function clientinfo.tell(room, occupant, session)
	local grant = session.meetauth_grant;
	if not grant or not grant.pushes_permissions then return; end
	local presence = occupant:get_presence(session.full_jid);
	if not presence then return; end
	local x = st.stanza("x", { xmlns = MUC_USER_NS });
	room:build_item_list(occupant, x, false);
	x:tag("status", { code = "110" }):up();
	local stanza = st.clone(presence):add_child(x);
	stanza.attr.to = session.full_jid;
	add_to(stanza, session, room);
	room:route_stanza(stanza);
end

--- Hook: somebody is about to join. Jitsi's module forgets its word once it has acted on it.
-- session.meetauth_untold: the JID of the room that it is joining; false once it has been told there.
function clientinfo.joining(event)
	local session = event.origin;
	local grant = session.meetauth_grant;
	if not grant or not grant.pushes_permissions then return; end
	session.force_permissions_update, session.meetauth_untold = true, event.room.jid;
end

--- Hook: a presence of an occupant is made. Without an x it is for one session alone, and that may be the occupant's own.
function clientinfo.presenting(event)
	if event.x or not event.occupant then return; end
	local to = event.stanza.attr.to;
	local session = event.occupant:get_presence(to) and full_sessions[to];
	if not session or session.meetauth_untold ~= event.room.jid then return; end
	session.meetauth_untold = false;
	add_to(event.stanza, session, event.room);
end

--- Hook: a session came in; or it was there and sends its join again, and has not been told again.
function clientinfo.joined(event)
	local session = event.origin;
	local is_told = session.meetauth_untold == false;
	session.meetauth_untold = nil;
	if not is_told then clientinfo.tell(event.room, event.occupant, session); end
end

return clientinfo;
