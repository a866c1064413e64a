--- Checks of the ways in: whether a person can log in to the host without a check of the meeting token.

-- Modules that log somebody in without the host's own login. Some similar modules do not: legacyauth and http_oauth2 ask
-- for a password, which nobody has here. sasl2 and its modules ask the host's own login, and a second auth_... module is
-- asked by nobody.
---@type { module: string, how: string }[]
local beside = {
	{ module = "sasl2_fast", how = "lets a user who has logged in once log in again for weeks, with the module's own token" };
	{ module = "client_certs", how = "lets in every user who has stored a certificate" };
};

local function check_ways(_, host, say)
	if host.get("authentication") ~= "meetauth" then return; end
	local clean = true;
	for _, way in ipairs(beside) do
		if host.modules[way.module] then
			clean = false;
			say("FAIL", ("%s %s. It does not check meeting tokens"):format(way.module, way.how),
				("delete %s from modules_enabled"):format(way.module));
		end
	end
	if host.get("anonymous_login") then
		clean = false;
		say("FAIL", "anonymous_login lets everybody in, because Prosody uses it instead of authentication", "delete anonymous_login");
	end
	if clean then
		local guests = host.read and host.read.allow_empty_token;
		say("ok", "nobody can log in without a meeting token" .. (guests and ", except guests (allow_empty_token)" or ""));
	end
end

---@type CheckRow[]
return {
	{ name = "ways", of = "host", look = check_ways };
};
