-- mod_http_meetauth: Daily's REST interface, so that a back end made for it makes rooms, mints and validates tokens
-- against its own server. The meetauth library answers the requests (rest/api.lua); here are Prosody's HTTP, the clock, the
-- limits and the log.
--
-- The tokens that are validated are in the address. Prosody writes every address to its log at level debug.

module:require "mod_auth_meetauth/prefix"; -- before anything of the library

local new_throttle = require "util.throttle".create;
local new_uuid = require "util.uuid".generate;
local time_now = require "util.time".now;
local random_bytes = require "util.random".bytes;

local json = require "meetauth.util.json";
local parse_query = require "meetauth.http.query".parse;
local restapi = require "meetauth.rest.api";
local revocations = require "meetauth.server.revocations";
local roomhosts = require "meetauth.server.roomhosts";
local roomurl = require "meetauth.room.url";

local REQUESTS, SECONDS = 100, 5; -- of each API key, and of all strangers together: 20 a second in the long run

local REVOCATIONS = revocations.COUNT_MAX // 2; -- of one API key: the operator, and others, can always revoke

local methods = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };

-- mod_auth_meetauth's configuration, as it is now: entries, their keys, and whose API key is whose.
local login = module:shared("auth_meetauth/site");

if not login.current then
	error("mod_http_meetauth: authentication: found another one, or one that failed to load, expected \"meetauth\"", 0);
elseif not next(login.current.api_keys) then
	error("mod_http_meetauth: meetauth_http_keys: found none, expected a table of API keys by entry id", 0);
end

module:log("debug", "The log has level debug. Prosody then logs the address of every HTTP request, and a request to GET "
	.. "meeting-tokens/ has a token in it. Set the log level to info.");

local minted = module:metric("counter", "minted", "", "tokens signed by the REST interface", { "entry" });
local validated = module:metric("counter", "validated", "", "tokens that the REST interface found valid", { "entry" });
local refused = module:metric("counter", "refused", "", "REST requests refused", { "error" });

local counters = { minted = minted, validated = validated };

local throttles = {}; -- by entry id

local function may(entry)
	local id = entry and entry.id or ""; -- no entry's id is empty
	local throttle = throttles[id] or new_throttle(REQUESTS, SECONDS);
	throttles[id] = throttle;
	throttle:update(); -- else it fills up again, for all the time before, once it is empty
	return throttle:poll(1);
end

local NAME = 20; -- characters of a room that nobody gave a name
local ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"; -- six bits each

local function new_name()
	local name = random_bytes(NAME):gsub(".", function (char)
		local at = char:byte() % #ALPHABET + 1;
		return ALPHABET:sub(at, at);
	end);
	return name;
end

local function url_of(entry, name)
	return roomurl.of(login.current.meetauth_http_room_url, module.host, entry.tenant, name);
end

-- Where rooms are kept is the host's matter; their names and addresses are made here.
local function rooms_of(auth)
	return {
		find = auth.rooms.find, known = auth.rooms.known, list = auth.rooms.list, keep = auth.rooms.keep, drop = auth.rooms.drop,
		url = url_of, new_id = new_uuid, new_name = new_name,
	};
end

-- The name of a room for the entry whose it is: without its tenant.
local function name_of(node)
	return node:match("^%[.-%](.+)$") or node;
end

-- Meetings under way, as the rooms' half has them; none, where there is no such half.
local function calls_of(auth)
	local component = prosody.hosts[roomhosts.main_of(function (name) return module:get_option(name); end, module.host)];
	local calls = component and component.modules.muc_meetauth and component.modules.muc_meetauth.calls;
	return {
		all = function (entry)
			local by_name = {};
			for node, people in pairs(calls and calls.all(entry) or {}) do
				local room = auth.rooms.known(entry, name_of(node));
				by_name[room and room.name or name_of(node)] = people;
			end
			return by_name;
		end;
		people = function (entry, name)
			local node = auth.rooms.node(entry, name);
			return calls and node and calls.people(entry, node) or {};
		end;
		ban = function (entry, name, user_ids) calls.ban(entry, auth.rooms.node(entry, name), user_ids); end;
		eject = calls and calls.eject, send = calls and calls.send, permit = calls and calls.permit,
	};
end

local function query_of(request)
	local query = {};
	for _, parameter in ipairs(parse_query(request.url.query)) do query[parameter.name] = parameter.value; end
	return query;
end

local function tell_event(result)
	local counter = counters[result.event];
	if counter then counter:with_labels(result.entry.id):add(1); end
	module:log("info", counter and "Meeting token %s for %s" or "Done: %s, for %s", result.event, result.entry.id);
	for _, name in ipairs(result.dropped or {}) do
		module:log("debug", "Property %s is ignored, because no claim exists for it", name);
	end
	if result.unkept and result.unkept[1] then
		module:log("info", "Stored, but without effect on this server: %s", table.concat(result.unkept, ", "));
	end
end

-- For the operator: the result, and nothing that the caller sent.
local function tell(result)
	if result.event then
		tell_event(result);
	elseif result.body.error then
		refused:with_labels(result.body.error):add(1);
		if result.status == 429 then return; end -- a caller who asks that often must not fill the log that often
		module:log("info", "Request refused for %s: %d %s", result.entry and result.entry.id or "a stranger", result.status,
			result.body.error);
	end
end

local function send(response, result)
	local headers = response.headers;
	headers.content_type = "application/json";
	headers.cache_control = "no-store";
	headers.allow = result.allow;
	headers.retry_after = result.status == 429 and "1" or nil;
	if result.status == 411 then headers.connection = "close"; end -- the end of its body is unknown
	response.status_code = result.status;
	return response:send(json.encode(result.body));
end

local function result_of(request, path)
	local site, headers = login.current, request.headers;
	local auth = prosody.hosts[module.host].modules.auth_meetauth;
	if not site or not auth then return restapi.failed("broken"); end
	return restapi.answer({
		method = request.method;
		path = path;
		query = query_of(request);
		authorization = headers.authorization;
		content_type = headers.content_type;
		content_encoding = headers.content_encoding;
		transfer_encoding = headers.transfer_encoding;
		body = request.body;
	}, {
		owners = site.api_keys;
		keys = site.keys.store.keys;
		max_token = site.meetauth_max_token;
		now = time_now();
		may = may;
		rooms = rooms_of(auth);
		calls = calls_of(auth);
		revocations = auth.revocations(REVOCATIONS);
		refused = auth.refused;
	});
end

local function handle(event, path)
	local result = result_of(event.request, path);
	tell(result);
	return send(event.response, result);
end

local route = {};
for _, method in ipairs(methods) do route[method .. " /*"] = handle; end

module:depends("http");
module:provides("http", {
	default_path = "/v1";
	route = route;
	-- For back ends: an API key has no business in a browser, so that no origin is let in. Not { enabled = false }, with
	-- which Prosody 0.12 raises where the module is unloaded.
	cors = { enabled = true, origins = { "none" } };
	streaming_uploads = true; -- to answer what is too large, too
});
