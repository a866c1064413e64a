--- Check of lobbies: whether a lobby is made if a person must wait in a room without one. Jitsi's persistent_lobby
-- answers that wish, and muc_lobby_rooms makes the lobby. Without these modules, such users are refused.

local checksite = require "meetauth.cli.check.site";

local REFUSED = "no module makes lobbies. A person who must wait, or who asks for a "
	.. "lobby by context.room.lobby, is refused (not-enforceable)";

-- Entries whose bearers have lobbies made, and the entries of these that an operator has set so.
local function makers(host)
	local all, told = {}, {};
	local raws = host.get("meetauth_issuers") or {};
	for i, entry in ipairs(host.read and host.read.entries or {}) do
		if (entry.knock_without_lobby or "create") == "create" then
			all[#all + 1] = entry.id;
			local everybody = entry.dialect == "daily" and (entry.lobby == "knock" or entry.lobby == "owners");
			if everybody or raws[i] and raws[i].knock_without_lobby then told[#told + 1] = entry.id; end
		end
	end
	return all, told;
end

local function text(value)
	return type(value) == "string" and value or nil;
end

-- The modules for lobbies that are missing, as a line to write.
local function lacking(site, host)
	local modules, lines = {}, {};
	for _, name in ipairs({ "muc_lobby_rooms", "persistent_lobby" }) do
		if not host.modules[name] then modules[#modules + 1] = ("%q"):format(name); end
	end
	if modules[1] then lines[1] = "add " .. table.concat(modules, " and ") .. " to modules_enabled"; end
	if not text(host.get("main_muc")) then lines[#lines + 1] = ("set main_muc = %q"):format(checksite.main_of(host)); end
	local lobby = text(host.get("lobby_muc"));
	if not lobby then lines[#lines + 1] = ("set lobby_muc = %q"):format("lobby." .. host.name); end
	local todo = lines[1] and { "on this VirtualHost, " .. table.concat(lines, ", ") } or {};
	local component = site.hosts[lobby or ""];
	if lobby and not (component and component.component == "muc") then
		todo[#todo + 1] = ("add Component %q \"muc\""):format(lobby);
	end
	return todo[1] and table.concat(todo, "; ");
end

local function check_lobbies(site, host, say)
	if host.get("authentication") ~= "meetauth" or not host.read or site:home_of(host) then return; end
	local all, told = makers(host);
	local todo = lacking(site, host);
	if not all[1] then return say("ok", "no entry needs a lobby"); end
	if not todo then return say("ok", "a lobby is made if a person must wait in a room without one"); end
	todo = todo .. ". Or set knock_without_lobby in the entries";
	if not told[1] then return say("note", REFUSED, todo); end
	say("warn", table.concat(told, ", ") .. ": " .. REFUSED, todo);
end

---@type CheckRow[]
return {
	{ name = "lobbies", of = "host", look = check_lobbies };
};
