-- For the Daily specs: runs Lua inside Prosody for any session of this host, and tells the result as JSON.
-- The code knows 'session' (who asks), 'module', and room(name, component).

local json = require "util.json";
local st = require "util.stanza";

local function room(name, component)
	component = component or ("conference." .. module.host);
	return prosody.hosts[component].modules.muc.get_room_from_jid(name .. "@" .. component);
end

module:hook("iq-set/host/urn:meetauth:spec:eval:query", function (event)
	local env = setmetatable({ session = event.origin, module = module, room = room }, { __index = _G });
	local chunk, result = load(event.stanza.tags[1]:get_text(), "=inside", "t", env);
	local ok = chunk ~= nil;
	if ok then ok, result = pcall(chunk); end
	event.origin.send(st.reply(event.stanza):text_tag("result", json.encode({ ok = ok, result = result })));
	return true;
end);
