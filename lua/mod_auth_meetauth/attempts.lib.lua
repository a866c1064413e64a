-- attempts: one connection can try to log in a few times. Then its stream is closed. A user with a better token opens
-- another stream, and nobody keeps the server busy with one connection.

local attempts = {};

local TRIES = 5; -- that are refused
local CLOSE_AFTER = 1; -- seconds: the last answer goes out before, and over BOSH there is a request again to end

local closing = {}; -- session -> the timer that closes it

local function close(session)
	closing[session] = nil;
	if session.destroyed or session.type ~= "c2s_unauthed" then return; end
	session:close({ condition = "policy-violation", text = "Too many tries to log in" });
end

--- One attempt, which is made a few times for a session; after that, the session gets the last answer again.
---@param attempt fun(session: table): string?, string?  a user name, or nil and a text for the user
---@return fun(session: table): string?, string?
function attempts.few(attempt)
	return function (session)
		local before = session.meetauth_refused;
		if before and before.count == TRIES then return nil, before.text; end
		local username, text = attempt(session);
		if username or session.destroyed then return username, text; end
		local count = (before and before.count or 0) + 1;
		session.meetauth_refused = { count = count, text = text };
		if count == TRIES then closing[session] = module:add_timer(CLOSE_AFTER, function () close(session); end); end
		return nil, text;
	end;
end

--- A session without a try left is closed now.
function attempts.stop()
	local sessions = {};
	for session, timer in pairs(closing) do
		timer:stop();
		sessions[#sessions + 1] = session;
	end
	for _, session in ipairs(sessions) do close(session); end
end

return attempts;
