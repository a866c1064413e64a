-- enforcement: whether the rooms of this host are guarded at all. Without mod_muc_meetauth every login would open every
-- room. Therefore nobody can log in before it is loaded, and users who logged in before it was unloaded cannot join a
-- room.

local jid_host = require "util.jid".host;

local roomhosts = require "meetauth.server.roomhosts";

local enforcement = {};

local MUC = "http://jabber.org/protocol/muc";

local hosts = prosody.hosts;

local main_muc; -- the MUC component whose rooms the tokens of this host open; not asked for again at each login

local function read_main_muc()
	main_muc = roomhosts.main_of(function (name) return module:get_option(name); end, module.host);
end

local function unguarded(component)
	return component.modules.muc ~= nil and component.modules.muc_meetauth == nil;
end

local function is_ours(name)
	return roomhosts.parent_of(name) == module.host;
end

--- True where the main MUC component lacks the module or, where there is no such component, any other of
-- this host's does.
---@return boolean
function enforcement.missing()
	local main = hosts[main_muc];
	if main then return unguarded(main); end
	for name, component in pairs(hosts) do
		if is_ours(name) and unguarded(component) then return true; end
	end
	return false;
end

--- Whether a presence joins a room that nobody guards. The room is on the main MUC component or, if this does not exist, on
-- any other of this host's.
---@param stanza table
---@return boolean
function enforcement.missing_for(stanza)
	if stanza.attr.type or not stanza:get_child("x", MUC) then return false; end
	local name = jid_host(stanza.attr.to);
	local component = hosts[name];
	if not component or not unguarded(component) then return false; end
	return name == main_muc or not hosts[main_muc] and is_ours(name);
end

read_main_muc();
module:hook_global("config-reloaded", read_main_muc);

return enforcement;
