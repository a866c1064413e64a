--- A web server on this machine, in a separate process: the bytes that it sends for a path is said beforehand, byte for
-- byte.

local command = require "spec.support.command";

local webserver = {};

local has_socket = pcall(require, "socket");

-- Its first argument: a folder with a file for each path. A path without a file is never answered.
local program = [[
	local socket = require "socket";
	local server = assert(socket.bind("127.0.0.1", 0));
	local _, port = server:getsockname();
	io.write(port, "\n");
	io.flush();
	local function text(path)
		local file <close> = path and io.open(arg[1] .. "/" .. path, "rb");
		return file and file:read("a");
	end
	local at_once, silent = text(".at-once"), {};
	while true do
		local conn = server:accept();
		local request, line = {}, not at_once and conn:receive("*l");
		while line and line ~= "" do
			request[#request + 1], line = line, conn:receive("*l");
		end
		local path = (request[1] or ""):match("^%u+ /([^ ]+) ");
		local answer = path == "echo" and "HTTP/1.1 200 OK\r\n\r\n" .. table.concat(request, "\n") or at_once or text(path);
		if answer then
			conn:send(answer);
			conn:close();
		else
			silent[#silent + 1] = conn;
		end
	end
]];

--- Whether there can be one: LuaSocket is here.
---@return boolean
function webserver.is_possible() return has_socket; end

--- Start one; close it (<close>) in the end.
---@param answers table<string, string>  by path, without its first slash; ".at-once": to every client, unasked. The
-- path "echo" sends the request back.
---@return { url: string }
function webserver.start(answers)
	local folder = command.folder();
	for path, bytes in pairs(answers) do command.write(folder .. "/" .. path, bytes); end
	local script = command.write(command.folder() .. "/server.lua", program);
	local pipe = assert(io.popen(("echo $$; exec env -u LD_PRELOAD lua5.4 %s %s"):format(script, folder)));
	local pid, port = pipe:read("l"), pipe:read("l");
	assert(port, "the server does not start");
	return setmetatable({ url = "http://127.0.0.1:" .. port }, { __close = function ()
		os.execute("kill " .. pid);
		pipe:close();
	end });
end

return webserver;
