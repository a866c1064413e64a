--- The console's door: codes that open it once, and the sessions that they begin. Of both only digests are kept, and each is
-- compared with all of them in constant time. A few of either: who asks for one more ends the oldest. Pure: clock, chance
-- and comparison are handed in.

local bytes = require "meetauth.util.bytes";
local sha256 = require "meetauth.core".sha256;

local door = {};

door.CODE_SECONDS = 600;
door.SESSION_SECONDS = 3600;

local MOST = 8; -- codes, and sessions
local BYTES = 32; -- of chance
local DIGITS = 2 * BYTES;

---@class DoorEnv
---@field now fun(): number                     seconds, by a clock that is never set
---@field random fun(count: integer): string    that many random bytes, which nobody guesses
---@field equals fun(a: string, b: string): boolean  in constant time

---@class DoorPass
---@field digest string
---@field ends number

---@class Door
---@field env DoorEnv
---@field codes DoorPass[]     the oldest first
---@field sessions DoorPass[]
local methods = {};
methods.__index = methods;

---@param env DoorEnv
---@return Door
function door.new(env)
	return setmetatable({ env = env, codes = {}, sessions = {} }, methods);
end

local function drop_ended(list, now)
	for i = #list, 1, -1 do
		if list[i].ends <= now then table.remove(list, i); end
	end
end

-- One more of a list: what is handed out.
local function add(self, list, seconds)
	local now = self.env.now();
	drop_ended(list, now);
	if #list >= MOST then table.remove(list, 1); end
	local word = bytes.hex(self.env.random(BYTES));
	list[#list + 1] = { digest = sha256(word), ends = now + seconds };
	return word;
end

-- The place of a word in a list. All words are compared, even after the place is found.
local function find(self, list, word)
	drop_ended(list, self.env.now());
	if type(word) ~= "string" or #word ~= DIGITS then return nil; end
	local digest, at = sha256(word), nil;
	for i, pass in ipairs(list) do
		if self.env.equals(digest, pass.digest) then at = i; end
	end
	return at;
end

--- A code, for ten minutes.
---@return string code  hexadecimal digits
function methods:code()
	return add(self, self.codes, door.CODE_SECONDS);
end

--- Begin a session with a code, which is used up.
---@param code any
---@return string? id  of the session, an hour long; nil: no such code, or it has ended
function methods:enter(code)
	local at = find(self, self.codes, code);
	if not at then return nil; end
	table.remove(self.codes, at);
	return add(self, self.sessions, door.SESSION_SECONDS);
end

--- A session that has not ended.
---@param id any
---@return DoorPass? session  one table as long as it lasts
function methods:session(id)
	local at = find(self, self.sessions, id);
	return at and self.sessions[at];
end

--- End a session.
---@param id any
function methods:leave(id)
	local at = find(self, self.sessions, id);
	if at then table.remove(self.sessions, at); end
end

return door;
