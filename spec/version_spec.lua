-- One release has one number, wherever it stands.

local core = require "meetauth.core";
local meetauth = require "meetauth";

local function read(path)
	local file <close> = assert(io.open(path, "rb"));
	return file:read("a");
end

local version = read("src/version.h"):match("#define MEETAUTH_VERSION \"([^\"]+)\"");

describe("the version", function ()
	it("is three numbers", function ()
		assert.truthy(version:find("^%d+%.%d+%.%d+$"));
	end);

	it("is the core's", function ()
		assert.equal(version, core.version);
	end);

	it("is the library's", function ()
		assert.equal(version, meetauth._VERSION);
	end);

	it("is in the name of the one rockspec and inside of it", function ()
		local pipe <close> = assert(io.popen("ls *.rockspec"));
		local paths = {};
		for path in pipe:lines() do paths[#paths + 1] = path; end
		assert.equal(1, #paths, table.concat(paths, " "));
		local in_name, revision = paths[1]:match("^meetauth%-(%d+%.%d+%.%d+)%-(%d+)%.rockspec$");
		assert.equal(version, in_name);
		local spec = {};
		assert(load(read(paths[1]), paths[1], "t", spec))();
		assert.equal("meetauth", spec.package);
		assert.equal(version .. "-" .. revision, spec.version);
	end);

	it("is the newest in the changelog", function ()
		assert.equal(version, read("CHANGELOG.md"):match("\n## %[?(%d+%.%d+%.%d+)"));
	end);
end);
