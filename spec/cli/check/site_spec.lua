--- meetauth check on which hosts and components there are, and which component has which host's rooms.

local checked = require "spec.support.checked";
local command = require "spec.support.command";
local site = require "meetauth.cli.check.site";

local function component(name, options)
	return { name = name, component = "muc", get = function (option) return (options or {})[option]; end };
end

describe("a component's host", function ()
	local cases = {
		{ "meet.example", "conference.meet.example" }; { "other.example", "conference.meet.example", "other.example" };
		{ "other.example", "conference.meet.example", "OTHER.Example" }; { "meet.example", "conference.meet.example", 7 };
		{ nil, "conference" }; { "b.c", "a.b.c" };
	};
	for i, case in ipairs(cases) do
		it(("is %s (%d)"):format(case[1] or "none", i), function ()
			assert.equal(case[1], site.base_of(component(case[2], { muc_mapper_domain_base = case[3] })));
		end);
	end
end);

describe("the main component of a host", function ()
	local cases = {
		{ "conference.meet.example", {} }; { "muc.meet.example", { muc_mapper_domain_prefix = "muc" } };
		{ "rooms.example", { muc_mapper_domain = "rooms.example", muc_mapper_domain_prefix = "muc" } };
		{ "conference.meet.example", { muc_mapper_domain = 7, muc_mapper_domain_prefix = {} } };
	};
	for i, case in ipairs(cases) do
		it(("is %s (%d)"):format(case[1], i), function ()
			assert.equal(case[1], site.main_of(component("meet.example", case[2])));
		end);
	end
end);

-- Edits of a configuration in which all is well, as in check's other specs.
local cases = {
	{ name = "modules of all hosts on each of them", status = 0,
		edit = { '"admin_shell", ', '"admin_shell", "auth_token", ' }, also = { "lobby_muc", 'modules_disabled = { "auth_token" } %0' },
		line = { "ok    meet.example leftovers: " } };
	{ name = "modules that one host has of its own", edit = { "lobby_muc", 'modules_enabled = { "auth_token" } %0' },
		line = { "warn  meet.example leftovers: auth_token is also loaded" } };
	{ name = "no module of all hosts on a component", status = 0, edit = { '"admin_shell", ', '"admin_shell", "muc_allowners", ' },
		line = { "ok    meet.example promoters: no module" } };
	{ name = "every MUC component below a host that has no main one", edit = { '"conference.meet', '"talks.meet' },
		also = { '"muc_meetauth"', "" }, line = { "FAIL  meet.example rooms: talks.meet.example does not load muc_meetauth" } };
	{ name = "nothing of a host that is not enabled", status = 0,
		edit = { 'VirtualHost "guest', 'VirtualHost "jigasi.meet.example" enabled = false authentication = "meetauth" %0' },
		line = { "ok    hosts: checked: meet.example" } };
	{ name = "nothing of a component that is not enabled", edit = { '"conference.meet.example" "muc"', "%0 enabled = false" },
		also = { 'Component "lobby.meet.example".-(Component "focus)', "%1" },
		line = { "FAIL  meet.example rooms: there is no MUC component conference.meet.example" } };
	{ name = "no rooms of a host that has none", edit = { '"conference.meet.example" "muc"', '"conference.other.example" "muc"' },
		also = { 'Component "lobby.meet.example".-(Component "focus)', "%1" },
		line = { "FAIL  meet.example rooms: there is no MUC component conference.meet.example", "-> set muc_mapper_domain" } };
};

for _, at in ipairs(checked.places()) do
	describe("check of hosts, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end

		it("looks at one host", function ()
			local two = checked.good .. 'VirtualHost "bad.example"\n\tauthentication = "meetauth"\n';
			assert.equal(1, at:check(two).status);
			assert.equal(0, at:check(two, { "--host", "meet.example" }).status);
			assert.is_true(at:has(at:check(two, { "--host", "bad.example" }).out,
				{ "FAIL  bad.example options: meetauth_issuers: found no issuer" }));
			assert.is_true(at:has(at:check(checked.good, { "--host", "guest.meet.example" }).out,
				{ "FAIL  hosts: guest.meet.example has" }));
			assert.equal(2, at:check(checked.good, { "--host", "no.example" }).status);
			local off = at:check(checked.good .. 'VirtualHost "off.example" enabled = false', { "--host", "off.example" });
			assert.equal(2, off.status);
			assert.truthy(off.err:find('"off.example" has enabled = false', 1, true));
		end);

		it("looks at a host that only observes", function ()
			local text = checked.good:gsub('"meetauth"', '"token" modules_enabled = { "auth_meetauth" }'):gsub('"muc_meetauth"', "");
			local ran = at:check(text);
			assert.equal(0, ran.status, ran.out);
			assert.is_true(at:has(ran.out, { "note  meet.example rooms: meetauth only observes this host" }));
		end);
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
