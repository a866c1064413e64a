--- Jitsi's own options as an issuer entry of the same meaning, in a form that Prosody's configuration takes.
-- A secret is never written: the entry names a file that is to hold it.

local core = require "meetauth.core";
local checksite = require "meetauth.cli.check.site";
local words_of = require "meetauth.cli.server.hosts".words;
local stop = require "meetauth.cli.io.stop";
local why_weak = require "meetauth.key.weak".why;
local terminal = require "meetauth.cli.io.terminal";

local migrate = {};

local function quoted(value)
	if type(value) == "table" then
		local words = {};
		for i, item in ipairs(value) do words[i] = quoted(item); end
		return "{ " .. table.concat(words, ", ") .. " }";
	end
	if type(value) ~= "string" then return tostring(value); end
	if value:find("\n", 1, true) and not value:find("[^\n -~]") and not value:find("]]", 1, true) then
		return "[[\n" .. value .. "]]"; -- PEM
	end
	return ("%q"):format(value);
end

local function secret_file(host) return ("meetauth-%s.secret"):format(host.name); end

local function has_secret(entry) return entry.inline[1] ~= nil and entry.inline[1].secret ~= nil; end

local function is_weak(entry, secret)
	local _, reason = core.key.new(entry.algorithms[1], "secret", secret);
	return reason == "weak-secret" or why_weak(secret) ~= nil;
end

-- Each field of the entry, from the options and from what config/host.lua made of them; nil: its default.
---@type { name: string, value: fun(get: function, entry: table, host: CheckedHost): any }[]
local fields = {
	{ name = "id", value = function (_, entry) return entry.id; end };
	{ name = "dialect", value = function () return "jitsi"; end };
	{ name = "issuer", value = function (get) return get("asap_accepted_issuers") or get("app_id"); end };
	{ name = "audience", value = function (get) return get("asap_accepted_audiences"); end };
	{ name = "algorithms", value = function (_, entry) return entry.algorithms; end };
	{ name = "secret_file", value = function (_, entry, host)
			return has_secret(entry) and secret_file(host) or nil;
		end };
	{ name = "weak_secret", value = function (get, entry)
			return has_secret(entry) and is_weak(entry, get("app_secret")) or nil;
		end };
	{ name = "public_key", value = function (get, entry)
			return entry.inline[1] and not has_secret(entry) and get("app_secret") or nil;
		end };
	{ name = "asap_url", value = function (get) return get("asap_key_server"); end };
	{ name = "cache_keys_url", value = function (get) return get("cache_keys_url"); end };
	{ name = "room", value = function (_, entry) return entry.room == "tenant" and "tenant" or nil; end };
	{ name = "domain_verification", value = function (_, entry)
			if not entry.domain_verification then return false; end
		end };
};

-- The options that the entry makes superfluous, if they are set.
local old_options = {
	"app_id", "app_secret", "signature_algorithm", "asap_key_server", "cache_keys_url", "asap_accepted_issuers",
	"asap_accepted_audiences", "asap_require_room_claim", "enable_domain_verification", "jwt_pubkey_cache_size",
};

local function say(depth, fmt, ...) terminal.write(("\t"):rep(depth), fmt:format(...), "\n"); end

-- The other hosts whose people must enter a host's rooms: the hosts that it accepts now, and the hosts for guests that move
-- with it.
local function foreign_hosts(at, host)
	local names = words_of(host.get("meetauth_foreign_hosts"));
	for _, other in ipairs(at.served) do
		if at:home_of(other) == host and not checksite.takes(host, other.name) then names[#names + 1] = other.name; end
	end
	return names;
end

local function write_host(at, host)
	local entry, old = host.read.jitsi_entry, {};
	for _, name in ipairs(old_options) do
		if host.get(name) ~= nil then old[#old + 1] = name; end
	end
	say(0, "VirtualHost %q", host.name);
	say(1, "authentication = \"meetauth\"");
	say(1, "--[[ An upgrade of jitsi-meet-tokens does not change this file if it finds the next line, here in a comment:");
	say(1, "authentication = \"token\" -- do not delete me");
	say(1, "]]");
	local foreign = foreign_hosts(at, host);
	if foreign[1] then say(1, "meetauth_foreign_hosts = %s", quoted(foreign)); end
	if #host.read.entries > 1 then say(1, "-- in addition to the existing entries:"); end
	say(1, "-- this replaces %s. Delete them, because two entries must not have one secret.", table.concat(old, ", "));
	say(1, "-- Some of Jitsi's modules sign or check tokens themselves and need app_id. meetauth check names them.");
	say(1, "meetauth_issuers = {");
	say(2, "{");
	for _, field in ipairs(fields) do
		local value = field.value(host.get, entry, host);
		if field.name == "secret_file" and value then
			say(3, "-- a file next to this configuration that only Prosody can read. Write the value of app_secret into it");
		end
		if value ~= nil then say(3, "%s = %s;", field.name, quoted(value)); end
	end
	say(2, "};");
	say(1, "}");
	if host.read.allow_empty_token then say(1, "allow_empty_token = true -- keep this"); end
end

local function write_component(component)
	say(0, "");
	say(0, "Component %q \"muc\"", component.name);
	say(1, "-- in modules_enabled, write \"muc_meetauth\" instead of \"token_verification\" and \"token_affiliation\"");
	local allowed = words_of(component.get("token_verification_allowlist"));
	if allowed[1] then say(1, "meetauth_exempt = %s -- was token_verification_allowlist", quoted(allowed)); end
	if component.get("muc_room_locking") ~= false then say(1, "muc_room_locking = false"); end
end

-- Whether a host has no rooms, and its people enter no other host's rooms, while another host has rooms. Jitsi's module for
-- dial-in asks for tokens on such a host, and nobody meets there.
local function stands_aside(at, host)
	if at.args.host or at:rooms(host)[1] or at:home_of(host) then return false; end
	return at:where(function (other) return not other.component and at:rooms(other)[1]; end)[1] ~= nil;
end

-- The hosts to write; whether one is left out for its options, of which is then told.
local function choose(at)
	local hosts, bad = {}, {};
	for _, host in ipairs(at.served) do
		if stands_aside(at, host) then
			terminal.say("%s: not changed, because it has no rooms (--host %s writes it)", host.name, host.name);
		elseif not host.read then
			for _, problem in ipairs(host.problems) do bad[#bad + 1] = ("%s: %s"):format(host.name, problem); end
		elseif host.read.jitsi_entry then
			hosts[#hosts + 1] = host;
		end
	end
	return hosts, bad[1] and table.concat(bad, "\n");
end

--- Write it for every host that has such options. Others are not kept from it by one whose options are wrong.
---@param at CheckedSite
function migrate.write(at)
	local hosts, bad = choose(at);
	if not hosts[1] and bad then stop.usage("%s", bad); end
	if not hosts[1] then stop.refused("no VirtualHost has app_id and app_secret, or a key server"); end
	for i, host in ipairs(hosts) do
		if i > 1 then say(0, ""); end
		write_host(at, host);
		for _, component in ipairs(at:rooms(host)) do write_component(component); end
	end
	if bad then stop.refused("%s", bad); end
end

return migrate;
