--- Checks of options: whether each host's options are valid, which of them are weak, and which of Jitsi's options are
-- left over.

local core = require "meetauth.core";
local reader = require "meetauth.cli.server.entries".reader;
local list = require "meetauth.cli.server.hosts".words;
local why_weak = require "meetauth.key.weak".why;
local names_of = require "meetauth.util.list".names;
local chomped = require "meetauth.util.text".chomped;

local GUESTS = "^allow_empty_token:"; -- a warning at every start, but the operator's decision

local function check_hosts(site, _, say)
	local names = {};
	for _, host in ipairs(site.served) do
		if host.get("authentication") == "meetauth" or host.modules.auth_meetauth then
			names[#names + 1] = host.name;
		else
			return say("FAIL", ("%s has authentication = %q"):format(host.name, tostring(host.get("authentication"))),
				"set authentication = \"meetauth\" under its VirtualHost");
		end
	end
	if names[1] then return say("ok", "checked: " .. table.concat(names, ", ")); end
	local function is_one(host) return not host.component and host.get("authentication") == "token" and site:rooms(host)[1]; end
	local token = site:where(is_one);
	say("FAIL", "no VirtualHost has authentication = \"meetauth\"", token[1]
		and ("write it instead of \"token\" under VirtualHost %s"):format(token[1].name) or "write it "
			.. "under the VirtualHost of your meetings");
end

local function check_options(_, host, say)
	if not host.read then
		for _, problem in ipairs(host.problems) do say("FAIL", problem, "correct this, because the module does not load"); end
		return;
	end
	local words = {};
	for i, entry in ipairs(host.read.entries) do
		words[i] = ("%s (%s%s)"):format(entry.id, entry.dialect, entry.mode == "observe" and ", only observed" or "");
	end
	say("ok", "entries: " .. table.concat(words, ", "));
	for _, warning in ipairs(host.read.warnings) do
		say(warning:find(GUESTS) and "note" or "warn", warning);
	end
end

-- The weakness of a secret that the options let pass, in words; nil: none.
local function weakness(entry, bytes)
	for _, alg in ipairs(entry.algorithms) do
		local _, reason = core.key.new(alg, "secret", bytes);
		if reason == "weak-secret" then return ("has %d bytes, fewer than the hash of %s"):format(#bytes, alg); end
	end
	local why = why_weak(bytes);
	return why and "is weak: " .. why;
end

-- Every secret, in the configuration and in files: fn(label, entry, bytes).
local function each_secret(host, read_file, fn)
	local entries = host.read.entries;
	local raws = host.get("meetauth_issuers") or {};
	for i, raw in ipairs(raws) do
		for _, bytes in ipairs(list(raw.secret)) do fn(("meetauth_issuers[%d].secret"):format(i), entries[i], bytes); end
	end
	for _, entry in ipairs(entries) do
		for _, source in ipairs(entry.sources) do
			local bytes = source.kind == "secret_file" and read_file(source.at);
			if bytes then fn(source.label, entry, chomped(bytes)); end
		end
	end
	local jitsi = host.read.jitsi_entry;
	if jitsi and jitsi.inline[1] and jitsi.inline[1].secret then fn("app_secret", jitsi, host.get("app_secret")); end
end

local function check_secrets(site, host, say)
	if not host.read then return; end
	local good = 0;
	each_secret(host, reader(site.args.config), function (label, entry, bytes)
		local weak = weakness(entry, bytes);
		if bytes:find("^%s") or bytes:find("%s$") then
			say("warn", label .. " begins or ends with white space, which is a part of the secret",
				"delete the white space, unless the issuer's secret has it too");
		elseif weak and label ~= "app_secret" then -- of that, the options' own warning tells
			say("warn", ("%s %s"):format(label, weak), "make a new secret with openssl rand -hex 32");
		elseif not weak then
			good = good + 1;
		end
	end);
	if good > 0 then say("ok", ("%d secrets, each as long as its hash"):format(good)); end
end

local function check_domains(site, host, say)
	local place = site:home_of(host) or host;
	local compared, ignored = {}, {};
	for _, entry in ipairs(host.read and host.read.entries or {}) do
		if entry.dialect == "jitsi" and not entry.tenant then
			table.insert(entry.domain_verification and compared or ignored, entry.id);
		end
	end
	if compared[1] then
		local rule = "tokens must have sub = %q, or \"*\" for every tenant's rooms too. The address in the browser does not matter. "
			.. "Entries: %s";
		say("ok", rule:format(place.name, table.concat(compared, ", ")));
	end
	if ignored[1] then say("ok", "sub is not compared with the domain for these entries: " .. table.concat(ignored, ", ")); end
end

local function check_leftovers(_, host, say)
	local function is_other(name) return name:find("^auth_") and name ~= "auth_meetauth"; end
	local others = names_of(host.get("authentication") == "meetauth" and host.modules, is_other);
	if others[1] then
		return say("warn", ("%s is also loaded"):format(table.concat(others, ", ")), "delete it from modules_enabled");
	end
	say("ok", "no other login is loaded");
end

-- Storage -----------------------------------------------------------------------

local STORES = { "meetauth_revoked", "meetauth_used" };

local function store_of(host, name)
	local storage = host.get("storage");
	if type(storage) == "table" then storage = storage[name] or host.get("default_storage"); end
	return type(storage) == "string" and storage or "internal";
end

local function check_storage(_, host, say)
	local sql = host.get("sql");
	for _, name in ipairs(STORES) do
		local store = store_of(host, name);
		if store == "memory" or store == "none" or store == "null" then
			return say("warn", ("storage %q loses revocations and used tokens when Prosody restarts"):format(store),
				("set storage = { %s = \"internal\", %s = \"internal\" }"):format(table.unpack(STORES)));
		elseif store == "sql" and type(sql) == "table" and sql.driver == "PostgreSQL"
			and not tostring(sql.database):find("connect_timeout", 1, true) then
			return say("warn", "the whole server waits if PostgreSQL does not answer",
				"set sql.database = \"dbname=... connect_timeout=2 tcp_user_timeout=2000 options='-c statement_timeout=2000'\"");
		end
	end
	say("ok", ("revocations are kept in storage %q"):format(store_of(host, STORES[1])));
	if host.read and host.read.meetauth_storage_down == "open" then
		say("note", "meetauth_storage_down = \"open\": single use is not enforced while storage fails");
	end
end

-- The server ----------------------------------------------------------------------

local function check_shell(site, _, say)
	local function has_shell(host) return host.modules.admin_shell; end -- it is global, even if a host names it
	if site:where(has_shell)[1] then return say("ok", "admin_shell is loaded, for prosodyctl shell meetauth"); end
	say("note", "prosodyctl shell meetauth does not work", "add \"admin_shell\" to modules_enabled at the top");
end

local function check_collector(site, _, say)
	local gc = site:global("gc");
	if type(gc) == "table" and gc.mode == "generational" then return say("ok", "generational"); end
	say("note", "Prosody's default garbage collector makes each login slower",
		"set gc = { mode = \"generational\" } at the top. In a measurement, logins took 40 % less time");
end

---@type CheckRow[]
return {
	{ name = "hosts", of = "server", look = check_hosts };
	{ name = "shell", of = "server", look = check_shell };
	{ name = "collector", of = "server", look = check_collector };
	{ name = "options", of = "host", look = check_options };
	{ name = "secrets", of = "host", look = check_secrets };
	{ name = "domain", of = "host", look = check_domains };
	{ name = "leftovers", of = "host", look = check_leftovers };
	{ name = "storage", of = "host", look = check_storage };
};
