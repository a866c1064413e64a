-- accounts: the answers to Prosody's questions about the accounts of a host, in the form of core/usermanager.lua. Users
-- with tokens and guests have no account. Only connected users exist, and nobody can make or change an account.

local names_of = require "meetauth.util.list".names;

local NONE = "Accounts come from meeting tokens. Nobody can create or change one"; -- for the people who administer the server

local accounts = {};

-- Asked for again each time: it is the host's, and outlives this module.
local function sessions() return prosody.hosts[module.host].sessions; end

--- The users who are connected now, each one time: the caller may let some of them go on its way.
---@return fun(): string?
function accounts.users()
	local names, i = names_of(sessions()), 0;
	return function ()
		i = i + 1;
		return names[i];
	end;
end

function accounts.get_account_info(username)
	if not sessions()[username] then return nil, NONE; end
	return { enabled = true };
end

function accounts.is_enabled(username)
	if not sessions()[username] then return nil, NONE; end
	return true;
end

for _, name in ipairs({
	"test_password", "get_password", "set_password", "user_exists", "create_user", "delete_user", "enable", "disable",
}) do
	accounts[name] = function () return nil, NONE; end
end

return accounts;
