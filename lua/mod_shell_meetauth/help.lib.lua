-- help: the list of commands, in the form of the shell's own help. On Prosody 0.12 that help is one function with fixed
-- sections, and this file adds the list to it.

local help = {};

help.section = "Meeting tokens: refusals and their reasons, people in rooms and their rights";

--- Print each command with its arguments and what it does.
---@param print fun(line: string)
---@param commands { name: string, args: { name: string }[], desc: string }[]
function help.show(print, commands)
	for _, command in ipairs(commands) do
		local args = {};
		for i, arg in ipairs(command.args) do args[i] = arg.name; end
		print(("meetauth:%s(%s) - %s"):format(command.name, table.concat(args, ", "), command.desc));
	end
	print("Example in a terminal: prosodyctl shell meetauth why abc234");
end

local function extended(theirs, commands)
	return function (session, line)
		if line:find("^help[ :]meetauth") then return help.show(session.print, commands); end
		theirs(session, line);
		if not line:find("^help %w") then session.print("meetauth | " .. help.section); end
		return nil;
	end;
end

--- Make help meetauth work in the shell of Prosody 0.12. The shell can be loaded, or loaded again, after this, so it is
-- checked before each of its lines.
---@param commands table[]
---@return fun() take_out
function help.extend(commands)
	local shell = module:shared("/*/admin_shell/commands");
	local theirs, ours;
	module:hook("admin/repl-input", function ()
		if shell.help == ours then return; end
		theirs = shell.help;
		ours = extended(theirs, commands);
		shell.help = ours;
	end, 1);
	return function ()
		if shell.help == ours then shell.help = theirs; end
	end;
end

return help;
