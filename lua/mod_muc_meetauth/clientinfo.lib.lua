-- clientinfo: parts of a token that a client of another dialect cannot read. They are features, as Jitsi's <permissions>,
-- and values that only the client can use. Only the user gets them, in the presence about the user's own join. If a value
-- changes later, the user gets one more presence.

local st = require "util.stanza";

local json = require "meetauth.util.json";
local text = require "meetauth.util.text";
local names_of = require "meetauth.util.list".names;

local made = module:require "made";

local hosts = prosody.hosts;

local MUC_USER_NS = "http://jabber.org/protocol/muc#user";
local JITMEET_NS = "http://jitsi.org/jitmeet";
local ADVISORY_NS = "urn:meetauth:advisory:0";

local clientinfo = {};

local BUILT_MAX = 64; -- elements that are kept

local built = { count = 0 };

local function build(features)
	local element = st.stanza("permissions", { xmlns = JITMEET_NS });
	for _, name in ipairs(names_of(features)) do
		element:tag("p", { name = name, val = tostring(features[name]) }):up();
	end
	return element;
end

-- Few combinations are met, and each costs as much to build as a presence. The same in another order is another one.
local function permissions_of(features)
	local parts = {};
	for name, value in pairs(features) do
		local n = #parts;
		parts[n + 1], parts[n + 2] = name, tostring(value);
	end
	local key = table.concat(parts, "\0");
	if built[key] then return built[key]; end
	if built.count >= BUILT_MAX then built = { count = 0 }; end
	built[key], built.count = build(features), built.count + 1;
	return built[key];
end

local function advisory_of(session, grant, room)
	local fixed = session.meetauth_deadlines and session.meetauth_deadlines[room.jid];
	if not grant.advisory and not fixed then return nil; end
	local values = {};
	for name, value in pairs(grant.advisory or {}) do values[name] = value; end
	values.eject_at = fixed and math.floor(fixed.at);
	return st.stanza("advisory", { xmlns = ADVISORY_NS }):text(text.clean(json.encode(values)));
end

-- Jitsi's own module pushes them, if it is loaded, for sessions with force_permissions_update.
local function pushes_itself()
	return hosts[module.host].modules.jitsi_permissions ~= nil;
end

local function is_told(session)
	return session.meetauth_grant ~= nil and session.meetauth_grant.pushes_permissions == true;
end

local function add(stanza, room, session)
	local grant = made.grant(session, room);
	local features = grant == session.meetauth_grant and session.jitsi_meet_context_features or grant.features;
	if not pushes_itself() then stanza:add_direct_child(permissions_of(features or {})); end
	local advisory = advisory_of(session, grant, room);
	if advisory then stanza:add_direct_child(advisory); end
end

--- Tell an occupant its token's rights, in a separate presence.
function clientinfo.tell(room, occupant, session)
	local presence = is_told(session) and occupant:get_presence(session.full_jid);
	if not presence then return; end
	local x = st.stanza("x", { xmlns = MUC_USER_NS });
	room:build_item_list(occupant, x, false);
	x:tag("status", { code = "110" }):up();
	local stanza = st.clone(presence);
	stanza:add_direct_child(x);
	stanza.attr.to = session.full_jid;
	add(stanza, room, session);
	room:route_stanza(stanza);
end

local newcomer; -- the session that has passed all gates of a room, until it is told of its own join
local told; -- and then, until the end of the join

--- Hook: somebody is about to join; Jitsi's module forgets the word once it has acted on it.
function clientinfo.joining(event)
	if not is_told(event.origin) then return; end
	event.origin.force_permissions_update = true;
	newcomer = event.origin;
end

--- Hook: a room builds a presence. The newcomer's own presence for themselves has no x yet; the presences that the newcomer
-- gets from others are of other occupants.
function clientinfo.building(event)
	local session = newcomer;
	if not session or event.x or event.stanza.attr.to ~= session.full_jid then return; end
	if event.room:get_occupant_jid(session.full_jid) ~= event.occupant.nick then return; end
	newcomer, told = nil, session;
	add(event.stanza, event.room, session);
end

--- Hook: somebody came in, or is in and sends a join again; who was not told on the way is told now.
function clientinfo.joined(event)
	if told ~= event.origin then clientinfo.tell(event.room, event.occupant, event.origin); end
	newcomer, told = nil, nil;
end

return clientinfo;
