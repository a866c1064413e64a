-- The modules that keep something of an account (meetauth/server/accountmodules.lua): what a warning of ours may name.

local accountmodules = require "meetauth.server.accountmodules";

describe("meetauth.server.accountmodules", function ()
	it("names modules as operators write them, each once, in their order", function ()
		for i, name in ipairs(accountmodules) do
			assert.is_truthy(name:find("^[a-z][a-z0-9_]*$"), name);
			assert(i == 1 or accountmodules[i - 1] < name, name);
		end
	end);

	it("has those that keep what clients put there, and what is sent to who is away", function ()
		local named = {};
		for _, name in ipairs(accountmodules) do named[name] = true; end
		for _, name in ipairs({ "offline", "pep", "private", "roster", "vcard" }) do assert.is_true(named[name], name); end
	end);

	it("has none that meetings need", function ()
		for _, name in ipairs(accountmodules) do
			assert.is_nil(name:find("^muc") or name:find("meetauth", 1, true), name);
			for _, needed in ipairs({ "bosh", "disco", "ping", "smacks", "websocket" }) do assert.are_not.equal(needed, name); end
		end
	end);
end);
