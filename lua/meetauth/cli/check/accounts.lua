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
		say("note", ("bearers have no account, and what %s would keep of them is thrown away"):format(table.concat(loaded, ", ")),
			("modules_disabled = { \"%s\" } on this VirtualHost"):format(table.concat(loaded, "\", \"")));
	end
	if host.get("allow_anonymous_s2s") == true then
		say("note", "allow_anonymous_s2s lets bearers reach other servers", "delete it, unless they have to");
	end
	if not loaded[1] then say("ok", "no module is loaded that keeps something of accounts, which bearers do not have"); end
end

---@type CheckRow[]
return {
	{ name = "accounts", of = "host", look = check_accounts };
};
