--- Hints beside a token's form and the text of its claims: what was pasted, cut off or broken on the way.

local bytes = require "meetauth.util.bytes";
local unwrap = require "meetauth.util.unwrap";

-- Text of the claims, with or without a good signature.
local function payload_of(subject)
	subject.payload = subject.payload or bytes.from_base64url(subject.token:match("^[^.]*%.([^.]*)") or "");
	return subject.payload;
end

-- Whether half of a character beyond U+FFFF is at this place without the other half (RFC 8259 7).
local function has_half_character(text)
	local at = text:find("\\", 1, true);
	while at do
		local high = text:find("^\\u[dD][89abAB]%x%x", at);
		if high and not text:find("^\\u[dD][c-fC-F]%x%x", at + 6) or text:find("^\\u[dD][c-fC-F]%x%x", at) then return true; end
		at = text:find("\\", at + (high and 12 or 2), true);
	end
	return false;
end

---@type Hint[]
local list = {};

-- The outermost of what is around the token, or in it.
for i, way in ipairs(unwrap.ways) do
	list[i] = { check = "form", reason = "malformed", says = ("%s. %s"):format(way.says, way.write),
		holds = function (s)
			s.ways = s.ways or select(2, unwrap.of(s.token));
			return s.ways[1] == way;
		end };
end

for _, hint in ipairs({
	{ check = "form", reason = "malformed",
		says = "the token has no signature, because it was cut off or never signed. Copy the whole "
			.. "token: three parts with dots between them",
		holds = function (s) return s.token:find("^[%w_-]+%.[%w_-]+%.?$"); end };
	{ check = "form", reason = "malformed",
		says = "this is only the beginning of a token. Copy the whole token: three parts with dots between them",
		holds = function (s) return s.token:find("^e[wy][%w_-]*$"); end };
	{ check = "form", reason = "malformed",
		says = "the end of the token was cut off, or a letter was changed. Copy the whole token again from its source",
		holds = function (s) return s.token:find("^[%w_-]+%.[%w_-]+%.[%w_-]+$"); end };
	{ check = "payload", reason = "bad-json",
		says = "a name is cut inside an emoji, and only half of the character is left, such as \\ud83c. "
			.. "Cut names between characters: [...name].slice(0, 50).join(\"\")",
		holds = function (s) return has_half_character(payload_of(s)); end };
	{ check = "payload", reason = "bad-json",
		says = "the claims are not UTF-8. A name is cut inside a letter, or has another character set. "
			.. "Write UTF-8: name.encode(\"utf-8\")",
		holds = function (s) return not utf8.len(payload_of(s)); end };
	{ check = "payload", reason = "bad-json",
		says = "the claims are a string in quotes, because they were converted to JSON twice. Write the object: jwt.encode(claims), "
			.. "not jwt.encode(json.dumps(claims))",
		holds = function (s) return payload_of(s):find("^%s*\""); end };
	{ check = "payload", reason = "duplicate-member", says = "one claim appears twice. Write each name only once in an object",
		holds = function () return true; end };
}) do
	list[#list + 1] = hint;
end

return list;
