--- Users who need no token for the rooms of a MUC component, from its own option and from Jitsi's. Both options are used.

local schema = require "meetauth.util.schema";
local set_of = require "meetauth.util.list".set;

local exempt = {};

---@type Field[]
local fields = {
	{ name = "meetauth_exempt", kind = "names", default = {} };
	{ name = "token_verification_allowlist", kind = "names", default = {} };
};

--- Read the options of a component.
---@param get fun(name: string): any
---@return table<string, true> who   domains and bare JIDs
---@return string[] problems
function exempt.read(get)
	local found, all = schema.problems(), {};
	for _, field in ipairs(fields) do
		local list = schema.read(found, field, get(field.name), field.name);
		table.move(list, 1, #list, #all + 1, all);
	end
	return set_of(all), found.list;
end

return exempt;
