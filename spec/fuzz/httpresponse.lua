--- Fuzz target: an answer over HTTP. In whatever pieces it comes, it is the same answer; it is bounded, and it ends.

local httpresponse = require "meetauth.http.response";

local MAX = 300; -- bytes of a body
local failures = { ["bad answer"] = true, ["too much"] = true, ["cut off"] = true };

local function check(reader)
	assert(math.type(reader.code) == "integer" and reader.code >= 200 and reader.code <= 599);
	assert(#reader.body <= MAX, "a body over the limit");
	for name, value in pairs(reader.headers) do
		assert(name == name:lower() and not name:find("[%s:]"), "a name that is none");
		assert(not value:find("[\r\n]"), "a field that has a line's end in it");
	end
end

-- What comes of it in pieces of some bytes, in words.
local function read(text, size)
	local reader = httpresponse.new(MAX);
	local from, done, failure = 1, false, nil;
	while done == false and from <= #text do
		done, failure = reader:feed(text:sub(from, from + size - 1));
		from = from + size;
	end
	if done == false then done, failure = reader:feed(nil); end
	if done then
		check(reader);
		return ("%d %s"):format(reader.code, reader.body);
	end
	assert(failures[failure], failure);
	return failure;
end

return function (text)
	local whole = read(text, #text + 1);
	for _, size in ipairs({ #text < 200 and 1 or 50, 131 }) do
		assert(read(text, size) == whole, "other pieces, another answer");
	end
end;
