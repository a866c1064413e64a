-- mod_auth_meetauth: a connection proves who it is with a meeting token, in Jitsi's or Daily's dialect.
-- Answers "who"; mod_muc_meetauth answers "which room, and as what". It has no rules itself. The meetauth library decides
-- about tokens: it gets sessions' tokens and the time, and knows no session.

module:require "prefix"; -- before anything of the library

local new_runner = require "util.async".runner;
local set_http_option = require "net.http.server".set_option;
local st = require "util.stanza";

local share_libs = require "meetauth.server.libs".share;

share_libs(module);

local accounts = module:require "accounts";
local attempts = module:require "attempts";
local audit = module:require "audit";
local borrowed = module:require "borrowed";
local comeback = module:require "comeback";
local conference = module:require "conference";
local current = module:require "current";
local dial = module:require "dial";
local enforcement = module:require "enforcement";
local examine = module:require "examine";
local guests = module:require "guests";
local identity = module:require "identity";
local intake = module:require "intake";
local invitation = module:require "invitation";
local keys = module:require "keys";
local login = module:require "login";
local metrics = module:require "metrics";
local nostorage = module:require "nostorage";
local observe = module:require "observe";
local reach = module:require "reach";
local record = module:require "record";
local renewal = module:require "renewal";
local resumption = module:require "resumption";
local revocation = module:require "revocation";
local rooms = module:require "rooms";
local sasl = module:require "sasl";
local singleuse = module:require "singleuse";
local speech = module:require "speech";
local testlinks = module:require "testlinks";

-- Prosody never answers a request whose head is longer than its limit, and a token is a part of the head. No more than
-- tokens need, for some of Prosody's own work on a head takes a time that grows as the square of its length.
local HEAD_SIZE = 10240; -- bytes: Prosody's own limit
local HEAD_REST = 4096; -- bytes beside the longest token

-- The largest head that a host of this server asks for: there is one limit for all of them.
local limits = module:shared("/*/meetauth/limits");

module:depends("shell_meetauth");

-- Configuration --------------------------------------------------------------

local shared = module:shared("site"); -- the one in use, for mod_http_meetauth
local key_uses = {}; -- counters by key, over reloads

local function use(site)
	for _, warning in ipairs(site.warnings) do module:log("warn", "%s", warning); end
	for _, line in ipairs(site.understood) do module:log("debug", "%s", line); end
	if current.site then current.site.keys:close(); end
	site.keys = keys.new(site, key_uses);
	limits.head = math.max(limits.head or HEAD_SIZE, site.meetauth_max_token + HEAD_REST);
	set_http_option("head_size_limit", limits.head);
	metrics.start(site.entries);
	if site.meetauth_audit and not audit.has_place() then
		module:log("warn", "meetauth_audit: the option log names no file for the level \"audit\". Add one");
	end
	current.site, shared.current = site, site;
end

local function tell(problems)
	for _, problem in ipairs(problems) do module:log("error", "%s", problem); end
end

-- Read the options, and use what they say. Lua's collector rests meanwhile. As Prosody sets it, it would go through
-- everything with each added twentieth part, which takes seconds for thousands of entries.
local function read_and_use()
	local collects = collectgarbage("isrunning");
	collectgarbage("stop");
	local ok, site, problems = pcall(current.read);
	if ok and site then ok, problems = pcall(use, site); end
	if collects then collectgarbage("restart"); end
	if not ok then error(problems or site, 0); end
	return site, problems;
end

do -- before anything is hooked or provided: half a configuration does not load
	local site, problems = read_and_use();
	if not site then
		tell(problems);
		error("mod_auth_meetauth: " .. table.concat(problems, "; "), 0);
	end
end

module:hook_global("config-reloaded", function ()
	local before = current.site;
	local after, problems = read_and_use();
	if after then
		-- Prosody 0.12 reads it in the middle of any work when the signal comes: nothing is sent there
		module:add_timer(0, function () renewal.of_all(before, after); end);
	else
		tell(problems);
		module:log("error", "The new configuration has errors. The previous configuration stays in use");
	end
end);

function module.unload()
	shared.current = nil; -- nobody mints for a host that does not log in
	current.site.keys:close(); -- nobody waits for keys that come too late
	keys.stop_requests();
	for _, part in ipairs({ attempts, nostorage, revocation, rooms, sasl, singleuse }) do part.stop(); end
end

function module.save()
	return { key_uses = key_uses };
end

function module.restore(saved)
	for id, counted in pairs(saved.key_uses or {}) do
		local known = key_uses[id];
		if known then known.uses, known.last_used = known.uses + counted.uses, known.last_used or counted.last_used; end
	end
end

-- For the rooms' half, and for commands ---------------------------------------

--- prosody.hosts[host].modules.auth_meetauth.accepts_host(name): whether sessions of that host may enter rooms of this one, by
-- the configuration that is in use.
function module.environment.accepts_host(name)
	return current.site.foreign_hosts[name] == true;
end

--- prosody.hosts[host].modules.auth_meetauth.keys_status(): every key, and the addresses that do not answer
-- (meetauth/key/store.lua, KeyRow).
function module.environment.keys_status()
	return current.site.keys.store:status();
end

--- keys_refresh(id): read every source of an entry, or of all, now; returns their number.
function module.environment.keys_refresh(id)
	return current.site.keys.store:refresh(id);
end

--- kept_keys(name): what is kept of the key address with that SHA-256.
module.environment.kept_keys = keys.kept;

--- has_entry(id): whether an entry of that name is configured.
function module.environment.has_entry(id)
	for _, entry in ipairs(current.site.entries) do
		if entry.id == id then return true; end
	end
	return false;
end

module:hook_global("stats-update", function () current.site.keys:measure(); end);

-- Logins --------------------------------------------------------------------

local jitsi_counters = {};
for _, name in ipairs({ "pre_fetch_fail", "verify_fail", "success", "ban", "post_auth_fail" }) do
	jitsi_counters[name] = module:measure(name, "counter"); -- Jitsi's names, for the dashboards that there are
end

local UNGUARDED = "the MUC component does not load muc_meetauth. Write modules_enabled = { \"muc_meetauth\" } into the component";

local function unguarded() return { hint = UNGUARDED }; end

-- A user name, or nil and a text for the user.
local function attempt(session)
	if current.site.meetauth_enforcement == "required" and enforcement.missing() then
		return nil, record.refused(session, "error", "enforcement-missing", nil, unguarded);
	end
	local judge = current.site; -- it may be another one when the login has waited for a key
	local username, reason, text, counter, tell_about, verdict = login.attempt(session, judge);
	jitsi_counters[counter](1);
	if not username then return nil, record.refused(session, "info", reason, text, tell_about, verdict); end
	nostorage.note(username);
	renewal.note(session, judge);
	record.accepted(session, verdict);
	return username;
end

local few_attempts = attempts.few(attempt);

local function take_offer(event)
	intake.take(event.session, event.request, current.site.region_header);
end

-- After Jitsi's own mod_jitsi_session (1), where that is loaded: what it takes from the request is not checked.
module:hook_global("bosh-session", take_offer, 0.5);
module:hook_global("websocket-session", take_offer, 0.5);

for _, part in ipairs({
	borrowed, comeback, conference, dial, guests, resumption, nostorage, reach, speech, renewal, identity, revocation, rooms,
	singleuse, metrics,
}) do
	part.watch();
end

-- For the MUC half: what is decided there is written down here.
function module.environment.is_audited() return current.site.meetauth_audit; end
module.environment.audit = audit.tell;

module.environment.invite = invitation.make;

-- For mod_console_meetauth: what a token is worth here; links to try the rooms with; the entries.
module.environment.examine = examine.of;
module.environment.test_links = testlinks;

-- For the MUC half, for mod_http_meetauth, and for the people who administer the server:
-- prosody.hosts[HOST].modules.auth_meetauth.revoke(...)
for _, name in ipairs({ "is_revoked", "refused", "revoke", "revoked", "unrevoke" }) do
	module.environment[name] = revocation[name];
end
module.environment.revoked_count, module.environment.revocations = revocation.count, revocation.service;

-- For the MUC half: the rules of rooms that were made by REST. For mod_http_meetauth: where they are kept.
module.environment.made_rules = rooms.rules;
module.environment.rooms = rooms;

-- Provider ------------------------------------------------------------------

local provider = {};
for name, answer in pairs(accounts) do provider[name] = answer; end

function provider.get_sasl_handler(session)
	return sasl.new(session, few_attempts);
end

module:provides("auth", provider);

-- People who have logged in join no room that is no longer guarded.
module:hook("pre-presence/full", function (event)
	local session, stanza = event.origin, event.stanza;
	if prosody.hosts[module.host].users ~= provider or current.site.meetauth_enforcement ~= "required" then return nil; end
	if not enforcement.missing_for(stanza) then return nil; end
	session.send(st.error_reply(stanza, "cancel", "not-allowed", record.join_refused(session, "enforcement-missing", unguarded)));
	return true;
end);

-- Observing ------------------------------------------------------------------

observe_report = observe.report; -- in the module's environment, for code that shows it

-- Beside another login that decides: what ours would have said. In a separate thread, because the other one must not wait
-- while ours waits for a key.
local function look_on(let_in)
	local function look(session)
		observe.note(session, login.judge(session, current.site), let_in);
		if let_in then session.meetauth_offer = nil; end
	end
	return function (event)
		if prosody.hosts[module.host].users == provider then return; end
		new_runner(look, { error = function (_, problem) module:log("error", "Cannot observe: %s", problem); end }):run(event.session);
	end;
end

module:hook("authentication-success", look_on(true));
module:hook("authentication-failure", look_on(false));

if prosody.hosts[module.host].users ~= provider then
	module:log("info", "This host uses another login. meetauth only judges and counts tokens here, and admits nobody");
end
