--- meetauth check, run as people run it, on configurations of Prosody: what is right is "ok", what is wrong is named
-- with what to do about it.

local check = require "meetauth.cli.command.check";
local checked = require "spec.support.checked";
local command = require "spec.support.command";
local core = require "meetauth.core";
local ended = require "spec.support.ended";
local stop = require "meetauth.cli.io.stop";

local all_well = {
	"ok    core: version ", "ok    modules: mod_auth_meetauth in ROOT/lua/mod_auth_meetauth fits the library",
	"ok    modules: mod_muc_meetauth in ", "ok    modules: mod_shell_meetauth in ", "ok    hosts: checked: meet.example",
	"ok    shell: ", "ok    collector: generational", "ok    places: conference.meet.example guards the rooms of meet.example",
	"ok    jicofo: ", "ok    meet.example options: entries: portal (jitsi), files (jitsi), keys (jitsi), legacy (jitsi)",
	"ok    meet.example secrets: 3 secrets, each as long as its hash",
	'ok    meet.example domain: tokens must have sub = "meet.example", or "*" for every tenant\'s rooms too',
	"ok    meet.example leftovers: ", "ok    meet.example ways: nobody can log in without a meeting token",
	'ok    meet.example storage: revocations are kept in storage "internal"',
	"ok    meet.example rooms: conference.meet.example loads muc_meetauth", "ok    meet.example replaced: none",
	"ok    meet.example promoters: no module", "ok    meet.example exempt: ",
	"ok    meet.example guests: guests from guest.meet.example",
	"ok    meet.example lobbies: a lobby is made if a person must wait",
	"ok    meet.example sending: no entry limits what its users send",
	"ok    meet.example components: users with tokens can make rooms only", "ok    meet.example accounts: no loaded module",
	"ok    meet.example files: files: portal.secret has 1 key (HS256)",
	"ok    meet.example files: keys: keys.json has 1 key (k1 ES256)",
	"skip  meet.example clock: ", "skip  meet.example readers: this machine has no user no-such-user",
};

describe("a check that raises", function ()
	local function found_by(raise)
		local list = {};
		check.look({ name = "odd", of = "host", look = function (_, _, say)
			say("ok", "so far");
			raise();
		end }, {}, { name = "meet.example" }, function (finding) list[#list + 1] = finding; end);
		return list;
	end

	it("is one FAIL line, and what it said before stays", function ()
		local list = found_by(function () error("no integer", 0); end);
		assert.same({
			{ check = "odd", host = "meet.example", verdict = "ok", found = "so far" },
			{ check = "odd", host = "meet.example", verdict = "FAIL", found = "this check failed with an error: no integer",
				todo = "report this line, because this is a fault in meetauth" },
		}, list);
	end);

	it("ends the command where that was meant, or somebody interrupts it", function ()
		assert.same({ 2, "wrong" }, { ended(found_by, function () stop.usage("wrong"); end) });
		assert.has_error(function () found_by(function () error("interrupted!", 0); end); end, "interrupted!");
	end);
end);

for _, at in ipairs(checked.places()) do
	describe("check, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		it("finds all well", function ()
			local ran = at:check(checked.good);
			assert.equal(0, ran.status, ran.out .. ran.err);
			for _, beginning in ipairs(all_well) do assert.is_true(at:has(ran.out, { beginning }), beginning .. "\n" .. ran.out); end
			assert.is_nil(ran.out:find("\nFAIL") or ran.out:find("\nwarn") or ran.out:find("\nnote"), ran.out);
			assert.equal("", ran.err);
		end);

		it("writes the same as JSON", function ()
			local ran = at:check((checked.good:gsub('"muc_meetauth"', "")), { "--json" });
			assert.equal(1, ran.status);
			local report = core.decode((ran.out:gsub("\n$", "")));
			assert.is_false(report.ok);
			local failed = {};
			for _, finding in ipairs(report.checks) do
				if finding.verdict == "FAIL" then failed[#failed + 1] = finding; end
			end
			assert.equal(1, #failed);
			assert.same({ "rooms", "meet.example" }, { failed[1].check, failed[1].host });
			assert.truthy(failed[1].found and failed[1].todo);
			assert.is_true(core.decode((at:check(checked.good, { "--json" }).out:gsub("\n$", ""))).ok);
		end);

		it("raises nothing, whatever type an option has", function ()
			local odd = { "7", "true", "{}", "{ 1, {}, true }", '"x"', "{ a = { b = 1 } }", '"\\0\\255"' };
			local server = { "gc", "sql", "storage", "admins", "main_muc", "muc_mapper_domain_base", "muc_mapper_domain",
				"muc_mapper_domain_prefix", "meetauth_exempt", "token_verification_allowlist", "unlimited_jids", "installer_plugin_path",
				"data_path", "client_https_ssl", "ssl", "default_storage" };
			local host = { "lobby_muc", "breakout_rooms_muc", "meetauth_foreign_hosts", "meetauth_issuers", "app_secret",
				"asap_accepted_issuers", "muc_room_locking", "wait_for_host_disable_auto_owners" };
			local function options(names, value)
				local lines = {};
				for i, name in ipairs(names) do lines[i] = name .. " = " .. value; end
				return table.concat(lines, "\n") .. "\n";
			end
			for _, value in ipairs(odd) do
				for _, ran in ipairs({ at:check(options(server, value) .. checked.good),
					at:check((checked.good:gsub("\n\n", "\n" .. options(host, value), 2)), { "--migrate" }),
					at:check((checked.good:gsub("\n\n", "\n" .. options(host, value), 2))) }) do
					assert.is_nil(ran.err:find("traceback", 1, true), value .. "\n" .. ran.err);
					assert.is_nil(ran.out:find("failed with an error", 1, true), value .. "\n" .. ran.out);
				end
			end
		end);
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
