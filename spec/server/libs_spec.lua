-- Libs of a Prosody module, which require each other.

local libs = require "meetauth.server.libs";

-- A module whose libs are tables, made anew each time as Prosody does.
local function new_module()
	local ran = {};
	local class = { require = function (_, name)
		ran[name] = (ran[name] or 0) + 1;
		if name == "broken" then error("no such lib"); end
		return { name = name };
	end };
	return setmetatable({}, { __index = class }), ran;
end

describe("the libs of a module", function ()
	it("are run once each, whoever requires them", function ()
		local module, ran = new_module();
		libs.share(module);
		local one = module:require "one";
		assert.equal("one", one.name);
		assert.equal(one, module:require "one");
		assert.equal("two", module:require("two").name);
		assert.same({ one = 1, two = 1 }, ran);
	end);

	it("are each module's own", function ()
		local module, other = new_module(), new_module();
		libs.share(module);
		libs.share(other);
		assert.is_false(rawequal(module:require "one", other:require "one"));
	end);

	it("that raise are not kept", function ()
		local module, ran = new_module();
		libs.share(module);
		for _ = 1, 2 do assert.is_false(pcall(module.require, module, "broken")); end
		assert.equal(2, ran.broken);
	end);
end);
