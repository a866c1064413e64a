--- Check of MUC components that are not guarded, such as those for lobbies, breakout rooms, Jicofo and the bridges. It
-- finds components where a user with a token can enter, make rooms and own them.

local checksite = require "meetauth.cli.check.site";

local list = require "meetauth.cli.server.hosts".words;

-- Whether the host's logins are meetauth's, so that everybody with a token is a user here.
local function decides(host)
	return host.get("authentication") == "meetauth";
end

-- Jitsi's module lets in whom its list names, and nobody else.
local function is_shut(component, host)
	local named = component.modules.muc_filter_access and list(component.get("muc_filter_whitelist")) or {};
	for _, name in ipairs(named) do
		if name == host.name then return false; end
	end
	return named[1] ~= nil;
end

local function is_open(component, host)
	return component.component == "muc" and not component.modules.muc_meetauth
		and component.get("restrict_room_creation") ~= true and not is_shut(component, host);
end

local naming = { "lobby_muc", "breakout_rooms_muc", "main_muc" };

-- How well a component fits a host: the one that names it, or else the one with the longest name that it is below.
local function fit(component, host)
	for _, option in ipairs(naming) do
		if host.get(option) == component.name then return math.huge; end
	end
	return component.name:sub(-#host.name - 1) == "." .. host.name and #host.name or 0;
end

-- The checked host that a component belongs to; nil: none of them.
local function host_of(site, component)
	local best, how = nil, 0;
	for _, host in ipairs(site.served) do
		local fits = fit(component, host);
		if fits > how then best, how = host, fits; end
	end
	return best;
end

local function todo(host, component)
	local line = ("set restrict_room_creation = true on Component %q"):format(component.name);
	if host.get("lobby_muc") == component.name then return line; end
	if host.get("breakout_rooms_muc") == component.name then
		return ("%s, and add Jicofo to its admins. Or add \"muc_meetauth\" to its modules_enabled and set main_muc = %q"):format(line,
			checksite.main_of(host));
	end
	return line .. ", and add the users that make its rooms to its admins. Or add \"muc_meetauth\" to its modules_enabled";
end

local function tell(host, component, say)
	say("warn", component.name .. ": every user with a token can enter it, and owns "
		.. "the rooms that the user makes", todo(host, component));
end

local function check_components(site, host, say)
	if not decides(host) then return; end
	local clean, main = true, {};
	for _, component in ipairs(site:rooms(host)) do main[component] = true; end -- "rooms" tells of those
	for _, component in ipairs(site:where(function (it) return is_open(it, host); end)) do
		if not main[component] and host_of(site, component) == host then
			clean = false;
			tell(host, component, say);
		end
	end
	if clean then say("ok", "users with tokens can make rooms only on guarded components"); end
end

-- Components of no checked host: a bearer reaches every component of the server.
local function check_others(site, _, say)
	for _, host in ipairs(site.served) do
		if decides(host) then
			for _, component in ipairs(site:where(function (it) return is_open(it, host); end)) do
				if not host_of(site, component) then tell(host, component, say); end
			end
			return;
		end
	end
end

---@type CheckRow[]
return {
	{ name = "components", of = "server", look = check_others };
	{ name = "components", of = "host", look = check_components };
};
