// What Prosody's own tools ask of a host's accounts: each is answered, on each Prosody, and none raises. Bearers have no
// account; those who are connected are told, and nothing of theirs can be changed.
// Proves mod_auth_meetauth/accounts.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { config as deployment, host, jitsi } from "./support/deployment.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { prosodyVersion, startProsody, traceback } from "./support/server.mjs";

const modules = ["live_eval", "admin_shell", ...(prosodyVersion === "0.12" ? [] : ["account_activity"])];
const config = deployment.replace('authentication = "meetauth"', `authentication = "meetauth"
	modules_enabled = { ${modules.map((name) => `"${name}"`).join("; ")} }`);

// Every function of usermanager's that asks the provider; who is asked about; what it answers.
const questions = [
	{ call: "test_password(user, host, 'x')", answer: null },
	{ call: "get_password(user, host)", answer: null },
	{ call: "set_password(user, 'x', host)", answer: null },
	{ call: "create_user(user, 'x', host)", answer: null },
	{ call: "delete_user(user, host)", answer: null },
	{ call: "user_exists(user, host)", answer: true, absent: null },
	{ call: "get_account_info(user, host)", only: "13.0", answer: { enabled: true }, absent: null },
	{ call: "user_is_enabled(user, host)", only: "13.0", answer: true, absent: null },
	{ call: "enable_user(user, host)", only: "13.0", answer: null },
	{ call: "disable_user(user, host)", only: "13.0", answer: null },
	{ call: "create_user_with_role(user, 'x', host, 'prosody:registered')", only: "13.0", answer: null },
].filter(({ only }) => !only || only === prosodyVersion);

test("Prosody's tools for accounts", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });
	const shell = async (...args) => {
		const { stdout, stderr } = await server.prosodyctl("shell", "user", ...args);
		return stdout + stderr;
	};

	await t.test("the shell lists nobody where nobody is", async () => {
		assert.match(await shell("list", host), /Showing all 0 users/);
	});

	const one = await connect({ url: server.ws, host, token: jitsi({ context: { user: { id: "one" } } }) });
	const two = await connect({ url: server.ws, host, token: jitsi({ context: { user: { id: "two" } } }) });
	const names = await inside(one, `local list = {};
		for name in pairs(prosody.hosts["${host}"].sessions) do list[#list + 1] = name; end
		table.sort(list);
		return list`);

	await t.test("the shell lists who is connected", async () => {
		assert.equal(names.length, 2);
		const out = await shell("list", host);
		for (const name of names) assert.ok(out.includes(`${name}@${host}`), out);
		assert.match(out, /Showing all 2 users/);
		assert.match(await shell("list", host, `^${names[0].replaceAll("-", "%-")}$`), /Showing 1 of 2 users/);
	});

	for (const { call, answer, absent = answer } of questions) {
		for (const [who, user, want] of [["of who is connected", names[0], answer], ["of nobody", "nobody", absent]]) {
			await t.test(`usermanager.${call} ${who}`, async () => {
				const got = await inside(one, `local user, host = ${JSON.stringify(user)}, "${host}";
					local answer, why = require "core.usermanager".${call};
					return { answer = answer, why = why }`);
				assert.deepEqual([got.answer ?? null], [want]);
				if (want === null) assert.equal(got.why, "Accounts come from meeting tokens. Nobody can create or change one");
			});
		}
	}

	await t.test("the shell makes, changes and deletes no account", async () => {
		for (const args of [["create", `new@${host}`, "secret"], ["password", `${names[0]}@${host}`, "secret"],
			["delete", `${names[0]}@${host}`], ...(prosodyVersion === "0.12" ? [] : [["disable", `${names[0]}@${host}`], ["enable", `${names[0]}@${host}`]])]) {
			assert.match(await shell(...args), /Accounts come from meeting tokens. Nobody can create or change one/, args[0]);
		}
	});

	if (prosodyVersion !== "0.12") {
		await t.test("the shell lists who was not active", async () => {
			assert.match(await shell("list_inactive", host, "1d"), /0 accounts inactive/);
		});
	}

	await t.test("a session may end while the users are gone through", async () => {
		const seen = await inside(one, `local list, sessions = {}, prosody.hosts["${host}"].sessions;
			local gone = {};
			for name in require "core.usermanager".users("${host}") do
				list[#list + 1] = name;
				for other in pairs(sessions) do gone[other], sessions[other] = sessions[other], nil; end
			end
			for name, kept in pairs(gone) do sessions[name] = kept; end
			return list`);
		assert.deepEqual(seen, names);
	});

	await t.test("the log holds no traceback", () => {
		assert.doesNotMatch(server.log(), traceback);
	});
	await one.close();
	await two.close();
});
