-- login: one attempt: the offered token against the host's entries, and what other modules have to say.
-- Events, their order and their return values are Jitsi's (jitsi.md 2b).

local new_uuid = require "util.uuid".generate;

local core = require "meetauth.core";
local new_grant = require "meetauth.grant".of;
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
	return "refused-by-module", text.clean(tostring(result.reason or "refused-by-module"), 256);
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

local function verify_token(session, host, token, now)
	local verify = host.verify;
	if type(session.public_key) == "string" and host.jitsi_entry then
		verify = verifier_of(session.public_key, host.jitsi_entry, host.meetauth_max_token);
	end
	local claims, reason, entry = verify(token, now);
	-- a connection that dropped may come back for a while
	if reason == "expired" and host.meetauth_reconnect_grace > 0 and host.is_returning(session, token) then
		claims, reason, entry = verify(token, now - host.meetauth_reconnect_grace);
	end
	return claims, reason, entry;
end

-- The token's grant on the session, or the reason why not.
local function accept_token(session, host, token)
	local claims, refused, entry = verify_token(session, host, token, os.time());
	if not claims then return refused; end
	local grant, reason = new_grant(claims, entry);
	if not grant then return reason; end
	if grant.expires then grant.expires = grant.expires + host.meetauth_reconnect_grace; end
	fields.set(session, token, grant);
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

--- Log a session in with what it offered.
---@param session table
---@param host table  the configuration, with verify and is_returning
---@return string? username
---@return string? reason    where username is nil
---@return string? text      for the user, where it is not the reason itself
---@return string? counter   Jitsi's name of the counter to raise
function login.attempt(session, host)
	fields.clear(session);
	local reason, words = refusal(fire("pre-jitsi-authentication-fetch-key", session));
	if reason then return nil, reason, words, "pre_fetch_fail"; end
	reason = identify(session, host);
	if reason then
		fields.clear(session);
		return nil, reason, nil, "verify_fail";
	end
	if fire("jitsi-access-ban-check", session) == false then
		fields.clear(session);
		return nil, "banned", nil, "ban";
	end
	local name = fire("pre-jitsi-authentication", session);
	name = type(name) == "string" and name or resumed_name(session) or new_uuid();
	reason, words = refusal(fire("post-jitsi-authentication", session));
	if reason then
		fields.clear(session);
		return nil, reason, words, "post_auth_fail";
	end
	session.meetauth_offer = nil;
	session._jitsi_auth_done = true;
	return name, nil, nil, "success";
end

return login;
