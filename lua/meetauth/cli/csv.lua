--- Records of a CSV file (RFC 4180), one at a time, so that a file of any length takes the memory of one record.

local csv = {};

local RECORD_MAX = 1048576; -- bytes: a quote that is never closed shall not swallow the file

-- The fields of a record whose quotes are balanced; nil and what is wrong.
local function split(record)
	local fields, at, length = {}, 1, #record;
	while true do
		local value, last;
		if record:sub(at, at) == '"' then
			local from = at + 1;
			repeat
				last = record:find('"', from, true);
				from = last + 2;
			until record:sub(last + 1, last + 1) ~= '"';
			value = record:sub(at + 1, last - 1):gsub('""', '"');
			local after = record:sub(last + 1, last + 1);
			if after ~= "," and after ~= "" then return nil, "text after a quoted field"; end
			at = last + 1;
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

-- A record may have line breaks inside quotes: lines are joined until its quotes are balanced.
local function next_record(next_line)
	local line, broken = next_line();
	if not line or not line:find('"', 1, true) then return line, broken; end
	local parts, quotes, size = {}, 0, 0;
	while line do
		parts[#parts + 1], size = line, size + #line;
		quotes = quotes + select(2, line:gsub('"', ""));
		if quotes % 2 == 0 then return table.concat(parts, "\n"); end
		if size > RECORD_MAX then break; end
		line = next_line();
	end
	return "", "a quote that is never closed", true;
end

--- The records of a file: for fields, problem in csv.records(next_line) do. Empty lines are none. With a problem,
-- fields is an empty table, and the next record follows; after a quote that is never closed none does.
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
