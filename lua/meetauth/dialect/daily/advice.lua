--- Values of a Daily token for the client alone (doc/daily.md): no server can enforce them.

local sending = require "meetauth.dialect.jitsi.sending";
local text = require "meetauth.util.text";

local dailyadvice = {};

local LANGUAGE_MAX = 16;

-- A separate copy: the claims are used up after the grant was made.
local function copied(value)
	if type(value) ~= "table" then return value; end
	local copy = setmetatable({}, getmetatable(value));
	for name, item in pairs(value) do copy[name] = copied(item); end
	return copy;
end

-- A https address without user, port or anything else that hides its host.
local function host_of(url)
	local host = url:match("^https://([%w.-]+)[/?#]") or url:match("^https://([%w.-]+)$");
	return host and host:lower();
end

local function may_redirect(url, hosts)
	local host = host_of(url);
	if not host then return false; end
	for _, allowed in ipairs(hosts) do
		local suffix = allowed:lower():match("^%*(%..+)$");
		if host == allowed:lower() or suffix and #host > #suffix and host:sub(-#suffix) == suffix then return true; end
	end
	return false;
end

--- The values; nil where there are none. Parts of the claims become parts of them.
---@param short table            claims under their short names
---@param may DailyPermissions
---@param hosts string[]         where rome may point
---@return table? advisory
---@return boolean dropped       rome points elsewhere
function dailyadvice.of(short, may, hosts)
	local redirects = short.rome ~= nil and may_redirect(short.rome, hosts);
	local advisory = {
		start_audio_off = short.ao, start_video_off = short.vo, enable_recording_ui = short.erui,
		lang = short.uil and text.clean(short.uil, LANGUAGE_MAX), close_tab_on_exit = short.ctoe,
		start_cloud_recording_opts = short.sro and copied(short.sro), receive = may.receive, send = sending.text(may.send),
		redirect_on_meeting_exit = redirects and short.rome or nil,
	};
	return next(advisory) and advisory or nil, short.rome ~= nil and not redirects;
end

return dailyadvice;
