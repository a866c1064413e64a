--- A secret for specs, one for each name: of any length, and of more variety than a letter that is repeated.
---@param name string
---@param bytes integer?  32 unless said
---@return string
return function (name, bytes)
	bytes = bytes or 32;
	local text = name .. "-secret-of-the-specs";
	for i = 1, bytes do text = text .. "-" .. i; end
	return text:sub(1, bytes);
end;
