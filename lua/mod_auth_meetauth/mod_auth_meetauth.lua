-- mod_auth_meetauth: a connection proves who it is with a meeting token, in Jitsi's or Daily's dialect.
-- Answers "who"; mod_muc_meetauth answers "which room, and as what". No rule of its own: what a token
-- gives is decided in the meetauth library, which learns neither Prosody nor the clock.

module:require "prefix"; -- before anything of the library

local configmanager = require "core.configmanager";
local new_runner = require "util.async".runner;
local set_http_option = require "net.http.server".set_option;
local random_bytes = require "util.random".bytes;
local st = require "util.stanza";

local check_api_keys = require "meetauth.rest.apikeys".check_files;
local bearer = require "meetauth.server.audit".bearer;
local config = require "meetauth.config.host";
local load_key_files = require "meetauth.key.files".load;
local refusals = require "meetauth.server.refusals";
local verifier = require "meetauth.token.verifier";

local accounts = module:require "accounts";
local attempts = module:require "attempts";
local audit = module:require "audit";
local borrowed = module:require "borrowed";
local comeback = module:require "comeback";
local enforcement = module:require "enforcement";
local fields = module:require "fields";
local identity = module:require "identity";
local intake = module:require "intake";
local keys = module:require "keys";
local live = module:require "live";
local login = module:require "login";
local metrics = module:require "metrics";
local nostorage = module:require "nostorage";
local observe = module:require "observe";
local reach = module:require "reach";
local renewal = module:require "renewal";
local resumption = module:require "resumption";
local revocation = module:require "revocation";
local sasl = module:require "sasl";
local singleuse = module:require "singleuse";
local speech = module:require "speech";
local storage = module:require "storage";

-- Prosody never answers a request whose head is longer than its limit, and a token is a part of the head. No more than
-- tokens need, for some of Prosody's own work on a head takes a time that grows as the square of its length.
local HEAD_SIZE = 10240; -- bytes: Prosody's own limit
local HEAD_REST = 4096; -- bytes beside the longest token

-- The largest head that a host of this server asks for: there is one limit for all of them.
local limits = module:shared("/*/meetauth/limits");

-- The last refusals of all hosts and rooms, for the shell's commands.
local kept = refusals.keeper(module:shared("/*/meetauth/refusals"), random_bytes);

module:depends("shell_meetauth");

-- Configuration --------------------------------------------------------------

local host; -- the configuration in use, with what was made of it
local shared = module:shared("host"); -- the same, for mod_http_meetauth
local key_uses = {}; -- counters by key, over reloads

local function option_names()
	local names = {};
	local all = configmanager.getconfig();
	for _, section in ipairs({ all["*"], rawget(all, module.host) or {} }) do
		for name in pairs(section) do names[#names + 1] = name; end
	end
	return names;
end

local function read_configuration()
	local fresh, problems = config.read(function (name) return module:get_option(name); end, option_names(), module.host);
	if not fresh then return nil, problems; end
	local warnings, unreadable = load_key_files(fresh.entries, keys.read_file);
	if not warnings then return nil, unreadable; end
	local shared_secrets = check_api_keys(fresh.api_keys, fresh.entries);
	if shared_secrets[1] then return nil, shared_secrets; end
	table.move(warnings, 1, #warnings, #fresh.warnings + 1, fresh.warnings);
	return fresh;
end

local function use(fresh)
	for _, warning in ipairs(fresh.warnings) do module:log("warn", "%s", warning); end
	for _, line in ipairs(fresh.understood) do module:log("debug", "%s", line); end
	local function take_keys() fresh.verify = verifier.of_entries(fresh.entries, fresh.meetauth_max_token); end
	if host then host.keys:close(); end
	fresh.keys = keys.new(fresh.entries, key_uses, take_keys);
	take_keys();
	fresh.last_moment, fresh.returns = comeback.last_moment, comeback.returns;
	fresh.observed, fresh.timed = observe.note, metrics.timed;
	fresh.revoked, fresh.used, fresh.resumed, fresh.borrow = revocation.refused, singleuse.refused, live.resumed, borrowed.name;
	limits.head = math.max(limits.head or HEAD_SIZE, fresh.meetauth_max_token + HEAD_REST);
	set_http_option("head_size_limit", limits.head);
	metrics.start(fresh.entries);
	if fresh.meetauth_audit and not audit.has_place() then
		module:log("warn", "meetauth_audit: no file for it in the option log, which has to name the level \"audit\"");
	end
	host, shared.current = fresh, fresh;
end

local function tell(problems)
	for _, problem in ipairs(problems) do module:log("error", "%s", problem); end
end

do -- before anything is hooked or provided: half a configuration does not load
	local fresh, problems = read_configuration();
	if not fresh then
		tell(problems);
		error("mod_auth_meetauth: " .. table.concat(problems, "; "), 0);
	end
	use(fresh);
end

module:hook_global("config-reloaded", function ()
	local fresh, problems = read_configuration();
	if fresh then
		local before = host;
		use(fresh);
		-- Prosody 0.12 reads it in the middle of whatever it does when the signal comes: nothing is sent there
		module:add_timer(0, function () renewal.of_all(before, fresh); end);
	else
		tell(problems);
		module:log("error", "The new configuration is not used; the one before stays");
	end
end);

function module.unload()
	shared.current = nil; -- nobody mints for a host that does not log in
	host.keys:close(); -- nobody waits for keys that come too late
	keys.stop_requests();
	for _, part in ipairs({ nostorage, revocation, sasl, singleuse }) do part.stop(); end
end

function module.save()
	return { key_uses = key_uses };
end

function module.restore(saved)
	for id, counted in pairs(saved.key_uses or {}) do
		local record = key_uses[id];
		if record then record.uses, record.last_used = record.uses + counted.uses, record.last_used or counted.last_used; end
	end
end

-- For commands ---------------------------------------------------------------

--- prosody.hosts[host].modules.auth_meetauth.keys_status(): every key, and the addresses that do not answer
-- (meetauth/key/store.lua, KeyRow).
function module.environment.keys_status()
	return host.keys.chain:status();
end

--- keys_refresh(id): look at every source of an entry, or of all, now: how many there are.
function module.environment.keys_refresh(id)
	return host.keys.chain:refresh(id);
end

--- has_entry(id): whether an entry of that name is configured.
function module.environment.has_entry(id)
	for _, entry in ipairs(host.entries) do
		if entry.id == id then return true; end
	end
	return false;
end

module:hook_global("stats-update", function () host.keys:measure(); end);

-- Logins --------------------------------------------------------------------

local jitsi_counters = {};
for _, name in ipairs({ "pre_fetch_fail", "verify_fail", "success", "ban", "post_auth_fail" }) do
	jitsi_counters[name] = module:measure(name, "counter"); -- Jitsi's names, for the dashboards that there are
end

-- What of a token nobody enforces, for the operator; never a name of the token's own.
local function tell_notes(session, grant)
	if not grant or not grant.notes then return; end
	for _, note in ipairs(grant.notes) do
		if not note.unknown then session.log("debug", "Claim %s: %s", note.claim, note.fate); end
	end
end

-- Write a decision down; of the bearer only what a verified token says.
local function write_down(event, verdict, facts)
	local decision = { event = event, host = module.host };
	for name, value in pairs(facts) do decision[name] = value; end
	decision.user, decision.jti = bearer(verdict and verdict.grant);
	if verdict and verdict.key then decision.kid = verdict.key:kid(); end
	audit.tell(decision);
end

-- What is the matter with the keys of an entry is another thing each time.
local changes = { ["unknown-key"] = true, ["keys-unavailable"] = true };

-- Keep a refusal; tell(): what there is to keep of it, where it is not known already.
local function keep(stage, reason, token, tell_about)
	local refusal, now = { host = module.host, stage = stage, reason = reason }, os.time();
	local known = not changes[reason] and kept:again(refusal, now, token);
	if known then return known; end
	for name, value in pairs(tell_about()) do refusal[name] = value; end
	return kept:add(refusal, now, token);
end

-- Count, keep, log and write down a refusal; its text for the user.
local function refuse(session, level, reason, text, tell_about, verdict)
	local refusal = keep("login", reason, login.offered(session, host), tell_about);
	metrics.denied(reason, refusal);
	local hint = refusal.hint and ": " .. refusal.hint or "";
	session.log(level, "Meeting token refused: %s (%s)%s", reason, refusal.ref, hint); -- never the token
	if host.meetauth_audit then write_down("login_refused", verdict, refusal); end
	return refusals.text(text or reason, refusal.ref);
end

local function accept(session, verdict)
	local grant = session.meetauth_grant;
	metrics.accepted(grant);
	session.log("info", "Meeting token accepted: %s", grant and grant.entry or "none, as a guest");
	if host.meetauth_audit then
		write_down("login_accepted", verdict, { entry = grant and grant.entry or "guest", dialect = grant and grant.dialect });
	end
	tell_notes(session, grant);
end

local function unguarded() return { hint = "load mod_muc_meetauth on the MUC component" }; end

-- A user name, or nil and a text for the user.
local function attempt(session)
	if host.meetauth_enforcement == "required" and enforcement.missing() then
		return nil, refuse(session, "error", "enforcement-missing", nil, unguarded);
	end
	local judge = host; -- it may be another one when the login has waited for a key
	local username, reason, text, counter, tell_about, verdict = login.attempt(session, judge);
	jitsi_counters[counter](1);
	if not username then return nil, refuse(session, "info", reason, text, tell_about, verdict); end
	nostorage.note(username);
	renewal.note(session, judge);
	accept(session, verdict);
	return username;
end

local function take_offer(event)
	intake.take(event.session, event.request, host.region_header);
end

-- After Jitsi's own mod_jitsi_session (1), where that is loaded: what it takes from the request is not checked.
module:hook_global("bosh-session", take_offer, 0.5);
module:hook_global("websocket-session", take_offer, 0.5);

borrowed.watch(live);
comeback.watch(live, function () return host.meetauth_reconnect_grace; end);
resumption.watch(fields, live);
nostorage.watch();
reach.watch();
speech.watch();
renewal.watch(function () return host; end, comeback.rooms_of);
identity.watch(function () return host.meetauth_presence_identity; end);
revocation.watch(storage, function () return host; end);
singleuse.watch(storage, function () return host; end, function (session, reason)
	local grant = session.meetauth_grant;
	local function about() return { entry = grant.entry, dialect = grant.dialect }; end
	return refuse(session, "info", reason, nil, about, { grant = grant });
end);

metrics.watch(revocation.count);

-- For the MUC half: what is decided there is written down here.
function module.environment.is_audited() return host.meetauth_audit; end
module.environment.audit = audit.tell;

-- For the MUC half, and for whoever administers the server: prosody.hosts[HOST].modules.auth_meetauth.revoke(...)
for _, name in ipairs({ "is_revoked", "revoke", "revoked", "unrevoke" }) do
	module.environment[name] = revocation[name];
end

-- Provider ------------------------------------------------------------------

local provider = accounts;

function provider.get_sasl_handler(session)
	return sasl.new(session, attempts.few(attempt));
end

module:provides("auth", provider);

-- Who has logged in joins no room that nobody guards any more.
module:hook("pre-presence/full", function (event)
	local session, stanza = event.origin, event.stanza;
	if prosody.hosts[module.host].users ~= provider or host.meetauth_enforcement ~= "required" then return nil; end
	if not enforcement.missing_for(stanza) then return nil; end
	local refusal = keep("join", "enforcement-missing", session.auth_token, unguarded);
	session.log("error", "Join refused: enforcement-missing (%s): %s", refusal.ref, refusal.hint);
	if host.meetauth_audit then write_down("join_refused", nil, refusal); end
	session.send(st.error_reply(stanza, "cancel", "not-allowed", refusals.text("enforcement-missing", refusal.ref)));
	return true;
end);

-- Observing ------------------------------------------------------------------

observe_report = observe.report; -- in the module's environment, for whoever wants to show it

-- Beside another login that decides: what ours would have said. In a thread of its own, for the other one shall not
-- wait where ours waits for a key.
local function look_on(let_in)
	local function look(session)
		observe.note(session, login.judge(session, host), let_in);
		if let_in then session.meetauth_offer = nil; end
	end
	return function (event)
		if prosody.hosts[module.host].users == provider then return; end
		new_runner(look, { error = function (_, problem) module:log("error", "Observing: %s", problem); end }):run(event.session);
	end;
end

module:hook("authentication-success", look_on(true));
module:hook("authentication-failure", look_on(false));

if prosody.hosts[module.host].users ~= provider then
	module:log("info", "The login of this host is another one: tokens are judged and counted here, and admit nobody");
end
