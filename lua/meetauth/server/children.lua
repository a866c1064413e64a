--- Child elements, taken out of an element as Prosody's util.stanza keeps it. It is a list of all its contents and, as its
-- field tags, of the elements among these. In one pass: util.stanza moves everything behind each that it takes out, and a
-- client may send some ten thousand of them in one stanza.

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

--- Whether an element of that name is in an element, at any depth.
---@param element table
---@param name string
---@param xmlns string
---@return boolean
function children.holds(element, name, xmlns)
	local waiting = { element };
	while waiting[1] do
		local parent = table.remove(waiting);
		for _, child in ipairs(parent.tags) do
			if child.name == name and child.attr.xmlns == xmlns then return true; end
			if child.tags[1] then waiting[#waiting + 1] = child; end
		end
	end
	return false;
end

return children;
