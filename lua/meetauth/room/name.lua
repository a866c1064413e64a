--- A room's name as people write it against a room's name as Jitsi's client makes it: decoded, NFKC, lower
-- case, percent-encoded.
-- Unicode is handed in: nfkc(s) and fold(s), each a string or nil.

local bytes = require "meetauth.util.bytes";

local roomname = {};

--- "[tenant]name" in two; a plain room has no tenant.
---@param node string
---@return string? tenant
---@return string name
function roomname.split(node)
	local tenant, name = node:match("^%[([^%]]+)%](.+)$");
	return tenant, name or node;
end

-- Code points of valid UTF-8, or nil.
local function points(s)
	if not utf8.len(s) then return nil; end
	local list = {};
	for _, code in utf8.codes(s) do list[#list + 1] = code; end
	return list;
end

-- Whether the client's lower-casing may turn the one into the other. They are equal, or the first has a lower case and both
-- fold to one name.
local function same_point(claimed, actual, fold)
	if claimed == actual then return true; end
	local char = utf8.char(claimed);
	local folded = fold(char);
	return folded ~= nil and folded ~= char and folded == fold(utf8.char(actual));
end

local function same_points(claimed, actual, fold)
	if not claimed or not actual or #claimed ~= #actual then return false; end
	for i = 1, #claimed do
		if not same_point(claimed[i], actual[i], fold) then return false; end
	end
	return true;
end

--- Whether a claimed name, in any case and normal form, is the room's name.
---@param claimed string  from a token
---@param name string     from the room's address
---@param unicode { nfkc: (fun(s: string): string?), fold: fun(s: string): string? }
---@return boolean
function roomname.same(claimed, name, unicode)
	if claimed:lower() == name then return true; end
	if not (claimed .. name):find("[\128-\255%%]") then return false; end
	local plain, actual = bytes.unescape(claimed), points(bytes.unescape(name));
	if same_points(points(plain), actual, unicode.fold) then return true; end
	local composed = unicode.nfkc(plain); -- none for what XMPP takes for no text, such as mixed directions
	return composed ~= nil and same_points(points(composed), actual, unicode.fold);
end

return roomname;
