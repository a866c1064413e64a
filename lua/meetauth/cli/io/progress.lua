--- How far a long job is, on one line of a terminal; nothing where standard error is none.

local terminal = require "meetauth.cli.io.terminal";

local progress = {};

local EVERY = 2048; -- records
local WIDTH = 30;   -- characters of the bar

---@class Progress
---@field step fun(self: Progress)  one more record is done
---@field clear fun(self: Progress)  make room for a message
---@field finish fun(self: Progress)

local silent = { step = function () end, clear = function () end, finish = function () end };

local bar = {};
bar.__index = bar;

function bar:draw()
	local share = self.size and self.size > 0 and math.min(self.file:seek() / self.size, 1);
	local filled = share and math.floor(share * WIDTH);
	io.stderr:write("\r", share and ("[%s%s] %3.0f%% "):format(("#"):rep(filled), ("."):rep(WIDTH - filled), share * 100) or "",
		("%d signed"):format(self.done));
end

function bar:step()
	self.done = self.done + 1;
	if self.done % EVERY == 0 then self:draw(); end
end

function bar.clear()
	io.stderr:write("\r\27[K");
end

function bar:finish()
	self:draw();
	io.stderr:write("\n");
end

-- The bytes of a file; nil for a pipe.
local function size_of(file)
	local size = file:seek("end");
	if size then file:seek("set", 0); end
	return size;
end

--- Begin; 'file' is what the records are read from.
---@param file file*
---@return Progress
function progress.of(file)
	if not terminal.is(2) then return silent; end
	return setmetatable({ file = file, size = file ~= io.stdin and size_of(file) or nil, done = 0 }, bar);
end

return progress;
