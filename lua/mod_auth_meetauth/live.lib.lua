-- live: this host's sessions, and as connections that come back ask for them. Nothing is noted before the first one asks.

local new_index = require "meetauth.server.sessionindex".new;

local live = {};

local index;

local users = prosody.hosts[module.host].sessions;
local nobody = {};

local adopted = module:shared("adopted"); -- sessions of other hosts, over reloads of the module

--- Each session that is there and that this host judges.
---@param visit fun(session: table)
function live.each(visit)
	for _, user in pairs(users) do
		for _, session in pairs(user.sessions) do visit(session); end
	end
	for session in pairs(adopted) do visit(session); end
end

--- A session of another host has a token of this one.
function live.adopt(session)
	adopted[session] = true;
end

local function ended(session)
	if session.meetauth_away then prosody.events.fire_event("meetauth-session-ended", { session = session }); end
end

--- A session of another host is gone.
function live.release(session)
	if not adopted[session] then return; end
	adopted[session] = nil;
	ended(session);
end

--- Whether one of the sessions by that user name fits.
---@param name string
---@param fits fun(session: table): boolean
---@return boolean
function live.has(name, fits)
	local user = users[name];
	for _, session in pairs(user and user.sessions or nobody) do
		if fits(session) then return true; end
	end
	return false;
end

local function ask()
	if index then return index; end
	index = new_index();
	live.each(function (session) index:add(session); end);
	return index;
end

--- The live session with the stream of that name.
---@param id string
---@return table?
function live.of_stream(id)
	return ask():of_stream(id);
end

--- The live session that another one means to resume.
---@param session table
---@return table?
function live.resumed(session)
	return session.previd and live.of_stream(session.previd);
end

--- The live sessions with that token.
---@param token string
---@return table<table, true>
function live.of_token(token)
	return ask():of_token(token);
end

--- A session has come, or has another token.
function live.note(session)
	if index then index:add(session); end
end

module:hook("resource-bind", function (event) live.note(event.session); end);
module:hook("resource-unbind", function (event)
	local session = event.session;
	if index then index:remove(session); end
	ended(session);
end);

return live;
