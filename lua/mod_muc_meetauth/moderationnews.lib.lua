-- moderationnews: word of AV moderation, as Jitsi's av_moderation_component gives it to clients and to Jicofo, which
-- takes it from that component's address alone.

local st = require "util.stanza";
local jid_split, jid_join = require "util.jid".split, require "util.jid".join;

local array_mt = require "meetauth.core".array_mt;
local json = require "meetauth.util.json";
local roomname = require "meetauth.room.name";

local place = module:require "place";

local JITMEET_NS = "http://jitsi.org/jitmeet";

local hosts = prosody.hosts;

local moderationnews = {};

--- Jitsi's component for these rooms, and whether it knows the screen as a separate medium: releases that know it have this
-- function.
---@return string? address
---@return boolean knows_screens
function moderationnews.component()
	for name, host in pairs(hosts) do
		local loaded = host.modules.av_moderation_component;
		if loaded and module:context(name):get_option_string("muc_component") == module.host then
			return name, rawget(loaded, "start_av_moderation") ~= nil;
		end
	end
	return nil, false;
end

--- An address as clients and Jicofo write it: room@conference.tenant.domain for [tenant]room@conference.domain.
---@param jid string
---@return string
function moderationnews.outward(jid)
	local node, host, resource = jid_split(jid);
	local tenant, name = roomname.split(node);
	local label = host:match("^[^.]*"); -- all of a name without a dot
	if not tenant or not place.base or host ~= label .. "." .. place.base then return jid; end
	return jid_join(name, ("%s.%s.%s"):format(label, tenant, place.base), resource);
end

function moderationnews.is_moderator(occupant) return occupant.role == "moderator"; end

local function send(occupant, text)
	local from = moderationnews.component();
	for real_jid in occupant:each_session() do
		module:send(st.message({ from = from, to = real_jid }):text_tag("json-message", text, { xmlns = JITMEET_NS }));
	end
end

-- To one occupant, or to all that fit.
local function tell(room, medium, body, only, fits)
	body.type, body.room, body.mediaType = "av_moderation", moderationnews.outward(room.jid), medium;
	local text = json.encode(body);
	for _, occupant in room:each_occupant() do
		if only and occupant.nick == only.nick or not only and fits(occupant) then send(occupant, text); end
	end
end

local function anybody() return true; end

--- That a medium is moderated: to everybody, or to one.
function moderationnews.enabled(room, medium, only)
	tell(room, medium, { enabled = true, actor = moderationnews.outward(room.av_moderation_actors[medium]) }, only, anybody);
end

--- The people who may speak: to moderators, of whom the focus is one, or to one. All lists, an empty one as a list: Jicofo
-- keeps the old one of a missing medium.
function moderationnews.lists(room, medium, only)
	local lists = {};
	for name, list in pairs(room.av_moderation) do
		lists[name] = table.move(list, 1, #list, 1, setmetatable({}, array_mt));
	end
	tell(room, medium, { whitelists = lists }, only, moderationnews.is_moderator);
end

--- That they are let through: to one who is no moderator.
function moderationnews.approved(room, medium, only)
	tell(room, medium, { approved = true }, only);
end

return moderationnews;
