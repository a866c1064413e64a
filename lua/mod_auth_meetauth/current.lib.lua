-- current: this host's configuration, as its options say it, and the one that is in use: all others ask for it here.

local configmanager = require "core.configmanager";

local hostconfig = require "meetauth.config.host";

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

--- The present options.
---@return Site? site
---@return string[]? problems
function current.read()
	local site, problems = hostconfig.read(function (name) return module:get_option(name); end, option_names(), module.host);
	if not site then return nil, problems; end
	local documents, told = hostconfig.load_files(site, keys.read_file);
	if not documents then return nil, told; end
	site.documents = documents;
	table.move(told, 1, #told, #site.warnings + 1, site.warnings);
	return site;
end

return current;
