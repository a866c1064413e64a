-- current: this host's configuration, as its options say it, and the one that is in use: all others ask for it here.

local configmanager = require "core.configmanager";

local check_api_keys = require "meetauth.rest.apikeys".check_files;
local hostconfig = require "meetauth.config.host";
local load_key_files = require "meetauth.key.files".load;

local keys = module:require "keys";

local current = {};

---@type Site  the one that is in use, with what was made of it: its keys, and verify
current.site = nil;

local function option_names()
	local names = {};
	local all = configmanager.getconfig();
	for _, section in ipairs({ all["*"], rawget(all, module.host) or {} }) do
		for name in pairs(section) do names[#names + 1] = name; end
	end
	return names;
end

--- What the options say now.
---@return Site? site
---@return string[]? problems
function current.read()
	local site, problems = hostconfig.read(function (name) return module:get_option(name); end, option_names(), module.host);
	if not site then return nil, problems; end
	local warnings, unreadable = load_key_files(site.entries, keys.read_file);
	if not warnings then return nil, unreadable; end
	local shared_secrets = check_api_keys(site.api_keys, site.entries);
	if shared_secrets[1] then return nil, shared_secrets; end
	table.move(warnings, 1, #warnings, #site.warnings + 1, site.warnings);
	return site;
end

return current;
