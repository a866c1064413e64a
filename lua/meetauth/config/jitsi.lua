--- Jitsi's own options: the issuer entry that they describe. Lines for the operator say how each option was understood.

local core = require "meetauth.core";
local keysources = require "meetauth.key.sources";
local schema = require "meetauth.util.schema";
local shown = require "meetauth.util.shown";

local jitsi = {};

local LEGACY_SECRET_MIN = 16; -- bytes: working Jitsi installations have secrets of 18 or 19

---@type Field[]
local fields = {
	{ name = "app_id", kind = "string" };
	{ name = "app_secret", kind = "string", secret = true };
	{ name = "signature_algorithm", kind = "string" };
	{ name = "asap_key_server", kind = "string" };
	{ name = "cache_keys_url", kind = "string" };
	{ name = "asap_accepted_issuers", kind = "strings" };
	{ name = "asap_accepted_audiences", kind = "strings" };
	{ name = "asap_require_room_claim", kind = "boolean", default = true };
	{ name = "enable_domain_verification", kind = "boolean", default = true };
};

local field_names = {
	secret = "app_secret", public_key = "app_secret", algorithms = "signature_algorithm", asap_url = "asap_key_server",
};

-- Keys from Jitsi's options, with problems and warnings in their words.
local function load_keys(found, warnings, entry, fetched, weak_secrets)
	local algorithm, secret = entry.algorithms[1], entry.secret and entry.secret[1];
	if fetched and algorithm:find("^HS") then
		found:add("signature_algorithm", shown.text(algorithm), "an algorithm of public keys, because the keys come from a key server");
		return;
	end
	local before = #found.list;
	local weak = weak_secrets or secret and #secret >= LEGACY_SECRET_MIN and "short" or nil;
	keysources.read(found, entry, function (name) return field_names[name] or name; end, weak);
	if #found.list == before and secret and not core.key.new(algorithm, "secret", secret) then
		table.insert(warnings, ("app_secret: found %d bytes, shorter than the hash of %s. Make a new one: openssl rand -hex 32")
			:format(#secret, algorithm));
	end
end

--- The entry that Jitsi's own options describe, with its keys; nil where none of them is set.
---@param found Problems
---@param warnings string[]
---@param get fun(name: string): any
---@param weak_secrets boolean  a secret may be as short as it likes
---@return table? entry   without an id
---@return string? app_id  what its id should be
function jitsi.read(found, warnings, get, weak_secrets)
	local old = {};
	for _, field in ipairs(fields) do
		old[field.name] = schema.read(found, field, get(field.name), field.name);
	end
	local fetched = old.asap_key_server or old.cache_keys_url; -- then app_secret is not read
	if not old.app_id and not old.app_secret and not fetched then return nil; end
	if not old.app_id and not (fetched and old.asap_accepted_issuers) or not old.app_secret and not fetched then
		found:add(old.app_id and "app_secret" or "app_id", "nil",
			fetched and "app_id or asap_accepted_issuers" or "both app_id and app_secret");
		return nil;
	end
	local algorithm = old.signature_algorithm or (fetched and "RS256" or "HS256");
	local is_secret = not fetched and algorithm:find("^HS") ~= nil;
	local entry = {
		dialect = "jitsi", room = old.asap_require_room_claim and "required" or "tenant",
		secret = is_secret and { old.app_secret } or nil,
		public_key = not is_secret and not fetched and { old.app_secret } or nil,
		asap_url = old.asap_key_server and { old.asap_key_server }, cache_keys_url = old.cache_keys_url and { old.cache_keys_url },
		algorithms = { algorithm }, issuer = old.asap_accepted_issuers or { old.app_id },
		audience = old.asap_accepted_audiences, domain_verification = old.enable_domain_verification, lobby = "claim",
		inline = {}, sources = {},
	};
	keysources.defaults(entry);
	load_keys(found, warnings, entry, fetched, weak_secrets);
	return entry, old.app_id;
end

-- Rows of { option, what it became, field of the entry that tells its value? }.
local of_entry = {
	{ "app_id", "id and issuer" };
	{ "app_secret", "key" };
	{ "signature_algorithm", "algorithms" };
	{ "asap_key_server", "asap_url" };
	{ "cache_keys_url", "cache_keys_url" };
	{ "asap_accepted_issuers", "issuer" };
	{ "asap_accepted_audiences", "audience" };
	{ "asap_require_room_claim", "room = %s", "room" };
	{ "enable_domain_verification", "domain_verification = %s", "domain_verification" };
};

local signing = "used by Jitsi's modules that sign tokens themselves";

-- Options that are not read here, and why that is right.
local left_alone = {
	{ "jwt_pubkey_cache_size", "not used. meetauth stores at most 128 keys of a key server" };
	{ "asap_ttl", signing };
	{ "asap_ttl_threshold", signing };
	{ "asap_issuer", signing };
	{ "asap_audience", signing };
	{ "asap_key_id", signing };
	{ "asap_key_path", signing };
};

--- A line for each of Jitsi's options that is set.
---@param get fun(name: string): any
---@param site Site
---@return string[]
function jitsi.understood(get, site)
	local lines, entry = {}, site.jitsi_entry;
	local function say(name, what)
		if get(name) ~= nil then lines[#lines + 1] = name .. ": " .. what; end
	end
	for _, row in ipairs(entry and of_entry or {}) do
		local value = row[3] and entry[row[3]];
		local became = row[2]:format(type(value) == "string" and ("%q"):format(value) or tostring(value));
		say(row[1], ("understood as %s of the entry %q"):format(became, entry.id));
	end
	say("allow_empty_token", "understood: guests are " .. (site.allow_empty_token and "let in" or "refused"));
	say("region_header_name", ("understood as the header %q"):format(site.region_header));
	for _, row in ipairs(left_alone) do say(row[1], row[2]); end
	return lines;
end

return jitsi;
