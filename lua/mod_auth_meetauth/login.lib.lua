-- login: one attempt: the offered token against the host's entries, and what other modules have to say.
-- Events, their order and their return values are Jitsi's (doc/modules.md, Events).

local new_throttle = require "util.throttle".create;
local nodeprep = require "util.encodings".stringprep.nodeprep;

local core = require "meetauth.core";
local names_of = require "meetauth.util.list".names;
local new_grant = require "meetauth.access.grant".of;
local policy = require "meetauth.access.policy";
local refusals = require "meetauth.server.refusals";
local text = require "meetauth.util.text";
local verifier = require "meetauth.token.verifier";

local borrowed = module:require "borrowed";
local comeback = module:require "comeback";
local fields = module:require "fields";
local intake = module:require "intake";
local metrics = module:require "metrics";
local observe = module:require "observe";
local revocation = module:require "revocation";
local singleuse = module:require "singleuse";
local username = module:require "username";

local login = {};

-- To explain a refusal costs up to some hundred times what the refusal did: garbage must not cause that often.
local EXPLAINED, SECONDS = 50, 10; -- five a second in the long run

local explained = new_throttle(EXPLAINED, SECONDS);

local function fire(name, data)
	return prosody.events.fire_event(name, data);
end

-- A handler's refusal: { res = false, reason = "text" }. Its text is for the user.
local function refusal(result)
	if type(result) ~= "table" or result.res ~= false then return nil; end
	local words = type(result.reason) == "string" and text.clean(result.reason, 256) or "";
	return "refused-by-module", words ~= "" and words or nil;
end

-- A key that a module found for this session (pre-jitsi-authentication-fetch-key), in the place of the
-- keys of Jitsi's own options. Parsed once for each text.
local handed_in = { texts = {}, count = 0 };

local function verifier_of(public_key, entry, max_token)
	local known = handed_in.texts[public_key];
	if known and known.entry == entry then return known.verify; end
	if handed_in.count >= 16 then handed_in.texts, handed_in.count = {}, 0; end
	local keys = {};
	for _, alg in ipairs(entry.algorithms) do
		keys[#keys + 1] = core.key.new(alg, "public", public_key);
	end
	local verify = verifier.of_entry(entry, max_token, keys);
	handed_in.texts[public_key], handed_in.count = { entry = entry, verify = verify }, handed_in.count + 1;
	return verify;
end

local function verifier_for(session, site)
	if type(session.public_key) ~= "string" or not site.jitsi_entry then return site.verify; end
	return verifier_of(session.public_key, site.jitsi_entry, site.meetauth_max_token);
end

-- Refusals that a later key can cure.
local curable = { ["unknown-key"] = true, ["signature-mismatch"] = true };

-- By the host's keys; if the token's key is missing, once more when its source has been asked.
local function verify_by_host(site, token)
	local claims, reason, entry, key = metrics.timed(site.verify, token, os.time());
	if curable[reason] then
		local again, unknown = site.keys:wait_for(site.verify, token);
		if not again then return nil, unknown == "keys-unavailable" and unknown or reason; end
		claims, reason, entry, key = metrics.timed(site.verify, token, os.time());
	end
	if claims then site.keys:used(key, entry); end
	return claims, reason, entry, key;
end

local function verify_token(session, site, token)
	local verify = verifier_for(session, site);
	local claims, reason, entry, key;
	if verify == site.verify then
		claims, reason, entry, key = verify_by_host(site, token);
		verify = site.verify; -- keys that came meanwhile are in a new one
	else
		claims, reason, entry, key = metrics.timed(verify, token, os.time());
	end
	-- a connection that dropped may come back for a while: the token is judged by its last valid moment
	local moment = reason == "expired" and comeback.last_moment(token);
	if moment then claims, reason, entry, key = verify(token, moment); end
	return claims, reason, entry, key, moment or nil;
end

---@class Verdict
---@field reason string?  why not; nil: it is good
---@field entry table?    the entry whose key signed the token or, where it is refused, the only one it can be of
---@field token string?
---@field claims table?   of a token that is good, and
---@field key Key?        that signed it
---@field grant table?
---@field guest true?     no token, where none is needed

local function judge_token(session, site, token)
	local claims, refused, entry, key, moment = verify_token(session, site, token);
	if not claims then return { reason = refused, entry = verifier.entry_of(site.verify, token) }; end
	local grant, reason = new_grant(claims, entry);
	if not grant then return { reason = reason, entry = entry }; end
	grant.returns = comeback.returns(session, token, grant.expires);
	local verdict = { entry = entry, token = token, claims = claims, key = key, grant = grant };
	verdict.reason = policy.closed(grant, moment or os.time()) or revocation.refused(grant);
	return verdict;
end

--- The token that a session has offered, and its verdict, without any effect.
---@return Verdict
function login.judge(session, site)
	local token, conflicting = intake.token(session, site.token_parameters);
	if not token then
		if not site.allow_empty_token then return { reason = "token-required" }; end
		return { guest = true };
	end
	if conflicting then return { reason = "conflicting-tokens" }; end
	return judge_token(session, site, token);
end

-- Listeners have never met a null. Without listeners nothing is cleaned, because this costs as much time as a verification.
local function tell_verified(session, claims)
	local event = "jitsi-authentication-token-verified";
	if not prosody.events.get_handlers(event) then return; end
	fire(event, { session = session, claims = text.clean_all(claims, core.null) });
end

-- The token's grant on the session, or the reason why not.
local function accept_token(session, verdict, site)
	local claims = verdict.claims;
	fields.set(session, verdict.token, verdict.grant, site.meetauth_enforcement == "elsewhere");
	tell_verified(session, claims);
	if session.contextRequired and claims.context == nil then return "missing-claim"; end
	return nil;
end

-- The faults of a token that is dropped for its entry's on_invalid = "guest". Not among them: tokens that contradict
-- themselves or that nobody can read, and faults that are not the token's own.
local droppable = {
	["algorithm-mismatch"] = true, ["unknown-key"] = true, ["signature-mismatch"] = true, ["type-mismatch"] = true,
	["expired"] = true, ["not-yet-valid"] = true, ["too-old"] = true, ["issuer-mismatch"] = true,
	["audience-mismatch"] = true, ["claim-mismatch"] = true, ["not-admitted"] = true, ["missing-claim"] = true,
	["bad-claim"] = true, ["not-enforceable"] = true, ["observed-only"] = true,
};

-- The reason why not, or nil; and the verdict that decided.
local function identify(session, site)
	local verdict = login.judge(session, site);
	local reason, entry = verdict.reason, verdict.entry;
	if entry and entry.mode == "observe" then
		observe.note(session, verdict);
		reason = reason or "observed-only";
	end
	if session.destroyed then reason = "keys-unavailable"; end -- the client has not waited so long
	if droppable[reason] and entry and entry.on_invalid == "guest" then
		session.log("info", "Meeting token ignored, and its user is a guest: %s", reason);
		verdict, reason = { guest = true }, nil;
	end
	if reason then return reason, verdict; end
	if not verdict.guest then return accept_token(session, verdict, site), verdict; end
	session.meetauth_guest = true;
	return nil, verdict;
end

-- A name that a handler wants, if it can be one. Otherwise the name of the stream to resume, which is lent, or a new one.
local function name_of(session)
	session.meetauth_resumes = nil;
	local wanted = fire("pre-jitsi-authentication", session);
	if type(wanted) == "string" and (nodeprep(wanted) or "") ~= "" then return wanted; end
	return borrowed.name(session) or username.new();
end

-- Everything that may end an attempt, in Jitsi's order; the results are the first four of login.attempt, and the verdict.
local function run(session, site)
	local reason, words = refusal(fire("pre-jitsi-authentication-fetch-key", session));
	if reason then return nil, reason, words, "pre_fetch_fail"; end
	local refused, verdict = identify(session, site);
	if refused then return nil, refused, nil, "verify_fail", verdict; end
	if fire("jitsi-access-ban-check", session) == false then return nil, "banned", nil, "ban", verdict; end
	local name = name_of(session);
	reason, words = refusal(fire("post-jitsi-authentication", session));
	if reason then return nil, reason, words, "post_auth_fail", verdict; end
	reason = singleuse.refused(session); -- the last one: nobody else may refuse what is used up
	if reason then return nil, reason, nil, "verify_fail", verdict; end
	return name, nil, nil, "success", verdict;
end

-- Refusals of tokens that are good: there is nothing in them to explain.
local flawless = {
	["revoked"] = true, ["already-used"] = true, ["storage-unavailable"] = true, ["observed-only"] = true, ["banned"] = true,
	["refused-by-module"] = true,
};

-- Jitsi's links have jwt=, and its client's connections token=: who writes the address of a connection by hand mixes them up.
local function misnamed_hint(session, site)
	if not intake.is_misnamed(session, site.token_parameters) then return nil; end
	local name = site.token_parameters.token and "token" or names_of(site.token_parameters)[1];
	return ("the link has jwt= instead of %s=, so the server gets no token. Write %s= into the address that the client connects to")
		:format(name, name);
end

-- The facts that may be told of a refused token: if many are refused, only the entry of some.
local function about(session, site, reason, entry)
	local only_entry = { entry = entry and entry.id, dialect = entry and entry.dialect };
	if flawless[reason] then return only_entry; end
	local token, conflicting = intake.token(session, site.token_parameters);
	if not token then return { hint = misnamed_hint(session, site) }; end
	if conflicting then return {}; end
	explained:update(); -- else it fills up for all the time before, once it is empty
	if not explained:poll(1) then return only_entry; end
	local rows, subject = verifier_for(session, site):explain(token, os.time(), nil, { base = module.host });
	local told = refusals.about(reason, rows, subject);
	if reason == "unknown-key" or reason == "keys-unavailable" then
		local trouble = subject.entry and site.keys:trouble(subject.entry);
		told.hint = trouble and trouble .. ". Run prosodyctl shell meetauth keys" or told.hint;
	end
	return told;
end

--- Log a session in with what it offered.
---@param session table
---@param site Site  by which it is judged, with keys and verify
---@return string? username
---@return string? reason    where username is nil
---@return string? sentence  for the user, another one than the reason's
---@return string? counter   Jitsi's name of the counter to raise
---@return (fun(): table)? about  where username is nil: what may be kept of the refusal (meetauth/server/refusals.lua)
---@return Verdict? verdict   on the token, where it came to one
function login.attempt(session, site)
	fields.clear(session);
	local key, context_required = session.public_key, session.contextRequired;
	local name, reason, words, counter, verdict = run(session, site);
	if name then
		session.meetauth_offer = nil;
		session._jitsi_auth_done = true;
		return name, nil, nil, counter, nil, verdict;
	end
	if not session.destroyed then -- nothing of it stays
		fields.clear(session);
		session.public_key, session.contextRequired = key, context_required;
	end
	local function tell_about() return about(session, site, reason, verdict and verdict.entry); end
	return nil, reason, words, counter, tell_about, verdict;
end

return login;
