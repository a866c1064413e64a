-- For live specs: a login as SASL2 has it (XEP-0388), with a stream's resumption or a bind in the same step, in as little
-- as it takes; events and their priorities are those of the community's mod_sasl2.

local st = require "util.stanza";
local sessionmanager = require "core.sessionmanager";
local get_sasl_handler = require "core.usermanager".get_sasl_handler;

local smacks = module:depends("smacks");

local SASL2, SM, BIND2 = "urn:xmpp:sasl:2", "urn:xmpp:sm:3", "urn:xmpp:bind:0";

local asked = setmetatable({}, { __mode = "k" }); -- session -> <authenticate/>

module:hook_tag(SASL2, "authenticate", function (session, auth)
	asked[session] = auth;
	session.sasl_handler = session.sasl_handler or get_sasl_handler(module.host, session);
	if not session.sasl_handler:select(auth.attr.mechanism) then return nil; end
	local status, condition, text = session.sasl_handler:process(auth:get_child_text("initial-response"));
	return module:fire_event("sasl2/c2s/" .. status, { session = session, message = condition, error_text = text });
end);

module:hook("sasl2/c2s/failure", function (event)
	event.session.send(st.stanza("failure", { xmlns = SASL2 }):text_tag("text", event.error_text or event.message));
	return true;
end);

module:hook("sasl2/c2s/success", function (event)
	assert(sessionmanager.make_authenticated(event.session, event.session.sasl_handler.username));
	event.success = st.stanza("success", { xmlns = SASL2 });
end, 1000);

module:hook("sasl2/c2s/success", function (event)
	local resume = asked[event.session]:get_child("resume", SM);
	local resumed = resume and smacks.do_resume(event.session, resume);
	if resume then event.success:tag(resumed and "resumed" or "failed", { xmlns = SM }):up(); end
	if resumed then event.session, event.finish = resumed.session, resumed.finish; end
end, 110);

module:hook("sasl2/c2s/success", function (event)
	local bind = not event.finish and asked[event.session] and asked[event.session]:get_child("bind", BIND2);
	if bind then event.success:tag(sessionmanager.bind_resource(event.session) and "bound" or "failed", { xmlns = BIND2 }):up(); end
end, 100);

module:hook("sasl2/c2s/success", function (event)
	local session = event.session;
	event.success:text_tag("authorization-identifier", session.full_jid or session.username .. "@" .. session.host);
	session.sasl_handler = nil;
	session.send(event.success);
	if event.finish then event.finish(); end
	return true;
end, -1000);
