-- sasl: a handler for each session that speaks ANONYMOUS, as Jitsi's client does. Prosody's own would ask
-- its callback in a loop until it says yes; and re-registering the mechanism would touch every host.
-- It has the fields and methods of Prosody's own (util.sasl), which Prosody and other modules look into.

local sasl = {};

local MECHANISMS = { ANONYMOUS = true };

---@class SaslHandler
---@field session table
---@field attempt fun(session: table): string?, string?
---@field realm string
---@field mechs table<string, true>
---@field profile { mechanisms: table<string, true>, cb: table<string, function>? }  cb: channel bindings, and
---@field userdata table?  what they need: ANONYMOUS has no use for them
---@field selected string?
---@field username string?
local handler = {};
handler.__index = handler;

local waiting = setmetatable({}, { __mode = "k" }); -- sessions with a handler of ours that may be asked yet

local function new(session, attempt, profile, userdata)
	return setmetatable({
		session = session, attempt = attempt, realm = module.host, mechs = MECHANISMS, profile = profile, userdata = userdata,
	}, handler);
end

function handler:mechanisms() -- luacheck: ignore 212/self
	return { ANONYMOUS = true };
end

function handler:add_cb_handler(name, callback)
	self.profile.cb = self.profile.cb or {};
	self.profile.cb[name] = callback;
	return self;
end

function handler:select(mechanism)
	if self.selected or not self.mechs[mechanism] then return nil; end
	self.selected = mechanism;
	return true;
end

-- "not-allowed", with a text, is the only refusal whose text Jitsi's client shows.
function handler:process()
	local session = self.session;
	local username, text = self.attempt(session);
	-- Prosody 13 makes an event's name of this, also where the client has gone while its login waited
	if session.destroyed then session.base_type = "c2s"; end
	if not username then return "failure", "not-allowed", text; end
	self.username, waiting[session] = username, nil;
	return "success";
end

function handler:clean_clone()
	waiting[self.session] = true;
	return new(self.session, self.attempt, self.profile, self.userdata);
end

---@param session table
---@param attempt fun(session: table): string?, string?  a user name, or nil and a text for the user
---@return SaslHandler
function sasl.new(session, attempt)
	waiting[session] = true;
	return new(session, attempt, { mechanisms = MECHANISMS });
end

--- A session that has not logged in yet gets another handler, from the module that is responsible for logins by then.
function sasl.stop()
	for session in pairs(waiting) do
		if getmetatable(session.sasl_handler) == handler then session.sasl_handler = nil; end
	end
end

return sasl;
