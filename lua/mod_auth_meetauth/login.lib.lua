-- login: one attempt: the offered token against the host's entries, and what other modules have to say.
-- Events, their order and their return values are Jitsi's (jitsi.md 2b).

local new_uuid = require "util.uuid".generate;
local nodeprep = require "util.encodings".stringprep.nodeprep;

local core = require "meetauth.core";
local new_grant = require "meetauth.grant".of;
local policy = require "meetauth.policy";
local text = require "meetauth.text";
local verifier = require "meetauth.verifier";

local fields = module:require "fields";
local intake = module:require "intake";

local login = {};

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
	local with_keys = setmetatable({ keys = keys }, { __index = entry });
	local verify = verifier.of_keys(with_keys, max_token);
	handed_in.texts[public_key], handed_in.count = { entry = entry, verify = verify }, handed_in.count + 1;
	return verify;
end

-- Refusals that a key which is still to come may cure.
local curable = { ["unknown-key"] = true, ["signature-mismatch"] = true };

-- By the host's keys; where the token's key is not there, once more when its source has been asked.
local function verify_by_host(host, token)
	local claims, reason, entry, key = host.verify(token, os.time());
	if curable[reason] then
		local again, unknown = host.keys:wait_for(host.verify, token);
		if not again then return nil, unknown == "keys-unavailable" and unknown or reason; end
		claims, reason, entry, key = host.verify(token, os.time());
	end
	if claims then host.keys:used(key, entry); end
	return claims, reason, entry;
end

local function verify_token(session, host, token)
	local verify = function (by, now) return host.verify(by, now); end;
	local claims, reason, entry;
	if type(session.public_key) == "string" and host.jitsi_entry then
		verify = verifier_of(session.public_key, host.jitsi_entry, host.meetauth_max_token);
		claims, reason, entry = verify(token, os.time());
	else
		claims, reason, entry = verify_by_host(host, token);
	end
	-- a connection that dropped may come back for a while: the token counts as in its last valid moment
	local moment = reason == "expired" and host.last_moment(token);
	if moment then return verify(token, moment); end
	return claims, reason, entry;
end

-- The token's grant on the session, or the reason why not.
local function accept_token(session, host, token)
	local claims, refused, entry = verify_token(session, host, token);
	if session.destroyed then return "keys-unavailable"; end -- the client has not waited so long
	if not claims then return refused; end
	local now = os.time();
	local grant, reason = new_grant(claims, entry);
	if not grant then return reason; end
	if grant.expires then grant.expires = grant.expires + host.meetauth_reconnect_grace; end
	reason = policy.closed(grant, now);
	if reason then return reason; end
	fields.set(session, token, grant);
	text.clean_all(claims, core.null); -- handlers have never met a null
	fire("jitsi-authentication-token-verified", { session = session, claims = claims });
	if session.contextRequired and claims.context == nil then return "missing-claim"; end
	return nil;
end

local function identify(session, host)
	local tokens = intake.tokens(session, host.token_parameters);
	if not tokens[1] then
		if not host.allow_empty_token then return "token-required"; end
		session.meetauth_guest = true;
		return nil;
	end
	if tokens[2] then return "conflicting-tokens"; end
	return accept_token(session, host, tokens[1]);
end

-- The name of the live session that this one means to resume: XEP-0198 needs the same one.
local function resumed_name(session)
	if not session.previd then return nil; end
	for _, user in pairs(prosody.hosts[module.host].sessions) do
		for _, other in pairs(user.sessions) do
			if other.resumption_token == session.previd then return other.username; end
		end
	end
	return nil;
end

-- A name that a handler wants, if it can be one; else that of the session to resume; else a new one.
local function name_of(session)
	local wanted = fire("pre-jitsi-authentication", session);
	if type(wanted) == "string" and (nodeprep(wanted) or "") ~= "" then return wanted; end
	return resumed_name(session) or new_uuid();
end

-- Everything that may end an attempt, in Jitsi's order; the results are those of login.attempt.
local function run(session, host)
	local reason, words = refusal(fire("pre-jitsi-authentication-fetch-key", session));
	if reason then return nil, reason, words, "pre_fetch_fail"; end
	reason = identify(session, host);
	if reason then return nil, reason, nil, "verify_fail"; end
	if fire("jitsi-access-ban-check", session) == false then return nil, "banned", nil, "ban"; end
	local name = name_of(session);
	reason, words = refusal(fire("post-jitsi-authentication", session));
	if reason then return nil, reason, words, "post_auth_fail"; end
	return name, nil, nil, "success";
end

--- Log a session in with what it offered.
---@param session table
---@param host table  the configuration, with verify and last_moment
---@return string? username
---@return string? reason    where username is nil
---@return string? text      for the user, where it is not the reason itself
---@return string? counter   Jitsi's name of the counter to raise
function login.attempt(session, host)
	fields.clear(session);
	local key, context_required = session.public_key, session.contextRequired;
	local name, reason, words, counter = run(session, host);
	if name then
		session.meetauth_offer = nil;
		session._jitsi_auth_done = true;
	elseif not session.destroyed then -- nothing of it stays
		fields.clear(session);
		session.public_key, session.contextRequired = key, context_required;
	end
	return name, reason, words, counter;
end

return login;
