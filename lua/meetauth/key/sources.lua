--- The key sources of an issuer entry: its fields are checked, and the keys in the configuration are loaded. The other
-- sources get a descriptor. No file is read here, and nothing is fetched.

local core = require "meetauth.core";
local keyparse = require "meetauth.key.parse";
local keyurl = require "meetauth.key.url";
local datetime = require "meetauth.util.datetime";
local schema = require "meetauth.util.schema";
local set_of = require "meetauth.util.list".set;
local shown = require "meetauth.util.shown";

local keysources = {};

-- In the order in which keys are tried. 'algorithms': what they are without the entry's word.
local kinds = {
	{ name = "secret", secret = true, algorithms = { "HS256" } };
	{ name = "secret_file", algorithms = { "HS256" } };
	{ name = "public_key", secret = true };
	{ name = "public_key_file" };
	{ name = "jwks_file" };
	{ name = "jwks_url", url = true };
	{ name = "oidc_url", url = true, algorithms = { "RS256" }, dialect = "jitsi", field = {
		expected = "the issuer's address";
		read = function (value) return type(value) == "string" and value ~= "" and { value } or nil; end;
	} };
	{ name = "asap_url", url = true, algorithms = { "RS256" } };
	{ name = "cache_keys_url", url = true, algorithms = { "RS256" } };
};

local NEW_SECRET = ": write the output of openssl rand -hex 32, here and at the program that signs the tokens";

local known_algorithms = set_of(core.algorithms());

local moment_kind = {
	expected = "a date such as \"2026-02-01\" or seconds since the epoch";
	read = datetime.read;
};

local DEFAULT_GRACE, DEFAULT_MIN, DEFAULT_MAX, DEFAULT_STALE = 5400, 60, 21600, 86400; -- seconds

-- Fields of an entry.
---@type Field[]
keysources.fields = {};
for i, kind in ipairs(kinds) do
	keysources.fields[i] = { name = kind.name, kind = kind.field or "strings", secret = kind.secret, dialect = kind.dialect };
end
table.move({
	{ name = "insecure_url", kind = "boolean", default = false };
	{ name = "key_grace", kind = "seconds", default = DEFAULT_GRACE };
	{ name = "refresh_min", kind = schema.integer(1, 604800), default = DEFAULT_MIN };
	{ name = "refresh_max", kind = "seconds", default = DEFAULT_MAX };
	{ name = "max_stale", kind = "seconds", default = DEFAULT_STALE };
	{ name = "not_before", kind = moment_kind };
	{ name = "not_after", kind = moment_kind };
}, 1, 7, #kinds + 1, keysources.fields);

local function note_url(found, entry, label, address)
	if keyurl.is_allowed(address, entry.insecure_url) then return; end
	found:add(label, shown.text(address),
		"an https address without user name and # (http only with insecure_url = true or on this machine)");
end

-- The keys of a field that hold the keys themselves.
local function load_inline(found, entry, kind, label, weak)
	for i, material in ipairs(entry[kind.name]) do
		local read = kind.name == "secret" and keyparse.secret or keyparse.public;
		local document, reason, why = read(entry, material, kind.name == "secret" and weak or nil);
		local source = { kind = kind.name, label = label(kind.name, i) };
		if not document then
			found:add(source.label, ("a string of %d bytes (%s)"):format(#material, keyparse.told(reason, why)),
				"a key for " .. table.concat(entry.algorithms, ", ") .. (reason == "weak-secret" and NEW_SECRET or ""));
		end
		for _, key in ipairs(document and document.found or {}) do
			key.source = source;
			table.insert(entry.inline, key);
			entry.served[key.key:alg()] = true;
		end
	end
end

local function add_sources(found, entry, kind, label)
	for i, at in ipairs(entry[kind.name]) do
		local source = { kind = kind.name, at = at, label = label(kind.name, i) };
		table.insert(entry.sources, source);
		if kind.url then note_url(found, entry, source.label, at); end
		if kind.name == "oidc_url" and at:find("?", 1, true) then
			found:add(source.label, shown.text(at), "the issuer's address without a query (OpenID Connect Discovery 1.0, 3)");
		end
	end
end

-- The usual algorithms of the sources if the entry names none; nil if one of them has none.
local function default_algorithms(used)
	local list, seen = {}, {};
	for _, kind in ipairs(used) do
		if not kind.algorithms then return nil, kind.name; end
		for _, alg in ipairs(kind.algorithms) do
			if not seen[alg] then list[#list + 1] = alg; end
			seen[alg] = true;
		end
	end
	return list;
end

local function check_algorithms(found, entry, label, used)
	local unsaid;
	if not entry.algorithms then entry.algorithms, unsaid = default_algorithms(used); end
	if not entry.algorithms then
		found:add(label("algorithms"), "nil", ("a list of algorithms for %s, such as { \"RS256\" }"):format(unsaid));
		return false;
	end
	for _, alg in ipairs(entry.algorithms) do
		if not known_algorithms[alg] then
			found:add(label("algorithms"), shown.text(alg), "one of " .. table.concat(core.algorithms(), ", "));
			return false;
		end
	end
	return true;
end

local function check_times(found, entry, label)
	if entry.refresh_max < entry.refresh_min then
		found:add(label("refresh_max"), tostring(entry.refresh_max), ("at least refresh_min (%d)"):format(entry.refresh_min));
	end
	if entry.max_stale < entry.refresh_max then
		found:add(label("max_stale"), tostring(entry.max_stale), ("at least refresh_max (%g)"):format(entry.refresh_max));
	end
	if entry.not_before and entry.not_after and entry.not_after <= entry.not_before then
		found:add(label("not_after"), "a time that is not after not_before", "a later time");
	end
end

--- Read what an entry says of its keys. Sets entry.algorithms, entry.inline (the keys in the configuration) and
-- entry.sources (files and addresses).
---@param found Problems
---@param entry table     with the fields read
---@param label fun(field: string?, i: integer?): string  the name of a field, or of the entry, in problems
---@param weak boolean|"short"|nil  as keyparse.secret
function keysources.read(found, entry, label, weak)
	entry.inline, entry.sources, entry.served = {}, {}, {};
	local used = {};
	for _, kind in ipairs(kinds) do
		if entry[kind.name] then used[#used + 1] = kind; end
	end
	if not used[1] then
		found:add(label(), "no key", "secret, public_key or another key source");
		return;
	end
	check_times(found, entry, label);
	if not check_algorithms(found, entry, label, used) then return; end
	for _, kind in ipairs(used) do
		if kind.name == "secret" or kind.name == "public_key" then
			load_inline(found, entry, kind, label, weak);
		else
			add_sources(found, entry, kind, label);
		end
	end
	if entry.sources[1] then return; end -- what those serve is known later
	for _, alg in ipairs(entry.algorithms) do
		if entry.inline[1] and not entry.served[alg] then
			found:add(label("algorithms"), ("%q"):format(alg), "only algorithms for which the entry has a key");
		end
	end
end

--- Why the keys of an entry are not valid now; nil: they are.
---@param entry table
---@param now number  seconds since the epoch
---@return "not yet"|"over"|nil
---@return string? line  this in words for the operator
function keysources.closed(entry, now)
	if entry.not_before and now < entry.not_before then
		return "not yet", ("keys of the entry %s are not valid yet, because its not_before is in the future"):format(entry.id);
	elseif entry.not_after and now >= entry.not_after then
		return "over", ("keys of the entry %s are not valid any more, because its not_after has passed"):format(entry.id);
	end
	return nil;
end

--- The defaults of the fields, for an entry that is made from other options.
---@param entry table
function keysources.defaults(entry)
	for _, field in ipairs(keysources.fields) do
		if entry[field.name] == nil then entry[field.name] = field.default; end
	end
end

return keysources;
