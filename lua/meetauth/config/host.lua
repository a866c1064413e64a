--- Prosody options, ours and Jitsi's, into issuer entries, or a list of what is wrong with them.
-- Pure: options and files come through functions; nothing is logged.

local apikeys = require "meetauth.rest.apikeys";
local claims = require "meetauth.token.claims";
local entryfields = require "meetauth.access.entry";
local claimrule = require "meetauth.dialect.jitsi.claimrule";
local header = require "meetauth.token.header";
local jitsi = require "meetauth.config.jitsi";
local keysources = require "meetauth.key.sources";
local schema = require "meetauth.util.schema";
local shown = require "meetauth.util.shown";
local same = require "meetauth.dialect.daily.json".same;
local names_of = require "meetauth.util.list".names;
local set_of = require "meetauth.util.list".set;
local keyfiles = require "meetauth.key.files";
local keyheld = require "meetauth.key.held";
local keyring = require "meetauth.key.ring";
local long_times = require "meetauth.dialect.daily.claims".long_times;

local hostconfig = {};

-- Where people open a room, with HOST and ROOM in the places of the names.
local room_url = {
	expected = "an http(s) address with ROOM in it";
	read = function (value)
		return type(value) == "string" and value:find("^https?://[!-~]+$") and value:find("ROOM", 1, true) and value or nil;
	end;
};

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
	{ name = "meetauth_answer_conference", kind = "boolean", default = true };
	{ name = "meetauth_presence_identity", kind = "boolean", default = false };
	{ name = "meetauth_http_keys", kind = apikeys.kind, secret = true };
	{ name = "meetauth_http_room_url", kind = room_url, default = "https://HOST/ROOM" };
	{ name = "meetauth_storage_down", kind = schema.one_of("closed", "open"), default = "closed" };
	{ name = "meetauth_revoke_kicks", kind = "boolean", default = true };
	{ name = "meetauth_audit", kind = "boolean", default = false };
	{ name = "meetauth_console_hosts", kind = "names", default = {} };
	{ name = "allow_empty_token", kind = "boolean", default = false };
	{ name = "token_regex_enabled", kind = "boolean", default = true };
	{ name = "token_regex_max_quantifiers", kind = schema.integer(0, 128) };
	{ name = "token_regex_room_max_length", kind = schema.integer(1, 1023) };
	{ name = "region_header_name", kind = "string", default = "x_proxy_region" };
};

-- Options of the MUC half; here so that they are known where they are set globally.
local muc_options = { meetauth_exempt = true };

local function is_text(value) return type(value) == "string" and value ~= ""; end

-- Claims that have to say something: names and texts.
local claims_kind = {
	expected = "a table of claims with string values";
	read = function (value)
		if type(value) ~= "table" or next(value) == nil then return nil; end
		local wanted = {};
		for name, said in pairs(value) do
			if not is_text(name) or not is_text(said) then return nil; end
			wanted[name] = said;
		end
		return wanted;
	end;
};

-- The rules for an entry's tokens, beside their rights (access/entry.lua) and its keys.
---@type Field[]
local own_fields = {
	{ name = "algorithms", kind = "strings" };
	{ name = "kid", kind = "string" };
	{ name = "issuer", kind = "strings", dialect = "jitsi" };
	{ name = "audience", kind = "strings", dialect = "jitsi" };
	{ name = "require", kind = "names" };
	{ name = "claims", kind = claims_kind };
	{ name = "admit", kind = claimrule.kind };
	{ name = "max_age", kind = "seconds" };
	{ name = "typ", kind = "strings" };
	{ name = "weak_secret", kind = "boolean", default = false };
	{ name = "on_invalid", kind = schema.one_of("refuse", "guest"), default = "refuse" };
	{ name = "mode", kind = schema.one_of("enforce", "observe"), default = "enforce" };
};

local entry_fields = schema.fields(own_fields, entryfields.fields.list, keysources.fields);

-- The rules of an entry beside its fields; and its fields about keys, or about people who do not get in.
local further = { "asked", "on_expiry", "regex", "has_rooms" };
local aside = { id = true, algorithms = true, kid = true, weak_secret = true, on_invalid = true };
for _, field in ipairs(keysources.fields) do aside[field.name] = true; end

--- Whether two forms of an entry, in their final form, give an equal result for every token that their keys have signed.
---@param one table
---@param other table
---@return boolean
function hostconfig.reads_alike(one, other)
	for _, field in ipairs(entry_fields.list) do
		if not aside[field.name] and not same(one[field.name], other[field.name]) then return false; end
	end
	for _, name in ipairs(further) do
		if not same(one[name], other[name]) then return false; end
	end
	return true;
end

local default_require = { jitsi = {}, daily = { "exp", "iat" } };

-- typ as token/header.lua compares it; a token without one is accepted.
local function types(list)
	local set = { [""] = true };
	for _, typ in ipairs(list) do set[header.short_type(typ)] = true; end
	return set;
end

local default_types = types({ "JWT" });

-- The claims that must be there. A token for single use has to end, or its use would be remembered for ever.
local function required(entry)
	local list = entry.require or default_require[entry.dialect];
	if not entry.single_use then return list; end
	return table.move({ "exp" }, 1, 1, #list + 1, { table.unpack(list) });
end

-- The fields of every entry in its final form, from every source of values.
local function finish(entry, site)
	entry.on_expiry = site.meetauth_on_expiry;
	entry.asked = {
		leeway = (entry.leeway or site.meetauth_leeway) + 0.0;
		issuer = claims.set(entry.issuer);
		audience = claims.set(entry.audience);
		require = required(entry);
		claims = entry.claims;
		admit = entry.admit;
		max_age = entry.max_age;
	};
	if not entry.asked.issuer then entry.issuer = nil; end -- "*": any
	entry.long_times = entry.dialect == "daily" and entry.claim_names == "either" and long_times or nil;
	entry.regex = {
		enabled = site.token_regex_enabled;
		max_quantifiers = site.token_regex_max_quantifiers;
		room_max_length = site.token_regex_room_max_length;
	};
	entry.typ = entry.typ and types(entry.typ) or default_types;
	return entry;
end

-- The fields of an entry that fit some hosts only.
local function check_on_host(found, entry, label, site)
	if entry.tenant and entry.tenant:lower() == site.base then
		found:add(label .. ".tenant", ("%q, the host itself"):format(entry.tenant),
			"a tenant's name, or no tenant: the host's own rooms have no tenant");
	end
	if entry.on_invalid == "guest" and not site.allow_empty_token then
		found:add(label .. ".on_invalid", "\"guest\" on a host that accepts no guests", "\"guest\" only with allow_empty_token = true");
	end
end

-- Claims that a field of their own asks for, which may say another thing.
local asked_by = { iss = "issuer", aud = "audience", d = "domain_id", exp = "leeway", nbf = "leeway", iat = "max_age" };

-- Rules of an entry for a claim that contradict another field.
local function check_asked(found, entry, label)
	for _, name in ipairs(names_of(entry.claims or {})) do
		if asked_by[name] then
			found:add(("%s.claims"):format(label), name, ("this rule in the field %s"):format(asked_by[name]));
		end
	end
	if not (entry.dialect == "daily" and entry.strict) then return; end
	for _, name in ipairs({ "claims", "admit" }) do
		if entry[name] then
			found:add(("%s.%s"):format(label, name), "it together with strict = true",
				"only one of the two, because strict refuses claims that are not Daily's");
		end
	end
end

-- An OpenID provider is the issuer of its tokens, and of no others.
local function check_provider(found, entry, label)
	local issuer = entry.oidc_url and entry.oidc_url[1];
	if not issuer then return; end
	if entry.issuer and not (entry.issuer[1] == issuer and #entry.issuer == 1) then
		found:add(label .. ".issuer", shown.text(entry.issuer[1]) .. " together with oidc_url",
			"only oidc_url, which is also the issuer");
	end
	entry.issuer = { issuer };
end

local function read_entry(found, raw, label, site)
	local entry = entryfields.read(found, raw, entry_fields, label .. ".");
	check_provider(found, entry, label);
	if entry.dialect == "jitsi" and not entry.issuer then
		found:add(label .. ".issuer", "nil", "the accepted iss, or \"*\"");
	end
	check_asked(found, entry, label);
	check_on_host(found, entry, label, site);
	keysources.read(found, entry, function (name, i)
		return label .. (name and "." .. name or "") .. (i and ("[%d]"):format(i) or "");
	end, entry.weak_secret);
	if entry.invites and not apikeys.can_sign(entry) then
		found:add(label .. ".invites", "it without a secret", "secret or secret_file, because invitations are signed with it");
	end
	return finish(entry, site);
end

-- No user of one Daily domain can be taken for a user of another, with any ids. In the order of the alphabet a prefix
-- immediately precedes all names that begin with it. If several prefixes fit a name, the longest is compared.
local function check_users(found, entries)
	local by_prefix, open = {}, {};
	for _, entry in ipairs(entries) do
		if entry.dialect == "daily" then by_prefix[#by_prefix + 1] = entry; end
	end
	table.sort(by_prefix, function (one, other) return one.user_prefix < other.user_prefix; end);
	for _, entry in ipairs(by_prefix) do
		while open[1] and entry.user_prefix:sub(1, #open[#open].user_prefix) ~= open[#open].user_prefix do open[#open] = nil; end
		local shorter = open[#open];
		if shorter and shorter.domain_id ~= entry.domain_id then
			found:add("meetauth_issuers", ("the user_prefix %q in %q and %q in %q"):format(shorter.user_prefix, shorter.id,
				entry.user_prefix, entry.id), "prefixes that do not begin with each other");
		end
		open[#open + 1] = entry;
	end
end

-- An id for an entry that has none: the wanted one, or what is free of wanted-2, wanted-3 and so on. With each id that is
-- taken: the last number that was tried behind it.
local function name_entry(entry, wanted, ids)
	if entry.id then return; end
	local id, n = wanted, ids[wanted] or 1;
	while ids[id] do
		n = n + 1;
		id = wanted .. "-" .. n;
	end
	entry.id, ids[wanted] = id, n;
	ids[id] = ids[id] or 1;
end

-- Unique ids: first the operator's ids, then the id of Jitsi's own options, then the others.
local function name_entries(found, entries, own, app_id)
	local ids = {};
	for _, entry in ipairs(entries) do
		if ids[entry.id] then found:add("meetauth_issuers", ("the id %q twice"):format(entry.id), "a different id for each entry"); end
		if entry.id then ids[entry.id] = 1; end
	end
	if app_id then name_entry(own, app_id, ids); end
	for _, entry in ipairs(entries) do
		name_entry(entry, entry.issuer and entry.issuer[1] or entry.domain_id or "any", ids);
	end
end

-- No secret twice, user ids of two entries apart.
local function check_together(found, entries)
	local owned = {};
	for _, entry in ipairs(entries) do
		local id = entry.id;
		for _, source in ipairs(entry.sources) do source.entry = id; end
		local prefix = #entries > 1 and entry.dialect == "daily" and "daily:" .. id .. ":" or "";
		entry.user_prefix = entry.user_prefix or prefix;
		local other = keyheld.claim(owned, entry, entry.inline);
		if other then
			found:add("meetauth_issuers", ("one secret in the entries %q and %q"):format(other.id, id),
				"a different secret for each entry");
		end
		entry.secret, entry.public_key = nil, nil; -- the keys have them
	end
	check_users(found, entries);
end

-- Entries whose rooms are made by REST: by a holder of an API key or, where rooms must be made, on another server.
local function mark_rooms(site)
	for _, owner in pairs(site.api_keys) do
		if type(owner) == "table" then owner.has_rooms = true; end
	end
	for _, entry in ipairs(site.entries) do entry.has_rooms = entry.has_rooms or entry.rooms_required or nil; end
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
---@field foreign_hosts table<string, true>  whose sessions may enter rooms of this one
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
	for _, name in ipairs(names_of(set_of(names or {}))) do
		if name:find("^meetauth_") and not known[name] and not muc_options[name] then
			found:add(name, "an option with this name", "one of the options in doc/options.md");
		end
	end
	for i, raw in ipairs(site.meetauth_issuers) do
		site.entries[i] = read_entry(found, raw, ("meetauth_issuers[%d]"):format(i), site);
	end
	site.meetauth_issuers = nil; -- it holds the secrets
	local own, app_id = jitsi.read(found, site.warnings, get, site.meetauth_weak_secrets);
	site.jitsi_entry = own and finish(own, site);
	table.insert(site.entries, site.jitsi_entry);
	name_entries(found, site.entries, own, app_id);
	if #site.entries == 0 and #found.list == 0 then
		found:add("meetauth_issuers", "no issuer", "at least one entry, or app_id and app_secret");
	end
	if site.allow_empty_token then
		table.insert(site.warnings, "allow_empty_token: users without a token can log in as guests");
	end
	site.region_header = site.region_header_name:lower():gsub("-", "_");
	site.understood = jitsi.understood(get, site);
	check_together(found, site.entries);
	site.api_keys = apikeys.read(found, site.meetauth_http_keys, site.entries);
	mark_rooms(site);
	local keys = keyheld.of(site.entries);
	keyring.check_tries(found, site.entries, keys);
	apikeys.check(found, site.api_keys, keys);
	site.meetauth_http_keys = nil; -- digests are enough
	site.token_parameters, site.foreign_hosts = set_of(site.meetauth_query_params), set_of(site.meetauth_foreign_hosts);
	if found.list[1] then return nil, found.list; end
	return site;
end

--- Load the files of a host's entries, and compare their keys with its API keys.
---@param site Site
---@param read_file fun(path: string): string?, string?
---@return Documents? documents
---@return string[] told  as keyfiles.load
---@return Documents? some
function hostconfig.load_files(site, read_file)
	local documents, told, some = keyfiles.load(site.entries, read_file);
	if not documents then return nil, told, some; end
	local found = schema.problems();
	apikeys.check(found, site.api_keys, keyheld.of(site.entries, documents));
	if found.list[1] then return nil, found.list, documents; end
	return documents, told;
end

--- The comparison for keys of one entry that have come later: a problem, or nil.
---@param site Site
---@param entry table
---@param found Found[]
---@return string? problem
function hostconfig.refuse_keys(site, entry, found)
	local problems = schema.problems();
	apikeys.check(problems, site.api_keys, { [entry] = found });
	return problems.list[1];
end

return hostconfig;
