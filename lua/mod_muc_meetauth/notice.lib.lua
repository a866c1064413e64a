-- notice: what the server says to one occupant. Jitsi's client shows it as a message of the server's; it tells nobody why
-- they were put out. Other clients read the body.

local st = require "util.stanza";

local json = require "meetauth.util.json";
local refusals = require "meetauth.server.refusals";

local JITMEET = "http://jitsi.org/jitmeet";

local notice = {};

local function message_of(room, real_jid, words)
	local message = st.message({ type = "groupchat", from = room.jid, to = real_jid }):text_tag("body", words);
	local shown = json.encode({ type = "system_chat_message", message = words });
	message:text_tag("json-message", shown, { xmlns = JITMEET });
	return message;
end

--- Before somebody is put out.
---@param room table
---@param real_jid string
---@param reason string
---@param sentence string?  another one than the reason's
function notice.removed(room, real_jid, reason, sentence)
	room:route_stanza(message_of(room, real_jid, refusals.words(reason, sentence)));
end

--- Somebody's time ends soon.
---@param room table
---@param real_jid string
---@param reason string
---@param seconds integer
function notice.ending(room, real_jid, reason, seconds)
	local sentence = ("Your time in this meeting ends in %d %s"):format(seconds, seconds == 1 and "second" or "seconds");
	room:route_stanza(message_of(room, real_jid, refusals.words(reason, sentence)));
end

--- Somebody's token has ended, and they may stay.
---@param room table
---@param real_jid string
---@param reason string
function notice.warn(room, real_jid, reason)
	local words = refusals.words(reason, "Your access to this meeting has ended");
	room:route_stanza(message_of(room, real_jid, words):tag("expired", { xmlns = JITMEET }));
end

return notice;
