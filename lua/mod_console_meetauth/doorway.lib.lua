-- doorway: who may come in: this server's clock, chance and log for meetauth/server/door.lua, and the addresses that people open.

local portmanager = require "core.portmanager";
local random_bytes = require "util.random".bytes;
local secure_equals = require "util.hashes".equals;
local time_monotonic = require "util.time".monotonic; -- a clock that is set lengthens nothing

local allowance = require "meetauth.util.allowance";
local door = require "meetauth.server.door";
local frontier = require "meetauth.server.frontier";
local set_of = require "meetauth.util.list".set;

local doorway = { SECONDS = door.SESSION_SECONDS };

local REQUESTS, EVERY = 60, 0.1; -- of one session: at one time, and seconds to each further one
local TOLD_EVERY = 60; -- seconds: a flood at the door is no flood in the log

local site = module:shared("auth_meetauth/site");
local kept = door.new({ now = time_monotonic, random = random_bytes, equals = secure_equals });
local may_tell = allowance.new(1, time_monotonic);

--- The names, beside localhost, under which the console answers now.
---@return table<string, true>
function doorway.names()
	local names = {};
	for i, name in ipairs(site.current and site.current.meetauth_console_hosts or {}) do names[i] = name:lower(); end
	return set_of(names);
end

--- Begin a session; nil: not with that code.
---@param code any
---@return string? id
function doorway.enter(code)
	local id = kept:enter(code);
	if id then
		module:log("info", "The console was opened, for an hour");
		kept:session(id).may = allowance.new(REQUESTS, time_monotonic);
	elseif may_tell(TOLD_EVERY) then
		module:log("warn", "Somebody asked for the console with an invalid code. The code was used, too old, or guessed");
	end
	return id;
end

--- The session that a request is of.
---@return DoorPass?
function doorway.session_of(request)
	return kept:session(frontier.cookie(request.headers.cookie));
end

--- Whether a session may ask for one thing more now.
function doorway.may(session) return session.may(EVERY); end

--- End the session that a request is of.
function doorway.leave(request)
	kept:leave(frontier.cookie(request.headers.cookie));
end

-- Where this server listens for HTTP: a scheme and a port.
local function listening()
	local services = portmanager.get_active_services();
	for _, scheme in ipairs({ "http", "https" }) do
		for _, ports in pairs(services:get(scheme) or {}) do
			local port = next(ports);
			if port then return scheme, port; end
		end
	end
	return nil;
end

--- Addresses with one code, each of which opens the console, the first one that is used. The code follows "#", which
-- browsers send to nobody: it is in no log and in no Referer.
---@param path string
---@return string[]? addresses
---@return string? problem
function doorway.addresses(path)
	local scheme, port = listening();
	if not scheme then return nil, "this server has no port for HTTP: set http_ports"; end
	local list, code = { ("%s://localhost:%d"):format(scheme, port) }, kept:code();
	for _, name in ipairs(site.current.meetauth_console_hosts) do list[#list + 1] = "https://" .. name; end
	for i, origin in ipairs(list) do list[i] = origin .. path .. "#" .. code; end
	return list;
end

return doorway;
