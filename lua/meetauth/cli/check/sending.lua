--- Check of what bearers may send: whether Jitsi's AV moderation is there to keep the rest back. Where it is not, clients are
-- told and nobody keeps them to it.

local checksite = require "meetauth.cli.check.site";

-- Whether a component looks after the media of that one's rooms.
local function is_kept(site, rooms)
	return site:where(function (component)
		return component.component == "av_moderation_component" and component.get("muc_component") == rooms;
	end)[1] ~= nil;
end

local function bounded(host)
	local ids = {};
	for _, entry in ipairs(host.read and host.read.entries or {}) do
		if entry.may_send then ids[#ids + 1] = entry.id; end
	end
	return ids;
end

local function check_sending(site, host, say)
	if host.get("authentication") ~= "meetauth" or not host.read then return; end
	local main, ids = checksite.main_of(host), bounded(host);
	if is_kept(site, main) then return say("ok", "AV moderation enforces what a user must not send"); end
	if not ids[1] then return say("ok", "no entry limits what its users send. Limits in tokens are published only"); end
	say("warn", table.concat(ids, ", ") .. ": may_send is published only, and nothing enforces it",
		("add Component %q \"av_moderation_component\" with muc_component = %q"):format("avmoderation." .. host.name, main));
end

---@type CheckRow[]
return {
	{ name = "sending", of = "host", look = check_sending };
};
