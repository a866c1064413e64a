--- Records of a CSV file (RFC 4180), one at a time, so that a file of any length takes the memory of one record.

local csv = {};

local BOM = "\xEF\xBB\xBF";
local RECORD_MAX = 1048576; -- bytes: a quote that is not closed must not swallow the file

-- Where the quoted field goes on behind its closing quote; nil where the line has none.
local function closing(line, from)
	local last;
	repeat
		last = line:find('"', from, true);
		if not last then return nil; end
		from = last + 2;
	until line:sub(last + 1, last + 1) ~= '"';
	return last + 1;
end

-- Where what is not blank begins.
local function behind_blanks(line, from) return (line:match("^[ \t]*()", from)); end

-- Less the blanks at its end; in linear time.
local function without_blanks(value)
	return value:sub(1, -1 - #value:reverse():match("^[ \t]*"));
end

-- The fields of a record that has no open quoted field; nil and what is wrong. Blanks around a field are none of it.
local function split(record, separator)
	local fields, at, length = {}, 1, #record;
	while true do
		local value, last;
		at = behind_blanks(record, at);
		if record:sub(at, at) == '"' then
			last = closing(record, at + 1);
			value = record:sub(at + 1, last - 2):gsub('""', '"');
			last = behind_blanks(record, last);
			local after = record:sub(last, last);
			if after ~= separator and after ~= "" then return nil, "text follows a quoted field"; end
			at = last;
		else
			last = record:find(separator, at, true) or length + 1;
			value = without_blanks(record:sub(at, last - 1));
			if value:find('"', 1, true) then return nil, "a quote is inside a field without quotes"; end
			at = last;
		end
		fields[#fields + 1] = value;
		if at > length then return fields; end
		at = at + 1;
		if at > length then -- a separator at the end: one more, empty field
			fields[#fields + 1] = "";
			return fields;
		end
	end
end

-- Whether a quoted field is open where the line ends; 'open': where it begins.
local function ends_open(line, open, separator)
	local at = 1;
	repeat
		if not open then at = behind_blanks(line, at); end
		if not open and line:sub(at, at) == '"' then
			open, at = true, at + 1;
		end
		if open then
			at = closing(line, at);
			if not at then return true; end
			open = false;
		end
		local next_one = line:find(separator, at, true);
		at = (next_one or 0) + 1;
	until not next_one;
	return false;
end

-- A line that is not known as a whole, where a quoted field may be open: what follows may be a part of it.
local function lost(broken)
	return "", broken .. ", with a quote before it or in it. The rows after it are not read", true;
end

-- A record may have line breaks inside quotes: lines are joined until no quoted field is open. The third result:
-- nothing that follows can be read.
local function next_record(next_line, separator)
	local line, broken, quoted = next_line();
	if broken and quoted then return lost(broken); end
	if not line or not line:find('"', 1, true) then return line, broken; end
	local parts, open, size = {}, false, 0;
	while line do
		parts[#parts + 1], size = line, size + #line;
		open = ends_open(line, open, separator);
		if not open then return table.concat(parts, "\n"); end
		if size > RECORD_MAX then break; end
		line, broken = next_line();
		if broken then return lost(broken); end
	end
	return "", "a quote is not closed", true;
end

-- The sign between fields: a comma; where the first line has none, a semicolon, which some spreadsheets write.
local function separator_of(line)
	return not line:find(",", 1, true) and line:find(";", 1, true) and ";" or ",";
end

--- The records of a file: for fields, problem in csv.records(next_line) do. Empty lines are none, nor is the byte order
-- mark that spreadsheets begin a file with. With a problem, fields is an empty table, and the next record follows; none
-- does where a quote may still be open.
---@param next_line fun(): string?, string?  see lines.lua
---@return fun(): string[]?, string?
function csv.records(next_line)
	local first, first_broken, first_quoted;
	repeat first, first_broken, first_quoted = next_line(); until not first or first_broken or first:find("%S");
	first = first and first:gsub("^" .. BOM, "");
	local separator, ended = separator_of(first or ""), false;
	local function read_line()
		if not first then return next_line(); end
		local line = first;
		first = nil;
		return line, first_broken, first_quoted;
	end
	return function ()
		if ended then return nil; end
		local record, broken;
		repeat
			record, broken, ended = next_record(read_line, separator);
			record = record and record:gsub("\r$", "");
		until not record or record:find("%S") or broken;
		if not record then return nil; end
		if broken then return {}, broken; end
		local fields, problem = split(record, separator);
		return fields or {}, problem;
	end;
end

return csv;
