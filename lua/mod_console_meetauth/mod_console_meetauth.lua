-- mod_console_meetauth: a page for the operator of this server, by HTTP: it reads tokens, makes test links, and shows
-- refusals, rooms and keys. Off unless a VirtualHost enables it. Nobody gets in but by an address that prodosyctl shell
-- meetauth console has printed; what may come by HTTP at all is decided in meetauth/server/frontier.lua.

module:require "mod_auth_meetauth/prefix"; -- before anything of the library

local http_server = require "net.http.server";

local core = require "meetauth.core";
local frontier = require "meetauth.server.frontier";
local json = require "meetauth.util.json";
local share_libs = require "meetauth.server.libs".share;

share_libs(module);

local answers = module:require "answers";
local doorway = module:require "doorway";
local files = module:require "files";

if not module:shared("auth_meetauth/site").current then
	error("mod_console_meetauth: authentication: found another one, or one that failed to load, expected \"meetauth\"", 0);
end

module:depends("http");
module:depends("shell_meetauth");

local PATH = "/console/" .. module.host .. "/";

local function send(response, status, body, more)
	for name, value in pairs(frontier.headers) do response.headers[name] = value; end
	for name, value in pairs(more or {}) do response.headers[name] = value; end
	response.status_code = status;
	response:send(body or "");
	return true;
end

local function send_json(response, status, value, more)
	local headers = { content_type = "application/json" };
	for name, word in pairs(more or {}) do headers[name] = word; end
	return send(response, status, json.encode(value), headers);
end

-- A person without a session sees only the door: the pages behind it do not exist for them.
local function get(request, response, path)
	local file = (doorway.session_of(request) and files.inside or files.outside)[path];
	if not file then return send(response, 404); end
	return send(response, 200, file.text, { content_type = file.kind });
end

local function enter(request, response, asked)
	local id = doorway.enter(asked.code);
	if not id then return send_json(response, 403, {}); end
	local cookie = frontier.set_cookie(id, PATH, request.headers.origin, doorway.SECONDS);
	return send_json(response, 200, {}, { set_cookie = cookie });
end

local function leave(request, response)
	doorway.leave(request);
	return send_json(response, 200, {}, { set_cookie = frontier.set_cookie(nil, PATH, request.headers.origin, 0) });
end

local function answer(request, response, name, asked)
	local session = doorway.session_of(request);
	local call = answers[name];
	if not session then return send_json(response, 401, {}); end
	if not call then return send_json(response, 404, {}); end
	if not doorway.may(session) then return send_json(response, 429, {}); end
	local said, problem = call(asked);
	if not said then return send_json(response, 400, { problem = problem }); end
	return send_json(response, 200, said);
end

-- The subject of a request; nil: it is no request of the console.
local function read(request)
	if not frontier.is_own(request.headers) or not frontier.is_script(request.headers) then return nil, 403; end
	if type(request.body) ~= "string" or #request.body > frontier.BODY_MAX then return nil, 413; end
	local asked = core.decode(request.body);
	if type(asked) ~= "table" or getmetatable(asked) == core.array_mt then return nil, 400; end
	return asked;
end

local function post(request, response, path)
	local asked, status = read(request);
	if not asked then return send_json(response, status, {}); end
	if path == "enter" then return enter(request, response, asked); end
	if path == "leave" then return leave(request, response); end
	return answer(request, response, path:match("^api/([%l_]+)$"), asked);
end

-- A body that is too long, or in chunks, is not waited for.
local function refuse_unread(response)
	response.persistent = false;
	return send(response, 413, "", { connection = "close" });
end

local ways = { GET = get, POST = post };

-- Not by provides("http"), which would answer only under the name of the VirtualHost, where Jitsi's own page can be. These
-- are its requests under each name of the console.
for method, way in pairs(ways) do
	module:hook_object_event(http_server, ("%s %s*"):format(method, PATH), function (event)
		local request = event.request;
		if not frontier.answers_to(request.headers.host, doorway.names()) then return nil; end
		if request.partial then return refuse_unread(event.response); end
		return way(request, event.response, request.path:sub(#PATH + 1));
	end);
end

--- For the shell: addresses that open the console once.
module.environment.console_addresses = function () return doorway.addresses(PATH); end
