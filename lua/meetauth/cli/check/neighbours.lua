--- Checks of Jitsi's and its community's modules next to muc_meetauth. They find modules that do the work of
-- muc_meetauth, make people owners, or let people past a lobby. They also find modules that lack a needed option, or
-- know no login named "meetauth".

local files = require "meetauth.cli.io.files";
local set_of = require "meetauth.util.list".set;

local list = require "meetauth.cli.server.hosts".words;

local function decides(host)
	return host.get("authentication") == "meetauth";
end

-- Replaced -------------------------------------------------------------------------

-- Modules whose work muc_meetauth does.
local replaced = {
	"token_verification", "token_affiliation", "token_affiliation_legacy", "token_moderation", "token_lobby_bypass",
	"token_lobby_ondemand", "token_security_ondemand", "matrix_affiliation", "matrix_lobby_bypass",
};

local function check_replaced(site, host, say)
	local clean = true;
	for _, component in ipairs(decides(host) and site:rooms(host) or {}) do
		for _, name in ipairs(replaced) do
			if component.modules[name] then
				clean = false;
				say("warn", ("%s on %s also decides about tokens"):format(name, component.name),
					"delete it from modules_enabled of that component");
			end
		end
	end
	if clean then say("ok", "none of the modules that muc_meetauth replaces is loaded"); end
end

-- Promoters ------------------------------------------------------------------------

---@type { module: string, off: (fun(component: CheckedHost): boolean)?, whom: string, line: string }[]
local promoters = {
	{ module = "muc_allowners", whom = "everybody", line = "delete it from modules_enabled of that component" };
	{ module = "muc_wait_for_host", whom = "everybody with a token",
		off = function (component) return component.get("wait_for_host_disable_auto_owners") == true; end;
		line = "set wait_for_host_disable_auto_owners = true on that component, not on the VirtualHost" };
	{ module = "lobby_autostart_on_owner", whom = "one of the remaining people, when the last owner leaves",
		line = "delete it from modules_enabled of that component" };
	{ module = "token_lobby_bypass_for_initiator", whom = "the first moderator by token, even if the entry says no",
		line = "delete it from modules_enabled of that component. The entry's lobby option says who waits" };
};

local function check_promoters(site, host, say)
	local clean = true;
	for _, component in ipairs(site:rooms(host)) do
		for _, promoter in ipairs(promoters) do
			if component.modules[promoter.module] and not (promoter.off and promoter.off(component)) then
				clean = false;
				say("warn", ("%s on %s makes %s an owner, unless the token says no"):format(promoter.module, component.name,
					promoter.whom), promoter.line);
			end
		end
	end
	if clean then say("ok", "no module makes people owners"); end
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
	local line = "set jicofo { conference { enable-auto-owner = false } }";
	if not text then
		say("skip", ("jicofo makes the first person an owner unless its configuration says no, and %s cannot be read"):format(path),
			line .. ". In Docker, set ENABLE_AUTO_OWNER=0");
	elseif auto_owner(text) then
		say("warn", "jicofo makes the first person an owner, unless the token says no", ("%s in %s"):format(line, path));
	else
		say("ok", "jicofo makes nobody an owner");
	end
end

-- Ways past a lobby ------------------------------------------------------------------

---@type { module: string, how: string }[]
local passers = {
	{ module = "secure_domain_lobby_bypass", how = "lets everybody who has logged in past the lobby, with or without a token" };
	{ module = "lobby_deactivate", how = "removes the lobby when somebody is in the room" };
	{ module = "token_lobby_autostart", how = "removes the lobby for a token with context.room.lobby_autostart = false" };
};

local function check_passers(site, host, say)
	if not decides(host) then return; end
	local clean = true;
	for _, component in ipairs(site:rooms(host)) do
		for _, passer in ipairs(passers) do
			if component.modules[passer.module] then
				clean = false;
				say("warn", ("%s on %s %s"):format(passer.module, component.name, passer.how),
					"delete it from modules_enabled of that component. The lobby option of the entries says who waits");
			end
		end
	end
	if clean then say("ok", "no module lets people past a lobby"); end
end

-- Needs of others -------------------------------------------------------------------

local function has_no_app_id(host, at)
	return host.get("app_id") == nil and at.get("app_id") == nil;
end

-- Whether the claims of a token alone let somebody past a lobby that is there first, or nothing does.
local function has_no_passer(host)
	for _, entry in ipairs(host.read and host.read.entries or {}) do
		if entry.lobby ~= "claim" and entry.lobby ~= "knock" then return false; end
	end
	return host.read ~= nil;
end

local CROWDED = "puts everybody into the lobby, except people with context.user.lobby_bypass in their token";
local PASSER = "write context.user.lobby_bypass into moderators' tokens, or set lobby in their entry";

-- Jitsi's own library of tokens is started by app_id alone; it does not know meetauth_issuers. With a secret it accepts only
-- HS256, also for a module that fetches its keys from a key server.
local APP_ID = "{app_id}"; -- in a line: what follows
local SECRET = "set app_id = \"system\" (the iss of its tokens) and app_secret = a new secret (openssl "
	.. "rand -hex 32) on the VirtualHost";
local SERVER = "set app_id = \"system\" (the iss of its tokens) and asap_key_server = \"%s\" (as in "
	.. "prosody_password_public_key_repo_url) on the VirtualHost";

local function app_id_lines(host, at)
	local server = at.get("prosody_password_public_key_repo_url") or host.get("prosody_password_public_key_repo_url");
	return type(server) == "string" and server ~= "" and SERVER:format(server) or SECRET;
end

local DEAD = "does nothing without app_id";
local DELETE = "delete it from modules_enabled";

---@class Need
---@field module string  less "muc_", with which some of them begin in one release and not in another
---@field lacks fun(host: CheckedHost, at: CheckedHost): boolean  at: the host or component that loads it
---@field verdict "note"|"FAIL"
---@field found string
---@field todo string  {app_id}: the lines for Jitsi's own library

---@type Need[]
local needs = {
	{ module = "filter_iq_rayo", lacks = has_no_app_id, verdict = "FAIL", found = DEAD,
		todo = DELETE .. ", because meetauth enforces dial-out and transcription. Or, to keep its limits, " .. APP_ID };
	{ module = "size", verdict = "FAIL", found = "tells everybody who asks which people are in which room, because without app_id "
		.. "it checks no token",
		lacks = function (host, at)
			return has_no_app_id(host, at) and at.get("enable_roomsize_token_verification") ~= false;
		end;
		todo = APP_ID .. ", and set enable_roomsize_token_verification = true. Set it to false only if nobody except your own "
			.. "machines can reach it" };
	{ module = "password_check", lacks = has_no_app_id, verdict = "FAIL", found = DEAD,
		todo = "move it to its own VirtualHost, with app_id and the keys of the clients that ask, as in Jitsi's jaas.cfg.lua" };
	{ module = "end_meeting", lacks = has_no_app_id, verdict = "FAIL", found = DEAD, todo = APP_ID };
	{ module = "jigasi_invite", lacks = has_no_app_id, verdict = "FAIL", found = DEAD, todo = APP_ID };
	{ module = "kick_jigasi", lacks = has_no_app_id, verdict = "FAIL", found = DEAD, todo = APP_ID };
	{ module = "kick_participant", lacks = has_no_app_id, verdict = "FAIL", found = DEAD, todo = APP_ID };
	{ module = "poltergeist", lacks = has_no_app_id, verdict = "FAIL", found = DEAD, todo = APP_ID };
	{ module = "system_chat_message", lacks = has_no_app_id, verdict = "FAIL", found = DEAD, todo = APP_ID };
	{ module = "voice_agent", lacks = has_no_app_id, verdict = "FAIL", found = DEAD, todo = APP_ID };
	{ module = "access_token", verdict = "FAIL", found = "signs with a key from its source code, which everybody can read",
		lacks = function (_, at) return at.get("access_token_key") == nil and at.get("access_token_key_file") == nil; end;
		todo = "set access_token_key = its own secret (openssl rand -hex 32) on that host" };
	{ module = "lobby_autostart", lacks = has_no_passer, verdict = "note", found = CROWDED, todo = PASSER };
	{ module = "token_lobby_autostart", lacks = has_no_passer, verdict = "note", found = CROWDED, todo = PASSER };
};

local function check_needs(site, host, say)
	if not decides(host) then return; end
	local clean = true;
	for _, at in ipairs({ host, table.unpack(site:rooms(host)) }) do
		for _, need in ipairs(needs) do
			local prefixed = "muc_" .. need.module;
			local name = at.modules[prefixed] and prefixed or at.modules[need.module] and need.module;
			if name and need.lacks(host, at) then
				clean = false;
				say(need.verdict, ("%s on %s %s"):format(name, at.name, need.found),
					(need.todo:gsub("{app_id}", function () return app_id_lines(host, at); end)));
			end
		end
	end
	if clean then say("ok", "no module lacks an option that it needs"); end
end

-- Nicks ----------------------------------------------------------------------------

local METHODS = "{ \"anonymous\", \"jitsi-anonymous\", \"token\", \"meetauth\" }";
local IN_DOCKER = "In Docker, set PROSODY_MUC_RESOURCE_VALIDATE_ANON_METHODS=anonymous,jitsi-anonymous,token,meetauth";

-- muc_resource_validate holds people to a nick from their user name only where their login has one of these names.
local function check_nicks(site, _, say)
	if not site:where(decides)[1] then return; end
	local function is_strict(it) return it.modules.muc_resource_validate and it.get("anonymous_strict") == true; end
	for _, component in ipairs(site:where(is_strict)) do
		local todo = ("set anonymous_auth_methods = %s on that component. %s"):format(METHODS, IN_DOCKER);
		if set_of(list(component.get("anonymous_auth_methods"))).meetauth then
			say("ok", component.name .. " limits users with tokens to nicks from their user names (anonymous_strict)");
		elseif component.modules.muc_meetauth then
			say("note", component.name .. ": muc_resource_validate knows no login named meetauth. Only muc_meetauth limits users with "
				.. "tokens to nicks from their user names (anonymous_strict)", todo);
		else
			say("warn", component.name .. ": users with tokens can take any nick in spite of anonymous_strict, because "
				.. "muc_resource_validate knows no login named meetauth", todo);
		end
	end
end

---@type CheckRow[]
return {
	{ name = "jicofo", of = "server", look = check_jicofo };
	{ name = "nicks", of = "server", look = check_nicks };
	{ name = "replaced", of = "host", look = check_replaced };
	{ name = "promoters", of = "host", look = check_promoters };
	{ name = "passers", of = "host", look = check_passers };
	{ name = "needs", of = "host", look = check_needs };
};
