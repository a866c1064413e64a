--- Outsiders' text made fit for a stanza and a screen.
-- Takes any bytes: of what is no UTF-8, only the ASCII characters are kept.

local text = {};

-- Code points that a display name has no use for: controls, line separators, and marks that turn the direction of text
-- (Unicode 9, "bidi overrides"). Code points that XML 1.0 cannot carry are among them.
local unwanted = {
	{ 0x0000, 0x001F }, { 0x007F, 0x009F }, { 0x061C, 0x061C }, { 0x200E, 0x200F },
	{ 0x2028, 0x202E }, { 0x2066, 0x2069 }, { 0xFEFF, 0xFEFF }, { 0xFFFE, 0xFFFF },
};

local function is_unwanted(code)
	for _, range in ipairs(unwanted) do
		if code >= range[1] and code <= range[2] then return true; end
	end
	return false;
end

--- Take unwanted characters out, and cut to a number of characters.
---@param s string
---@param max integer?  code points
---@return string
function text.clean(s, max)
	if not s:find("[^ -~]") and #s <= (max or #s) then return s; end
	if not utf8.len(s) then s = s:gsub("[\128-\255]", ""); end
	local kept = {};
	for _, code in utf8.codes(s) do
		if #kept == max then break; end
		if not is_unwanted(code) then kept[#kept + 1] = utf8.char(code); end
	end
	return table.concat(kept);
end

--- Without the white space around it; looked for from both ends, for there may be much of it within.
---@param s string
---@return string
function text.trimmed(s)
	return s:match("^.*%S", s:match("^%s*()")) or "";
end

--- Without the newline at its end, which is the editor's that wrote the file.
---@param s string
---@return string
function text.chomped(s)
	return (s:gsub("\r?\n$", ""));
end

--- Without the byte order mark before it, which some editors and servers put there (RFC 8259 8.1).
---@param s string
---@return string
function text.without_mark(s)
	return s:sub(1, 3) == "\xEF\xBB\xBF" and s:sub(4) or s;
end

--- Whether there is nothing to clean.
---@param s string
---@return boolean
function text.is_clean(s)
	return text.clean(s) == s;
end

local function escaped(char)
	if text.is_clean(char) then return char; end
	return ("\\u%04x"):format(utf8.codepoint(char));
end

--- Any text in a form that terminals and pages only show: what nobody sees, or what turns direction, by its number.
---@param words string
---@return string
function text.visible(words)
	if not words:find("[^ -~]") then return words; end
	if not utf8.len(words) then return (words:gsub("[^ -~]", "?")); end
	return (words:gsub(utf8.charpattern, escaped));
end

-- Move the items of a list together where some were taken out: a list with holes is none.
local function close_ranks(list, last)
	local kept = 0;
	for i = 1, last do
		local item = list[i];
		if item ~= nil then
			kept = kept + 1;
			if kept < i then list[kept], list[i] = item, nil; end
		end
	end
	return list;
end

--- Clean every string in a table that was read from JSON, and take its nulls out. Changes the table.
---@param t table
---@param null any  the value in the place of null
---@return table t
function text.clean_all(t, null)
	local last = #t;
	for name, value in pairs(t) do
		if value == null then
			t[name] = nil;
		elseif type(value) == "string" then
			t[name] = text.clean(value);
		elseif type(value) == "table" then
			text.clean_all(value, null);
		end
	end
	return close_ranks(t, last);
end

return text;
