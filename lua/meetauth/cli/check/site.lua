--- The configuration in the form that the checks need: hosts and components with their options and modules. It also says
-- which component has which host's rooms.

local hostconfig = require "meetauth.config.host";
local hosts = require "meetauth.cli.server.hosts";
local prosody = require "meetauth.cli.server.prosody";
local stop = require "meetauth.cli.io.stop";
local names_of = require "meetauth.util.list".names;
local set_of = require "meetauth.util.list".set;
local roomhosts = require "meetauth.server.roomhosts";

---@class CheckedHost
---@field name string
---@field component string?        the module that a component is
---@field get fun(name: string): any
---@field names string[]           of the options set, for it or for all
---@field own table<string, any>   the options in its own section
---@field modules table<string, true>
---@field read Site?             of a host that is checked
---@field problems string[]?       where there is none
---@field dates { at: string, off: number }[]  how far clocks of key servers are ahead, in seconds

---@class CheckedSite
---@field args table
---@field config ProsodyConfig
---@field hosts table<string, CheckedHost>
---@field served CheckedHost[]     the hosts to check
---@field now number
local methods = {};
methods.__index = methods;

local site = {};

local function host_of(read, path, name)
	local at, own = prosody.host_of(read, path, name), rawget(read.sections, name);
	local component = own.component_module;
	return {
		name = name, component = component, get = at.get, names = at.names, own = own, dates = {},
		modules = hosts.modules_of(read, name),
	};
end

-- Whether Prosody starts a host or component; Debian's template of Jitsi had one that it does not.
local function is_enabled(read, name)
	return read.get(name, "enabled") ~= false;
end

--- Read it, less what is not enabled. A configuration that cannot be read ends the command.
---@param args table  config, prosody, host
---@param now number  seconds since the epoch
---@return CheckedSite
function site.read(args, now)
	local read = prosody.read(args.config, args.prosody);
	local self = setmetatable({ args = args, config = read, hosts = {}, served = {}, now = now }, methods);
	local function is_there(name) return name ~= "*" and is_enabled(read, name); end
	for _, name in ipairs(names_of(read.sections, is_there)) do
		local host = host_of(read, args.config, name);
		self.hosts[name] = host;
		local wanted = hosts.is_served(read, name)
			or args.migrate and not host.component and host.get("authentication") == "token";
		if args.host then wanted = name == args.host; end
		if wanted then self.served[#self.served + 1] = host; end
	end
	if args.host and not self.served[1] then
		local is_off = rawget(read.sections, args.host) ~= nil;
		stop.usage(is_off and "%s: %q has enabled = false" or "%s has no host %q", args.config, args.host);
	end
	for _, host in ipairs(self.served) do
		host.read, host.problems = hostconfig.read(host.get, host.names, host.name);
	end
	return self;
end

--- An option that holds for all hosts.
function methods:global(name)
	return self.config.get("*", name);
end

--- All hosts and components, by name, that fit.
---@param fits fun(host: CheckedHost): any
---@return CheckedHost[]
function methods:where(fits)
	local list = {};
	for _, host in pairs(self.hosts) do
		if fits(host) then list[#list + 1] = host; end
	end
	table.sort(list, function (a, b) return a.name < b.name; end);
	return list;
end

--- The host that a component's rooms belong to, as mod_muc_meetauth finds it.
---@param component CheckedHost
---@return string?
function site.base_of(component)
	return roomhosts.base_of(component.get, component.name, string.lower);
end

--- The name of the component with the rooms of a host, as mod_auth_meetauth finds it.
---@param host CheckedHost
---@return string
function site.main_of(host)
	return roomhosts.main_of(host.get, host.name);
end

--- The components with the rooms of a host: the main one or, where none has that name, every one below the host. All
-- components that load muc_meetauth for it are among them.
---@param host CheckedHost
---@return CheckedHost[]
function methods:rooms(host)
	local main = self.hosts[site.main_of(host)];
	return self:where(function (component)
		if component.component == nil then return false; end
		if component.modules.muc_meetauth then return site.base_of(component) == host.name; end
		if main then return component == main; end
		return component.component == "muc" and roomhosts.parent_of(component.name) == host.name;
	end);
end

--- Whether a host takes the people of another one into its rooms.
---@param host CheckedHost
---@param name string  of the other one
---@return boolean
function site.takes(host, name)
	return set_of(hosts.words(host.get("meetauth_foreign_hosts")))[name] == true;
end

--- The host whose rooms the people of a host without rooms enter. It accepts them, or its name follows "guest.", as Jitsi's
--- handbook names a host for guests.
---@param host CheckedHost
---@return CheckedHost?
function methods:home_of(host)
	if self:rooms(host)[1] then return nil; end
	local function is_home(other) return not other.component and other ~= host and self:rooms(other)[1] ~= nil; end
	local homes = self:where(is_home);
	for _, other in ipairs(homes) do
		if site.takes(other, host.name) then return other; end
	end
	for _, other in ipairs(homes) do
		if host.name == "guest." .. other.name then return other; end
	end
	return nil;
end

return site;
