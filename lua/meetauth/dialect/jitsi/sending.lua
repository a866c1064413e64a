--- The media that a user may send. An entry and Jitsi's dialect say audio, video, screen. A grant has Daily's words (a,
-- v, sv, and so on).

local names_of = require "meetauth.util.list".names;
local schema = require "meetauth.util.schema";

local sending = {};

local media_of = { audio = { "a", "ca" }, video = { "v", "cv" }, screen = { "sv", "sa" } };
local first_of = { { word = "audio", medium = "a" }, { word = "video", medium = "v" }, { word = "screen", medium = "sv" } };

--- Every medium, in the order in which they are told.
sending.media = { "v", "a", "sv", "sa", "cv", "ca" };

--- The fields' kind: a list of words, empty or not.
---@type Kind
sending.kind = schema.list_of({
	expected = "a list of " .. table.concat(names_of(media_of), ", "), empty = true, lone = true,
	fits = function (word) return media_of[word] ~= nil; end,
});

--- The media that some words stand for.
---@param words string[]
---@return table<string, true>
function sending.of(words)
	local set = {};
	for _, word in ipairs(words) do
		for _, medium in ipairs(media_of[word]) do set[medium] = true; end
	end
	return set;
end

--- The words of an outsider's value; nil where it is no list of these words.
---@param value any
---@return table<string, true>?
function sending.read(value)
	if type(value) ~= "table" then return nil; end
	local count = 0;
	for _, word in pairs(value) do
		if not media_of[word] then return nil; end
		count = count + 1;
	end
	return count == #value and sending.of(value) or nil;
end

--- The words for some media.
---@param set table<string, true>
---@return string[]
function sending.words(set)
	local words = {};
	for _, one in ipairs(first_of) do
		if set[one.medium] then words[#words + 1] = one.word; end
	end
	return words;
end

local short = { audio = "a", video = "v", screen = "sv,sa" };

--- Words as a Daily token says them: p.cs; nil if nothing is withheld that the words know. Custom tracks have no word, so
-- they are left out where something is.
---@param words string[]
---@return string|false|nil
function sending.cs(words)
	local list = {};
	for _, one in ipairs(first_of) do
		if sending.of(words)[one.medium] then list[#list + 1] = short[one.word]; end
	end
	if #list == #first_of then return nil; end
	return list[1] and table.concat(list, ",") or false;
end

--- The media by their short names; nil where these are all.
---@param set table<string, true>
---@return string?
function sending.text(set)
	local list = {};
	for _, medium in ipairs(sending.media) do
		if set[medium] then list[#list + 1] = medium; end
	end
	return #list < #sending.media and table.concat(list, ",") or nil;
end

return sending;
