--- The tokens of one call: one, or several, one a line; and the status that they come to together.

local files = require "meetauth.cli.io.files";
local pasted = require "meetauth.page.pasted";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";

local several = {};

local REFUSED, UNSURE = 1, 3;

local function trimmed(line)
	local behind = line:reverse():match("^%s*"); -- in linear time for every line
	return line:sub(line:find("%S") or 1, -1 - #behind);
end

-- The lines of a text, if at least two of them are whole tokens that differ. One token can be on several lines, or be
-- pasted twice.
local function tokens_of(text)
	local list, whole, first = {}, 0, nil;
	for line in text:gmatch("[^\r\n]+") do
		line = trimmed(line);
		if line ~= "" then list[#list + 1] = line; end
		if line ~= first and line:find("^[%w_-]+%.[%w_-]+%.[%w_-]+$") then whole, first = whole + 1, first or line; end
	end
	return whole > 1 and list or nil;
end

-- The status of one of several; what it ends with is said under its number.
local function status_of(judge, given, number)
	local ok, ended = pcall(judge, given, number);
	if ok then return 0; end
	if not stop.is(ended) or ended.status ~= REFUSED and ended.status ~= UNSURE then error(ended, 0); end
	if ended.message then terminal.say("token %d: %s", number, ended.message); end
	return ended.status;
end

--- Judge every token of a file, in order. Where one is refused, the command ends as refused; else, where it cannot be told
-- of one, so.
---@param path string
---@param judge fun(given: Pasted, number: integer?)  number: of several; ends with verdict.refuse where it is no "yes"
function several.each(path, judge)
	local text = files.pasted(path);
	local tokens = tokens_of(text);
	if not tokens then return judge(pasted.of(text)); end
	if #text > files.TOKEN_MAX then stop.usage("the tokens have more than %d bytes. "
		.. "Give fewer tokens at a time", files.TOKEN_MAX); end
	local count = {};
	for number, token in ipairs(tokens) do
		local status = status_of(judge, pasted.of(token), number);
		count[status] = (count[status] or 0) + 1;
	end
	if count[REFUSED] then stop.refused(); end
	if count[UNSURE] then stop.unsure(); end
end

return several;
