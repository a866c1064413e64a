--- Child elements, taken out of an element as Prosody's util.stanza keeps it: a list of all that is in it and, as its
-- field tags, one of the elements among that. In one pass: util.stanza moves everything behind each that it takes out,
-- and a client may send some ten thousand of them in one stanza.

local children = {};

local function filter(list, is_unwanted)
	local kept = 0;
	for i = 1, #list do
		local child = list[i];
		list[i] = nil;
		if type(child) == "string" or not is_unwanted(child) then
			kept = kept + 1;
			list[kept] = child;
		end
	end
end

--- Take out the elements that are not wanted.
---@param element table
---@param is_unwanted fun(child: table): boolean
function children.remove(element, is_unwanted)
	filter(element, is_unwanted);
	filter(element.tags, is_unwanted);
end

--- Take out the elements of one name.
---@param element table
---@param name string
---@param xmlns string
function children.remove_named(element, name, xmlns)
	children.remove(element, function (child) return child.name == name and child.attr.xmlns == xmlns; end);
end

return children;
