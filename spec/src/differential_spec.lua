-- src/json.c against node's JSON.parse and lua-cjson, on texts that nobody wrote: where another reader is strict,
-- ours gives the same answer, and where it is stricter, it is for a reason of this list.

local cjson = require "cjson".new();
local core = require "meetauth.core";
local jsontexts = require "spec.support.jsontexts";

local SEED, CASES = 20260101, 8000;

cjson.decode_invalid_numbers(false);
cjson.decode_max_depth(1000);

-- What JSON.parse takes and core.decode refuses; a text without one of these gets the same answer from both.
local stricter = {
	duplicate = { why = "a member name comes twice (RFC 7519 4; JSON.parse keeps the last)", least = 50 };
	deep = { why = "more than 32 containers inside each other (the stack is bounded)", least = 20 };
	surrogate = { why = "half of a surrogate pair: no Unicode text (RFC 7493 2.1)", least = 2 };
	long = { why = "a number of more than 64 characters (no claim needs one)", least = 50 };
	infinite = { why = "a number that is too large for a double (JSON.parse makes it Infinity)", least = 50 };
};

-- Numbers are compared as doubles: JSON.parse and lua-cjson know no integers. The integer 0 has one sign.
local function number(value)
	return "#" .. (("%02x"):rep(8)):format((">d"):pack(value + 0.0):byte(1, 8));
end

local function hex(bytes)
	return (bytes:gsub(".", function (c) return ("%02x"):format(c:byte()); end));
end

-- The form of a value that jsonparse.mjs writes, too. Lists are told by is_list.
local function form(value, is_list)
	if value == core.null then return "null"; end
	if type(value) == "boolean" then return tostring(value); end
	if type(value) == "number" then return number(value); end
	if type(value) == "string" then return "'" .. hex(value); end
	local parts = {};
	if is_list(value) then
		for i = 1, #value do parts[i] = form(value[i], is_list); end
		return "[" .. table.concat(parts, ",") .. "]";
	end
	for name, member in pairs(value) do parts[#parts + 1] = hex(name) .. ":" .. form(member, is_list); end
	table.sort(parts);
	return "{" .. table.concat(parts, ",") .. "}";
end

local function is_marked(value) return getmetatable(value) == core.array_mt; end

-- lua-cjson does not tell [] from {}.
local function looks_like_list(value) return value[1] ~= nil or next(value) == nil; end

local function without_sign_of_zero(text) return (text:gsub("#8000000000000000", "#0000000000000000")); end

-- JSON.parse's answers to all texts, in order: { value, minded } or null.
local function ask_node(texts)
	local path = os.tmpname();
	local file = assert(io.open(path, "w"));
	for _, text in ipairs(texts) do file:write(hex(text), "\n"); end
	file:close();
	local node = assert(io.popen("env -u LD_PRELOAD node spec/support/jsonparse.mjs <" .. path));
	local answers = {};
	for line in node:lines() do answers[#answers + 1] = cjson.decode(line); end
	local ok = node:close();
	os.remove(path);
	assert(ok and #answers == #texts, "node (18 or later) is needed");
	return answers;
end

describe("the JSON reader beside others", function ()
	local texts = jsontexts.list(SEED, CASES);
	local accepted, refused, seen = 0, 0, {};

	-- Each way that a text is wrong fails with the text in sight.
	local function check(holds, text, what)
		if not holds then error(("%s: %q"):format(what, text), 0); end
	end

	it("gives JSON.parse's answer, but for what it is known to be stricter about", function ()
		local answers = ask_node(texts);
		for i, text in ipairs(texts) do
			local value, reason = core.decode(text);
			local other = answers[i];
			if other == cjson.null then
				check(reason == "bad-json" or reason == "duplicate-member", text, "JSON.parse refuses, we do not");
				refused = refused + 1;
			elseif other.minded[1] then
				check(value == nil and reason, text, "we take what we should mind: " .. table.concat(other.minded, ", "));
				local names = {};
				for _, name in ipairs(other.minded) do
					seen[name] = (seen[name] or 0) + 1;
					names[name] = true;
				end
				check(reason ~= "duplicate-member" or names.duplicate, text, "a duplicate that is none");
			else
				check(reason == nil, text, "we refuse, JSON.parse does not");
				check(without_sign_of_zero(form(value, is_marked)) == without_sign_of_zero(other.value), text, "another value");
				accepted = accepted + 1;
			end
		end
	end);

	it("was asked enough of everything", function ()
		assert.is_true(accepted > CASES / 4, accepted .. " accepted by both");
		assert.is_true(refused > CASES / 4, refused .. " refused by both");
		for name, difference in pairs(stricter) do
			assert.is_true((seen[name] or 0) >= difference.least, ("%s: %d texts"):format(difference.why, seen[name] or 0));
		end
		for name in pairs(seen) do assert.is_table(stricter[name]); end
	end);

	it("takes nothing that lua-cjson refuses, and reads the same", function ()
		for _, text in ipairs(texts) do
			local value, reason = core.decode(text);
			local ok, other = pcall(cjson.decode, text);
			if reason == nil then
				check(ok, text, "lua-cjson refuses, we do not");
				check(without_sign_of_zero(form(value, looks_like_list)) == without_sign_of_zero(form(other, looks_like_list)),
					text, "another value");
			end
		end
	end);

	it("keeps the digits of every integer of 64 bits", function ()
		local random = require "spec.support.random"(SEED);
		for _ = 1, 2000 do
			local text = ("%d"):format((random(1 << 62) << 1 ~ random(1 << 62)) >> random(63));
			assert.equal(text, ("%d"):format(core.decode(text)));
		end
	end);
end);
