--- The keys of key addresses that the running server stores, asked for by Prosody's shell, in the form of its store. If
-- the server cannot be asked (no server, no admin_shell, no right to its socket), no keys are stored. The caller then
-- fetches them.

local decode = require "meetauth.core".decode;
local files = require "meetauth.cli.io.files";
local sha256 = require "meetauth.key.url".sha256;
local shown = require "meetauth.util.shown";
local terminal = require "meetauth.cli.io.terminal";

local asked = {};

local ANSWER_MAX = 1048576; -- bytes: a key document and the text around it

-- The prosodyctl that belongs to Prosody's sources, or the one that a shell would run.
local function prosodyctl_of(sources)
	local own = sources:gsub("/lib/prosody/?$", "") .. "/bin/prosodyctl";
	return files.exists(own) and own or "prosodyctl";
end

-- The record in what the shell has printed: a line that is a JSON object.
local function record_in(text)
	for line in text:gmatch("[^\r\n]+") do
		local from = line:find("{", 1, true);
		local record = from and decode(line:sub(from));
		if type(record) == "table" and type(record.text) == "string" then return record; end
	end
	return nil;
end

--- The server's store, to be read.
---@param args table  config, the path of its configuration
---@param config ProsodyConfig
---@param host string
---@return { get: (fun(at: string): table?), set: fun() }
function asked.store(args, config, host)
	local quoted, failed = files.quoted, false;
	local function get(at)
		if failed then return nil; end
		local command = ("%s --config %s shell meetauth kept %s %s 2>/dev/null </dev/null"):format(
			quoted(prosodyctl_of(config.sources)), quoted(args.config), sha256(at), quoted(host)); -- no address: others may see it
		local pipe <close> = assert(io.popen(command));
		local text = pipe:read(ANSWER_MAX) or "";
		local record = pipe:close() and record_in(text);
		if record then terminal.say("the keys at %s are the keys that the running server has", shown.address(at)); end
		failed = not record;
		return record;
	end
	return { get = get, set = function () end };
end

return asked;
