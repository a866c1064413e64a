--- The lines of a file, read with the memory of one block and one line. The length of the file does not matter.

local lines = {};

local BLOCK = 65536; -- bytes
local LINE_MAX = 1048576; -- bytes: what is longer is read past

--- A reader: next_line() -> line without its line feed; nil at the end. For a line that is too long: "", problem,
-- and whether it has a quotation mark somewhere.
---@param file file*
---@return fun(): string?, string?, boolean?
function lines.of(file)
	local buffer, at = "", 1;

	-- Up to the next line feed, and whether there was one; no more than 'max' bytes of it are kept.
	local function take(max)
		local kept, size, quoted = {}, 0, false;
		while true do
			local last = buffer:find("\n", at, true);
			local piece = buffer:sub(at, (last or 0) - 1);
			size = size + #piece;
			if size <= max then kept[#kept + 1] = piece; else quoted = quoted or piece:find('"', 1, true) ~= nil; end
			if last then
				at = last + 1;
				return table.concat(kept), size, true, quoted;
			end
			local block = file:read(BLOCK);
			buffer, at = block or "", 1;
			if not block then return table.concat(kept), size, false, quoted; end
		end
	end

	return function ()
		local line, size, ended, quoted = take(LINE_MAX);
		if size > LINE_MAX then
			return "", ("longer than %d bytes"):format(LINE_MAX), quoted or line:find('"', 1, true) ~= nil;
		end
		if not ended and size == 0 then return nil; end
		return line;
	end;
end

return lines;
