-- intake: what the request that opens a session brings: tokens and Jitsi's other parameters.
-- Nothing here is verified. A value that is not plain text of a bounded length is dropped.

local configmanager = require "core.configmanager";

local parse_query = require "meetauth.http.query".parse;
local text = require "meetauth.util.text";

local intake = {};

local VALUE_MAX = 1024; -- bytes of a parameter or header other than a token

-- Query parameters that Jitsi's modules read from the session, and the fields they read.
local parameters = {
	room = "jitsi_web_query_room";
	prefix = "jitsi_web_query_prefix";
	previd = "previd";
	customusername = "customusername";
};

-- The value if it may enter a session: plain text, not too long.
local function clean(value)
	return #value <= VALUE_MAX and text.is_clean(value) and value or nil;
end

-- The web server puts its own prefix in front of what the client sends, so of two the first counts.
local function take_parameters(session, query)
	if query[1] then session.jitsi_web_query_prefix = ""; end
	local taken = {};
	for _, parameter in ipairs(query) do
		local field = parameters[parameter.name];
		if field and not taken[field] then
			taken[field] = true;
			session[field] = clean(parameter.value);
		end
	end
end

local function bearer(headers)
	local scheme, credentials = (headers.authorization or ""):match("^(%a+) +(.+)$");
	return scheme and scheme:lower() == "bearer" and credentials or nil;
end

-- Whether that host leaves logins to a token module of Jitsi's, which takes the raw token from the session. If the host is
-- not known yet: whether any host does.
local function takes_raw_token(host)
	return tostring(configmanager.get(host, "authentication")):find("token", 1, true) ~= nil;
end

local function asks_for_raw_token(host)
	if host then return takes_raw_token(host); end
	for name in pairs(prosody.hosts) do
		if takes_raw_token(name) then return true; end
	end
	return false;
end

local asked = {}; -- host, or ANY -> the answer, for as long as hosts and their configuration stay as they are
local ANY = "*";

for _, event in ipairs({ "config-reloaded", "host-activated", "host-deactivated" }) do
	module:hook_global(event, function () asked = {}; end);
end

local function needs_raw_token(host)
	local key = host or ANY;
	if asked[key] == nil then asked[key] = asks_for_raw_token(host); end
	return asked[key];
end

--- Take what a request brings into its session, once; which host it is for is not known yet.
---@param session table
---@param request table   Prosody's HTTP request
---@param region_header string  name of the header with the user's region, as Prosody spells it
function intake.take(session, request, region_header)
	if session.meetauth_offer then return; end
	local query = parse_query(request.url.query);
	-- Jitsi's mod_jitsi_session has put it there already, for any host, unverified: to others "is authenticated"
	if not needs_raw_token(session.host) then session.auth_token = nil; end
	session.meetauth_offer = { query = query, bearer = bearer(request.headers) };
	take_parameters(session, query);
	local region = clean(request.headers[region_header] or "");
	session.user_region = region ~= "" and region or nil;
	session.user_agent_header = clean(request.headers.user_agent or "");
end

--- The token among what a session brought.
---@param session table
---@param names table<string, true>  query parameters that hold a token
---@return string? token
---@return boolean? conflicting  there is another one beside it
function intake.token(session, names)
	local offer = session.meetauth_offer;
	if not offer then return nil; end
	local token = offer.bearer;
	for _, parameter in ipairs(offer.query) do
		if names[parameter.name] then
			if token and token ~= parameter.value then return token, true; end
			token = parameter.value;
		end
	end
	return token;
end

--- Whether a session that brings no token has a parameter jwt, which holds none here.
---@param session table
---@param names table<string, true>  query parameters that hold a token
---@return boolean
function intake.is_misnamed(session, names)
	local offer = session.meetauth_offer;
	if not offer or names.jwt or next(names) == nil or intake.token(session, names) then return false; end
	for _, parameter in ipairs(offer.query) do
		if parameter.name == "jwt" and parameter.value ~= "" then return true; end
	end
	return false;
end

--- The token that a session has offered, or has logged in with, if any.
---@return string?
function intake.offered(session, names)
	return (intake.token(session, names)) or session.auth_token;
end

return intake;
