-- borrowed: the user name of a stream, lent to a login that names the stream (previd). XEP-0198 looks for a stream under
-- the user name of the login. The name is only valid to resume that stream. A client that binds gets its own name.

local make_authenticated = require "core.sessionmanager".make_authenticated;
local st = require "util.stanza";

local live = module:require "live";
local username = module:require "username";

local borrowed = {};

local SM = { "urn:xmpp:sm:3", "urn:xmpp:sm:2" };
local STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";

-- Without a grant one is no bearer, and takes no bearer's place.
local function is_open_to(old, session)
	return session.meetauth_grant ~= nil or old.meetauth_grant == nil;
end

--- The name of the stream that a session names, which then may resume that one only; nil: it gets none of anybody.
---@param session table  whose token, or lack of one, has been judged
---@return string?
function borrowed.name(session)
	local old = live.resumed(session);
	if not old or not is_open_to(old, session) then return nil; end
	session.meetauth_resumes = session.previd;
	return old.username;
end

local function may_resume(session, id)
	if session.meetauth_resumes and id ~= session.meetauth_resumes then return false; end
	local old = id and live.of_stream(id);
	return not old or is_open_to(old, session);
end

local function resuming(session, stanza)
	if session.full_jid or may_resume(session, stanza.attr.previd) then return nil; end
	-- as if there were no such stream
	session.send(st.stanza("failed", { xmlns = stanza.attr.xmlns }):tag("item-not-found", { xmlns = STANZAS }));
	return true;
end

local function give_own_name(session)
	session.meetauth_resumes = nil;
	make_authenticated(session, username.new());
end

local function is_bearers(session) return session.meetauth_grant ~= nil; end

-- Before the name is used for the first time, in every way of a session to log in and bind.
local function binding(event)
	local session = event.session;
	local is_taken = not session.meetauth_grant and live.has(session.username, is_bearers);
	if session.meetauth_resumes or is_taken then give_own_name(session); end
end

-- SASL2 (XEP-0388) resumes in the same step as it logs in, and asks nobody: under another name it finds nothing.
local inline = setmetatable({}, { __mode = "k" }); -- session -> the stream that it will resume then

local function authenticating(session, auth)
	local resume = auth:get_child("resume", SM[1]);
	inline[session] = resume and resume.attr.previd;
end

local function authenticated(event)
	local session = event.session;
	if inline[session] and not may_resume(session, inline[session]) then give_own_name(session); end
end

function borrowed.watch()
	for _, xmlns in ipairs(SM) do module:hook_tag(xmlns, "resume", resuming, 10); end
	module:hook("pre-resource-bind", binding, 10);
	module:hook_tag("urn:xmpp:sasl:2", "authenticate", authenticating, 200);
	module:hook("sasl2/c2s/success", authenticated, 500); -- it has its name, and has not resumed yet
end

return borrowed;
