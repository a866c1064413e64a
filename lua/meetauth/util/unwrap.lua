--- Texts that people paste instead of a token: a link, a header, a line of JSON, a token with other text around or in it.
-- Each form has a name, words for people, and an instruction. It finds the token, but never lets one in: the server uses
-- the bytes without a change. All bytes are allowed, and each step takes a time that grows as their number does.

local bytes = require "meetauth.util.bytes";
local trimmed = require "meetauth.util.text".trimmed;

local unwrap = {};

local ROUNDS = 8; -- wrappings that are taken off, one inside the other
local BEGINNING = 64; -- bytes in which a token begins, where there is something before it
local NAMED = "[?&#]([%w_-]*)=([^&#%s]*)"; -- parameters of an address

---@class Wrapping
---@field name string   one word
---@field says string   what was pasted
---@field write string  what to write in its place: begins with a verb
---@field take fun(text: string): string?  what is inside; nil: it is not wrapped so

-- Whether a token begins here, after any text: a brace, followed by a quote or white space, in base64url.
local function begins_token(text) return text:sub(1, BEGINNING):find("e[wy][0AJko]") ~= nil; end

local function dots(text) return select(2, text:gsub("%.", "")); end

-- The text after the first name of a parameter that has a token.
local function parameter(text)
	for _, value in text:gmatch(NAMED) do
		if begins_token(value) then return bytes.unescape(value); end
	end
	return nil;
end

-- Quotes and what JSON, shells and programs write behind them: of the first byte, and of the last.
local OPENING, CLOSING = "^[\"'`<]+()", "^.*[^\"'`>,;]()";
local UTF8_QUOTE = "\xE2\x80[\x98-\x9F]"; -- U+2018 to U+201F

local function unquoted(text)
	local first = text:match("^" .. UTF8_QUOTE .. "()") or text:match(OPENING) or 1;
	local last = text:sub(-3):find("^" .. UTF8_QUOTE) and #text - 2 or text:match(CLOSING) or 1;
	return first < last and text:sub(first, last - 1) or "";
end

local function changed(text, into) return into ~= text and into ~= "" and into or nil; end

--- In the order of the search: the outer forms come first.
---@type Wrapping[]
unwrap.ways = {
	{ name = "space", says = "white space is around the token",
		write = "Write the token alone, without spaces and line breaks around it",
		take = function (text) return changed(text, trimmed(text)); end };
	{ name = "invisible", says = "invisible characters are beside the token, as chats and editors add them",
		write = "Copy the token from its source, not from a chat or a page",
		take = function (text)
			local plain = text:gsub("\xEF\xBB\xBF", ""):gsub("\xE2\x80[\x8B-\x8F]", ""):gsub("\xE2\x81\xA0", ""):gsub("\xC2\xA0", "");
			return changed(text, plain);
		end };
	{ name = "object", says = "the token is inside a JSON object",
		write = "Write the value alone, as in token=eyJ…, not {\"token\": …}",
		take = function (text)
			for _, value in text:gmatch("\"([%w_-]+)\"%s*:%s*\"([^\"]*)\"") do
				if begins_token(value) then return value; end
			end
			return nil;
		end };
	{ name = "quotes", says = "the token is in quotes or other marks", write = "Write the token without them, as in token=eyJ…",
		take = function (text) return changed(text, unquoted(text)); end };
	{ name = "bearer", says = "the word Bearer is in front of the token", write = "Write only the "
		.. "text after Bearer, as in token=eyJ…",
		take = function (text)
			local head = text:sub(1, BEGINNING):lower();
			local at = head:match("^bearer[%s+]+()") or head:match("^bearer%%20()") or head:match("^authorization:?%s*bearer[%s+]+()");
			return at and text:sub(at);
		end };
	{ name = "link", says = "a whole link is in the token's place",
		write = "Write only the text after jwt= or token= in it, as in token=eyJ…",
		take = function (text) return text:find("^[^?#=]*[/?#]") and parameter(text) or nil; end };
	{ name = "parameter", says = "the name of a parameter is in front of the token",
		write = "Write the name once, with the token after it: token=eyJ…",
		take = function (text)
			local name = text:match("^([%w_-]+)=");
			return name and not begins_token(name) and parameter("?" .. text) or nil;
		end };
	{ name = "percent", says = "the token is percent-encoded, for example with %2E for a dot",
		write = "Write the token unchanged, because a token needs no encoding",
		take = function (text) return changed(text, bytes.unescape(text)); end };
	{ name = "doubled", says = "the token appears twice", write = "Write the token once",
		take = function (text)
			local half = #text // 2;
			if dots(text) ~= 4 then return nil; end
			local one, other = text:match("^([^%s,;&]+)[%s,;&]+([^%s,;&]+)$");
			if one then return one == other and one or nil; end
			return text:sub(1, half) == text:sub(half + 1) and text:sub(1, half) or nil;
		end };
	{ name = "break", says = "white space or a line break is inside the token",
		write = "Write the token on one line: tr -d '[:space:]' < token.txt",
		take = function (text)
			if not text:find("^[%w_.=+/%s\\-]+$") or dots(text) ~= 2 then return nil; end
			return changed(text, (text:gsub("\\[nr]", ""):gsub("[%s\\]+", "")));
		end };
	{ name = "dot", says = "a dot follows the token", write = "Write the token without the dot at its end",
		take = function (text) return text:sub(-1) == "." and dots(text) > 2 and text:match("^.*[^.]") or nil; end };
	{ name = "base64", says = "the token is base64, but must be base64url without padding",
		write = "Write - for +, _ for /, and no = at the end of a part",
		take = function (text)
			if not text:find("^[%w+/=_-]+%.[%w+/=_-]+%.[%w+/=_-]+$") then return nil; end
			return changed(text, (text:gsub("[+/=]", { ["+"] = "-", ["/"] = "_", ["="] = "" })));
		end };
};

--- The token that a text was meant to be, as far as can be told.
---@param text string  any bytes
---@return string token
---@return Wrapping[] ways  in which it was wrapped, the outermost first; none: the text is as it should be
function unwrap.of(text)
	local ways = {};
	for _ = 1, ROUNDS do
		local inner;
		for _, way in ipairs(unwrap.ways) do
			inner = way.take(text);
			if inner then
				text, ways[#ways + 1] = inner, way;
				break;
			end
		end
		if not inner then break; end
	end
	return text, ways;
end

return unwrap;
