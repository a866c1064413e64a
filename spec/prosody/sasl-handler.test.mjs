// The handler that a session logs in with, as Prosody and modules beside ours know one (util.sasl): those look into it,
// and none may trip over it.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { host, jitsiConfig, token, withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";

const config = jitsiConfig({ modules: ["smacks", "live_sasl2", "live_fast"] });

test("the SASL handler", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });
	t.after(() => server.stop());
	const admin = await connect({ url: server.ws, host, token: token() });
	assert.equal(admin.refused, undefined);

	await t.test("has every field and method of Prosody's own", async () => {
		const missing = await inside(admin, `
			local theirs = require "util.sasl".new(module.host, { mechanisms = { ANONYMOUS = true } }, {});
			local ours, missing = prosody.hosts[module.host].users.get_sasl_handler({ host = module.host }), {};
			ours.userdata = {}; -- as mod_saslauth does
			for _, of in ipairs({ theirs, getmetatable(theirs).__index }) do
				for name, value in pairs(of) do
					if type(ours[name]) ~= type(value) then missing[#missing + 1] = name; end
				end
			end
			return table.concat(missing, ", ")`);
		assert.equal(missing, "");
	});

	await t.test("keeps channel bindings, and what they need, for its next try", async () => {
		const seen = await inside(admin, `
			local handler = prosody.hosts[module.host].users.get_sasl_handler({ host = module.host });
			local other = prosody.hosts[module.host].users.get_sasl_handler({ host = module.host });
			assert(handler:add_cb_handler("tls-exporter", function () return "data" end) == handler);
			handler.userdata = { connection = "c" };
			assert(handler:select("ANONYMOUS") and not handler:select("ANONYMOUS") and not handler:select("PLAIN"));
			local clone = handler:clean_clone();
			return { clone.profile.cb["tls-exporter"](), clone.userdata.connection, clone.selected == nil, clone.realm,
				other.profile.cb == nil, (next(clone:mechanisms())), (next(clone.mechs)) }`);
		assert.deepEqual(seen, ["data", "c", true, host, true, "ANONYMOUS", "ANONYMOUS"]);
	});

	await t.test("a module that offers a way of its own leaves ours as it is", async () => {
		const stream = await openStream({ url: server.ws, host, token: token() });
		assert.equal(await stream.authenticate(), "success");
		await stream.bind();
		await stream.close();
	});

	await t.test("and in one step, too", async () => {
		const stream = await openStream({ url: server.ws, host, token: token() });
		stream.send('<authenticate xmlns="urn:xmpp:sasl:2" mechanism="ANONYMOUS"><bind xmlns="urn:xmpp:bind:0"/></authenticate>');
		const answer = await stream.next((element) => element.localName === "success");
		assert.equal(answer.getElementsByTagName("bound").length, 1);
		await stream.close();
	});

	await t.test("its own way stays its own matter", async () => {
		const stream = await openStream({ url: server.ws, host, token: token() });
		stream.send('<authenticate xmlns="urn:xmpp:sasl:2" mechanism="HT-SHA-256-NONE"><fast xmlns="urn:xmpp:fast:0"/></authenticate>');
		await stream.next((element) => element.localName === "failure");
		await stream.close();
	});

	await t.test("goes with its module: after a refusal, and after a name that Prosody did not take", async () => {
		const streams = await Promise.all([token(), "forged"].map((by) => openStream({ url: server.ws, host, token: by })));
		assert.equal((await streams[1].authenticate()).text, "malformed");
		const [before, after] = await inside(admin, `
			local function held()
				local count = 0;
				for _, session in pairs(module:shared("/*/c2s/sessions")) do
					if session.sasl_handler and session.sasl_handler.attempt then count = count + 1; end
				end
				return count;
			end
			for _, session in pairs(module:shared("/*/c2s/sessions")) do
				local handler = session.sasl_handler;
				if handler and handler:process() == "success" then session.sasl_handler = handler:clean_clone(); end
			end
			local before = held();
			require "core.modulemanager".unload(module.host, "auth_meetauth");
			return { before, held() }`);
		assert.deepEqual([before, after], [2, 0]);
		for (const stream of streams) await stream.close();
	});

	await t.test("the log holds no traceback", async () => {
		await admin.close();
		assert.doesNotMatch(server.log(), traceback);
	});
});
