// A login that names a stream (previd) is given that stream's user name, for XEP-0198 looks for a stream under a name.
// The name is lent, to resume that stream: whoever does anything else with it is somebody of their own.

import assert from "node:assert/strict";
import test from "node:test";
import { inside } from "./support/inside.mjs";
import { connect } from "./support/client.mjs";
import { secret, token, withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { prosodyVersion, startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";

const hosts = ["meet.example", "open.example"]; // the second one takes guests
const config = hosts.map((host) => `
VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "live_eval", "live_events", "live_sasl2", "smacks" }
	app_id = "portal"
	app_secret = "${secret}"
	allow_empty_token = ${host === "open.example"}
Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`).join("");

const node = (jid) => jid.split("@")[0];
let serial = 0;

test("borrowed names", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });
	t.after(() => server.stop());

	const tokenFor = (host, claims = {}) => token({ sub: host, room: "*", jti: `t${serial++}`, ...claims });
	const open = (host, by, params = {}) => openStream({ url: server.ws, host, token: by, params });

	// A resumable stream; of a guest where there is no token.
	async function begin(host, by, params) {
		const stream = await open(host, by, params);
		assert.equal(await stream.authenticate(), "success");
		const jid = await stream.bind();
		return { host, stream, jid, id: await stream.enable() };
	}
	// A login that names a stream, up to there.
	async function naming(id, host, by, params) {
		const stream = await open(host, by, { previd: id, ...params });
		assert.equal(await stream.authenticate(), "success");
		return stream;
	}
	// The end of a stream, for good and by the server.
	async function end({ host, jid, stream }) {
		const session = await connect({ url: server.ws, host, token: tokenFor(host) });
		const gone = `local one = prosody.full_sessions["${jid}"]; if one then one:close("reset"); end return one == nil`;
		while (!await inside(session, gone));
		await Promise.all([session.close(), stream.close()]);
	}
	const who = (stream) => stream.inside("return session.full_jid");
	const room = (host) => `room${serial++}@conference.${host}`;

	for (const host of hosts) {
		await t.test(`${host}: a bearer who names a stream and binds has a name of their own, and no right of the other's`, async () => {
			const first = await begin(host, tokenFor(host, { moderator: true }));
			const place = room(host);
			assert.equal((await first.stream.join(place, "first")).affiliation, "owner");
			const second = await naming(first.id, host, tokenFor(host));
			assert.notEqual(node(await second.bind()), node(first.jid));
			assert.deepEqual(await second.join(place, "second"), { affiliation: "member", role: "participant" });
			await Promise.all([first.stream.close(), second.close()]);
		});

		await t.test(`${host}: whose stream has ended by then binds under a name of their own`, async () => {
			const first = await begin(host, tokenFor(host));
			const second = await naming(first.id, host, tokenFor(host));
			await end(first);
			assert.equal(await second.resume(first.id, 0), "failed");
			assert.notEqual(node(await second.bind()), node(first.jid));
			await second.close();
		});

		await t.test(`${host}: that stream is resumed with a token, and its session keeps the name`, async () => {
			const first = await begin(host, tokenFor(host));
			await first.stream.drop();
			const second = await naming(first.id, host, tokenFor(host));
			assert.equal(await second.resume(first.id, 0), "resumed");
			assert.equal(await who(second), first.jid);
			await second.close();
		});

		await t.test(`${host}: the module is reloaded between login and bind: the name was lent all the same`, async () => {
			const first = await begin(host, tokenFor(host));
			const second = await naming(first.id, host, tokenFor(host));
			assert.equal(await first.stream.inside(`return require "core.modulemanager".reload("${host}", "auth_meetauth") ~= nil`), true);
			assert.notEqual(node(await second.bind()), node(first.jid));
			await Promise.all([first.stream.close(), second.close()]);
		});
	}

	await t.test("another stream of the same name is not resumed", async () => {
		const host = "meet.example";
		const named = { room: "named", customusername: "visitor-7" }; // both by a module that names people
		const [one, other] = [await begin(host, tokenFor(host), named), await begin(host, tokenFor(host), named)];
		assert.deepEqual([node(one.jid), node(other.jid)], ["visitor-7", "visitor-7"]);
		const borrower = await naming(one.id, host, tokenFor(host));
		assert.equal(await borrower.resume(other.id, 0), "failed");
		assert.equal(await borrower.resume(one.id, 0), "resumed");
		assert.equal(await who(borrower), one.jid);
		await Promise.all([other.stream.close(), borrower.close()]);
	});

	await t.test("a guest who names a bearer's stream gets neither its name nor the stream", async () => {
		const host = "open.example";
		const owner = await begin(host, tokenFor(host, { moderator: true }));
		const guest = await naming(owner.id, host, undefined);
		assert.equal(await guest.resume(owner.id, 0), "failed");
		assert.notEqual(node(await guest.bind()), node(owner.jid));
		await Promise.all([owner.stream.close(), guest.close()]);
	});

	await t.test("a guest whom a module gives a bearer's name has neither that nor the bearer's stream", async () => {
		const host = "open.example";
		const named = { room: "named", customusername: "visitor-8" };
		const owner = await begin(host, tokenFor(host, { moderator: true }), named);
		const guest = await naming(owner.id, host, undefined, named);
		assert.equal(await guest.resume(owner.id, 0), "failed");
		assert.notEqual(node(await guest.bind()), node(owner.jid));
		await Promise.all([owner.stream.close(), guest.close()]);
	});

	await t.test("a guest resumes a guest's stream, and a bearer does", async () => {
		const host = "open.example";
		for (const by of [undefined, tokenFor(host)]) {
			const first = await begin(host, undefined);
			await first.stream.drop();
			const second = await naming(first.id, host, by);
			assert.equal(await second.resume(first.id, 0), "resumed");
			assert.equal(await who(second), first.jid);
			await second.close();
		}
	});

	// A login that resumes or binds in the same step.
	async function atOnce(host, by, params, payload) {
		const stream = await open(host, by, params);
		stream.send(`<authenticate xmlns="urn:xmpp:sasl:2" mechanism="ANONYMOUS">${payload}</authenticate>`);
		const answer = await stream.next((element) => element.localName === "success");
		const of = (name) => answer.getElementsByTagName(name)[0];
		return {
			stream, jid: of("authorization-identifier").textContent,
			outcome: ["resumed", "failed", "bound"].filter((name) => of(name)),
		};
	}
	const resume = (id) => `<resume xmlns="urn:xmpp:sm:3" previd="${id}" h="0"/>`;
	const bind = '<bind xmlns="urn:xmpp:bind:0"/>';

	await t.test("SASL2: who binds in the login has a name of their own", async () => {
		const host = "meet.example";
		const first = await begin(host, tokenFor(host));
		const second = await atOnce(host, tokenFor(host), { previd: first.id }, bind);
		assert.deepEqual(second.outcome, ["bound"]);
		assert.notEqual(node(second.jid), node(first.jid));
		await Promise.all([first.stream.close(), second.stream.close()]);
	});

	if (prosodyVersion === "13.0") { // 0.12 resumes by a stanza of its own only
		await t.test("SASL2: the stream that was named is resumed in the login, and no other", async () => {
			const host = "meet.example";
			const named = { room: "named", customusername: "visitor-9" };
			const [one, other] = [await begin(host, tokenFor(host), named), await begin(host, tokenFor(host), named)];
			const wrong = await atOnce(host, tokenFor(host), { previd: one.id }, resume(other.id) + bind);
			assert.deepEqual(wrong.outcome, ["failed", "bound"]);
			assert.notEqual(node(wrong.jid), "visitor-9");
			const right = await atOnce(host, tokenFor(host), { previd: one.id }, resume(one.id) + bind);
			assert.deepEqual([right.outcome, right.jid], [["resumed"], one.jid]);
			await Promise.all([wrong.stream.close(), right.stream.close(), other.stream.close()]);
		});

		await t.test("SASL2: a guest whom a module gives a bearer's name does not resume the bearer's stream", async () => {
			const host = "open.example";
			const named = { room: "named", customusername: "visitor-10" };
			const owner = await begin(host, tokenFor(host), named);
			const guest = await atOnce(host, undefined, { previd: owner.id, ...named }, resume(owner.id) + bind);
			assert.deepEqual(guest.outcome, ["failed", "bound"]);
			assert.notEqual(guest.jid, owner.jid);
			await Promise.all([owner.stream.close(), guest.stream.close()]);
		});
	}

	await t.test("whoever came in by neither token nor guest's login has no bearer's stream and no bearer's name", async () => {
		const host = "meet.example";
		const owner = await begin(host, tokenFor(host, { moderator: true }));
		const other = await open(host, tokenFor(host), { previd: owner.id });
		const session = await connect({ url: server.ws, host, token: tokenFor(host) });
		await inside(session, `module:hook("authentication-success", function (event)
			if event.session.previd == "${owner.id}" then event.session.meetauth_grant = nil; end
		end)`); // as if another module had logged it in under that name
		assert.equal(await other.authenticate(), "success");
		assert.equal(await other.resume(owner.id, 0), "failed");
		assert.notEqual(node(await other.bind()), node(owner.jid));
		await Promise.all([owner.stream.close(), other.close(), session.close()]);
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
