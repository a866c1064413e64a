--- Functions that several hints use to search claims. The claims are not verified, so every claim can have any value.

local null = require "meetauth.core".null;
local span = require "meetauth.util.datetime".span;

local parts = {};

parts.MOMENT = 1000000000; -- what is less is a duration rather than a moment: 2001
parts.EXPIRED = "the token expired %s ago. Sign a new token, for example with exp = now + 3600";

--- A hint's words.
---@param hint Hint
---@param found any  what its 'holds' returned
---@return string
function parts.words(hint, found) return (hint.says:gsub("%%s", { ["%s"] = tostring(found) })); end

local nothing = {}; -- one for all: at each login many an object is looked for in vain

function parts.object(value) return type(value) == "table" and value or nothing; end

function parts.given(value) return value ~= nil and value ~= null; end

--- Whether two names differ only in case and in a slash at the end. Names of very different lengths are not compared: one
-- is an outsider's.
function parts.is_close(one, other)
	return one ~= other and math.abs(#one - #other) <= 2 and one:lower():gsub("/+$", "") == other:lower():gsub("/+$", "");
end

--- The word of a set that a value of a token is close to; of several the first by its letters.
function parts.closest(value, set)
	if type(value) ~= "string" then return nil; end
	local closest;
	for word in pairs(set or {}) do
		if parts.is_close(value, word) and (not closest or word < closest) then closest = word; end
	end
	return closest;
end

--- How long ago it expired: "3 minutes". A log has this only for a token with a good signature.
---@param exp number
---@param now number
---@return string?
function parts.since(exp, now)
	if exp < parts.MOMENT then return nil; end
	local count, unit = span(now - exp);
	return ("%d %s%s"):format(count, unit, count == 1 and "" or "s");
end

--- The same as a hint.
---@param exp number
---@param now number
---@return string?
function parts.expired(exp, now)
	local since = parts.since(exp, now);
	return since and parts.EXPIRED:format(since);
end

-- Names of an object that has the claims in it, as some libraries wrap them.
local wrappers = { "payload", "claims", "data", "body", "token" };

--- The name of the object in which the claims stand, where it is not the token itself.
function parts.wrapper(all)
	for _, name in ipairs(wrappers) do
		local inner = parts.object(all[name]);
		if parts.given(inner.iss) or parts.given(inner.room) or parts.given(inner.context) or parts.given(inner.r) then return name; end
	end
	return nil;
end

local NAMES_MAX = 3; -- to choose from, in one sentence

--- Names to choose from, such as "a", "b" or "c"; nil where there is none.
---@param names string[]
---@return string?
function parts.any_of(names)
	local some = {};
	for i = 1, math.min(#names, NAMES_MAX) do some[i] = ("\"%s\""):format(names[i]); end
	if names[NAMES_MAX + 1] then some[#some + 1] = "another"; end
	if not some[2] then return some[1]; end
	local last = table.remove(some);
	return table.concat(some, ", ") .. " or " .. last;
end

--- A name without quotes and white space around it, as they come along from a file such as .env.
---@param name string
---@return string
function parts.plain(name)
	local first, last = name:match("^[\"'`%s]*()"), name:match("^.*[^\"'`%s]()") or 1;
	return name:sub(first, last - 1);
end

--- Whether an entry has a key source of one of these kinds.
---@param entry table?   an issuer entry
---@param kinds table<string, boolean>
---@return boolean
function parts.has_source(entry, kinds)
	for _, source in ipairs(entry and entry.sources or {}) do
		if kinds[source.kind] then return true; end
	end
	return false;
end

local published = { oidc_url = true, jwks_url = true };

--- Whether a provider signs the entry's tokens: a service that publishes its keys, such as Keycloak.
---@param entry table?
---@return boolean
function parts.is_of_provider(entry) return parts.has_source(entry, published); end

--- Whether an algorithm is one of shared secrets.
---@param alg string
---@return boolean
function parts.is_secret_alg(alg) return alg:find("^HS") ~= nil; end

return parts;
