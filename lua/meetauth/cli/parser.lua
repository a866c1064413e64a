--- The command line: one parser, with a sub-command for each file that is named here.

local argparse = require "argparse";
local meetauth = require "meetauth";

local parser = {};

--- The sub-commands: each { about, options(command), run(args, now) }.
parser.commands = {};

local names = { "sign", "inspect", "verify", "explain", "convert", "keygen", "jwks", "check" };
for _, name in ipairs(names) do parser.commands[name] = require("meetauth.cli.command." .. name); end

--- Make the parser.
---@return table  argparse's
function parser.new()
	local root = argparse("meetauth", "Sign, inspect, verify, explain and convert meeting tokens of Jitsi and Daily. Check the "
		.. "server's configuration.")
		:epilog("Tokens and secrets come from standard input, from files or from Prosody's configuration, never from arguments. Exit "
			.. "status: 0 valid or done, 1 refused, 2 wrong call, 3 cannot tell.")
		:command_target("command")
		:help_max_width(100);
	root:flag("--version", "Show the version."):action(function ()
		print("meetauth " .. meetauth._VERSION);
		os.exit(0);
	end);
	for _, name in ipairs(names) do
		local command = parser.commands[name];
		command.options(root:command(name, command.about));
	end
	return root;
end

--- The file that a shell reads to complete the command's words.
---@param shell "bash"|"zsh"|"fish"
---@return string
function parser.completion(shell)
	local root = parser.new();
	return root["get_" .. shell .. "_complete"](root);
end

return parser;
