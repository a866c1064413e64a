--- Daily's permissions object (claim p): who may be seen, send, receive and administer (daily.md 2).
-- Reads the short form that tokens carry and the long form of Daily's REST interface; pure.

local null = require "meetauth.core".null;

local dailypermissions = {};

-- Short words and their long names. "ca" is customAudio here and canAdmin one level up; so are the tables.
local media = {
	v = "v", video = "v", a = "a", audio = "a", sv = "sv", screenVideo = "sv", sa = "sa", screenAudio = "sa",
	cv = "cv", customVideo = "cv", ca = "ca", customAudio = "ca",
};
local all_media = { "v", "a", "sv", "sa", "cv", "ca" };
local tasks = { p = "p", participants = "p", s = "s", streaming = "s", t = "t", transcription = "t" };
local all_tasks = { "p", "s", "t" };

local long_members = { hasPresence = "hp", canSend = "cs", canReceive = "cr", canAdmin = "ca" };
local long_receive = { base = "b", byUserId = "u", byParticipantId = "p" };

---@class DailyPermissions
---@field present boolean          seen by others
---@field send table<string, true>   of v a sv sa cv ca
---@field admin table<string, true>  of p s t
---@field receive table?           the receive rules, as they came, where they restrict anything
---@field unknown string[]         words and members that nobody knows; they grant nothing

local function set_of(list)
	local set = {};
	for _, word in ipairs(list) do set[word] = true; end
	return set;
end

-- "v, a" or { "video", "audio" } as a list of words; nil for other types.
local function words_of(value)
	if type(value) == "string" then
		local words = {};
		for word in value:gmatch("[^,]+") do words[#words + 1] = word:match("^%s*(.-)%s*$"); end
		return words;
	end
	if type(value) ~= "table" then return nil; end
	local n = 0;
	for _, word in pairs(value) do
		if type(word) ~= "string" then return nil; end
		n = n + 1;
	end
	return n == #value and value or nil;
end

-- A grant of all (true), none (false) or the words listed; nil where it is no such thing.
local function read_words(value, all, known, unknown, where)
	if value == true then return set_of(all); end
	if value == false then return {}; end
	local words = words_of(value);
	if not words then return nil; end
	local set = {};
	for _, word in ipairs(words) do
		if known[word] then set[known[word]] = true; else unknown[#unknown + 1] = where .. ":" .. word; end
	end
	return set;
end

-- { "*": bool, name: bool ... }
local function is_custom(value, complete)
	if type(value) ~= "table" or (complete and type(value["*"]) ~= "boolean") then return false; end
	for _, flag in pairs(value) do
		if type(flag) ~= "boolean" then return false; end
	end
	return true;
end

-- A rule for all media types (complete) or for some of them.
local function is_rule(value, complete)
	if type(value) == "boolean" then return true; end
	if type(value) ~= "table" then return false; end
	local n = 0;
	for name, flag in pairs(value) do
		local short = media[name];
		local custom = short == "cv" or short == "ca";
		if not short or not (custom and is_custom(flag, complete) or not custom and type(flag) == "boolean") then return false; end
		n = n + 1;
	end
	return n > 0 and (not complete or n == #all_media);
end

local function is_rule_by_id(value)
	if type(value) ~= "table" then return false; end
	for id, rule in pairs(value) do
		if type(id) ~= "string" or not is_rule(rule, false) then return false; end
	end
	return true;
end

local function restricts(value)
	if value == false then return true; end
	if type(value) ~= "table" then return false; end
	for _, member in pairs(value) do
		if restricts(member) then return true; end
	end
	return false;
end

-- Whether a member is there: null counts as absent.
local function given(value)
	return value ~= nil and value ~= null;
end

-- Members under their short names; those that nobody knows are noted.
local function shortened(object, long, known, unknown, where)
	local short = {};
	for name, value in pairs(object) do
		name = long[name] or name;
		if known[name] then
			if given(value) then short[name] = value; end
		else
			unknown[#unknown + 1] = where .. "." .. tostring(name);
		end
	end
	return short;
end

local function read_receive(value, unknown)
	if type(value) ~= "table" then return nil; end
	local rules = shortened(value, long_receive, { b = true, u = true, p = true }, unknown, "p.cr");
	if given(rules.b) and not is_rule(rules.b, true) then return nil; end
	if given(rules.u) and not is_rule_by_id(rules.u) or given(rules.p) and not is_rule_by_id(rules.p) then return nil; end
	return rules;
end

--- What an ordinary participant may do without a permissions object.
---@return DailyPermissions
function dailypermissions.default()
	return { present = true, send = set_of(all_media), admin = {}, unknown = {} };
end

--- Read a permissions object.
---@param object any  the claim's value, absent and null aside
---@return DailyPermissions? permissions  nil where something has a wrong type
function dailypermissions.read(object)
	if type(object) ~= "table" then return nil; end
	local read = dailypermissions.default();
	local short = shortened(object, long_members, { hp = true, cs = true, cr = true, ca = true }, read.unknown, "p");
	if short.hp ~= nil then
		if type(short.hp) ~= "boolean" then return nil; end
		read.present = short.hp;
	end
	if short.cs ~= nil then
		read.send = read_words(short.cs, all_media, media, read.unknown, "p.cs");
		if not read.send then return nil; end
	end
	if short.ca ~= nil then
		read.admin = read_words(short.ca, all_tasks, tasks, read.unknown, "p.ca");
		if not read.admin then return nil; end
	end
	if short.cr ~= nil then
		local rules = read_receive(short.cr, read.unknown);
		if not rules then return nil; end
		if restricts(rules) then read.receive = rules; end
	end
	table.sort(read.unknown);
	return read;
end

return dailypermissions;
