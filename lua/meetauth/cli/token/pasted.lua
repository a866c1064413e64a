--- Reads what people paste, for the command, and says what it removed.

local files = require "meetauth.cli.io.files";
local of = require "meetauth.page.pasted".of;
local terminal = require "meetauth.cli.io.terminal";

local pasted = {};

--- Read what is pasted.
---@param path string  "-" is standard input
---@return Pasted
function pasted.read(path)
	return of(files.pasted(path));
end

--- Tell that something was taken off, where no row does.
---@param given Pasted
function pasted.tell(given)
	if given.names then
		terminal.say(
			"%s. The command read the token alone, but the server refuses the text as you gave it: %s. %s",
			given.says, given.reason, given.write);
	end
end

return pasted;
