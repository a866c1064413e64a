-- identity: the person behind a nick, in presence, as Jitsi's mod_presence_identity writes it. It is for hosts without
-- that module. Text that a client sends under that name is always removed.

local st = require "util.stanza";

local remove_children = require "meetauth.server.children".remove;

local current = module:require "current";

local identity = {};

local function is_xml_name(name)
	return type(name) == "string" and name:find("^[%a_][%w_.-]*$") ~= nil;
end

-- Scalars as text, integers without ".0"; nothing for tables.
local function as_text(value)
	if type(value) == "string" then return value; end
	if type(value) == "boolean" then return tostring(value); end
	if math.type(value) == "integer" then return ("%d"):format(value); end
	if math.type(value) == "float" then return ("%.14g"):format(value); end
	return nil;
end

local function element_of(session)
	local user, group = session.jitsi_meet_context_user, session.jitsi_meet_context_group;
	if not user then return nil; end
	local element = st.stanza("identity"):tag("user");
	for name, value in pairs(user) do
		local text = as_text(value);
		if text and is_xml_name(name) then element:text_tag(name, text); end
	end
	element:up();
	if group then element:text_tag("group", group); end
	return element:reset();
end

local function is_identity(child)
	return child.name == "identity";
end

local function stamp(event)
	if not current.site.meetauth_presence_identity then return; end
	local stanza = event.stanza;
	remove_children(stanza, is_identity);
	local element = not stanza.attr.type and element_of(event.origin);
	if element then stanza:add_direct_child(element); end
end

function identity.watch()
	module:hook("pre-presence/bare", stamp, 1);
	module:hook("pre-presence/full", stamp, 1);
end

return identity;
