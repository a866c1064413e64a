--- Checks of rooms: whether they are guarded, who else makes owners of people in them, and whether recorders and
-- gateways, which have no token, get in.

local exempt_of = require "meetauth.config.exempt".read;
local files = require "meetauth.cli.io.files";
local checksite = require "meetauth.cli.check.site";
local terminal = require "meetauth.cli.io.terminal";

local list = require "meetauth.cli.server.hosts".words;

-- Whether the host's logins are meetauth's, or another's beside which it observes.
local function decides(host)
	return host.get("authentication") == "meetauth";
end

-- Guards -------------------------------------------------------------------------

local function check_guarded(host, component, say)
	if component.component ~= "muc" then
		say("FAIL", ("%s is a component %q"):format(component.name, tostring(component.component)),
			"muc_meetauth belongs on the \"muc\" component");
	elseif not component.modules.muc_meetauth then
		if host.read and host.read.meetauth_enforcement == "elsewhere" then
			return say("note", component.name .. " does not load muc_meetauth: its rooms are left to others (meetauth_enforcement)");
		end
		say("FAIL", component.name .. " does not load muc_meetauth: nobody logs in",
			("add \"muc_meetauth\" to modules_enabled of Component %q"):format(component.name));
	else
		say("ok", component.name .. " loads muc_meetauth");
	end
end

local function check_guards(site, host, say)
	if not decides(host) and not host.modules.auth_meetauth then return; end
	if not decides(host) then return say("note", "meetauth looks on here; the rooms are left as they are"); end
	local rooms = site:rooms(host);
	if not rooms[1] then
		return say("FAIL", ("no MUC component %s"):format(checksite.main_of(host)),
			"set muc_mapper_domain on the host, or muc_mapper_domain_base on the component");
	end
	for _, component in ipairs(rooms) do check_guarded(host, component, say); end
	if host.modules.muc_meetauth then
		say("FAIL", "muc_meetauth is loaded on the VirtualHost", ("move it to modules_enabled of Component %q"):format(rooms[1].name));
	end
	for _, component in ipairs(rooms) do
		if component.modules.muc_meetauth and component.get("muc_room_locking") ~= false then
			say("warn", ("%s keeps a new room shut until its owner has configured it"):format(component.name),
				"muc_room_locking = false on that component");
		end
	end
end

-- Components that load muc_meetauth and should not, or for a host that is none.
local function check_places(site, _, say)
	for _, component in ipairs(site:where(function (host) return host.component and host.modules.muc_meetauth; end)) do
		local base = checksite.base_of(component);
		local at = site.hosts[base or ""];
		local is_lobby = at and at.get("lobby_muc") == component.name;
		local is_breakout = at and at.get("breakout_rooms_muc") == component.name;
		if not at or at.component then
			say("FAIL", ("%s: the rooms' host %s is none"):format(component.name, tostring(base)),
				"muc_mapper_domain_base = the name of your VirtualHost");
		elseif not decides(at) then
			say("FAIL", ("%s: authentication of %s is not \"meetauth\": all joins are refused"):format(component.name, base),
				("authentication = \"meetauth\" under VirtualHost %q"):format(base));
		elseif is_lobby then
			say("warn", component.name .. ": who waits in the lobby needs no token", "delete muc_meetauth there");
		elseif is_breakout and not component.get("main_muc") then
			say("warn", component.name .. ": no token names a breakout room", ("main_muc = %q on that component"):format(
				checksite.main_of(at)));
		else
			say("ok", ("%s guards the rooms of %s"):format(component.name, base));
		end
	end
end

-- Promoters ------------------------------------------------------------------------

-- Modules whose work muc_meetauth does.
local replaced = {
	"token_verification", "token_affiliation", "token_affiliation_legacy", "token_moderation", "token_lobby_bypass",
	"token_lobby_ondemand", "token_security_ondemand",
};

local function check_replaced(site, host, say)
	local clean = true;
	for _, component in ipairs(decides(host) and site:rooms(host) or {}) do
		for _, name in ipairs(replaced) do
			if component.modules[name] then
				clean = false;
				say("warn", ("%s on %s decides, too"):format(name, component.name), "delete it from modules_enabled there");
			end
		end
	end
	if clean then say("ok", "none of the modules that muc_meetauth replaces is loaded"); end
end

---@type { module: string, off: fun(component: CheckedHost): boolean?, whom: string, line: string }[]
local promoters = {
	{ module = "muc_allowners", whom = "everybody", line = "delete it from modules_enabled of that component" };
	{ module = "muc_wait_for_host", whom = "everybody with a token",
		off = function (component) return component.get("wait_for_host_disable_auto_owners") == true; end;
		line = "wait_for_host_disable_auto_owners = true on that component, not on the VirtualHost" };
};

local function check_promoters(site, host, say)
	local clean = true;
	for _, component in ipairs(site:rooms(host)) do
		for _, promoter in ipairs(promoters) do
			if component.modules[promoter.module] and not (promoter.off and promoter.off(component)) then
				clean = false;
				say("warn", ("%s on %s makes owners of %s, unless their token says no"):format(promoter.module, component.name,
					promoter.whom), promoter.line);
			end
		end
	end
	if clean then say("ok", "no module makes owners of people"); end
end

-- The last word of jicofo's configuration on its auto-owner; true where it says nothing.
local function auto_owner(text)
	local value = "true";
	for line in text:gmatch("[^\n]+") do
		line = line:gsub("^%s*#.*", ""):gsub("^%s*//.*", "");
		value = line:match("enable%-auto%-owner\"?%s*[=:]%s*\"?(%a+)") or value;
	end
	return value == "true" or value == "yes" or value == "on";
end

local function check_jicofo(site, _, say)
	local focus = site:where(function (host) return host.name:find("^focus%.") and host.component; end);
	if not focus[1] then return; end
	local path = site.args.jicofo;
	local text = files.text(path);
	local line = "jicofo { conference { enable-auto-owner = false } }";
	if not text then
		say("skip", ("jicofo makes an owner of whoever comes first unless told otherwise, and %s cannot be read"):format(path),
			line .. "; in Docker ENABLE_AUTO_OWNER=0");
	elseif auto_owner(text) then
		say("warn", "jicofo makes an owner of whoever comes first, unless their token says no", ("%s in %s"):format(line, path));
	else
		say("ok", "jicofo makes nobody owner");
	end
end

-- Those without a token --------------------------------------------------------------

local service_names = { "recorder", "hidden", "jibri", "jigasi", "transcriber", "transcribe" };

local function is_service(word)
	for _, name in ipairs(service_names) do
		if word:find("^" .. name .. "%f[%A]") then return true; end
	end
	return false;
end

-- JIDs that a component's own options name, and that look like a recorder's or a gateway's.
local jid_options = { "admins", "muc_password_whitelist", "unlimited_jids" };

-- Recorders and gateways of a host that the configuration shows: domains and bare JIDs.
local function services_of(site, host, component)
	local found, seen = {}, {};
	local function add(jid)
		if not seen[jid] then found[#found + 1], seen[jid] = jid, true; end
	end
	for _, other in ipairs(site:where(function (it) return not it.component; end)) do
		if is_service(other.name) and other.name:sub(-#host.name - 1) == "." .. host.name then add(other.name); end
	end
	for _, option in ipairs(jid_options) do
		for _, jid in ipairs(list(component.get(option))) do
			local node, domain = jid:match("^([^@/]+)@([^@/]+)$");
			if node and is_service(node) and not seen[domain] then add(jid); end
		end
	end
	return found;
end

-- Who needs no token there. What cannot be read keeps everybody else out.
local function exempt_at(component, say)
	local set, problems = exempt_of(component.get);
	for _, problem in ipairs(component.modules.muc_meetauth and problems or {}) do
		say("FAIL", ("%s: %s"):format(component.name, problem), "all joins but those of admins are refused");
	end
	for _, jid in ipairs(list(component.get("admins"))) do set[jid] = true; end
	return set;
end

local function check_exempt(site, host, say)
	if not decides(host) then return; end
	for _, component in ipairs(site:rooms(host)) do
		local exempt, lacking = exempt_at(component, say), {};
		local services = component.modules.muc_meetauth and services_of(site, host, component) or {};
		for _, jid in ipairs(services) do
			if not exempt[jid] and not exempt[jid:match("@(.*)$") or jid] then lacking[#lacking + 1] = terminal.json(jid); end
		end
		if lacking[1] then
			say("warn", ("%s refuses %s, who have no token"):format(component.name, table.concat(lacking, ", ")),
				("meetauth_exempt = { %s } on that component"):format(table.concat(lacking, ", ")));
		elseif services[1] then
			say("ok", ("%s lets %s in without a token"):format(component.name, table.concat(services, ", ")));
		end
	end
end

-- Hosts for guests, as Jitsi's handbook sets them up.
local function check_guests(site, host, say)
	if not decides(host) then return; end
	local named = {};
	for _, name in ipairs(list(host.get("meetauth_foreign_hosts"))) do named[name] = true; end
	for _, guests in ipairs(site:where(function (it) return it.name == "guest." .. host.name and not it.component; end)) do
		if named[guests.name] then
			say("ok", ("guests of %s may enter"):format(guests.name));
		else
			say("warn", ("guests of %s enter no room of this host"):format(guests.name),
				("meetauth_foreign_hosts = { %q } on this VirtualHost"):format(guests.name));
		end
	end
end

---@type CheckRow[]
return {
	{ name = "places", of = "server", look = check_places };
	{ name = "jicofo", of = "server", look = check_jicofo };
	{ name = "rooms", of = "host", look = check_guards };
	{ name = "replaced", of = "host", look = check_replaced };
	{ name = "promoters", of = "host", look = check_promoters };
	{ name = "exempt", of = "host", look = check_exempt };
	{ name = "guests", of = "host", look = check_guests };
};
