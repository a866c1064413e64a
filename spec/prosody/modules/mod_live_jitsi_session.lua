-- For live specs: takes from a request what Jitsi's mod_jitsi_session takes, as unchecked as it does.

local formdecode = require "util.http".formdecode;

module:set_global();

local function take(event)
	local session, request = event.session, event.request;
	local query = request.url.query and formdecode(request.url.query);
	if type(query) == "table" then
		session.auth_token = query.token;
		session.jitsi_web_query_room = query.room;
		session.jitsi_web_query_prefix = query.prefix or "";
		session.previd, session.customusername = query.previd, query.customusername;
	end
	if not session.auth_token and request.headers.authorization then
		session.auth_token = request.headers.authorization:sub(8);
	end
	session.user_region, session.user_agent_header = request.headers.x_proxy_region, request.headers.user_agent;
end

module:hook("bosh-session", take, 1);
module:hook("websocket-session", take, 1);
