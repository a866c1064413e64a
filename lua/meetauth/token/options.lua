--- The options of meetauth.verifier, checked. A mistake raises an error, because a misspelt option or a wrong type would
-- let in the wrong users.

local core = require "meetauth.core";
local claims = require "meetauth.token.claims";
local header = require "meetauth.token.header";
local jwk = require "meetauth.key.jwk";
local schema = require "meetauth.util.schema";
local set_of = require "meetauth.util.list".set;

local tokenoptions = {};

local MAX_TOKEN = 16384; -- bytes

local key_list = schema.list_of({ expected = "keys", empty = true, private = true, fits = function () return true; end });

-- A value in the place of keys can be a key, as bytes: it is never shown.
local keys_kind = {
	expected = "a table: a list of keys, or a set from meetauth.jwks";
	read = function (value)
		if type(value) == "table" and value.keys then return value; end
		return key_list.read(value, true);
	end;
};

local fields = {
	{ name = "keys", kind = keys_kind, secret = true };
	{ name = "algorithms", kind = "strings" };
	{ name = "issuer", kind = "strings" };
	{ name = "audience", kind = "strings" };
	{ name = "leeway", kind = "seconds", default = 0 };
	{ name = "typ", kind = "strings" };
	{ name = "require", kind = "names" };
	{ name = "max_age", kind = "seconds" };
	{ name = "check", kind = "function" };
	{ name = "max_token", kind = schema.integer(1, 1048576), default = MAX_TOKEN };
	{ name = "remember", kind = schema.integer(0, 4096) };
};

local known = {};
for _, field in ipairs(fields) do known[field.name] = true; end

local algorithms = set_of(core.algorithms());

local function read_all(raw)
	local found, read = schema.problems(), {};
	for _, field in ipairs(fields) do
		read[field.name] = schema.read(found, field, raw[field.name], field.name);
	end
	for name in pairs(raw) do
		if not known[name] then found:add(tostring(name), "an option with this name", "one of the options in doc/verifier.md"); end
	end
	if not read.keys then found:add("keys", "nil", "a list of keys, or a set from meetauth.jwks"); end
	if not read.algorithms then found:add("algorithms", "nil", "a list such as { \"ES256\" }"); end
	for _, alg in ipairs(read.algorithms or {}) do
		if not algorithms[alg] then found:add("algorithms", ("%q"):format(alg), "one of " .. table.concat(core.algorithms(), ", ")); end
	end
	return read, found;
end

-- The keys, each bound to one of the accepted algorithms. In a list every key must be; in a set, which
-- somebody else wrote, the others are left out.
local function bound_keys(read, found)
	local bound = {};
	local list = read.keys.keys or read.keys;
	for i, key in ipairs(list) do
		local alg, before = type(key) == "userdata" and key:alg(), #bound;
		for _, name in ipairs(alg ~= false and read.algorithms or {}) do bound[#bound + 1] = jwk.under(key, name, read.remember); end
		if #bound == before and alg ~= nil and not read.keys.keys then
			found:add(("keys[%d]"):format(i), alg and "a key bound to " .. alg or "no key", "a key for one of the algorithms");
		end
	end
	if not read.keys.keys and not list[1] then found:add("keys", "an empty list", "at least one key"); end
	return bound;
end

local function types(list)
	if not list then return nil; end
	local set = {};
	for _, typ in ipairs(list) do set[header.short_type(typ)] = true; end
	return set;
end

--- Check the options of a verifier.
---@param raw VerifierOptions
---@param caller string  the function whose options they are, for the message
---@return table entry   { typ = set?, asked }
---@return integer max_token  bytes
---@return Key[] keys
function tokenoptions.read(raw, caller)
	if type(raw) ~= "table" then error(caller .. ": found " .. type(raw) .. ", expected a table of options", 3); end
	local read, found = read_all(raw);
	local keys = not found.list[1] and bound_keys(read, found);
	if found.list[1] then error(caller .. ": " .. table.concat(found.list, "; "), 3); end
	return {
		typ = types(read.typ);
		asked = {
			leeway = read.leeway + 0.0;
			max_age = read.max_age;
			issuer = claims.set(read.issuer);
			audience = claims.set(read.audience);
			require = read.require;
			check = read.check;
		};
	}, read.max_token, keys;
end

return tokenoptions;
