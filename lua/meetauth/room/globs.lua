--- Rooms by a list of globs: the rooms that an issuer entry can open at all. A glob that begins with a tenant,
-- "[acme]lobby-*", is for that tenant's rooms. Another glob is for rooms without a tenant, or for the entry's tenant if
-- it has one.

local pattern = require "meetauth.room.pattern";
local bytes = require "meetauth.util.bytes";
local roomname = require "meetauth.room.name";

local roomglobs = {};

---@class Rooms  one glob
---@field tenant Item[]?  nil: a plain room, or one of the entry's own tenant
---@field name Item[]

---@param glob string
---@return Rooms?  nil where it is too long
local function compile(glob)
	local tenant, name = roomname.split(glob);
	local of_tenant, of_name = tenant and pattern.of_glob(tenant), pattern.of_glob(name);
	if tenant and not of_tenant or not of_name then return nil; end
	return { tenant = of_tenant, name = of_name };
end

-- Lists as they were compiled, for as long as somebody has them.
local compiled = setmetatable({}, { __mode = "k" });

local function compiled_list(globs)
	local list = compiled[globs];
	if not list then
		list = {};
		for _, glob in ipairs(globs) do list[#list + 1] = compile(glob); end
		compiled[globs] = list;
	end
	return list;
end

---@param glob string
---@return boolean
function roomglobs.is_glob(glob)
	return compile(glob) ~= nil;
end

local function fits_tenant(rooms, tenant, own)
	if rooms.tenant then return tenant ~= nil and pattern.matches(rooms.tenant, tenant); end
	return tenant == nil or own ~= nil; -- that it is the entry's own tenant is access/policy.lua's to see
end

--- Whether one of the globs matches the whole of a room's name, as it is in its address or decoded.
---@param globs string[]
---@param own string?     the entry's tenant
---@param tenant string?  the room's, in lower case
---@param name string     the room's name without it, in lower case
---@return boolean
function roomglobs.has(globs, own, tenant, name)
	local plain = bytes.unescape(name);
	for _, rooms in ipairs(compiled_list(globs)) do
		if fits_tenant(rooms, tenant, own)
			and (pattern.matches(rooms.name, name) or plain ~= name and pattern.matches(rooms.name, plain)) then return true; end
	end
	return false;
end

return roomglobs;
