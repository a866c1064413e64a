-- clientinfo: what a client cannot read from a token of another dialect: its features, as Jitsi's <permissions>,
-- and values that only it can act on. Sent to the bearer alone, in a presence of their own.

local st = require "util.stanza";

local json = require "meetauth.util.json";
local text = require "meetauth.util.text";

local hosts = prosody.hosts;

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
	if not pushes_itself() then stanza:add_child(permissions_of(session.jitsi_meet_context_features or {})); end
	local advisory = advisory_of(session, grant, room);
	if advisory then stanza:add_child(advisory); end
	room:route_stanza(stanza);
end

--- Hook: somebody is about to join; Jitsi's module forgets the word once it has acted on it.
function clientinfo.joining(event)
	local session = event.origin;
	local grant = session.meetauth_grant;
	if grant and grant.pushes_permissions then session.force_permissions_update = true; end
end

--- Hook: somebody came in.
function clientinfo.joined(event)
	clientinfo.tell(event.room, event.occupant, event.origin);
end

return clientinfo;
