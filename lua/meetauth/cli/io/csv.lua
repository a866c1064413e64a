--- Records of a CSV file (RFC 4180), one at a time, so that a file of any length takes the memory of one record.

local csv = {};

local RECORD_MAX = 1048576; -- bytes: a quote that is never closed shall not swallow the file

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

-- The fields of a record that has no open quoted field; nil and what is wrong.
local function split(record)
	local fields, at, length = {}, 1, #record;
	while true do
		local value, last;
		if record:sub(at, at) == '"' then
			last = closing(record, at + 1);
			value = record:sub(at + 1, last - 2):gsub('""', '"');
			local after = record:sub(last, last);
			if after ~= "," and after ~= "" then return nil, "text after a quoted field"; end
			at = last;
		else
			last = record:find(",", at, true) or length + 1;
			value = record:sub(at, last - 1);
			if value:find('"', 1, true) then return nil, "a quote inside a field that is not quoted"; end
			at = last;
		end
		fields[#fields + 1] = value;
		if at > length then return fields; end
		at = at + 1;
		if at > length then -- a comma at the end: one more, empty field
			fields[#fields + 1] = "";
			return fields;
		end
	end
end

-- Whether a quoted field is open where the line ends; 'open': where it begins.
local function ends_open(line, open)
	local at = 1;
	repeat
		if not open and line:sub(at, at) == '"' then
			open, at = true, at + 1;
		end
		if open then
			at = closing(line, at);
			if not at then return true; end
			open = false;
		end
		local comma = line:find(",", at, true);
		at = (comma or 0) + 1;
	until not comma;
	return false;
end

-- A line that is not known as a whole, where a quoted field may be open: what follows may be a part of it.
local function lost(broken)
	return "", broken .. ", with a quote before it or in it: nothing behind it is read", true;
end

-- A record may have line breaks inside quotes: lines are joined until no quoted field is open. The third result:
-- nothing that follows can be read.
local function next_record(next_line)
	local line, broken, quoted = next_line();
	if broken and quoted then return lost(broken); end
	if not line or not line:find('"', 1, true) then return line, broken; end
	local parts, open, size = {}, false, 0;
	while line do
		parts[#parts + 1], size = line, size + #line;
		open = ends_open(line, open);
		if not open then return table.concat(parts, "\n"); end
		if size > RECORD_MAX then break; end
		line, broken = next_line();
		if broken then return lost(broken); end
	end
	return "", "a quote that is never closed", true;
end

--- The records of a file: for fields, problem in csv.records(next_line) do. Empty lines are none. With a problem,
-- fields is an empty table, and the next record follows; none does where a quote may still be open.
---@param next_line fun(): string?, string?  see lines.lua
---@return fun(): string[]?, string?
function csv.records(next_line)
	local ended = false;
	return function ()
		if ended then return nil; end
		local record, broken;
		repeat
			record, broken, ended = next_record(next_line);
			record = record and record:gsub("\r$", "");
		until record ~= "" or broken;
		if not record then return nil; end
		if broken then return {}, broken; end
		local fields, problem = split(record);
		return fields or {}, problem;
	end;
end

return csv;
