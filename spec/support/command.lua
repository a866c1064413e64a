--- The meetauth command as people run it: a separate process, with the sources at hand.

local lfs = require "lfs";

local root = lfs.currentdir();

local command = {};

local function quoted(word)
	return "'" .. word:gsub("'", "'\\''") .. "'";
end

--- A folder for the files of a spec; command.clean() removes all of them.
local folders = {};

---@return string
function command.folder()
	local name = os.tmpname();
	os.remove(name);
	assert(lfs.mkdir(name));
	folders[#folders + 1] = name;
	return name;
end

local function remove(path)
	if lfs.symlinkattributes(path, "mode") == "directory" then
		for name in lfs.dir(path) do
			if name ~= "." and name ~= ".." then remove(path .. "/" .. name); end
		end
	end
	assert(os.remove(path));
end

function command.clean()
	for _, name in ipairs(folders) do remove(name); end
	folders = {};
end

---@param path string
---@param text string
---@return string path
function command.write(path, text)
	local file <close> = assert(io.open(path, "wb"));
	file:write(text);
	return path;
end

---@param path string
---@return string? text  nil: there is no such file
function command.read(path)
	local file <close> = io.open(path, "rb");
	return file and file:read("a");
end

-- The words in front of the command's own.
local function environment(env, tree)
	local words = { "env", "-u", "LUA_PATH_5_4", "-u", "LUA_CPATH_5_4", "-u", "MEETAUTH_PROSODY", "TZ=UTC" };
	local build = os.getenv("MEETAUTH_BUILD") or "build";
	words[#words + 1] = quoted(("LUA_PATH=%s/lua/?.lua;%s/lua/?/init.lua;;"):format(tree, tree));
	words[#words + 1] = quoted(("LUA_CPATH=%s/%s/?.so;;"):format(tree, build));
	for name, value in pairs(env or {}) do words[#words + 1] = quoted(name .. "=" .. value); end
	return table.concat(words, " ");
end

--- The command as a line for a shell.
---@param args string[]
---@param env table<string, string>?
---@param tree string?  a folder with copies of lua/ and build/meetauth/, in place of those at hand
---@return string
function command.line(args, env, tree)
	tree = tree or root;
	local words = { environment(env, tree), "lua5.4", quoted(tree .. "/lua/meetauth/cli/meetauth") };
	for _, word in ipairs(args) do words[#words + 1] = quoted(word); end
	return table.concat(words, " ");
end

---@class Ran
---@field status integer
---@field out string
---@field err string

--- Run a line of shell.
---@param line string
---@param input string?  of standard input
---@return Ran
function command.shell(line, input)
	local folder = command.folder();
	command.write(folder .. "/in", input or "");
	local _, how, status = os.execute(("{ %s\n} <%s/in >%s/out 2>%s/err"):format(line, folder, folder, folder));
	return { status = how == "exit" and status or 128 + status, out = command.read(folder .. "/out"),
		err = command.read(folder .. "/err") };
end

--- Run the command.
---@param args string[]
---@param input string?
---@param env table<string, string>?
---@return Ran
function command.run(args, input, env)
	return command.shell("exec " .. command.line(args, env), input);
end

--- Run it where standard output and standard error are one terminal; 'out' is what that shows.
---@param args string[]
---@param env table<string, string>?
---@return Ran
function command.on_terminal(args, env)
	local ran = command.shell("script -qec " .. quoted(command.line(args, env)) .. " /dev/null");
	ran.out = ran.out:gsub("\r\n", "\n");
	return ran;
end

--- Run it and have its output; anything but status 0 is an error.
---@param args string[]
---@param input string?
---@return string out
function command.must(args, input)
	local ran = command.run(args, input);
	assert(ran.status == 0, ran.err);
	return ran.out;
end

--- Run the command as it was never meant: status 2, nothing on standard output, and a word on what is wrong.
---@param case { args: string[], input: string?, says: string, never: string? }  never: what is not shown again
function command.is_refused(case)
	local ran = command.run(case.args, case.input);
	assert(ran.status == 2, ("status %d: %s"):format(ran.status, ran.err));
	assert(ran.out == "", ran.out);
	assert(ran.err:find(case.says, 1, true), ran.err);
	assert(not (case.never and ran.err:find(case.never, 1, true)), ran.err);
	assert(not ran.err:find("traceback", 1, true), ran.err);
end

return command;
