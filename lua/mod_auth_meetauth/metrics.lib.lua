-- metrics: the numbers about logins in Prosody's statistics. Counters are increased at each event. The other numbers are
-- read when statistics are collected. No label has a value from a token, a user or a room.

local monotonic = require "util.time".monotonic;

local counters = require "meetauth.server.counters";

local live = module:require "live";
local revocation = module:require "revocation";

local metrics = {};

local BUCKETS = { 0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1 }; -- seconds

local accepted = counters.of(module:metric("counter", "accepted", "", "logins accepted", { "dialect", "entry" }));
local denied = counters.of(module:metric("counter", "denied", "", "logins refused", { "dialect", "entry", "reason" }));
local sessions = counters.of(module:metric("gauge", "sessions", "", "sessions with a grant", { "dialect", "entry" }));
local revocations = module:metric("gauge", "revocations", "", "active revocations", {}):with_labels();
local verification = module:metric("histogram", "verification", "seconds", "time to verify a token", {},
	{ buckets = BUCKETS }):with_labels();

local with_sessions = {}; -- the values of sessions that are not zero

--- Every entry counts from zero, not from its first login.
---@param entries table[]
function metrics.start(entries)
	for _, entry in ipairs(entries) do
		accepted(entry.dialect, entry.id):add(0);
		with_sessions[sessions(entry.dialect, entry.id)] = true;
	end
end

---@param grant Grant?  nil: a guest
function metrics.accepted(grant)
	accepted(grant and grant.dialect or "none", grant and grant.entry or "guest"):add(1);
end

---@param reason string
---@param about table  what may be told of the token
function metrics.denied(reason, about)
	denied(about.dialect or "none", about.entry or "none", reason):add(1);
end

--- Verify a token, and note how long it took.
function metrics.timed(verify, token, now)
	local started = monotonic();
	local claims, reason, entry, key = verify(token, now);
	verification:sample(monotonic() - started);
	return claims, reason, entry, key;
end

local function count_sessions()
	for metric in pairs(with_sessions) do metric:set(0); end
	live.each(function (session)
		local grant = session.meetauth_grant;
		local metric = grant and sessions(grant.dialect, grant.entry);
		if metric then
			with_sessions[metric] = true;
			metric:add(1);
		end
	end);
end

function metrics.watch()
	module:hook_global("stats-update", function ()
		count_sessions();
		revocations:set(revocation.count());
	end);
end

return metrics;
