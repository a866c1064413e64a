-- The hosts of a configuration: their modules, and whose logins are meetauth's.

local ended = require "spec.support.ended";
local hosts = require "meetauth.cli.server.hosts";

describe("the strings of an option", function ()
	local cases = {
		{ "one", "a", { "a" } }; { "a list", { "b", "a" }, { "a", "b" } }; { "a set", { x = "b", y = "a" }, { "a", "b" } };
		{ "what else is in a list", { "a", 1, true, {} }, { "a" } }; { "nothing", nil, {} }; { "a number", 7, {} };
		{ "a boolean", true, {} };
	};
	for _, case in ipairs(cases) do
		it("are those of " .. case[1], function () assert.same(case[3], hosts.words(case[2])); end);
	end
end);

-- A configuration as Prosody's configmanager has it.
local function configuration(sections)
	return { sections = sections, get = function (host, name)
		local value = sections[host][name];
		if value == nil then value = sections["*"][name]; end
		return value;
	end };
end

local function login(how) return { authentication = how }; end

describe("the modules of a host", function ()
	local read = configuration({
		["*"] = { modules_enabled = { "bosh", "auth_meetauth" }, modules_disabled = "tls" };
		["own.example"] = { modules_enabled = { "tls", "x" }, modules_disabled = { "bosh" } };
		["conference.example"] = { component_module = "muc", modules_enabled = { "muc_meetauth" } };
	});

	it("are those of all hosts and its own, less those that either takes away", function ()
		assert.same({ auth_meetauth = true, tls = true, x = true }, hosts.modules_of(read, "own.example"));
	end);

	it("are its own alone for a component", function ()
		assert.same({ muc_meetauth = true }, hosts.modules_of(read, "conference.example"));
	end);
end);

describe("the host that is meant where none is named", function ()
	local muc = { component_module = "muc", modules_enabled = { "muc_meetauth" } };
	local cases = {
		{ "the only one whose login is meetauth", { ["a.example"] = login("meetauth"), ["b.example"] = login("internal_hashed"),
			["conference.a.example"] = muc }, "a.example" };
		{ "one that has it beside another login", { ["a.example"] = login("token"),
			["b.example"] = { authentication = "token", modules_enabled = { "auth_meetauth" } } }, "b.example" };
		{ "none of several", { ["b.example"] = login("meetauth"), ["a.example"] = login("meetauth") }, nil,
			"--host: expected one of a.example, b.example" };
		{ "none where nobody has it", { ["a.example"] = login("token"), ["conference.a.example"] = muc }, nil,
			'expected a key or --host, because no host in prosody.cfg.lua has authentication = "meetauth"' };
	};
	for _, case in ipairs(cases) do
		it("is " .. case[1], function ()
			case[2]["*"] = {};
			local read = configuration(case[2]);
			if case[3] then
				assert.equal(case[3], hosts.only(read, "prosody.cfg.lua"));
			else
				assert.same({ 2, case[4] }, { ended(hosts.only, read, "prosody.cfg.lua") });
			end
		end);
	end
end);
