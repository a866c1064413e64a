--- Check of accounts, which bearers do not have: modules that would keep something of them, and what would let them reach
-- other servers.

local accountmodules = require "meetauth.server.accountmodules";

local function check_accounts(_, host, say)
	if host.get("authentication") ~= "meetauth" then return; end
	local loaded = {};
	for _, name in ipairs(accountmodules) do
		if host.modules[name] then loaded[#loaded + 1] = name; end
	end
	if loaded[1] then
		say("note", ("users with tokens have no account, and the data that %s would store is deleted"
			):format(table.concat(loaded, ", ")),
			("set modules_disabled = { \"%s\" } on this VirtualHost"):format(table.concat(loaded, "\", \"")));
	end
	if host.get("allow_anonymous_s2s") == true then
		say("note", "allow_anonymous_s2s lets users with tokens reach other servers", "delete it, unless they need it");
	end
	if not loaded[1] then say("ok", "no loaded module stores data of accounts, which users with tokens do not have"); end
end

---@type CheckRow[]
return {
	{ name = "accounts", of = "host", look = check_accounts };
};
