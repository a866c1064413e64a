--- The program that runs the files of node's tests: it tells their results, and none of them lasts for ever.

local command = require "spec.support.command";

local files = {
	good = 'import { test } from "node:test"; test("is good", async (t) => { await t.test("in part", () => {}); });',
	bad = 'import { test } from "node:test"; test("is bad", () => { throw new Error("for a reason"); });',
	skipped = 'import { test } from "node:test"; test("is skipped", { skip: "for now" }, () => {});',
	broken = 'import "nowhere";',
	by_value = 'import { test } from "node:test"; test("by value", () => { if (process.env.WHICH !== "one") throw "no"; });',
	endless = 'import { test } from "node:test"; test("is good", () => {}); setInterval(() => {}, 1000);',
};

describe("the runner of test files #command", function ()
	local folder;

	before_each(function ()
		folder = command.folder();
		for name, text in pairs(files) do command.write(("%s/%s.test.mjs"):format(folder, name), text .. "\n"); end
	end);
	after_each(command.clean);

	-- The result of these files: the lines, and the closing ones as name -> count.
	local function run(names, options)
		local words = {};
		for name in names:gmatch("%S+") do words[#words + 1] = ("%s/%s.test.mjs"):format(folder, name); end
		local ran = command.shell(("env -u MEETAUTH_SKIPPED spec/support/testfiles.mjs %s %s"):format(options or "",
			table.concat(words, " ")));
		local counts = {};
		for name, count in ran.out:gmatch("\n# (%l+) (%d+)") do counts[name] = tonumber(count); end
		return ran, counts;
	end

	it("sums up what is good", function ()
		local ran, counts = run("good good skipped");
		assert.equal(0, ran.status, ran.out .. ran.err);
		assert.same({ tests = 5, suites = 0, pass = 4, fail = 0, cancelled = 0, skipped = 1, todo = 0 }, counts);
		assert.truthy(ran.out:find("ok %- %S*/good%.test%.mjs: 2 tests, %d+%.%d s\n"));
		assert.is_nil(ran.out:find("in part", 1, true));
	end);

	it("shows all of a file that fails", function ()
		local ran, counts = run("good bad");
		assert.equal(1, ran.status);
		assert.same({ 3, 1 }, { counts.tests, counts.fail });
		assert.truthy(ran.out:find("for a reason", 1, true));
		assert.truthy(ran.out:find("\nnot ok %- %S*/bad%.test%.mjs: 1 tests"));
	end);

	it("fails where a file is none", function ()
		local ran, counts = run("broken good");
		assert.equal(1, ran.status);
		assert.is_true(counts.fail > 0);
		assert.truthy(ran.out:find("Cannot find package 'nowhere'", 1, true));
	end);

	it("runs each file with each value", function ()
		local ran, counts = run("by_value", "--each=WHICH=one,two");
		assert.equal(1, ran.status);
		assert.same({ 2, 1 }, { counts.tests, counts.pass });
		assert.truthy(ran.out:find("\nok %- %S* one: ") or ran.out:find("^ok %- %S* one: "));
		assert.truthy(ran.out:find("\nnot ok %- %S* two: "));
	end);

	it("ends what does not end by itself", function ()
		local ran, counts = run("endless good", "--limit=2");
		assert.equal(1, ran.status);
		assert.is_true(counts.fail > 0);
		assert.truthy(ran.out:find("\nnot ok %- %S*/endless%.test%.mjs: .*%(ended after 2 s%)"), ran.out);
	end);
end);
