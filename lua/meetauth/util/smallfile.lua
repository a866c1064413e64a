--- Small files, read as a whole: never more of one than its reader takes.

local smallfile = {};

smallfile.KEY_MAX = 262144; -- bytes of a file with keys

--- The bytes of a file.
---@param path string
---@param max integer  bytes
---@return string? bytes
---@return string? why  nil and why not: it does not exist, is no file, cannot be read, or has more
function smallfile.read(path, max)
	local handle <close>, why = io.open(path, "rb");
	if not handle then return nil, why; end
	local bytes, unread = handle:read(max + 1);
	if not bytes then return not unread and "" or nil, unread; end -- a folder can be opened
	if #bytes > max then return nil, ("more than %d KiB"):format(max // 1024); end
	return bytes;
end

return smallfile;
