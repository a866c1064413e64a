--- Which MUC component has the rooms of a host, and which host a component's rooms belong to. Jitsi's options say it; where
-- they say nothing, the names do.

local roomhosts = {};

--- A name less its first label.
---@param name string
---@return string?
function roomhosts.parent_of(name)
	return name:match("^[^.]+%.(.+)$");
end

--- The name of the component with the rooms of a host.
---@param get fun(option: string): any  an option of the host's
---@param host string
---@return string
function roomhosts.main_of(get, host)
	local main, prefix = get("muc_mapper_domain"), get("muc_mapper_domain_prefix");
	if type(main) == "string" then return main; end
	return (type(prefix) == "string" and prefix or "conference") .. "." .. host;
end

--- The tenant in the name of a component that does not exist, as clients write it. Jitsi's muc_domain_mapper has all
-- tenants' rooms on the main component.
---@param name string   such as conference.tenant.meet.example
---@param main string   conference.meet.example
---@param host string   meet.example
---@return string?
function roomhosts.tenant_of(name, main, host)
	local prefix, suffix = main:sub(1, #main - #host), "." .. host;
	if main ~= prefix .. host or name:sub(1, #prefix) ~= prefix or name:sub(-#suffix) ~= suffix then return nil; end
	local tenant = name:sub(#prefix + 1, -#suffix - 1);
	return tenant ~= "" and tenant or nil;
end

--- The host that a component's rooms belong to.
---@param get fun(option: string): any  an option of the component's
---@param component string
---@param prepare fun(name: string): string?  a name as Prosody has it
---@return string?
function roomhosts.base_of(get, component, prepare)
	local base = get("muc_mapper_domain_base");
	if type(base) == "string" then return prepare(base); end
	return roomhosts.parent_of(component);
end

return roomhosts;
