--- Claims that stand on the command line as they are: name=value, beside what the other options say.

local core = require "meetauth.core";
local names_of = require "meetauth.util.list".names;
local stop = require "meetauth.cli.io.stop";

local extraclaims = {};

local function is_object(value) return type(value) == "table" and getmetatable(value) ~= core.array_mt; end

-- Put all of 'from' into 'into', objects into objects; the name of a claim that both have.
local function merge(into, from, prefix)
	for _, name in ipairs(names_of(from)) do
		local mine, value = into[name], from[name];
		if mine == nil then
			into[name] = value;
		elseif is_object(mine) and is_object(value) then
			local twice = merge(mine, value, prefix .. name .. ".");
			if twice then return twice; end
		else
			return prefix .. name;
		end
	end
	return nil;
end

-- "a.b=1" as { a = { b = 1 } }. A value that is no JSON is a string.
local function read_word(word)
	local path, text = word:match("^([^=]+)=(.*)$");
	if not path or ("." .. path .. "."):find("..", 1, true) then stop.usage("--claim: expected name=value"); end
	if core.decode(text) == nil then text = core.encode(text); end
	for name in path:reverse():gmatch("[^.]+") do text = ("{%s:%s}"):format(core.encode(name:reverse()), text); end
	local claims, reason = core.decode(text);
	return claims or stop.usage("--claim %s: %s", path, reason);
end

--- Read them. A fault in one ends the command.
---@param words string[]?
---@return table? claims  nil: there are none
function extraclaims.read(words)
	local all;
	for _, word in ipairs(words or {}) do
		all = all or {};
		local twice = merge(all, read_word(word), "");
		if twice then stop.usage("--claim %s: the claim appears twice", twice); end
	end
	return all;
end

--- Add them to the claims of a token.
---@param claims table
---@param extra table?
---@return string? problem
function extraclaims.add(claims, extra)
	local twice = merge(claims, extra or {}, "");
	return twice and ("--claim %s: another option sets this claim. Use that option, or give all claims by --claims"):format(twice);
end

return extraclaims;
