--- Daily's permissions object (claim p): who may be seen, send, receive and administer (doc/daily.md).
-- Reads the short form that tokens carry and, where the entry says so, the long names of Daily's REST
-- interface; pure.

local null = require "meetauth.core".null;
local set_of = require "meetauth.util.list".set;
local trimmed = require "meetauth.util.text".trimmed;
local dailyjson = require "meetauth.dialect.daily.json";

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

local moderated, unkept = "enforced only if Jitsi's AV moderation is loaded", "no server enforces it";

--- Every part of the object and every word in it, with the effect of a "no" there; why: where it is not enforced.
---@type { part: string, fate: "enforced"|"published", why: string? }[]
dailypermissions.list = {
	{ part = "hp", fate = "enforced" };
	{ part = "cs:v", fate = "published", why = moderated };
	{ part = "cs:a", fate = "published", why = moderated };
	{ part = "cs:sv", fate = "published", why = moderated };
	{ part = "cs:sa", fate = "published", why = unkept };
	{ part = "cs:cv", fate = "published", why = unkept };
	{ part = "cs:ca", fate = "published", why = unkept };
	{ part = "cr", fate = "published", why = "no server filters received media" };
	{ part = "ca:p", fate = "enforced" };
	{ part = "ca:s", fate = "enforced" };
	{ part = "ca:t", fate = "enforced" };
};

-- Those whose "no" is not enforced: cr, and what may be sent, by its word.
local unenforced = {};
for _, row in ipairs(dailypermissions.list) do
	if row.why then
		unenforced[#unenforced + 1] = { part = row.part, fate = row.fate .. ": " .. row.why, word = row.part:match("^cs:(.+)$") };
	end
end

---@class DailyPermissions
---@field present boolean          seen by others
---@field send table<string, true>   of v a sv sa cv ca
---@field admin table<string, true>  of p s t
---@field receive table?           the receive rules, as they came, where they restrict anything

-- "v, a" or { "video", "audio" } as a list of words; nil for other types.
local function words_of(value)
	if type(value) ~= "string" then return dailyjson.list(value); end
	local list = {};
	for word in value:gmatch("[^,]+") do list[#list + 1] = trimmed(word); end
	return list;
end

-- A grant of all (true), none (false) or the words listed; nil where it is no such thing. Unknown words grant nothing.
local function read_words(value, all, known, unknown, where)
	if value == true then return set_of(all); end
	if value == false then return {}; end
	local list = words_of(value);
	if not list then return nil; end
	local set = {};
	for _, word in ipairs(list) do
		if known[word] then set[known[word]] = true; else unknown[#unknown + 1] = where .. ":" .. word; end
	end
	return set;
end

-- { "*": bool, name: bool ... }
local function is_custom(value, complete)
	if not dailyjson.is_object(value) or (complete and type(value["*"]) ~= "boolean") then return false; end
	for _, flag in pairs(value) do
		if type(flag) ~= "boolean" then return false; end
	end
	return true;
end

-- A rule for all media types (complete) or for some of them.
local function is_rule(value, complete)
	if type(value) == "boolean" then return true; end
	if not dailyjson.is_object(value) then return false; end
	local named, n = {}, 0;
	for name, flag in pairs(value) do
		local short = media[name];
		local custom = short == "cv" or short == "ca";
		if not short or not (custom and is_custom(flag, complete) or not custom and type(flag) == "boolean") then return false; end
		if not named[short] then n = n + 1; end
		named[short] = true;
	end
	return n > 0 and (not complete or n == #all_media);
end

local function is_rule_by_id(value)
	if not dailyjson.is_object(value) then return false; end
	for _, rule in pairs(value) do
		if not is_rule(rule, false) then return false; end
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

-- Whether a member exists: null is treated as absent.
local function given(value)
	return value ~= nil and value ~= null;
end

-- Members under their short names; unknown members are noted. Nil where two spellings disagree.
local function shortened(object, known, long, unknown, where)
	local short, strange = {}, {};
	for name, value in pairs(object) do
		local key = known[name] and name or long[name];
		if not key then
			strange[#strange + 1] = where .. "." .. tostring(name);
		elseif given(value) then
			if short[key] ~= nil and not dailyjson.same(short[key], value) then return nil, "ambiguous-claims"; end
			short[key] = value;
		end
	end
	table.sort(strange);
	table.move(strange, 1, #strange, #unknown + 1, unknown);
	return short;
end

local function read_receive(value, long, unknown)
	if not dailyjson.is_object(value) then return nil, "bad-claim"; end
	local rules, ambiguous = shortened(value, { b = true, u = true, p = true }, long, unknown, "p.cr");
	if not rules then return nil, ambiguous; end
	if rules.b ~= nil and not is_rule(rules.b, true) then return nil, "bad-claim"; end
	if rules.u ~= nil and not is_rule_by_id(rules.u) then return nil, "bad-claim"; end
	if rules.p ~= nil and not is_rule_by_id(rules.p) then return nil, "bad-claim"; end
	return restricts(rules) and rules or {};
end

--- The parts whose "no" is not enforced, with its effect.
---@param may DailyPermissions
---@return { part: string, fate: string }[]
function dailypermissions.open(may)
	local open_parts = {};
	for _, row in ipairs(unenforced) do
		local is_kept;
		if row.word then is_kept = may.send[row.word]; else is_kept = not may.receive; end
		if not is_kept then open_parts[#open_parts + 1] = row; end
	end
	return open_parts;
end

--- The rights of an ordinary participant without a permissions object.
---@return DailyPermissions
function dailypermissions.default()
	return { present = true, send = set_of(all_media), admin = {} };
end

-- The members of an object replace the existing members, one by one.
local function lay_over(members, object, long)
	for name, value in pairs(object or {}) do
		if given(value) then members[long[name] or name] = value; end
	end
	return members;
end

--- One permissions object out of several: of each member the word that comes last.
---@param room table?    what a room says
---@param token table?   what a token says
---@param later table?   the later changes for its bearer; each part of cr is separate
---@param either boolean long names of members count, too
---@return table? object  nil: nobody says anything
function dailypermissions.merged(room, token, later, either)
	local members = lay_over({}, room, {});
	lay_over(members, token, either and long_members or {});
	local receive = later and later.cr and dailyjson.is_object(members.cr or {}) and lay_over({}, members.cr, long_receive);
	lay_over(members, later, {});
	if receive then members.cr = lay_over(receive, later.cr, {}); end
	return next(members) ~= nil and members or nil;
end

--- Read a permissions object.
---@param object table     a JSON object
---@param either boolean   long names of members count, too
---@param unknown string[] gets the words and members that nobody knows, sorted
---@return DailyPermissions? permissions
---@return string? reason  bad-claim, ambiguous-claims
function dailypermissions.read(object, either, unknown)
	local read, strange = dailypermissions.default(), {};
	local short, reason = shortened(object, { hp = true, cs = true, cr = true, ca = true }, either and long_members or {},
		strange, "p");
	if not short then return nil, reason; end
	if short.hp ~= nil then read.present = short.hp; end
	if short.cs ~= nil then read.send = read_words(short.cs, all_media, media, strange, "p.cs"); end
	if short.ca ~= nil then read.admin = read_words(short.ca, all_tasks, tasks, strange, "p.ca"); end
	if type(read.present) ~= "boolean" or not read.send or not read.admin then return nil, "bad-claim"; end
	if short.cr ~= nil then
		read.receive, reason = read_receive(short.cr, either and long_receive or {}, strange);
		if not read.receive then return nil, reason; end
		if next(read.receive) == nil then read.receive = nil; end
	end
	table.sort(strange);
	table.move(strange, 1, #strange, #unknown + 1, unknown);
	return read;
end

return dailypermissions;
