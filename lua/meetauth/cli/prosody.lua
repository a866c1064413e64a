--- The Prosody configuration, read by Prosody's own configmanager, so that Include, ENV_ and files that are read in
-- mean here what they mean in the server. Finds Prosody's sources where prosodyctl has them.

local stop = require "meetauth.cli.stop";

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
		stop.usage("--prosody: no core/configmanager.lua under %s", told);
	end
	for _, folder in ipairs({ of_prosodyctl() or PLACES[1], table.unpack(PLACES) }) do
		if has_sources(folder) then return folder; end
	end
	return stop.usage("no Prosody found to read its configuration with: install it here, or say where its sources are "
		.. "(--prosody, MEETAUTH_PROSODY), or give the key itself (--secret-file, --key-file)");
end

local function load_manager(folder)
	local path, cpath = package.path, package.cpath;
	package.path, package.cpath = folder .. "/?.lua;" .. path, folder .. "/?.so;" .. cpath;
	pcall(require, "loader"); -- 13: modules under either of their names
	local ok, manager = pcall(require, "core.configmanager");
	local has_unicode, encodings = pcall(require, "util.encodings");
	package.path, package.cpath = path, cpath;
	if not ok then stop.usage("Prosody's configmanager in %s does not load: %s", folder, manager); end
	return manager, has_unicode and encodings.stringprep or nil;
end

-- 13: where the configuration's Credential() looks; systemd gives that to the server alone.
local function set_credentials(manager)
	if not manager.set_credentials_directory then return; end
	local folder = os.getenv("CREDENTIALS_DIRECTORY");
	if folder then manager.set_credentials_directory(folder); else manager.set_credential_fallback_mode("warn"); end
end

---@class ProsodyHost
---@field get fun(name: string): any  an option
---@field names string[]              of the options set, for the host or for all
---@field stringprep table?           Prosody's Unicode

--- Read a configuration, as it is for one host.
---@param path string    of prosody.cfg.lua
---@param host string
---@param told string?   where Prosody's sources are
---@return ProsodyHost
function prosody.host(path, host, told)
	local manager, stringprep = load_manager(find(told or os.getenv("MEETAUTH_PROSODY")));
	set_credentials(manager);
	if not path:find("/", 1, true) then path = "./" .. path; end -- what it includes is beside it
	local ok, level, why = manager.load(path, "lua");
	if not ok then stop.usage("%s: %s", level == "file" and "cannot read the configuration" or path, why); end
	local all = manager.getconfig();
	local own = rawget(all, host);
	if not own then stop.usage("%s has no host %q", path, host); end
	local names = {};
	for _, section in ipairs({ all["*"], own }) do
		for name in pairs(section) do names[#names + 1] = name; end
	end
	return { get = function (name) return manager.get(host, name); end, names = names, stringprep = stringprep };
end

return prosody;
