--- The Prosody configuration, read by Prosody's own configmanager. Include, ENV_ and included files therefore mean here
-- what they mean in the server. It finds Prosody's sources where prosodyctl has them.

local stop = require "meetauth.cli.io.stop";

local prosody = {};

local PLACES = { "/usr/lib/prosody", "/usr/local/lib/prosody" };

local function has_sources(folder)
	local file = io.open(folder .. "/core/configmanager.lua");
	if file then file:close(); end
	return file ~= nil;
end

-- Where the prosodyctl that a shell would run says that its sources are.
local function of_prosodyctl()
	for folder in (os.getenv("PATH") or ""):gmatch("[^:]+") do
		local file <close> = io.open(folder .. "/prosodyctl");
		local head = file and file:read(4096);
		local sources = head and head:match("\nCFG_SOURCEDIR='([^'\n]+)'");
		if sources then return sources; end
	end
	return nil;
end

-- The folder of Prosody's sources: what the caller says, or the first place that has them.
local function find(told)
	if told then
		for _, folder in ipairs({ told, told .. "/usr/lib/prosody", told .. "/lib/prosody" }) do
			if has_sources(folder) then return folder; end
		end
		stop.usage("--prosody: %s has no core/configmanager.lua", told);
	end
	for _, folder in ipairs({ of_prosodyctl() or PLACES[1], table.unpack(PLACES) }) do
		if has_sources(folder) then return folder; end
	end
	return stop.usage("Prosody is needed to read its configuration, and was not found. Install it, give its folder (--prosody or "
		.. "MEETAUTH_PROSODY), or give a key file (--secret-file or --key-file)");
end

-- Prosody's own configmanager; its Unicode, and how it compares a certificate with a host's name, where those load.
local function load_manager(folder)
	local path, cpath = package.path, package.cpath;
	package.path, package.cpath = folder .. "/?.lua;" .. path, folder .. "/?.so;" .. cpath;
	pcall(require, "loader"); -- 13: modules under either of their names
	local ok, manager = pcall(require, "core.configmanager");
	local has_unicode, encodings = pcall(require, "util.encodings");
	local has_names, x509 = pcall(require, "util.x509");
	package.path, package.cpath = path, cpath;
	if not ok then stop.usage("Prosody's configmanager in %s does not load: %s", folder, manager); end
	return manager, has_unicode and encodings.stringprep or nil, has_names and x509.verify_identity or nil;
end

-- 13: where the configuration's Credential() looks; systemd gives that to the server alone.
local function set_credentials(manager)
	if not manager.set_credentials_directory then return; end
	local folder = os.getenv("CREDENTIALS_DIRECTORY");
	if folder then manager.set_credentials_directory(folder); else manager.set_credential_fallback_mode("warn"); end
end

---@class ProsodyConfig
---@field sources string                 the folder of Prosody's sources
---@field sections table<string, table>  the options of each host; "*": the options of all
---@field get fun(host: string, name: string): any
---@field stringprep table?              Prosody's Unicode
---@field verify_identity (fun(host: string, service: false, certificate: any): boolean)?

--- Read a configuration.
---@param path string    of prosody.cfg.lua
---@param told string?   where Prosody's sources are
---@return ProsodyConfig
function prosody.read(path, told)
	local sources = find(told or os.getenv("MEETAUTH_PROSODY"));
	local manager, stringprep, verify_identity = load_manager(sources);
	set_credentials(manager);
	if not path:find("/", 1, true) then path = "./" .. path; end -- what it includes is beside it
	local ok, level, why = manager.load(path, "lua");
	if not ok then stop.usage("%s: %s", level == "file" and "cannot read the configuration" or path, why); end
	return {
		sources = sources, sections = manager.getconfig(), get = manager.get, stringprep = stringprep,
		verify_identity = verify_identity,
	};
end

---@class ProsodyHost
---@field get fun(name: string): any  an option
---@field names string[]              of the options set, for the host or for all
---@field stringprep table?           Prosody's Unicode

--- One host of a configuration; a missing host ends the command.
---@param read ProsodyConfig
---@param path string
---@param host string
---@return ProsodyHost
function prosody.host_of(read, path, host)
	local own = rawget(read.sections, host);
	if not own then stop.usage("%s has no host %q", path, host); end
	local names = {};
	for _, section in ipairs({ read.sections["*"], own }) do
		for name in pairs(section) do names[#names + 1] = name; end
	end
	return { get = function (name) return read.get(host, name); end, names = names, stringprep = read.stringprep };
end

--- Read a configuration, as it is for one host.
---@param path string
---@param host string
---@param told string?
---@return ProsodyHost
function prosody.host(path, host, told)
	return prosody.host_of(prosody.read(path, told), path, host);
end

return prosody;
