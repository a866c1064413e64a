-- Small files, read as a whole.

local command = require "spec.support.command";
local smallfile = require "meetauth.util.smallfile";

describe("a file", function ()
	local folder;
	before_each(function () folder = command.folder(); end);
	after_each(command.clean);

	for name, text in pairs({ ["a few bytes"] = "a\0b\n", nothing = "", ["as much as is taken"] = ("x"):rep(1024) }) do
		it("is read that has " .. name, function ()
			assert.equal(text, smallfile.read(command.write(folder .. "/a", text), 1024));
		end);
	end

	it("is not read that has more than is taken", function ()
		assert.same({ nil, "more than 1 KiB" }, { smallfile.read(command.write(folder .. "/a", ("x"):rep(1025)), 1024) });
	end);

	it("is not read that never ends", function ()
		assert.same({ nil, "more than 1 KiB" }, { smallfile.read("/dev/zero", 1024) });
	end);

	it("is told why where there is none", function ()
		for path, why in pairs({ [folder .. "/no"] = "No such file or directory", [folder] = "Is a directory" }) do
			local bytes, told = smallfile.read(path, 1024);
			assert.is_nil(bytes);
			assert.truthy(told:find(why, 1, true), told);
		end
	end);
end);
