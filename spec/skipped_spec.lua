--- What a run of the specs leaves out is told in one line, whoever runs them.

local command = require "spec.support.command";

local files = {
	["some_spec.lua"] = [[
		describe("some #command", function ()
			it("runs", function () end);
			it("cannot run", function () pending("no printer: 1"); end);
			pending("is run where there is a plotter");
		end);
	]],
	["other.test.mjs"] = [[
		import { test } from "node:test";
		test("others", async (t) => {
			await t.test("runs", () => {});
			await t.test("cannot run", { skip: "no scanner" }, () => {});
			await t.test("finds out", (t) => t.skip("no modem"));
			await t.test("does not say why", { skip: true }, () => {});
		});
	]],
	["whole.test.mjs"] = [[
		import { test } from "node:test";
		test("the whole", { skip: "no fax" }, () => {});
	]],
};

describe("what is skipped #command", function ()
	local folder;

	before_each(function ()
		folder = command.folder();
		for name, text in pairs(files) do command.write(folder .. "/" .. name, text); end
	end);
	after_each(command.clean);

	-- The line after these commands, of which F is the folder; each of them has to do well.
	local function line_after(...)
		local lines = { "export MEETAUTH_SKIPPED=F/skipped", ": >F/skipped", ... };
		lines[#lines + 1] = "spec/support/skipped.sh F/skipped >F/line";
		local ran = command.shell("{ " .. table.concat(lines, " && "):gsub("%f[%w]F/", folder .. "/") .. "; }");
		assert.equal(0, ran.status, ran.out .. ran.err);
		return command.read(folder .. "/line"), ran.out;
	end

	local node = "node --test --test-reporter=./spec/support/report.mjs ";

	it("is nothing where all is run", function ()
		assert.equal("skipped: nothing\n", line_after("true"));
	end);

	it("is told by busted, once for all runs", function ()
		assert.equal("skipped: 2 (some_spec: cannot run: no printer: 1; some_spec: is run where there is a plotter)\n",
			line_after("busted F/some_spec.lua", "busted F/some_spec.lua"));
	end);

	it("is told by node, which prints its counts all the same", function ()
		local line, out = line_after(node .. "F/other.test.mjs F/whole.test.mjs");
		assert.equal("skipped: 4 (other: cannot run: no scanner; other: does not say why; other: finds out: no modem;"
			.. " whole: the whole: no fax)\n", line);
		assert.truthy(out:find("\n# tests %d+\n"), out);
		assert.truthy(out:find("\n# skipped 4\n"), out);
	end);

	it("is told of no run that nobody collects it of", function ()
		local ran = command.shell(("env -u MEETAUTH_SKIPPED busted %s/some_spec.lua && env -u MEETAUTH_SKIPPED %s %s/other.test.mjs")
			:format(folder, node, folder));
		assert.equal(0, ran.status, ran.out .. ran.err);
	end);

	it("is told by every runner of the Makefile", function ()
		assert.is_nil(command.read("Makefile"):find("node --test", 1, true)); -- testfiles.mjs runs them all
		assert.truthy(command.read("spec/support/testfiles.mjs"):find('new URL("report.mjs"', 1, true));
		assert.truthy(command.read(".busted"):find('helper = "spec/support/skips.lua"', 1, true));
	end);
end);
