// Revocation and single use on one server, with each storage that needs nothing set up: at login, in rooms, at joins,
// when a stream is resumed, after a reload, and after both have been forgotten again.
// Proves mod_auth_meetauth/revocation.lib, mod_auth_meetauth/singleuse.lib and mod_auth_meetauth/live.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST, waitFor } from "./support/patience.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";
import { withoutSql } from "./support/sqllog.mjs";
import { openStream } from "./support/stream.mjs";
import { now, sign } from "./support/token.mjs";

const secrets = { portal: "portal-secret-2-3-5-7-11-13-17-19-23-29-3", once: "once-secret-2-3-5-7-11-13-17-19-23-29-31" };
const hosts = {
	"internal.example": "",
	"sqlite.example": 'storage = "sql" sql = { driver = "SQLite3", database = "prosody.sqlite" }',
	"kept.example": 'storage = "memory" meetauth_revoke_kicks = false meetauth_reconnect_grace = 600',
	"none.example": 'storage = "none"',
	"broken.example": 'storage = "null"',
};
const config = Object.entries(hosts).map(([name, options]) => `
VirtualHost "${name}"
	authentication = "meetauth"
	modules_enabled = { "live_eval", "smacks" }
	meetauth_leeway = 0
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "${secrets.portal}", room = "tenant" };
		{ id = "once", issuer = "once", secret = "${secrets.once}", room = "tenant", single_use = true };
		{ id = "daily", dialect = "daily", domain_id = "d1", secret = "daily-secret-2-3-5-7-11-13-17-19-23-29-3", single_use = true };
	}
	${options}
Component "conference.${name}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`).join("");

const STEP = 5; // seconds between two looks at what is revoked, and at what has expired

let serial = 0;
const tokenOf = (entry) => (host, claims = {}) =>
	sign(secrets[entry], { iss: entry, sub: host, exp: now() + 600, jti: `t${serial++}`, ...claims });
const token = tokenOf("portal");
const once = tokenOf("once");

// Time stands but for what pass() lets go by.
test("revocation", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config, prefix: withSpecModules(), machine });
	const start = (host, by, more = {}) => connect({ url: server.ws, host, token: by, ...more });
	const room = (host, name = "standup") => `${name}@conference.${host}`;

	// Log in: "in", or the reason.
	async function login(host, by, more) {
		const session = await start(host, by, more);
		if (session.refused) return session.refused.text;
		await session.close();
		return "in";
	}
	const admins = {};
	for (const host of Object.keys(hosts)) {
		if (host !== "broken.example") admins[host] = await start(host, token(host, { context: { user: { id: "admin" } } }));
	}
	const meetauth = (host, code) => inside(admins[host], `local meetauth = prosody.hosts["${host}"].modules.auth_meetauth; ${code}`);
	const revoke = (host, args) => meetauth(host, `return { meetauth.revoke(${args}) }`);
	const forgetAll = (host) => meetauth(host, "for _, one in ipairs(meetauth.revoked()) do meetauth.unrevoke(one.id) end");
	const removal = (session, from) => session.next({ name: "presence", type: "unavailable", from });

	for (const host of ["internal.example", "sqlite.example"]) {
		await t.test(`${host}: a login is refused by whatever was revoked, and by nothing else`, async () => {
			const user = { context: { user: { id: "ada" } } };
			const rows = [
				['"jti", "leaked"', { jti: "leaked" }, { jti: "other" }],
				['"user", "ada"', user, { context: { user: { id: "bob" } } }],
				['"user", "77"', { context: { user: { id: 77 } } }, { context: { user: { id: 7 } } }],
				['"user", "77"', { user_id: 77 }, { user_id: 770 }],
				['"sub", "*"', { sub: "*" }, {}],
				[`"user", "ada", { issued_before = ${now()} }`, { ...user, iat: now() - 5 }, { ...user, iat: now() + 1 }],
				['"user", "ada", { issued_before = 1, entry = "portal" }', user, { ...user, iat: now() }],
			];
			for (const [args, hit, missed] of rows) {
				const [one, problem] = await revoke(host, args);
				assert.equal(problem, undefined);
				assert.equal(await login(host, token(host, hit)), "revoked", args);
				assert.equal(await login(host, token(host, missed)), "in", args);
				assert.equal(await meetauth(host, `return meetauth.unrevoke("${one.id}")`), true);
				assert.equal(await login(host, token(host, hit)), "in", args);
			}
		});

		await t.test(`${host}: whose id is a number is removed from rooms, too`, async () => {
			const session = await start(host, token(host, { context: { user: { id: 77 } } }));
			await session.join(room(host), "me");
			const gone = removal(session, `${room(host)}/me`);
			await revoke(host, '"user", "77"');
			assert.match((await gone).getElementsByTagName("reason")[0].textContent, /: revoked$/);
			await forgetAll(host);
			await session.close();
		});

		await t.test(`${host}: what can be no id is refused`, async () => {
			for (const id of [true, [77], { a: 77 }, 77.5, 2 ** 60]) {
				assert.equal(await login(host, token(host, { context: { user: { id } } })), "bad-claim");
				assert.equal(await login(host, token(host, { user_id: id })), "bad-claim");
			}
			assert.equal(await login(host, token(host, { context: { user: { id: null } } })), "in");
		});

		await t.test(`${host}: an entry is revoked up to a moment`, async () => {
			const before = once(host, { iat: now() - 5 });
			await revoke(host, `"entry", "once", { issued_before = ${now()} }`);
			assert.equal(await login(host, before), "revoked");
			assert.equal(await login(host, once(host)), "revoked"); // who knows when
			assert.equal(await login(host, once(host, { iat: now() + 1 })), "in");
			await forgetAll(host);
			assert.equal(await login(host, before), "in"); // a refusal has not used it up
		});

		await t.test(`${host}: who is in a room is removed with the reason, and comes in nowhere`, async () => {
			const session = await start(host, token(host, { jti: "in a room" }));
			const bystander = await start(host, token(host));
			await session.join(room(host), "me");
			await bystander.join(room(host), "bystander");
			const gone = [removal(session, `${room(host)}/me`), removal(bystander, `${room(host)}/me`)];
			await revoke(host, '"jti", "in a room"');
			for (const presence of await Promise.all(gone)) {
				assert.match(presence.getElementsByTagName("reason")[0].textContent, /: revoked$/);
				assert.ok(Array.from(presence.getElementsByTagName("status"), (status) => status.getAttribute("code")).includes("307"));
			}
			const { refused } = await session.join(room(host, "another"), "me");
			assert.deepEqual(refused, { type: "cancel", condition: "not-allowed", text: "revoked", child: undefined });
			assert.equal((await bystander.join(room(host, "another"), "me")).refused, undefined);
			await forgetAll(host);
			assert.equal((await session.join(room(host), "me")).refused, undefined);
			await Promise.all([session.close(), bystander.close()]);
		});

		await t.test(`${host}: a token for single use logs in once, after a reload of the module, too`, async () => {
			const tokens = [once(host), once(host, { jti: undefined }), sign("daily-secret-2-3-5-7-11-13-17-19-23-29-3",
				{ d: "d1", r: "standup", iat: now(), exp: now() + 600 })];
			for (const by of tokens) {
				const session = await start(host, by);
				assert.equal(session.refused, undefined);
				assert.equal((await session.join(room(host), "me")).refused, undefined);
				assert.equal(await login(host, by), "already-used");
				await session.close();
				assert.equal(await login(host, by, { url: server.bosh }), "already-used");
			}
			await revoke(host, '"jti", "before the reload"');
			assert.equal(await inside(admins[host], `return require "core.modulemanager".reload("${host}", "auth_meetauth") ~= nil`), true);
			for (const by of tokens) assert.equal(await login(host, by), "already-used");
			assert.equal(await login(host, token(host, { jti: "before the reload" })), "revoked");
			assert.equal(await login(host, once(host)), "in");
			await forgetAll(host);
		});

		await t.test(`${host}: what an earlier version has revoked, or still revokes beside this one, counts, and can be lifted`, async () => {
			const reload = `return require "core.modulemanager".reload("${host}", "auth_meetauth") ~= nil`; // reads all anew
			const before = (jti) => inside(admins[host], `
				local id = require "meetauth.server.revocation".id_of("jti", "${jti}");
				local map = module:open_store("meetauth_revoked", "map");
				map:set(nil, id, { id = id, kind = "jti", value = "${jti}", since = os.time() });
				map:set("changes", "an-earlier-server", os.time() .. " ${jti}");
				return id;`);
			const outcome = (jti) => login(host, token(host, { jti }));
			const ids = [await before("old-1")];
			await inside(admins[host], reload);
			assert.equal(await outcome("old-1"), "revoked");
			ids.push(await before("old-2"));
			await machine.pass(STEP);
			assert.equal(await outcome("old-2"), "revoked");
			const [again] = await revoke(host, `"jti", "old-1", { expires = ${now() + 600} }`); // in its place
			assert.equal(again.id, ids[0]);
			assert.deepEqual((await meetauth(host, "return meetauth.revoked()")).map(({ value, ends }) => [value, Boolean(ends)]).sort(),
				[["old-1", true], ["old-2", false]]);
			await inside(admins[host], reload);
			for (const jti of ["old-1", "old-2"]) assert.equal(await outcome(jti), "revoked");
			for (const id of ids) assert.equal(await meetauth(host, `return meetauth.unrevoke("${id}")`), true);
			await inside(admins[host], reload);
			for (const jti of ["old-1", "old-2"]) assert.equal(await outcome(jti), "in");
			assert.deepEqual(await inside(admins[host], 'return module:open_store("meetauth_revoked"):get(nil) or {}'), {});
		});

		await t.test(`${host}: of a token that came many times at once, one login is in`, async () => {
			const by = once(host);
			const outcomes = await Promise.all(Array.from({ length: 8 }, () => login(host, by)));
			assert.deepEqual(outcomes.sort(), [...Array(7).fill("already-used"), "in"]);
		});
	}

	await t.test("both are forgotten when the tokens have expired, and so is what was left by an earlier run", async () => {
		for (const host of ["internal.example", "sqlite.example"]) {
			const exp = now() + 60;
			assert.equal(await login(host, once(host, { exp })), "in");
			const [one] = await revoke(host, `"jti", "short", { expires = ${exp} }`);
			assert.equal(one.ends, exp);
			const rows = () => inside(admins[host], `local used = module:open_store("meetauth_used");
				local revoked = module:open_store("meetauth_revoked"):get("${one.id.slice(0, 2)}") or {};
				local short = 0;
				for name in used:users() do
					local _, expires = next(used:get(name) or {});
					if expires == ${exp} then short = short + 1; end
				end
				return { short, revoked["${one.id}"] and 1 or 0, used:get(("a"):rep(64)) and 1 or 0 }`);
			const reload = `return require "core.modulemanager".reload("${host}", "auth_meetauth") ~= nil`;
			await inside(admins[host], `module:open_store("meetauth_used"):set(("a"):rep(64), { left = 1 });
				module:shared("/${host}/auth_meetauth/singleuse").is_listed = nil; ${reload}`); // as a server that starts
			await inside(admins[host], reload); // forgets nothing of what it has to do
			assert.deepEqual((await rows()).slice(0, 2), [1, 1]);
			await machine.pass(exp - 1 - now());
			assert.deepEqual((await rows()).slice(0, 2), [1, 1]);
			for (const seconds of [1, STEP, STEP]) await machine.pass(seconds); // each look at what has expired has its turn
			assert.deepEqual(await rows(), [0, 0, 0]);
			assert.equal(await meetauth(host, "return #meetauth.revoked()"), 0);
		}
	});

	await t.test("what another server has revoked anew in the moment in which it ended here is not forgotten", async () => {
		for (const host of ["internal.example", "sqlite.example"]) {
			const [one] = await revoke(host, `"jti", "anew", { expires = ${now() + 60} }`);
			await machine.pass(58); // the next look is before the end
			await inside(admins[host], `
				local row_of = require "meetauth.server.revocationrow".of;
				local one = require "meetauth.server.revocation".of("jti", "anew", { expires = ${now() + 600} }, { { id = "portal", asked = { leeway = 0 } } }, 0, os.time());
				module:open_store("meetauth_revoked", "map"):set("${one.id.slice(0, 2)}", one.id, row_of(one));`);
			await machine.pass(STEP);
			await machine.pass(STEP);
			assert.equal(await login(host, token(host, { jti: "anew" })), "revoked");
			await inside(admins[host], `return require "core.modulemanager".reload("${host}", "auth_meetauth") ~= nil`);
			assert.equal(await login(host, token(host, { jti: "anew" })), "revoked");
			await forgetAll(host);
		}
	});

	await t.test("a token for single use without an end is refused", async () => {
		assert.equal(await login("internal.example", once("internal.example", { exp: undefined })), "missing-claim");
	});

	await t.test("what cannot be revoked is told, and nothing is", async () => {
		assert.equal(await meetauth("internal.example", 'return select(2, meetauth.revoke("jti", "x", { entry = 7 }))'),
			"entry: expected 1 to 1024 bytes of UTF-8");
		assert.equal(await meetauth("internal.example", 'return select(2, meetauth.unrevoke("0123456789abcdef"))'), "no revocation has this id");
		assert.equal(await meetauth("internal.example", "return #meetauth.revoked()"), 0);
	});

	// A resumable stream, in a room.
	async function begin(host, by) {
		const stream = await openStream({ url: server.ws, host, token: by });
		assert.equal(await stream.authenticate(), "success");
		await stream.bind();
		const id = await stream.enable();
		assert.equal((await stream.join(room(host), "me")).refused, undefined);
		return { stream, id };
	}
	async function comeBack(host, by, previd) {
		const stream = await openStream({ url: server.ws, host, token: by, params: previd ? { previd } : {} });
		return { stream, login: await stream.authenticate() };
	}
	const used = { condition: "not-allowed", text: "already-used" };

	for (const host of ["internal.example", "kept.example"]) { // the second one with a grace
		await t.test(`${host}: a connection that dropped resumes its stream with the token it has used`, async () => {
			const by = once(host);
			const { stream, id } = await begin(host, by);
			const h = stream.received();
			await stream.drop();
			for (const stranger of [undefined, "another-stream"]) {
				const other = await comeBack(host, by, stranger);
				assert.deepEqual(other.login, used);
				await other.stream.close();
			}
			const back = await comeBack(host, by, id);
			assert.equal(back.login, "success");
			assert.equal(await back.stream.resume(id, h), "resumed");
			assert.equal(await back.stream.inside(`return room("standup"):get_occupant_by_real_jid(session.full_jid) ~= nil`), true);
			await back.stream.close();
		});
	}

	await t.test("who comes back with a used token may do nothing but resume", async () => {
		const host = "internal.example";
		const by = once(host);
		const { stream, id } = await begin(host, by);
		const back = await comeBack(host, by, id);
		assert.equal(back.login, "success");
		back.stream.send('<iq xmlns="jabber:client" type="set" id="b"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>');
		const answer = await back.stream.next((element) => element.localName === "iq");
		assert.equal(answer.getAttribute("type"), "error");
		assert.match(back.stream.text(answer), /already-used/);
		await Promise.all([stream.close(), back.stream.close()]);
	});

	await t.test("a token of one's own does not open somebody else's used one", async () => {
		const host = "internal.example";
		const [mine, theirs] = [once(host), once(host)];
		const { stream, id } = await begin(host, mine);
		assert.equal(await login(host, theirs), "in");
		const back = await comeBack(host, theirs, id);
		assert.deepEqual(back.login, used); // the stream is not theirs
		await Promise.all([stream.close(), back.stream.close()]);
	});

	await t.test("revoked while the connection was gone: it does not come back", async () => {
		const host = "internal.example";
		const by = token(host, { jti: "gone" });
		const { stream, id } = await begin(host, by);
		await stream.drop();
		await revoke(host, '"jti", "gone"');
		const back = await comeBack(host, by, id);
		assert.deepEqual(back.login, { condition: "not-allowed", text: "revoked" });
		await back.stream.close();
		await server.waitForLog(new RegExp(`Occupant of ${room(host)} removed: revoked`));
		await forgetAll(host);
	});

	await t.test("a revocation that has ended stays while somebody is there whom it hits", async () => {
		const host = "kept.example";
		const session = await start(host, token(host, { jti: "long", iat: now() - 5 }));
		const ends = now() + 60;
		// as with max_age, which nobody asks a session for: the token itself goes on
		const [one] = await revoke(host, `"jti", "long", { expires = ${ends} - 600 }`);
		assert.equal(one.ends, ends);
		await machine.pass(60 + STEP); // the next look
		assert.equal((await session.join(room(host, "later"), "me")).refused.text, "revoked");
		assert.equal(await meetauth(host, "return #meetauth.revoked()"), 1);
		await session.close();
		const node = session.jid.split("@")[0];
		await waitFor(() => inside(admins[host], `return prosody.hosts["${host}"].sessions["${node}"] == nil`), "the server has seen it go");
		await machine.pass(STEP);
		assert.equal(await meetauth(host, "return #meetauth.revoked()"), 0);
	});

	await t.test("meetauth_revoke_kicks = false: who is in stays, and comes in nowhere else", async () => {
		const host = "kept.example";
		const session = await start(host, token(host, { jti: "stays" }));
		await session.join(room(host, "kept"), "me");
		await revoke(host, '"jti", "stays"');
		await server.turn();
		assert.equal(await inside(admins[host], `return room("kept"):get_occupant_by_nick("${room(host, "kept")}/me") ~= nil`), true);
		assert.equal((await session.join(room(host, "another"), "me")).refused.text, "revoked");
		await session.close();
	});

	await t.test("a storage that keeps nothing: logins go on, but nothing is revoked and no token is for single use", async () => {
		const host = "none.example";
		assert.equal(await login(host, token(host)), "in");
		assert.equal(await login(host, once(host)), "storage-unavailable");
		assert.equal(await login(host, token(host)), "in"); // it works, for reading
		assert.match(server.log(), /none\.example:auth_meetauth +error\tStorage cannot be written: /);
		assert.equal(await meetauth(host, 'return select(2, meetauth.revoke("jti", "x"))'), "storage-unavailable");
		assert.equal(await meetauth(host, "return #meetauth.revoked()"), 0);
	});

	await t.test("a storage that fails from the start: nobody logs in", async () => {
		assert.equal(await login("broken.example", token("broken.example")), "storage-unavailable");
		assert.match(server.log(), /broken\.example:auth_meetauth +error\tStorage fails: no data storage active/);
	});

	await t.test("no token is in the log, and no traceback", () => {
		assert.doesNotMatch(server.log(), anyToken);
		assert.doesNotMatch(withoutSql(server.log()), traceback);
	});
});
