-- For live specs: another module that takes part in logins by Jitsi's events. What it does depends on the
-- parameter 'room' of the session; the parameter 'previd', unless it is a real one, tells sessions apart in the log.

local public_key = module:get_option_string("live_public_key");

local handlers = {
	["pre-jitsi-authentication-fetch-key"] = {
		["own-key"] = function (session) session.public_key = public_key; end;
		["fetch-refused"] = function () return { res = false, error = "not-allowed", reason = "no key for you" }; end;
		["fetch-agrees"] = function () return { res = true }; end;
	};
	["jitsi-authentication-token-verified"] = {
		["needs-context"] = function (session) session.contextRequired = true; end;
	};
	["jitsi-access-ban-check"] = {
		["banned"] = function () return false; end;
		["banned-once"] = function (session)
			local first = not session.live_tried;
			session.live_tried = true;
			if first then return false; end
		end;
		["not-banned"] = function () return true; end;
	};
	["pre-jitsi-authentication"] = {
		["named"] = function (session) return session.customusername; end;
		["misnamed"] = function () return "@\0/"; end;
	};
	["post-jitsi-authentication"] = {
		["post-refused"] = function () return { res = false, error = "not-allowed", reason = "not\ntoday\u{202E}" }; end;
		["post-refused-bytes"] = function () return { res = false, reason = "\255\254" }; end;
		["post-refused-silently"] = function () return { res = false }; end;
		["post-agrees"] = function () return { res = true }; end;
	};
};

for event, by_room in pairs(handlers) do
	module:hook_global(event, function (data)
		local session, claims = data.session or data, data.claims;
		if session.host ~= module.host then return; end -- the events are global
		module:log("info", "spec event of %s: %s, %s", session.previd, event,
			session.meetauth_grant and "verified" or session.auth_token and "raw" or "nothing yet");
		for name, value in pairs(claims or {}) do
			if type(value) == "userdata" then module:log("error", "spec null in %s", name); end
		end
		local act = by_room[session.jitsi_web_query_room];
		if act then return act(session); end
	end);
end
