-- nostorage: users with tokens and guests have a meeting and no account. Nothing about them is stored, as with Prosody's
-- own anonymous login. Stores of this host that use other names are not changed.

local accountmodules = require "meetauth.server.accountmodules";
local guard = require "meetauth.server.nostorage".guard;

local live = module:require "live";

local nostorage = {};

local NAMES_MIN = 500; -- of people who have logged in and have not arrived yet, or have just left: at least so many last ones

local hosts = prosody.hosts;

-- It outlives this module, as the stores do that were opened while it was loaded.
local state = module:shared("nostorage");
state.names, state.older_names, state.count = state.names or {}, state.older_names or {}, state.count or 0;

local function is_ours(store)
	return store:find("^meetauth_") ~= nil;
end

local function is_transient(session)
	return session.meetauth_grant ~= nil or session.meetauth_guest == true;
end

local function keeps_out(name)
	if hosts[module.host].users.name ~= "meetauth" then return false; end -- then others' users are here
	if state.names[name] or state.older_names[name] then return true; end
	return live.has(name, is_transient);
end

--- Somebody has logged in under that name. Two sets of names: a cache would be a thousand tables, and Prosody's collector
-- walks over them as often as somebody joins.
---@param name string
function nostorage.note(name)
	if state.names[name] then return; end
	if state.count == NAMES_MIN then state.names, state.older_names, state.count = {}, state.names, 0; end
	state.names[name], state.count = true, state.count + 1;
end

-- When people leave, Prosody writes data of them.
local function leaving(event)
	local session = event.session;
	if is_transient(session) then nostorage.note(session.username); end
end

-- Of modules that are there already nobody can say what they have opened.
local function warn()
	local loaded = {};
	for _, name in ipairs(accountmodules) do
		if hosts[module.host].modules[name] then loaded[#loaded + 1] = name; end
	end
	if not loaded[1] then return; end
	module:log("warn", "Some modules were loaded before this one and can still store users' data: %s. Restart Prosody",
		table.concat(loaded, ", "));
end

--- From now on, for every storage of this host. Modules that are loaded later are kept from it.
function nostorage.watch()
	state.keeps_out = keeps_out;
	local is_late = false;
	for _, driver in ipairs(module:get_host_items("storage-provider")) do
		is_late = guard(driver, state, is_ours) or is_late;
	end
	module:hook("item-added/storage-provider", function (event) guard(event.item, state, is_ours); end);
	module:hook("pre-resource-unbind", leaving, 1000);
	if is_late and module:get_option_string("authentication") == "meetauth" then warn(); end
end

--- Nothing holds this module any more.
function nostorage.stop()
	state.keeps_out = nil;
end

return nostorage;
