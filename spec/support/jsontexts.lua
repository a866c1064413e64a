--- JSON texts that look random and are the same in every run: valid ones, and what is left of them when they
--- were bent.

local new_random = require "spec.support.random";

local jsontexts = {};

local characters = { "a", "exp", " ", "/", "\u{7f}", "\u{e9}", "\u{20ac}", "\u{1f600}", "\u{10ffff}", "\u{feff}", "\u{2028}",
	"\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\u00E9", "\\u20ac", "\\uD83D\\uDE00", "\\uffff" };
local spaces = { "", "", "", "", " ", "\n", "\t", "\r", " \r\n\t" };
local integers = { "0", "-0", "1", "-1", "1700000000", "9007199254740991", "9007199254740992", "9007199254740993",
	"-9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
	"18446744073709551616", ("9"):rep(40), ("1"):rep(64), ("1"):rep(65) };
local fractions = { "", "", ".0", ".5", ".1", ".000001", ".123456789012345678901234567890" };
local exponents = { "", "", "", "e0", "E+1", "e-1", "e5", "e20", "e-20", "e300", "e308", "e400", "E-400", "e00" };
local words = { "true", "false", "null" };

-- Bytes that no string may hold: controls, bytes that are no UTF-8 (RFC 3629 3), letters that are no escape, half a pair.
local no_characters = { "\0", "\1", "\31", "\n", "\128", "\191", "\192\128", "\193\191", "\224\159\191", "\237\160\128",
	"\240\143\191\191", "\244\144\128\128", "\245\128\128\128", "\226\130", "\255", "\\a", "\\x41", "\\u00g0", "\\u12",
	"\\ud800", "\\udc00", "\\ud800\\u0041", "\\u", "\\" };

-- The pieces that bend a text: marks, and pieces that one reader or another takes.
local pieces = { "\0", "\11", "\u{feff}", "\u{a0}", ",", ":", "[", "]", "{", "}", "\"", "\\", "'", "+", "-", ".", "e", "0", "01",
	"1.", ".1", "NaN", "Infinity", "-Infinity", "0x10", "nul", "True", "//", "/**/", "#", "a", "1e" };

local function writer(random)
	local function one_of(list) return list[random(#list)]; end
	local value;

	local flawed = false; -- one string holds a forbidden piece

	local function space() return one_of(spaces); end

	local function text()
		local t = {};
		for i = 1, random(5) - 1 do t[i] = one_of(characters); end
		if flawed then
			t[#t + 1] = one_of(no_characters);
			flawed = false;
		end
		return "\"" .. table.concat(t) .. "\"";
	end

	local function number()
		if random(3) > 1 then return one_of(integers); end
		return one_of(integers) .. one_of(fractions) .. one_of(exponents);
	end

	local function list(open, close, depth, item)
		local t = {};
		for i = 1, random(5) - 1 do t[i] = space() .. item(depth - 1) .. space(); end
		return open .. (t[1] and table.concat(t, ",") or space()) .. close;
	end

	local function member(depth) return text() .. space() .. ":" .. space() .. value(depth); end

	function value(depth)
		local kind = random(depth > 0 and 7 or 4);
		if kind == 1 then return text(); end
		if kind == 2 or kind == 3 then return number(); end
		if kind == 4 then return one_of(words); end
		if kind == 5 then return list("[", "]", depth, value); end
		return list("{", "}", depth, member);
	end

	return function (is_flawed)
		flawed = is_flawed;
		if random(40) == 1 then -- around the deepest that is read
			local depth = 29 + random(6);
			return ("["):rep(depth) .. value(0) .. ("]"):rep(depth);
		end
		return space() .. value(random(5) - 1) .. space();
	end;
end

local function splice(text, at, n, with)
	return text:sub(1, at - 1) .. with .. text:sub(at + n);
end

local function bend(text, random)
	for _ = 1, random(2) do
		local at, way = random(#text + 1), random(6);
		if way == 6 then at = (text:find("\"", at, true) or at - 1) + 1; end -- often into a string
		if way == 1 then
			text = text:sub(1, at - 1);
		elseif way == 2 then
			text = splice(text, at, random(3), "");
		elseif way == 3 then
			text = splice(text, at, 1, string.char(random(256) - 1));
		else
			text = splice(text, at, random(2) - 1, pieces[random(#pieces)]);
		end
	end
	return text;
end

--- jsontexts.list(seed, n) -> n texts: the odd ones are valid except for faults that only this project's reader refuses.
-- Some of the even ones have a flaw in a string, the others are bent.
function jsontexts.list(seed, n)
	local random = new_random(seed);
	local write = writer(random);
	local texts = {};
	for i = 1, n do
		if i % 2 == 1 then
			texts[i] = write(false);
		elseif random(3) == 1 then
			texts[i] = write(true);
		else
			texts[i] = bend(write(false), random);
		end
	end
	return texts;
end

return jsontexts;
