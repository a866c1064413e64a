--- The hosts of a configuration: which modules each has, and whose logins are meetauth's.

local stop = require "meetauth.cli.io.stop";
local names_of = require "meetauth.util.list".names;

local hosts = {};

--- The strings of an option that may be one or a list.
---@param value any
---@return string[]
function hosts.words(value)
	if type(value) == "string" then return { value }; end
	local list = {};
	for _, item in pairs(type(value) == "table" and value or {}) do
		if type(item) == "string" then list[#list + 1] = item; end
	end
	table.sort(list);
	return list;
end

--- Its modules, as Prosody's modulemanager has them; the few global modules that components load, too, are of no interest
-- here.
---@param read ProsodyConfig
---@param name string
---@return table<string, true>
function hosts.modules_of(read, name)
	local own, modules = read.sections[name], {};
	local function each(words, value)
		for _, word in ipairs(hosts.words(words)) do modules[word] = value; end
	end
	if not own.component_module then
		each(read.get("*", "modules_enabled"), true);
		each(read.get("*", "modules_disabled"), nil);
	end
	each(own.modules_enabled, true);
	each(own.modules_disabled, nil);
	return modules;
end

--- Whether people log in to it with a meeting token.
---@param read ProsodyConfig
---@param name string
---@return boolean
function hosts.is_served(read, name)
	if name == "*" or read.sections[name].component_module then return false; end
	return read.get(name, "authentication") == "meetauth" or hosts.modules_of(read, name).auth_meetauth == true;
end

--- The one host that can be meant where none is named; none or several end the command.
---@param read ProsodyConfig
---@param path string  of the configuration
---@return string
function hosts.only(read, path)
	local names = names_of(read.sections, function (name) return hosts.is_served(read, name); end);
	if not names[1] then stop.usage("expected a key or --host, because no host in %s has authentication = \"meetauth\"", path); end
	if names[2] then stop.usage("--host: expected one of %s", table.concat(names, ", ")); end
	return names[1];
end

return hosts;
