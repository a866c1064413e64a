-- guests: users of another host of this server, which meetauth_foreign_hosts names, whose connection came back with a
-- token. Jitsi's client does this if a guest logs in while waiting or talking. The entries of this host judge the token,
-- as at a login.

local new_runner = require "util.async".runner;

local current = module:require "current";
local intake = module:require "intake";
local live = module:require "live";
local login = module:require "login";
local record = module:require "record";

local hosts = prosody.hosts;

local guests = {};

-- Judge what a session has offered. A refused person is a guest from now on, by the rules of their host.
local function judge(session)
	local site = current.site;
	local name, reason, sentence, _, tell_about, verdict = login.attempt(session, site);
	session.meetauth_offer = nil;
	if name then
		live.adopt(session);
		record.accepted(session, verdict);
	else
		record.refused(session, "info", reason, sentence, tell_about, verdict);
	end
	if not session.destroyed then prosody.events.fire_event("meetauth-session-updated", { session = session }); end
end

-- The hosts whose sessions this host's tokens may raise: no host that judges tokens itself.
local function takes(session)
	local host = hosts[session.host];
	return session.host ~= module.host and current.site.foreign_hosts[session.host] and host ~= nil
		and host.users.name ~= "meetauth";
end

-- A session is back, and its new connection has brought something.
local function back(session, offer)
	if not offer or not takes(session) then return; end
	local token = intake.token({ meetauth_offer = offer }, current.site.token_parameters);
	if not token or token == session.auth_token then return; end
	module:add_timer(0, function () -- the client has been told that it is back
		session.meetauth_offer = offer;
		new_runner(judge, { error = function (_, problem) module:log("error", "Guest login failed: %s", problem); end }):run(session);
	end);
end

local watched = {}; -- hosts

local function watch_hosts()
	for name in pairs(current.site.foreign_hosts) do
		if hosts[name] and not watched[name] and name ~= module.host then
			watched[name] = true;
			local there = module:context(name);
			there:hook("smacks-hibernation-end", function (event) -- Prosody 0.12
				back(event.resumed, event.origin and event.origin.meetauth_offer);
			end, 10);
			there:hook("resource-unbind", function (event) live.release(event.session); end);
		end
	end
end

function guests.watch()
	watch_hosts();
	for _, event in ipairs({ "server-started", "host-activated", "config-reloaded" }) do
		module:hook_global(event, watch_hosts, -100);
	end
	module:hook_global("c2s-session-updated", function (event) -- Prosody 13, which empties the new session then
		back(event.session, event.from_session.meetauth_offer);
	end, 20);
end

return guests;
