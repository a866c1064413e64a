--- Where people open a room with a browser: an operator's form of it (meetauth_http_room_url), with the names put in.

local url = {};

--- The address of a room. A tenant's room is in the tenant's folder.
---@param form string     with HOST and ROOM in the places of the names
---@param host string     the VirtualHost
---@param tenant string?
---@param name string     without its tenant
---@return string
function url.of(form, host, tenant, name)
	local names = { HOST = host, ROOM = tenant and tenant .. "/" .. name or name };
	return (form:gsub("%u%u%u%u", names));
end

--- The address with a token in it, as Jitsi's client reads it.
---@param address string
---@param token string
---@return string
function url.with_token(address, token)
	return address .. (address:find("?", 1, true) and "&" or "?") .. "jwt=" .. token;
end

return url;
