--- A revocation as a row of a store: plain text, and tables of earlier versions.

local revocation = require "meetauth.server.revocation";

local revocationrow = {};

local function number_text(value)
	return value and ("%.17g"):format(value) or "-";
end

--- A revocation as it is kept: plain text, which every storage takes and gives back as it is, at no cost.
---@param one Revocation
---@return string
function revocationrow.of(one)
	return ("%s %s %s %s %s %s %s%s"):format(one.kind, number_text(one.since), number_text(one.ends),
		number_text(one.issued_before), one.by or "-", one.entry and #one.entry or "-", one.entry or "", one.value);
end

local HEAD = "^(%l+) (%S+) (%S+) (%S+) (%S+) (%S+) ()";

-- A time in a row: a number; false: none; nil: damaged.
local function time_in(text)
	if text == "-" then return false; end
	local value = tonumber(text);
	return value and value > 0 and value < math.huge and value or nil;
end

--- The parts of a row before entry and value: kind, since, ends, issued_before, by, the length of the entry, and where the
-- entry begins. false: the part is missing. nil: the row is damaged.
---@param row string
---@return string? kind
---@return number since
---@return number|false ends
---@return number|false issued_before
---@return string|false by
---@return integer|false length
---@return integer at
function revocationrow.head(row)
	local kind, since, ends, before, by, length, at = row:match(HEAD);
	if not revocation.is_kind[kind] then return nil; end
	since, ends, before, length = time_in(since), time_in(ends), time_in(before), time_in(length);
	if not since or ends == nil or before == nil or length == nil then return nil; end
	if length and (math.type(length) ~= "integer" or at + length > #row + 1) then return nil; end
	return kind, since, ends, before, by ~= "-" and by, length, at;
end

-- Entry, false where there is none, and value.
local function tail_of(row, length, at)
	if not length then return false, row:sub(at); end
	return row:sub(at, at + length - 1), row:sub(at + length);
end

--- The revocation in a row that is not damaged.
---@param id string
---@param row string
---@return Revocation
function revocationrow.read(id, row)
	local kind, since, ends, before, by, length, at = revocationrow.head(row);
	local entry, value = tail_of(row, length, at);
	return {
		id = id, kind = kind, value = value, entry = entry or nil, issued_before = before or nil, by = by or nil,
		since = since, ends = ends or nil,
	};
end

-- As earlier versions have kept them.
local function is_whole(id, kept)
	return type(kept) == "table" and kept.id == id and revocation.is_kind[kept.kind] == true
		and type(kept.value) == "string" and (kept.entry == nil or type(kept.entry) == "string")
		and (kept.issued_before == nil or revocation.is_time(kept.issued_before))
		and revocation.is_time(kept.since) and (kept.ends == nil or revocation.is_time(kept.ends));
end

--- The only entry whose tokens a row hits; false: the tokens of any entry.
---@param row string
---@return string|false entry
function revocationrow.owner(row)
	local kind, _, _, _, _, length, at = revocationrow.head(row);
	local entry, value = tail_of(row, length, at);
	return kind == "entry" and value or entry;
end

--- When the revocation in a row that is not damaged was made.
---@param row string
---@return number seconds  since the epoch
function revocationrow.since(row)
	return tonumber(row:match("^%l+ (%S+)"));
end

--- The row for a value that storage has: a row already, or a table of an earlier version. The row may be damaged.
---@param id any
---@param kept any
---@return string? row  nil: it is no revocation
function revocationrow.kept(id, kept)
	if type(id) ~= "string" then return nil; end
	if type(kept) == "string" then return kept; end
	return is_whole(id, kept) and revocationrow.of(kept) or nil;
end

return revocationrow;
