--- Prosody options, ours and Jitsi's, into issuer entries, or a list of what is wrong with them.
-- Pure: options come through a function; no file is read, nothing is logged.

local apikeys = require "meetauth.rest.apikeys";
local ceiling = require "meetauth.access.ceiling";
local claimrule = require "meetauth.dialect.jitsi.claimrule";
local claims = require "meetauth.token.claims";
local dailyfields = require "meetauth.dialect.daily.fields".list;
local header = require "meetauth.token.header";
local jitsi = require "meetauth.config.jitsi";
local keysources = require "meetauth.key.sources";
local schema = require "meetauth.util.schema";
local roomglobs = require "meetauth.room.globs";
local same = require "meetauth.dialect.daily.json".same;
local set_of = require "meetauth.util.list".set;
local keyheld = require "meetauth.key.held";
local keyring = require "meetauth.key.ring";

local hostconfig = {};

---@type Field[]
local host_fields = {
	{ name = "meetauth_issuers", kind = "list", default = {} };
	{ name = "meetauth_leeway", kind = "seconds", default = 10 };
	{ name = "meetauth_max_token", kind = schema.integer(256, 1048576), default = 16384 };
	{ name = "meetauth_enforcement", kind = schema.one_of("required", "elsewhere"), default = "required" };
	{ name = "meetauth_foreign_hosts", kind = "names", default = {} };
	{ name = "meetauth_weak_secrets", kind = "boolean", default = false };
	{ name = "meetauth_query_params", kind = "names", default = { "token" } };
	{ name = "meetauth_on_expiry", kind = schema.one_of("ignore", "warn", "kick"), default = "ignore" };
	{ name = "meetauth_reconnect_grace", kind = "seconds", default = 0 };
	{ name = "meetauth_presence_identity", kind = "boolean", default = false };
	{ name = "meetauth_http_keys", kind = apikeys.kind, secret = true };
	{ name = "meetauth_storage_down", kind = schema.one_of("closed", "open"), default = "closed" };
	{ name = "meetauth_revoke_kicks", kind = "boolean", default = true };
	{ name = "meetauth_audit", kind = "boolean", default = false };
	{ name = "allow_empty_token", kind = "boolean", default = false };
	{ name = "region_header_name", kind = "string", default = "x_proxy_region" };
};

-- Options of the MUC half; here so that they are known where they are set globally.
local muc_options = { meetauth_exempt = true };

-- 'dialect': the field belongs to that dialect only.
---@type Field[]
local entry_fields = {
	{ name = "id", kind = "string" };
	{ name = "dialect", kind = schema.one_of("jitsi", "daily"), default = "jitsi" };
	{ name = "algorithms", kind = "strings" };
	{ name = "kid", kind = "string" };
	{ name = "issuer", kind = "strings", dialect = "jitsi" };
	{ name = "audience", kind = "strings", dialect = "jitsi" };
	{ name = "tenant", kind = "string" };
	{ name = "domain_verification", kind = "boolean", default = true, dialect = "jitsi" };
	{ name = "room", kind = schema.one_of("required", "tenant"), default = "required" };
	{ name = "rooms", kind = "strings" };
	{ name = "may", kind = "names" };
	{ name = "moderator", kind = claimrule.kind, dialect = "jitsi" };
	{ name = "require", kind = "names" };
	{ name = "max_age", kind = "seconds" };
	{ name = "leeway", kind = "seconds" };
	{ name = "typ", kind = "strings" };
	{ name = "lobby", kind = schema.one_of("bypass", "knock", "claim") };
	{ name = "knock_without_lobby", kind = schema.one_of("create", "refuse", "ignore"), default = "create" };
	{ name = "single_use", kind = "boolean", default = false };
	{ name = "weak_secret", kind = "boolean", default = false };
	{ name = "on_invalid", kind = schema.one_of("refuse", "guest"), default = "refuse" };
	{ name = "mode", kind = schema.one_of("enforce", "observe"), default = "enforce" };
};

table.move(dailyfields, 1, #dailyfields, #entry_fields + 1, entry_fields);
table.move(keysources.fields, 1, #keysources.fields, #entry_fields + 1, entry_fields);

local entry_field_names = {};
for _, field in ipairs(entry_fields) do entry_field_names[field.name] = true; end

-- What an entry asks beside its fields; and its fields that are about keys, or about who does not get in.
local further = { "asked", "on_expiry" };
local aside = { id = true, algorithms = true, kid = true, weak_secret = true, on_invalid = true };
for _, field in ipairs(keysources.fields) do aside[field.name] = true; end

--- Whether two forms of an entry, in their final form, give the same for every token that their keys have signed.
---@param one table
---@param other table
---@return boolean
function hostconfig.reads_alike(one, other)
	for _, field in ipairs(entry_fields) do
		if not aside[field.name] and not same(one[field.name], other[field.name]) then return false; end
	end
	for _, name in ipairs(further) do
		if not same(one[name], other[name]) then return false; end
	end
	return true;
end

local default_require = { jitsi = {}, daily = { "exp", "iat" } };
local default_lobby = { jitsi = "claim", daily = "bypass" };

-- typ as token/header.lua compares it; a token without one is accepted.
local function types(list)
	local set = { [""] = true };
	for _, typ in ipairs(list or { "JWT" }) do set[header.short_type(typ)] = true; end
	return set;
end

-- The claims that must be there. A token for single use has to end, or its use would be remembered for ever.
local function required(entry)
	local list = { table.unpack(entry.require or default_require[entry.dialect]) };
	if entry.single_use then table.insert(list, "exp"); end
	return list;
end

-- What every entry has in its final form, wherever its values came from.
local function finish(entry, site)
	entry.on_expiry = site.meetauth_on_expiry;
	entry.lobby = entry.lobby or default_lobby[entry.dialect];
	entry.asked = {
		leeway = (entry.leeway or site.meetauth_leeway) + 0.0;
		issuer = claims.set(entry.issuer);
		audience = claims.set(entry.audience);
		require = required(entry);
		max_age = entry.max_age;
	};
	if not entry.asked.issuer then entry.issuer = nil; end -- "*": any
	entry.typ = types(entry.typ);
	return entry;
end

-- What an entry confines its tokens to has to be what the operator means: no word is passed over.
local function check_bounds(found, entry, label, site)
	if entry.tenant and entry.tenant:lower() == site.base then
		found:add(label .. ".tenant", ("%q, the host itself"):format(entry.tenant),
			"a tenant, or none: the host's rooms are plain ones");
	end
	for _, right in ipairs(entry.may or {}) do
		if not ceiling.is_right[right] then
			found:add(label .. ".may", ("%q"):format(right), "one of " .. table.concat(ceiling.rights, ", "));
		end
	end
	for _, glob in ipairs(entry.rooms or {}) do
		if not roomglobs.is_glob(glob) then
			found:add(label .. ".rooms", ("a string of %d bytes"):format(#glob), "globs of at most 128 bytes");
		end
	end
	if entry.on_invalid == "guest" and not site.allow_empty_token then
		found:add(label .. ".on_invalid", "\"guest\" on a host that takes no guests", "it beside allow_empty_token = true");
	end
end

local function read_entry(found, raw, label, site)
	local entry = {};
	for _, field in ipairs(entry_fields) do
		entry[field.name] = schema.read(found, field, raw[field.name], label .. "." .. field.name);
	end
	for name in pairs(raw) do
		if not entry_field_names[name] then
			found:add(label .. "." .. tostring(name), "a field of that name", "a field of an issuer entry");
		end
	end
	for _, field in ipairs(entry_fields) do
		if field.dialect and field.dialect ~= entry.dialect and raw[field.name] ~= nil then
			found:add(label .. "." .. field.name, ("it in a %s entry"):format(entry.dialect),
				("it in %s entries only"):format(field.dialect));
		end
	end
	if entry.dialect == "jitsi" and not entry.issuer then
		found:add(label .. ".issuer", "nil", "the accepted iss, or \"*\"");
	elseif entry.dialect == "daily" and not entry.domain_id then
		found:add(label .. ".domain_id", "nil", "the Daily domain's id");
	end
	check_bounds(found, entry, label, site);
	keysources.read(found, entry, function (name, i)
		return label .. (name and "." .. name or "") .. (i and ("[%d]"):format(i) or "");
	end, entry.weak_secret);
	return finish(entry, site);
end

-- Whether a user's id in one space may be another user's in the other.
local function may_collide(a, b)
	return a:sub(1, #b) == b or b:sub(1, #a) == a;
end

-- No user of one Daily domain can be taken for one of another, whatever their ids.
local function check_users(found, entries)
	for i, one in ipairs(entries) do
		for j = i + 1, #entries do
			local other = entries[j];
			if one.dialect == "daily" and other.dialect == "daily" and one.domain_id ~= other.domain_id
				and may_collide(one.user_prefix, other.user_prefix) then
				found:add("meetauth_issuers", ("the user_prefix %q in %q beside %q in %q"):format(one.user_prefix, one.id,
					other.user_prefix, other.id), "prefixes none of which begins with another");
			end
		end
	end
end

-- Ids unique, no secret twice, user ids of two entries apart.
local function check_together(found, entries)
	local ids, before = {}, {};
	for _, entry in ipairs(entries) do
		local id = entry.id or (entry.issuer and entry.issuer[1]) or entry.domain_id or "any";
		if ids[id] and entry.id then
			found:add("meetauth_issuers", ("the id %q twice"):format(id), "a different id for each entry");
		end
		local wanted, n = id, 1;
		while ids[id] do
			n = n + 1;
			id = wanted .. "-" .. n;
		end
		ids[id] = true;
		entry.id = id;
		for _, source in ipairs(entry.sources) do source.entry = id; end
		local prefix = #entries > 1 and entry.dialect == "daily" and "daily:" .. id .. ":" or "";
		entry.user_prefix = entry.user_prefix or prefix;
		before[#before + 1] = entry;
		local sharer = keyheld.sharer(entry, entry.inline, before, {});
		if sharer then
			found:add("meetauth_issuers", ("one secret in the entries %q and %q"):format(sharer.id, id),
				"a secret of its own for each entry");
		end
		entry.secret, entry.public_key = nil, nil; -- the keys have them
	end
	check_users(found, entries);
end

---@class Site
---@field entries table[]
---@field base string?        the host's name
---@field warnings string[]   for the log, at every start
---@field understood string[] what Jitsi's own options became, for the log at debug
---@field jitsi_entry table?   the entry made from them
---@field token_parameters table<string, true>  query parameters that hold a token
---@field region_header string  header with the user's region, as Prosody spells it
---@field allow_empty_token boolean
---@field meetauth_max_token integer    bytes
---@field meetauth_enforcement "required"|"elsewhere"
---@field meetauth_foreign_hosts string[]
---@field api_keys table<string, table>  digest of an API key of the REST interface -> entry

--- Read the options of a host.
---@param get fun(name: string): any   the host's option of that name, or nil
---@param names string[]?              names of all options set for the host, so that misspelt ones are told
---@param base string?                  the host's name, which is no tenant's
---@return Site? site
---@return string[]? problems          each: option, what was found, what was expected
function hostconfig.read(get, names, base)
	local found, site, known = schema.problems(), { entries = {}, warnings = {}, base = base and base:lower() }, {};
	for _, field in ipairs(host_fields) do
		known[field.name] = true;
		site[field.name] = schema.read(found, field, get(field.name), field.name);
	end
	for _, name in ipairs(names or {}) do
		if name:find("^meetauth_") and not known[name] and not muc_options[name] then
			found:add(name, "an option of that name", "one of the options in the README");
		end
	end
	for i, raw in ipairs(site.meetauth_issuers) do
		site.entries[i] = read_entry(found, raw, ("meetauth_issuers[%d]"):format(i), site);
	end
	site.meetauth_issuers = nil; -- it holds the secrets
	site.jitsi_entry = jitsi.read(found, site.warnings, get, site.meetauth_weak_secrets);
	if site.jitsi_entry then table.insert(site.entries, finish(site.jitsi_entry, site)); end
	if #site.entries == 0 and #found.list == 0 then
		found:add("meetauth_issuers", "no issuer", "at least one entry, or app_id and app_secret");
	end
	if site.allow_empty_token then
		table.insert(site.warnings, "allow_empty_token: sessions without a token are let in, as guests");
	end
	site.region_header = site.region_header_name:lower():gsub("-", "_");
	site.understood = jitsi.understood(get, site);
	check_together(found, site.entries);
	site.api_keys = apikeys.read(found, site.meetauth_http_keys, site.entries);
	local keys = keyheld.of(site.entries);
	keyring.check_tries(found, site.entries, keys);
	apikeys.check(found, site.api_keys, keys);
	site.meetauth_http_keys = nil; -- digests are enough
	site.token_parameters = set_of(site.meetauth_query_params);
	if found.list[1] then return nil, found.list; end
	return site;
end

return hostconfig;
