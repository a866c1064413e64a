-- enforcement: whether the rooms of this host are guarded at all. Without mod_muc_meetauth every login
-- would open every room, so nobody logs in until it is there.

local enforcement = {};

local hosts = prosody.hosts;

-- The MUC component whose rooms the tokens of this host open.
local function main_muc()
	local prefix = module:get_option_string("muc_mapper_domain_prefix", "conference");
	return module:get_option_string("muc_mapper_domain", prefix .. "." .. module.host);
end

local function unguarded(component)
	return component.modules.muc ~= nil and component.modules.muc_meetauth == nil;
end

--- True where the main MUC component lacks the module or, where there is no such component, any other of
-- this host's does.
---@return boolean
function enforcement.missing()
	local main = hosts[main_muc()];
	if main then return unguarded(main); end
	for name, component in pairs(hosts) do
		if name:match("^[^.]+%.(.+)$") == module.host and unguarded(component) then return true; end
	end
	return false;
end

return enforcement;
