-- record: the counters, log lines, kept refusals and audit lines about logins and refusals. About a user they have only
-- words of a verified token.

local random_bytes = require "util.random".bytes;

local bearer = require "meetauth.server.audit".bearer;
local odd_words = require "meetauth.hint.odd".words;
local oddities = require "meetauth.server.oddities";
local refusals = require "meetauth.server.refusals";

local audit = module:require "audit";
local current = module:require "current";
local intake = module:require "intake";
local metrics = module:require "metrics";

local record = {};

-- The last refusals of all hosts and rooms, for the shell's commands.
local kept = refusals.keeper(module:shared("/*/meetauth/refusals"), random_bytes);

-- The suspicious findings in accepted tokens, of all hosts, for the shell's commands.
local kept_oddities = oddities.keeper(module:shared("/*/meetauth/oddities"));

-- The suspicious findings in a good token: each is logged one time for each entry, and counted.
local function tell_odd(session, verdict)
	local found = verdict.grant and odd_words(verdict.claims, verdict.grant, verdict.entry);
	if not found then return; end
	local entry, now = verdict.entry.id, os.time();
	for _, words in ipairs(found) do
		if kept_oddities:note(module.host, entry, words, now) then
			session.log("info", "Meeting token accepted, but: %s (entry %s; logged once, then counted)", words, entry);
		end
	end
end

-- The parts of a token that nobody enforces, for the operator; never a name of the token's own.
local function tell_notes(session, grant)
	if not grant or not grant.notes then return; end
	for _, note in ipairs(grant.notes) do
		if not note.unknown then session.log("debug", "Claim %s: %s", note.claim, note.fate); end
	end
end

-- Write a decision down, where that is wanted.
local function write_down(event, verdict, facts)
	if not current.site.meetauth_audit then return; end
	local decision = { event = event, host = module.host };
	for name, value in pairs(facts) do decision[name] = value; end
	decision.user, decision.jti = bearer(verdict and verdict.grant);
	if verdict and verdict.key then decision.kid = verdict.key:kid(); end
	audit.tell(decision);
end

-- The trouble with the keys of an entry can be different each time.
local changes = { ["unknown-key"] = true, ["keys-unavailable"] = true };

-- Keep a refusal; tell_about(): what there is to keep of it, where it is not known already.
local function keep(stage, reason, token, tell_about)
	local refusal, now = { host = module.host, stage = stage, reason = reason }, os.time();
	local known = not changes[reason] and kept:again(refusal, now, token);
	if known then return known; end
	for name, value in pairs(tell_about()) do refusal[name] = value; end
	return kept:add(refusal, now, token);
end

--- A login was refused.
---@param session table
---@param level string
---@param reason string
---@param sentence string?  for the user, another one than the reason's
---@param tell_about fun(): table  what may be told of the refusal
---@param verdict Verdict?
---@return string text  for the user
function record.refused(session, level, reason, sentence, tell_about, verdict)
	local names = current.site.token_parameters;
	local offered = intake.offered(session, names) or intake.is_misnamed(session, names) and "jwt=" or nil; -- one record of all such
	local refusal = keep("login", reason, offered, tell_about);
	metrics.denied(reason, refusal);
	local hint = refusals.hint_now(refusal, os.time());
	session.log(level, "Meeting token refused: %s (%s)%s", reason, refusal.ref, hint and ": " .. hint or ""); -- never the token
	write_down("login_refused", verdict, refusal);
	return refusals.text(reason, refusal.ref, sentence);
end

--- A join was refused, because nobody guards its room.
---@param session table
---@param reason string
---@param tell_about fun(): table
---@return string text  for the user
function record.join_refused(session, reason, tell_about)
	local refusal = keep("join", reason, session.auth_token, tell_about);
	session.log("error", "Join refused: %s (%s): %s", reason, refusal.ref, refusal.hint);
	write_down("join_refused", nil, refusal);
	return refusals.text(reason, refusal.ref);
end

--- Somebody has logged in.
---@param session table
---@param verdict Verdict
function record.accepted(session, verdict)
	local grant = session.meetauth_grant;
	metrics.accepted(grant);
	session.log("info", "Meeting token accepted: %s", grant and grant.entry or "none, as a guest");
	write_down("login_accepted", verdict, { entry = grant and grant.entry or "guest", dialect = grant and grant.dialect });
	tell_odd(session, verdict);
	tell_notes(session, grant);
end

return record;
