--- Files and standard input, and output that is there as a whole or not at all.

local chomped = require "meetauth.util.text".chomped;
local smallfile = require "meetauth.util.smallfile";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";

local files = {};

files.TOKEN_MAX = 1048576; -- bytes, as much as any reader takes
local SMALL_MAX = 1048576; -- of a key, a set of keys or a claims object

local input_taken; -- what standard input was read for

local function open(path, purpose)
	if path ~= "-" then
		local file, why = io.open(path, "rb");
		if not file then stop.usage("cannot read %s", why); end
		return file;
	end
	if input_taken then stop.usage("standard input cannot be both %s and %s", input_taken, purpose); end
	input_taken = purpose;
	if terminal.is(0) then terminal.say("reading %s from standard input", purpose); end
	return io.stdin;
end

--- The lines or records of a file are read from this; "-" is standard input.
---@param path string
---@param purpose string  in words, for messages
---@return file*
files.open = open;

local function read(path, purpose, max)
	local file = open(path, purpose);
	local bytes, why = file:read(max + 1);
	if path ~= "-" then file:close(); end
	if not bytes and why then stop.usage("cannot read %s: %s", path, why); end -- a folder
	return bytes or "";
end

--- A small file as a whole.
---@param path string
---@param purpose string
---@return string
function files.read(path, purpose)
	local bytes = read(path, purpose, SMALL_MAX);
	if #bytes > SMALL_MAX then stop.usage("%s is larger than %d bytes", path, SMALL_MAX); end
	return bytes;
end

--- The text that is pasted in a token's place, without the newline at its end, which is the editor's. One that is too long
-- stays so, to be refused.
---@param path string
---@return string
function files.pasted(path)
	local text = chomped(read(path, "the token", files.TOKEN_MAX));
	if not text:find("%S") then stop.usage("no token in %s", path == "-" and "standard input" or path); end
	return text;
end

--- A word for the shell.
---@param word string
---@return string
function files.quoted(word)
	return "'" .. word:gsub("'", "'\\''") .. "'";
end

local quoted = files.quoted;

-- A new, empty file in the same folder that only its owner may read; Lua itself can do neither.
local function new_beside(path)
	local folder = path:match("^(.*/)[^/]*$") or "./";
	local pipe <close> = assert(io.popen("mktemp -- " .. quoted(folder .. ".meetauth.XXXXXX") .. " 2>&1"));
	local answer = pipe:read("l") or "";
	if not pipe:close() then stop.usage("cannot write %s: %s", path, answer); end
	return answer;
end

-- Removes a file once this process has ended, by any signal, or closes the pipe without a word.
local function guard_of(path)
	local line = "trap '' HUP INT QUIT TERM; read -r word; [ \"$word\" = kept ] || rm -f -- " .. quoted(path);
	return assert(io.popen(line, "w"));
end

-- Put a file into its place, where nothing may be yet; rename would write over it.
local function link(from, to)
	local pipe <close> = assert(io.popen(("ln -- %s %s 2>&1"):format(quoted(from), quoted(to))));
	local answer = pipe:read("l");
	if not pipe:close() then
		if files.exists(to) then stop.usage("%s already exists", to); end
		return nil, answer;
	end
	return os.remove(from);
end

---@class Output
---@field write fun(self: Output, ...: string)
---@field keep fun(self: Output)   only now is it there

local output = {};
output.__index = output;

function output:write(...)
	local ok, why = self.file:write(...);
	if not ok then stop.usage("cannot write %s: %s", self.path, why); end
end

function output:keep()
	local ok, why = self.file:close();
	self.file = nil;
	if ok then ok, why = self.place(self.temporary, self.path); end
	if not ok then stop.usage("cannot write %s: %s", self.path, why); end
	self.guard:write("kept\n");
end

function output:__close()
	if self.file then self.file:close(); end
	self.guard:close();
end

--- A file to be written; readable by its owner only, since tokens and keys go into it. Close it (<close>) without
-- keep, or end the process, and nothing has happened.
---@param path string
---@param is_new boolean?  take no other file's place
---@return Output
function files.create(path, is_new)
	local word = quoted(path:gsub("^%-", "./-"));
	if not os.execute(("test ! -e %s || test -f %s"):format(word, word)) then -- to replace a device would be a mischief
		stop.usage("cannot write %s: it is not a regular file", path);
	end
	local temporary = new_beside(path);
	local self = setmetatable({ path = path, temporary = temporary, guard = guard_of(temporary),
		place = is_new and link or os.rename }, output);
	local file, why = io.open(temporary, "wb");
	if not file then
		self.guard:close();
		stop.usage("cannot write %s: %s", path, why);
	end
	file:setvbuf("full", 65536);
	self.file = file;
	return self;
end

local standard = {};
standard.__index = standard;
standard.__close = function () end;

function standard.write(_, ...) terminal.write(...); end
function standard.keep() end

--- The path of a file to be written; nil where that is standard output: no path, or "-".
---@param path string?
---@return string?
function files.path(path)
	return path ~= "-" and path or nil;
end

--- The same to standard output, which is never undone.
---@return Output
function files.stdout()
	io.stdout:setvbuf("full", 65536);
	return setmetatable({}, standard);
end

--- The bytes of a small file, which can be missing.
---@param path string
---@return string?
function files.text(path)
	return (smallfile.read(path, SMALL_MAX));
end

--- Whether there is such a file.
---@param path string
---@return boolean
function files.exists(path)
	local file = io.open(path, "rb");
	if file then file:close(); end
	return file ~= nil;
end

return files;
