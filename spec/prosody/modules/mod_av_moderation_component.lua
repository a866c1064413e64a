-- For live specs: stands in for Jitsi's module of that name, as its releases of 2025 and later are: what it keeps on
-- the room, what moderators ask of it, and what it tells clients and Jicofo. With live_old_release it is one that
-- knows no medium "desktop", and has no function start_av_moderation.

local array = require "util.array";
local json = require "cjson.safe";
local st = require "util.stanza";

local JITMEET_NS = "http://jitsi.org/jitmeet";

local old = module:get_option_boolean("live_old_release", false);
local rooms_host = module:get_option_string("muc_component");
local media = { "audio", "video", not old and "desktop" or nil };

local function known(medium)
	for _, name in ipairs(media) do
		if name == medium then return true; end
	end
	return false;
end

local function send(to, body)
	module:send(st.message({ from = module.host, to = to }):text_tag("json-message", json.encode(body), { xmlns = JITMEET_NS }));
end

local function tell_enabled(room, enabled, actor, medium, only)
	for _, occupant in room:each_occupant() do
		if not only or occupant.jid == only then
			send(occupant.jid, { type = "av_moderation", enabled = enabled, room = room.jid, actor = actor, mediaType = medium });
		end
	end
end

-- To moderators; to the one it is about, where that is none, only that they were approved.
local function tell_lists(room, medium, about, removed)
	local lists = {};
	for name, list in pairs(room.av_moderation) do lists[name] = #list > 0 and list or nil; end
	for _, occupant in room:each_occupant() do
		local body = { type = "av_moderation", room = room.jid, mediaType = medium, removed = removed or nil };
		if occupant.role == "moderator" then
			body.whitelists = lists;
			send(occupant.jid, body);
		elseif occupant.jid == about then
			body.approved = not removed or nil;
			send(occupant.jid, body);
		end
	end
end

local function begin(room, medium, actor)
	room.av_moderation, room.av_moderation_actors = room.av_moderation or {}, room.av_moderation_actors or {};
	local list = array();
	for nick, occupant in room:each_occupant() do
		if occupant.role == "moderator" and not nick:find("/focus$") then list:push(nick); end
	end
	room.av_moderation[medium], room.av_moderation_actors[medium] = list, actor;
end

if not old then start_av_moderation = begin; end -- luacheck: ignore 111

local function finish(room, medium)
	room.av_moderation[medium], room.av_moderation_actors[medium] = nil, nil;
	if next(room.av_moderation) == nil then room.av_moderation = nil; end
end

local function room_of(real_jid)
	for room in prosody.hosts[rooms_host].modules.muc.each_room(true) do
		local occupant = room:get_occupant_by_real_jid(real_jid);
		if occupant then return room, occupant; end
	end
	return nil;
end

local function switch(room, medium, enabled, actor)
	local is = room.av_moderation and room.av_moderation[medium] ~= nil or false;
	if is == enabled then return; end
	if enabled then begin(room, medium, actor); else finish(room, medium); end
	tell_enabled(room, enabled, actor, medium);
	if enabled then tell_lists(room, medium); end
end

local function change_list(room, medium, nick, removed)
	local list, occupant = room.av_moderation and room.av_moderation[medium], room:get_occupant_by_nick(nick);
	if not list or not occupant then return; end
	if removed then
		for i, other in ipairs(list) do
			if other == nick then list:pop(i); break; end
		end
	else
		list:push(nick);
	end
	tell_lists(room, medium, occupant.jid, removed);
end

module:hook("message/host", function (event)
	local asked = event.stanza:get_child("av_moderation");
	local room, occupant = room_of(event.stanza.attr.from);
	if not asked or not room or occupant.role ~= "moderator" or not known(asked.attr.mediaType) then return; end
	local medium = asked.attr.mediaType;
	if asked.attr.enable then
		switch(room, medium, asked.attr.enable == "true", occupant.nick);
	else
		change_list(room, medium, asked.attr.jidToWhitelist or asked.attr.jidToBlacklist, asked.attr.jidToBlacklist ~= nil);
	end
	return true;
end);

local function joined(event)
	local room, occupant = event.room, event.occupant;
	if not room.av_moderation or occupant.nick:find("/focus$") then return; end -- it tells no admin
	for _, medium in ipairs(media) do
		if room.av_moderation[medium] then
			tell_enabled(room, true, room.av_moderation_actors[medium], medium, occupant.jid);
			if room:get_role(occupant.nick) == "moderator" then tell_lists(room, medium); end
		end
	end
end

local function affiliated(event)
	local room = event.room;
	if not room.av_moderation or event.affiliation ~= "owner" then return; end
	for nick, occupant in room:each_occupant() do
		if occupant.bare_jid == event.jid then
			for _, list in pairs(room.av_moderation) do list:push(nick); end
		end
	end
	for medium in pairs(room.av_moderation) do
		if event.actor then tell_lists(room, medium); end
	end
end

local function watch(host)
	if host ~= rooms_host then return; end
	module:context(host):hook("muc-occupant-joined", joined, -2);
	module:context(host):hook("muc-set-affiliation", affiliated, -1);
end

if prosody.hosts[rooms_host] then watch(rooms_host); else module:hook_global("host-activated", watch); end
