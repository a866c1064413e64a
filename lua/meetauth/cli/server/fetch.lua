--- One HTTP request that waits for its answer, for key/remote.lua. It uses LuaSocket and LuaSec, which Prosody needs
-- anyway. Certificates are checked as in the server: an authority that Prosody trusts must sign them, for this host.

local httpresponse = require "meetauth.http.response";
local keyurl = require "meetauth.key.url";
local meetauth = require "meetauth";

local has_socket, socket = pcall(require, "socket");
local has_tls, ssl = pcall(require, "ssl");

local fetch = {};

local READ_SIZE = 8192; -- bytes
local AUTHORITIES = "/etc/ssl/certs"; -- Prosody's default

-- Seconds that are left of a request.
local function left(ends) return math.max(0, ends - socket.gettime()); end

-- Where Prosody's own client finds the authorities that it trusts.
local function authorities_of(prosody)
	local own, all = prosody.get("*", "client_https_ssl"), prosody.get("*", "ssl");
	local function option(name)
		return type(own) == "table" and own[name] or type(all) == "table" and all[name] or nil;
	end
	return option("capath") or AUTHORITIES, option("cafile");
end

-- 'held' has the connection before and after, so that it is closed in every case.
local function begin_tls(held, url, ends, prosody)
	if not has_tls then return nil, "LuaSec is not installed: apt install lua-sec"; end
	if not prosody.verify_identity then return nil, "Prosody is not installed, and the certificate's name cannot be checked"; end
	local capath, cafile = authorities_of(prosody);
	local wrapped, why = ssl.wrap(held.conn, {
		mode = "client", protocol = "any", options = { "all", "no_sslv2", "no_sslv3", "no_tlsv1", "no_tlsv1_1" },
		verify = "peer", capath = capath, cafile = cafile,
	});
	if not wrapped then return nil, why; end
	held.conn = wrapped;
	wrapped:settimeout(left(ends));
	if not url.host:find("^[%d.]+$") and not url.host:find("^%[") then wrapped:sni(url.host); end
	local ok, failure = wrapped:dohandshake();
	if not ok then return nil, "the TLS handshake failed: " .. tostring(failure); end
	if not prosody.verify_identity((url.host:gsub("[%[%]]", "")), false, wrapped:getpeercertificate()) then
		return nil, "the certificate belongs to another host";
	end
	return true;
end

local function request_of(url)
	return table.concat({
		("GET %s HTTP/1.1"):format(url.path), "Host: " .. keyurl.authority(url), "Connection: close",
		"Accept: application/json, application/x-pem-file, */*", "User-Agent: meetauth/" .. meetauth._VERSION,
	}, "\r\n") .. "\r\n\r\n";
end

-- Pieces until the answer is there as a whole, none of which waits for a full one.
local function read(conn, max, ends)
	local answer = httpresponse.new(max);
	conn:settimeout(0);
	while true do
		local piece, why, part = conn:receive(READ_SIZE);
		piece = piece or part;
		if piece and piece ~= "" then
			local done, failure = answer:feed(piece);
			if done ~= false then return done and answer, failure; end
		elseif why == "closed" then
			local done, failure = answer:feed(nil);
			return done and answer, failure;
		elseif left(ends) == 0 then
			return nil, "no answer in time";
		elseif why == "timeout" or why == "wantread" or why == "wantwrite" then
			socket.select({ conn }, nil, left(ends));
		else
			return nil, why;
		end
	end
end

local closing = { __close = function (self) self.conn:close(); end };

local function exchange(wanted, prosody)
	local url, ends = keyurl.parse(wanted.url), socket.gettime() + wanted.seconds;
	local held <close> = setmetatable({ conn = assert(socket.tcp()) }, closing);
	held.conn:settimeout(left(ends));
	local ok, why = held.conn:connect((url.host:gsub("[%[%]]", "")), url.port);
	if not ok then return nil, why; end
	if url.scheme == "https" then
		local good, failure = begin_tls(held, url, ends, prosody);
		if not good then return nil, failure; end
	end
	held.conn:settimeout(left(ends));
	ok, why = held.conn:send(request_of(url));
	if not ok then return nil, why; end
	return read(held.conn, wanted.bytes, ends);
end

--- Whether addresses can be fetched here at all.
---@return boolean
function fetch.is_there() return has_socket; end

--- A fetch for key/remote.lua.
---@param prosody ProsodyConfig  whose server trusts whom
---@return fun(request: FetchRequest, done: fun(answer: FetchAnswer))
function fetch.with(prosody)
	return function (request, done)
		local answer, why = exchange(request, prosody);
		if not answer then return done({ failure = tostring(why) }); end
		done({ code = answer.code, headers = answer.headers, body = answer.body });
	end;
end

return fetch;
