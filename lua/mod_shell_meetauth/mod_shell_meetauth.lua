-- mod_shell_meetauth: the commands of prosodyctl shell meetauth, inside the running server. One module serves all hosts,
-- and mod_auth_meetauth loads it. Its data comes from the hosts' mod_auth_meetauth and from the rooms.

module:set_global();

module:require "mod_auth_meetauth/prefix"; -- before anything of the library

local share_libs = require "meetauth.server.libs".share;

share_libs(module);

local commands = module:require "commands";
local help = module:require "help";

-- Prosody 13 takes commands as items; Prosody 0.12 has a table that its shell looks into.
if module.default_permission then
	for _, command in ipairs(commands) do
		module:add_item("shell-command", {
			section = "meetauth", section_desc = help.section,
			name = command.name, desc = command.desc, args = command.args, handler = command.run,
		});
	end
else
	local env = module:shared("/*/admin_shell/env");
	env.meetauth = {};
	for _, command in ipairs(commands) do env.meetauth[command.name] = command.run; end
	local take_out_help = help.extend(commands);
	function module.unload()
		env.meetauth = nil;
		take_out_help();
	end
end
