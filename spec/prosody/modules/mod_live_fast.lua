-- For live specs: a second way to log in, as the community's FAST has it (XEP-0484): it looks into the handler that the
-- host's own login has made, takes the channel bindings over, and puts a handler of its own in its place.

local sasl = require "util.sasl";
local st = require "util.stanza";

local SASL2, FAST = "urn:xmpp:sasl:2", "urn:xmpp:fast:0";

local function take_over(session)
	local own = sasl.new(module.host, { live_fast = function () return false; end });
	own.profile.cb, own.userdata = session.sasl_handler.profile.cb, session.sasl_handler.userdata;
	return own;
end

module:hook("stream-features", function (event)
	local session = event.origin;
	if not session.sasl_handler then return; end
	session.live_fast = take_over(session);
	local fast = st.stanza("fast", { xmlns = FAST });
	for mechanism in pairs(session.sasl_handler:mechanisms()) do fast:text_tag("mechanism", mechanism); end
	event.features:add_child(fast);
end, -100);

module:hook_tag(SASL2, "authenticate", function (session, auth)
	session.sasl_handler.user_agent = { software = "spec" };
	if not auth:get_child("fast", FAST) then return nil; end
	session.sasl_handler = take_over(session);
	session.send(st.stanza("failure", { xmlns = SASL2 }));
	return true;
end, 100);
