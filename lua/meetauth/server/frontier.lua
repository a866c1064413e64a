--- The rules for requests to the console by HTTP, and the headers of each answer. It knows the names of the console,
-- whether its own page asks, and where its cookie is. Another site's page, or a name that somebody points at this server,
-- gets nothing. Pure.

local set_of = require "meetauth.util.list".set;

local frontier = {};

local LOOPBACK = set_of({ "localhost", "127.0.0.1", "[::1]" });

frontier.BODY_MAX = 65536; -- bytes
frontier.MARK = "x_meetauth_console"; -- a header that no form of another site can send

local COOKIE = "meetauth_console";

--- The headers of every answer: only own files, nothing within another page, nothing kept, nothing told to others.
---@type table<string, string>
frontier.headers = {
	content_security_policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
		.. "form-action 'none'; frame-ancestors 'none'; "
		.. "require-trusted-types-for 'script'; trusted-types 'none'";
	x_frame_options = "DENY";
	x_content_type_options = "nosniff";
	referrer_policy = "no-referrer";
	cache_control = "no-store";
	cross_origin_opener_policy = "same-origin";
	cross_origin_resource_policy = "same-origin";
};

-- A Host header without its port, in lower case; nil for what is none.
local function name_of(host)
	if type(host) ~= "string" then return nil; end
	return (host:lower():match("^(%[[%x:.]+%])$") or host:lower():match("^(%[[%x:.]+%]):%d+$")
		or host:lower():match("^([%w.-]+)$") or host:lower():match("^([%w.-]+):%d+$"));
end

--- Whether the console answers under a name.
---@param host any       the Host header
---@param names table<string, true>  beside localhost, in lower case
---@return boolean
function frontier.answers_to(host, names)
	local name = name_of(host);
	return name ~= nil and (LOOPBACK[name] or names[name] or false);
end

--- Whether a request comes from a page of this very address. Only localhost may do without https.
---@param headers table<string, string>  host, origin and what a browser says beside; underscores for hyphens
---@return boolean
function frontier.is_own(headers)
	local scheme, host = (headers.origin or ""):match("^(https?)://([^/]+)$");
	if not scheme or host:lower() ~= (headers.host or ""):lower() then return false; end
	if headers.sec_fetch_site and headers.sec_fetch_site ~= "same-origin" then return false; end
	return scheme == "https" or LOOPBACK[name_of(host) or ""] == true;
end

--- Whether it is JSON that a page's own script has sent.
---@param headers table<string, string>
---@return boolean
function frontier.is_script(headers)
	return headers[frontier.MARK] == "1" and (headers.content_type or ""):lower():find("^application/json%f[%s;\0]") ~= nil;
end

--- The session's id in the Cookie header; nil where there is none, or there are several.
---@param header string?
---@return string?
function frontier.cookie(header)
	local id;
	for name, value in (header or ""):gmatch("([^=;%s]+)=([^;%s]*)") do
		if name == COOKIE then
			if id then return nil; end
			id = value;
		end
	end
	return id;
end

--- The Set-Cookie header that begins a session, or ends it.
---@param id string?       nil: end it
---@param path string      of the console
---@param origin string    of the page that has asked
---@param seconds integer
---@return string
function frontier.set_cookie(id, path, origin, seconds)
	return ("%s=%s; Path=%s; Max-Age=%d; HttpOnly; SameSite=Strict%s"):format(COOKIE, id or "", path, id and seconds or 0,
		origin:find("^https:") and "; Secure" or "");
end

return frontier;
