--- Sessions by what a connection that comes back names: the stream that it means to resume, and its token.
-- Outsiders ask, so an answer costs the same however many sessions there are. Nothing here keeps a session alive.

local sessionindex = {};

local weak_keys, weak_values = { __mode = "k" }, { __mode = "v" };

---@class SessionIndex
---@field unnamed table<table, true>             sessions whose stream had no name when somebody last asked
---@field by_name table<string, table>
---@field name_of table<table, string>
---@field by_token table<string, table<table, true>>
---@field token_of table<table, string>
local methods = {};
methods.__index = methods;

---@return SessionIndex
function sessionindex.new()
	return setmetatable({
		unnamed = setmetatable({}, weak_keys), by_name = setmetatable({}, weak_values), name_of = setmetatable({}, weak_keys),
		by_token = {}, token_of = setmetatable({}, weak_keys),
	}, methods);
end

--- Take a session in, or look again at one that has another token now.
---@param session { auth_token: string?, resumption_token: string? }
function methods:add(session)
	self:remove(session);
	self.unnamed[session] = true; -- a stream gets its name some time after its session
	local token = session.auth_token;
	if not token then return; end
	self.token_of[session] = token;
	self.by_token[token] = self.by_token[token] or setmetatable({}, weak_keys);
	self.by_token[token][session] = true;
end

function methods:remove(session)
	local name, token = self.name_of[session], self.token_of[session];
	self.unnamed[session], self.name_of[session], self.token_of[session] = nil, nil, nil;
	if name and self.by_name[name] == session then self.by_name[name] = nil; end
	local others = token and self.by_token[token];
	if not others then return; end
	others[session] = nil;
	if next(others) == nil then self.by_token[token] = nil; end
end

-- Another table, not the old one emptied: to walk that takes as long as ever.
local function read_names(self)
	local unnamed = setmetatable({}, weak_keys);
	for session in pairs(self.unnamed) do
		local name = session.resumption_token;
		if name then
			self.by_name[name], self.name_of[session] = session, name;
		else
			unnamed[session] = true;
		end
	end
	self.unnamed = unnamed;
end

--- The session with the stream of that name (XEP-0198's previd).
---@param name string
---@return table? session
function methods:of_stream(name)
	if next(self.unnamed) ~= nil then read_names(self); end
	local session = self.by_name[name];
	return session and session.resumption_token == name and session or nil;
end

local none = {};

--- The sessions with that token.
---@param token string
---@return table<table, true>
function methods:of_token(token)
	return self.by_token[token] or none;
end

return sessionindex;
