-- fetch: one HTTP request through Prosody's client, which connects, checks certificates and sends. The answer is read
-- here, because no byte of a server may block, fill memory or raise an error. Plain functions for keys.lib.lua.

local http = require "net.http";
local add_task = require "util.timer".add_task;
local stop_task = require "util.timer".stop;

local httpresponse = require "meetauth.http.response";

local fetch = {};

local READ_SIZE = 8192; -- bytes

local under_way = {}; -- how to end each request, of which nobody hears any more then

-- Has the connection of a request, now or once there is one. Prosody's client would read everything before anything else
-- gets its turn, as long as the server sends: here it reads pieces of a bounded size.
local function on_connection(request, connected)
	local function take(conn)
		conn:set_mode(READ_SIZE);
		connected();
	end
	if request.conn then return take(request.conn); end
	setmetatable(request, { __newindex = function (self, name, value)
		rawset(self, name, value);
		if name == "conn" and value then take(value); end
	end });
end

-- Reads the answer in the place of net.http's own parser. That parser on 0.12 takes the first piece of a body of unknown
-- length for all of it. It never ends where a body is cut off, and raises on a negative length.
local function new_parser(max, finish)
	local answer = httpresponse.new(max);
	return { feed = function (_, piece)
		local done, failure = answer:feed(piece);
		if done then
			finish({ code = answer.code, headers = answer.headers, body = answer.body });
		elseif failure then
			finish({ failure = failure });
		end
	end };
end

--- One request.
---@param wanted FetchRequest
---@param done fun(answer: FetchAnswer)  called exactly once
function fetch.get(wanted, done)
	local request, timer;
	local function hang_up()
		http.destroy_request(request, true);
	end
	local function stop()
		under_way[stop], done = nil, nil;
		if timer then stop_task(timer); end
		if type(request) == "table" then
			request.parser = { feed = hang_up }; -- timers are late where a server pours
			hang_up();
		end
	end
	local function finish(answer)
		local report = done;
		if not report then return; end
		stop();
		report(answer);
	end
	under_way[stop] = true;
	local function not_made(why) -- no connection, or none that can be trusted
		finish({ failure = (tostring(why):lower():gsub("[^%w]+", " ")) });
	end
	timer = add_task(wanted.seconds, function () finish({ failure = "timeout" }); end);
	local headers = { Accept = "application/json, application/x-pem-file, */*", ["If-None-Match"] = wanted.etag };
	local ok, made = pcall(http.request, wanted.url, { headers = headers }, not_made);
	if not ok then return not_made("no https"); end
	request = made;
	if type(request) ~= "table" or not done then return; end
	request.parser = new_parser(wanted.bytes, finish);
	on_connection(request, function ()
		if not done then add_task(0, hang_up); end -- it came too late
	end);
end

--- End every request that is under way; nobody is told.
function fetch.stop()
	for stop in pairs(under_way) do stop(); end
end

return fetch;
