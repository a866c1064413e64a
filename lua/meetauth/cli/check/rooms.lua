--- Checks of rooms: whether they are guarded, and whether recorders, gateways and guests, who have no token, get in.

local exempt_of = require "meetauth.config.exempt".read;
local checksite = require "meetauth.cli.check.site";
local names_of = require "meetauth.util.list".names;
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
			"load muc_meetauth on the \"muc\" component");
	elseif not component.modules.muc_meetauth then
		if host.read and host.read.meetauth_enforcement == "elsewhere" then
			return say("note", component.name .. " does not load muc_meetauth, because meetauth_enforcement "
				.. "leaves its rooms to other modules");
		end
		say("FAIL", component.name .. " does not load muc_meetauth, so nobody can log in",
			("add \"muc_meetauth\" to modules_enabled of Component %q"):format(component.name));
	else
		say("ok", component.name .. " loads muc_meetauth");
	end
end

-- A host without rooms: its people enter the rooms of another host, or none.
local function check_homeless(site, host, say)
	local home = site:home_of(host);
	if not home then
		local others = site:where(function (it) return it ~= host and decides(it) and site:rooms(it)[1]; end);
		local todo = "set muc_mapper_domain on the host, or muc_mapper_domain_base on the component";
		return say("FAIL", ("there is no MUC component %s"):format(checksite.main_of(host)), others[1]
			and ("%s. If its people enter the rooms of %s, set meetauth_foreign_hosts = { %q } under VirtualHost %q"):format(todo,
				others[1].name, host.name, others[1].name) or todo);
	end
	if checksite.takes(home, host.name) then
		return say("ok", ("its people enter the rooms of %s"):format(home.name));
	end
	say("warn", ("its people cannot enter the rooms of %s"):format(home.name),
		("set meetauth_foreign_hosts = { %q } under VirtualHost %q"):format(host.name, home.name));
end

local function check_guards(site, host, say)
	if not decides(host) and not host.modules.auth_meetauth then return; end
	if not decides(host) then return say("note", "meetauth only observes this host and does not guard its rooms"); end
	local rooms = site:rooms(host);
	if not rooms[1] then return check_homeless(site, host, say); end
	for _, component in ipairs(rooms) do check_guarded(host, component, say); end
	if host.modules.muc_meetauth then
		say("FAIL", "muc_meetauth is loaded on the VirtualHost", ("move it to modules_enabled of Component %q"):format(rooms[1].name));
	end
	for _, component in ipairs(rooms) do
		if component.modules.muc_meetauth and component.get("muc_room_locking") ~= false then
			say("warn", ("%s locks a new room until its owner has configured it"):format(component.name),
				"set muc_room_locking = false on that component");
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
			say("FAIL", ("%s: there is no VirtualHost %s for its rooms"):format(component.name, tostring(base)),
				"set muc_mapper_domain_base to the name of your VirtualHost");
		elseif not decides(at) then
			say("FAIL", ("%s: authentication of %s is not \"meetauth\", so all joins are refused"):format(component.name, base),
				("set authentication = \"meetauth\" under VirtualHost %q"):format(base));
		elseif is_lobby then
			say("warn", component.name .. ": people who wait in the lobby need no token",
				"delete muc_meetauth from modules_enabled of that component");
		elseif is_breakout and not component.get("main_muc") then
			say("warn", component.name .. ": tokens do not name breakout rooms", ("set main_muc = %q on that component"):format(
				checksite.main_of(at)));
		else
			say("ok", ("%s guards the rooms of %s"):format(component.name, base));
		end
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

-- Logins by which only those come in who have an account there.
local account_logins = { internal_hashed = true, internal_plain = true, internal = true };

-- Whether nobody logs in to a host by token or without an account: who is exempt there owns every room.
local function has_accounts_only(host)
	return account_logins[host.get("authentication") or "internal_hashed"] ~= nil and not host.get("anonymous_login")
		and host.get("allow_registration") ~= true;
end

-- JIDs that a component's own options name, and that look like a recorder's or a gateway's.
local jid_options = { "admins", "muc_password_whitelist", "unlimited_jids" };

-- Domains and bare JIDs that come into a component's rooms without a token, as the configuration shows them.
---@type (fun(site: CheckedSite, host: CheckedHost, component: CheckedHost, add: fun(jid: string)))[]
local services = {
	function (site, host, _, add) -- recorders and gateways that have their own host
		local function is_one(it)
			return not it.component and is_service(it.name) and it.name:sub(-#host.name - 1) == "." .. host.name
				and has_accounts_only(it);
		end
		for _, other in ipairs(site:where(is_one)) do add(other.name); end
	end;
	function (site, _, component, add)
		for _, option in ipairs(jid_options) do
			for _, jid in ipairs(list(component.get(option))) do
				local node, domain = jid:match("^([^@/]+)@([^@/]+)$");
				local at = site.hosts[domain or ""];
				if node and is_service(node) and (not at or has_accounts_only(at)) then add(jid); end
			end
		end
	end;
	function (site, _, component, add) -- on a visitors' node: who is in the main room
		local main = component.modules.fmuc and component.get("main_domain");
		if type(main) == "string" and not site.hosts[main] then add(main); end
	end;
	function (_, host, component, add) -- on the main server: visitors, who speak through their nodes' rooms
		local first = component.name:match("^[^.]+%.");
		local nodes = (host.modules.visitors or host.modules.visitors_component) and component.get("s2sout_override");
		for _, name in ipairs(names_of(type(nodes) == "table" and nodes)) do
			if first and name ~= component.name and name:sub(1, #first) == first then add(name); end
		end
	end;
};

local function services_of(site, host, component)
	local found, seen = {}, {};
	local function add(jid)
		local domain = jid:match("@(.*)$");
		if not seen[jid] and not seen[domain] then found[#found + 1], seen[jid] = jid, true; end
	end
	for _, service in ipairs(services) do service(site, host, component, add); end
	return found;
end

-- Hosts of this server that are exempt although people log in there by a token, or without an account.
local function check_open_doors(site, component, exempt, say)
	for _, name in ipairs(names_of(exempt)) do
		local at = site.hosts[name];
		if at and not at.component and not has_accounts_only(at) then
			say("FAIL", ("%s lets everybody from %s in and does not check their tokens"):format(component.name, name),
				("delete %q from meetauth_exempt and token_verification_allowlist"):format(name));
		end
	end
end

-- The hosts whose people need no token there. If this cannot be read, everybody else stays out.
local function exempt_at(site, component, say)
	local set, problems = exempt_of(component.get);
	for _, problem in ipairs(component.modules.muc_meetauth and problems or {}) do
		say("FAIL", ("%s: %s"):format(component.name, problem), "correct this, because only admins can join");
	end
	check_open_doors(site, component, set, say);
	for _, jid in ipairs(list(component.get("admins"))) do set[jid] = true; end
	return set;
end

local function check_exempt(site, host, say)
	if not decides(host) then return; end
	for _, component in ipairs(site:rooms(host)) do
		local exempt, lacking = exempt_at(site, component, say), {};
		local found = component.modules.muc_meetauth and services_of(site, host, component) or {};
		for _, jid in ipairs(found) do
			if not exempt[jid] and not exempt[jid:match("@(.*)$") or jid] then lacking[#lacking + 1] = terminal.json(jid); end
		end
		if lacking[1] then
			say("warn", ("%s refuses %s, which have no token"):format(component.name, table.concat(lacking, ", ")),
				("set meetauth_exempt = { %s } on that component"):format(table.concat(lacking, ", ")));
		elseif found[1] then
			say("ok", ("%s lets %s in without a token"):format(component.name, table.concat(found, ", ")));
		end
	end
end

-- Hosts for guests, as Jitsi's handbook sets them up, with another login than meetauth: of one with it "rooms" tells.
local function check_guests(site, host, say)
	if not decides(host) then return; end
	local function is_one(it) return it.name == "guest." .. host.name and not it.component and not decides(it); end
	for _, guests in ipairs(site:where(is_one)) do
		if checksite.takes(host, guests.name) then
			say("ok", ("guests from %s can enter"):format(guests.name));
		else
			say("warn", ("guests from %s cannot enter the rooms of this host"):format(guests.name),
				("set meetauth_foreign_hosts = { %q } on this VirtualHost"):format(guests.name));
		end
	end
end

---@type CheckRow[]
return {
	{ name = "places", of = "server", look = check_places };
	{ name = "rooms", of = "host", look = check_guards };
	{ name = "exempt", of = "host", look = check_exempt };
	{ name = "guests", of = "host", look = check_guests };
};
