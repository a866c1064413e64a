--- Daily's permissions in the words of its REST interface, to and from the short words of a token. Reading is strict: an
-- unknown word is the caller's mistake and is refused.

local core = require "meetauth.core";
local dailypermissions = require "meetauth.dialect.daily.permissions";
local dailyjson = require "meetauth.dialect.daily.json";

local restpermissions = {};

-- Rows { short, long }, and both ways through them. "ca" is customAudio here and canAdmin in members.
local function both_ways(rows)
	local names = { rows = rows, short = {}, long = {} };
	for _, row in ipairs(rows) do
		names.short[row[2]], names.long[row[1]] = row[1], row[2];
	end
	return names;
end

local media = both_ways { { "v", "video" }, { "a", "audio" }, { "sv", "screenVideo" }, { "sa", "screenAudio" },
	{ "cv", "customVideo" }, { "ca", "customAudio" } };
local tasks = both_ways { { "p", "participants" }, { "s", "streaming" }, { "t", "transcription" } };
local receive = both_ways { { "b", "base" }, { "u", "byUserId" }, { "p", "byParticipantId" } };
local custom = { cv = true, ca = true };

-- Long to short -----------------------------------------------------------------

-- true, false or a list of words as the comma string of a token; nil where it is none of these.
local function short_words(value, names)
	if type(value) == "boolean" then return value; end
	local list = dailyjson.list(value);
	if not list then return nil; end
	local short, seen = {}, {};
	for i, word in ipairs(list) do
		if not names.short[word] or seen[word] then return nil; end
		seen[word] = true;
		short[i] = names.short[word];
	end
	return short[1] ~= nil and table.concat(short, ",");
end

-- { "*": bool, name: bool ... }; complete: with "*".
local function custom_rule(value, complete)
	if not dailyjson.is_object(value) or complete and value["*"] == nil then return nil; end
	for _, flag in pairs(value) do
		if type(flag) ~= "boolean" then return nil; end
	end
	return value;
end

-- A rule for all media types (complete), or for some of them.
local function short_rule(value, complete)
	if type(value) == "boolean" then return value; end
	if not dailyjson.is_object(value) then return nil; end
	local rule, count = {}, 0;
	for long, flag in pairs(value) do
		local short = media.short[long];
		if not short then return nil; end
		if custom[short] then
			flag = custom_rule(flag, complete);
		elseif type(flag) ~= "boolean" then
			flag = nil;
		end
		if flag == nil then return nil; end
		rule[short], count = flag, count + 1;
	end
	return (complete and count == #media.rows or not complete and count > 0) and rule or nil;
end

local function short_rules(value)
	if not dailyjson.is_object(value) then return nil; end
	local rules = {};
	for id, rule in pairs(value) do
		rules[id] = short_rule(rule, false);
		if rules[id] == nil then return nil; end
	end
	return rules;
end

local function short_receive(value)
	if not dailyjson.is_object(value) then return nil; end
	local rules = {};
	for long, rule in pairs(value) do
		local short = receive.short[long];
		if not short then return nil; end
		if rule ~= core.null then
			if short == "b" then rules.b = short_rule(rule, true); else rules[short] = short_rules(rule); end
			if rules[short] == nil then return nil; end
		end
	end
	return rules;
end

local function flag(value)
	if type(value) == "boolean" then return value; end
	return nil;
end

-- The members, and what is expected of each.
local members = {
	hasPresence = { claim = "hp", expected = "true or false", read = flag };
	canSend = { claim = "cs",
		expected = "true, false or a list of video, audio, screenVideo, screenAudio, customVideo, customAudio",
		read = function (value) return short_words(value, media); end };
	canReceive = { claim = "cr", expected = "an object with base, byUserId and byParticipantId, as documented",
		read = short_receive };
	canAdmin = { claim = "ca", expected = "true, false or a list of participants, streaming, transcription",
		read = function (value) return short_words(value, tasks); end };
};

--- The claim p that a permissions object makes.
---@param object any
---@return table? p
---@return string? name      the member that does not fit; nil: the object as a whole
---@return string? expected  the expected value; nil: no member has this name
function restpermissions.read(object)
	if not dailyjson.is_object(object) then return nil, nil, "an object"; end
	local p = {};
	for name, value in pairs(object) do
		local member = members[name];
		if not member then return nil, name, nil; end
		if value ~= core.null then
			p[member.claim] = member.read(value);
			if p[member.claim] == nil then return nil, name, member.expected; end
		end
	end
	return p;
end

-- Short to long -----------------------------------------------------------------

-- A set of short words as true, false or a list of long ones.
local function long_words(set, names)
	local list = setmetatable({}, core.array_mt);
	for _, row in ipairs(names.rows) do
		if set[row[1]] then list[#list + 1] = row[2]; end
	end
	if #list == #names.rows then return true; end
	return list[1] ~= nil and list;
end

local function long_rule(rule)
	if type(rule) ~= "table" then return rule; end
	local long = {};
	for name, value in pairs(rule) do long[media.long[name] or name] = value; end
	return long;
end

local function long_receive(rules)
	local long = {};
	for name, rule in pairs(rules) do
		if name == "b" then
			long.base = long_rule(rule);
		else
			local by_id = {};
			for id, one in pairs(rule) do by_id[id] = long_rule(one); end
			long[receive.long[name]] = by_id;
		end
	end
	return long;
end

--- The permissions object of a claim p, in any of the spellings that a token may have. It has only its known members;
-- unknown words are left out.
---@param p table
---@param either boolean  long names of members count, too
---@return table? permissions
---@return string? reason  bad-claim, ambiguous-claims
function restpermissions.write(p, either)
	local may, reason = dailypermissions.read(p, either, {});
	if not may then return nil, reason; end
	local has, permissions = dailypermissions.merged(nil, p, nil, either) or {}, {};
	if has.hp ~= nil then permissions.hasPresence = may.present; end
	if has.cs ~= nil then permissions.canSend = long_words(may.send, media); end
	if has.cr ~= nil then permissions.canReceive = may.receive and long_receive(may.receive) or { base = true }; end
	if has.ca ~= nil then permissions.canAdmin = long_words(may.admin, tasks); end
	return permissions;
end

return restpermissions;
