--- Which addresses keys may come from: https, and plain http only from this machine or where the operator
-- allows it. A redirect never leaves the host that the operator named.

local core = require "meetauth.core";
local bytes = require "meetauth.util.bytes";

local keyurl = {};

local URL_MAX = 2048; -- bytes

---@class Url
---@field scheme "https"|"http"
---@field host string   lower case; an IPv6 address in its brackets
---@field port integer
---@field path string   with the query, beginning with "/"

local default_port = { https = 443, http = 80 };

--- An address in parts; nil where it is none that keys may come from.
---@param text string
---@return Url?
function keyurl.parse(text)
	if #text > URL_MAX or text:find("[%z\1-\32\127-\255#\\]") then return nil; end
	local scheme, authority, path = text:match("^(%a+)://([^/?]+)(.*)$");
	scheme = scheme and scheme:lower();
	if not default_port[scheme] then return nil; end
	local host, port = authority:match("^(%[[%x:.]+%])(.*)$");
	if not host then host, port = authority:match("^([%w.-]+)(.*)$"); end -- no user, no password
	local number = port == "" and default_port[scheme] or math.tointeger(tonumber((port or ""):match("^:(%d+)$")));
	if not host or not number or number < 1 or number > 65535 then return nil; end
	if path:sub(1, 1) ~= "/" then path = "/" .. path; end
	return { scheme = scheme, host = host:lower(), port = number, path = path };
end

local parse = keyurl.parse;

local function is_loopback(host)
	return host == "localhost" or host == "[::1]" or host:find("^127%.%d+%.%d+%.%d+$") ~= nil;
end

local function may_fetch(url, insecure)
	return url.scheme == "https" or insecure or is_loopback(url.host);
end

--- Whether keys may be fetched from there.
---@param text any
---@param insecure boolean?  plain http from anywhere
---@return boolean
function keyurl.is_allowed(text, insecure)
	local url = type(text) == "string" and parse(text);
	return url and may_fetch(url, insecure) or false;
end

--- Host and port in the form of an address and of the header Host.
---@param url Url
---@return string
function keyurl.authority(url)
	return url.port == default_port[url.scheme] and url.host or url.host .. ":" .. url.port;
end

--- Where a redirect leads (RFC 3986 5.2), if it may be followed: to the same host and port, and never from https to http.
-- The one exception is http to https, which changes the port.
---@param from string       an address that may be fetched
---@param location string?  of the answer
---@param insecure boolean?
---@return string? address
function keyurl.redirect(from, location, insecure)
	local old = parse(from);
	if type(location) ~= "string" or not old or #location > URL_MAX then return nil; end
	local base = ("%s://%s%s"):format(old.scheme, keyurl.authority(old), old.path);
	location = require "socket.url".absolute(base, location); -- LuaSocket is installed: it has made the request
	local new = parse(location);
	if not new or new.host ~= old.host or not may_fetch(new, insecure) then return nil; end
	local upgrade = old.scheme == "http" and new.scheme == "https";
	if not upgrade and (new.scheme ~= old.scheme or new.port ~= old.port) then return nil; end
	return location;
end

--- Whether an address may lead to another one, on any host: never from https to http, and to http on this machine only
-- from there.
---@param from string       an address that may be fetched
---@param to string
---@param insecure boolean?
---@return boolean
function keyurl.may_lead(from, to, insecure)
	local old, new = parse(from), parse(to);
	if not old or not new then return false; end
	return new.scheme == "https" or old.scheme == "http" and (insecure or is_loopback(old.host) and is_loopback(new.host)) or false;
end

--- The SHA-256 of a text in hexadecimal, lower case.
---@param text string
---@return string?
function keyurl.sha256(text)
	local digest = core.sha256(text);
	return digest and bytes.hex(digest);
end

--- Where the public key of that name is on an ASAP key server: the name's hash, so no name leads elsewhere.
---@param base string
---@param kid string
---@return string? address
function keyurl.asap(base, kid)
	local name = keyurl.sha256(kid);
	return name and (base:gsub("/+$", "")) .. "/" .. name .. ".pem";
end

--- Where an OpenID provider's discovery document is (OpenID Connect Discovery 1.0, 4.1).
---@param issuer string
---@return string address
function keyurl.discovery(issuer)
	return (issuer:gsub("/$", "")) .. "/.well-known/openid-configuration";
end

return keyurl;
