-- For live specs: what is on a session, as other modules read it: for a session that asks, as the answer;
-- for one whose login was refused, in the log. Tables are told with their address, to see which are shared.

local st = require "util.stanza";
local json = require "util.json";

local names = {
	"auth_token", "public_key", "previd", "customusername", "user_region", "user_agent_header", "contextRequired",
	"_jitsi_auth_done", "username", "meetauth_offer", "meetauth_grant", "meetauth_guest",
	"jitsi_web_query_room", "jitsi_web_query_prefix",
	"jitsi_meet_room", "jitsi_meet_domain", "jitsi_meet_auth_issuer", "jitsi_meet_str_tenant",
	"jitsi_meet_context_user", "jitsi_meet_context_group", "jitsi_meet_context_features", "jitsi_meet_context_room",
	"jitsi_meet_tenant_mismatch",
};

local function kind(value)
	return math.type(value) or type(value);
end

-- { type, value }; of a table: { type, address, members = { name = { type, ... } } }
local function told(value, depth)
	if type(value) ~= "table" then
		local is, plain = kind(value), type(value) == "string" or type(value) == "number" or type(value) == "boolean";
		if not plain then value = tostring(value); end
		return { type = is, value = value };
	end
	local members = {};
	for name, member in pairs(value) do
		members[tostring(name)] = depth > 0 and told(member, depth - 1) or { type = kind(member) };
	end
	return { type = "table", address = ("%p"):format(value), members = members };
end

local function fields(session)
	local all = {};
	for _, name in ipairs(names) do
		if session[name] ~= nil then all[name] = told(session[name], 4); end
	end
	return json.encode(all);
end

module:hook("iq-get/host/urn:meetauth:spec:fields:query", function (event)
	event.origin.send(st.reply(event.stanza):text_tag("result", fields(event.origin)));
	return true;
end);

module:hook("authentication-failure", function (event)
	module:log("info", "spec refused: %s", fields(event.session));
end);
