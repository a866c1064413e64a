// What a Daily token's bearer may do, as Jitsi's other modules and the client learn it; what it starts; and what
// is for the bearer's eyes only.
// Proves mod_muc_meetauth/clientinfo.lib and mod_muc_meetauth/autostart.lib.

import { $iq } from "strophe.js";
import assert from "node:assert/strict";
import test from "node:test";
import { settled } from "./support/client.mjs";
import {
	ask, dailyConfig, enter, focusHost, inside, isSelf, leave, login, now, PATIENCE, presence, room, token, withStandIns,
} from "./support/daily.mjs";
import { startKeyServer } from "./support/keyserver.mjs";
import { TEST, waitFor } from "./support/patience.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";

const JIBRI = "http://jitsi.org/protocol/jibri";
const pushing = "pushing.meet.example"; // a MUC component with Jitsi's mod_jitsi_permissions

const config = dailyConfig({
	entries: {
		records: 'recording = { "cloud" }',
		quiet: 'features = { ["send-groupchat"] = false, ["outbound-call"] = true, ["flip"] = true }; lock_name = true',
		hosts: 'redirect_hosts = { "ok.example" }; hidden = "visible"; room = "tenant"',
	},
	componentModules: ["daily_promoter"],
	rest: `
Component "${pushing}" "muc"
	modules_enabled = { "muc_meetauth"; "jitsi_permissions" }
	muc_room_locking = false
`,
});

const everybody = {
	"recording": false, "livestreaming": false, "transcription": false, "screen-sharing": true, "outbound-call": false,
	"sip-outbound-call": false, "create-polls": true, "send-groupchat": true, "send-private-message": true, "file-upload": false,
	"live-translation": false, "flip": false, "name-readonly": false,
};
const owner = { ...everybody, livestreaming: true, transcription: true };

const tables = [
	["acme", {}, everybody],
	["acme", { o: true }, owner],
	["acme", { o: true, er: "cloud" }, { ...owner, recording: true }],
	["acme", { er: "cloud" }, everybody],
	["acme", { er: ["cloud"], p: { ca: "s" } }, { ...everybody, recording: true, livestreaming: true }],
	["acme", { p: { ca: ["transcription"] } }, { ...everybody, transcription: true }],
	["acme", { ss: false }, { ...everybody, "screen-sharing": false }],
	["acme", { p: { cs: "v,a" } }, { ...everybody, "screen-sharing": false }],
	["acme", { o: true, p: { cs: false } }, owner],
	["records", { o: true }, { ...owner, recording: true }],
	["records", { o: true, er: [] }, owner],
	["quiet", {}, { ...everybody, "send-groupchat": false, "flip": true, "name-readonly": true }],
	["quiet", { o: true }, { ...owner, "outbound-call": true, "flip": true, "name-readonly": true }],
];

const advice = [
	["acme", {}, undefined],
	["acme", { o: true, ud: "u1", u: "Ann", exp: now() + 600 }, undefined],
	["acme", { ao: true, vo: false, erui: false, uil: "de", ctoe: true }, { start_audio_off: true, start_video_off: false,
		enable_recording_ui: false, lang: "de", close_tab_on_exit: true }],
	["acme", { sro: { fps: 30, l: [1, null, { a: "\uffff<b>&]]>" }] } }, { start_cloud_recording_opts: { fps: 30, l: [1, null, { a: "<b>&]]>" }] } }],
	["acme", { p: { cs: "v,a", cr: { b: false, u: { "<joe>\ufffe": { v: true } } } } }, { send: "v,a", receive: { b: false, u: { "<joe>": { v: true } } } }],
	["acme", { rome: "https://ok.example/bye" }, undefined],
	["hosts", { rome: "https://ok.example/bye" }, { redirect_on_meeting_exit: "https://ok.example/bye" }],
	["hosts", { rome: "https://evil.example/" }, undefined],
	["hosts", { p: { hp: false } }, undefined],
];

let serial = 0;
const fresh = () => `info-${++serial}`;
const close = (...all) => Promise.all(all.map((who) => (who.session ?? who).close()));
const ours = (p) => p.permissions.filter(({ from }) => from === "meetauth").map(({ from, ...rest }) => rest);

test("Daily: what the client and others learn", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withStandIns() });
	const told = (guest) => guest.wait((p) => isSelf(p) && p.permissions.length > 0, "permissions");

	for (const [id, claims, want] of tables) {
		await t.test(`${id} ${JSON.stringify(claims)}: features on the session and in the self-presence`, async () => {
			const name = fresh();
			const guest = await enter(server, token({ r: name, ...claims }, id), name, "guest");
			const mine = await told(guest);
			assert.deepEqual(ours(mine), [want]);
			assert.deepEqual(await inside(guest.session, "return session.jitsi_meet_context_features"), want);
			assert.equal(await inside(guest.session, "return session.force_permissions_update"), true);
			await close(guest);
		});
	}

	for (const [id, claims, want] of advice) {
		await t.test(`${id} ${JSON.stringify(claims)}: advice to the bearer`, async () => {
			const name = fresh();
			const guest = await enter(server, token({ r: name, ...claims }, id), name, "guest");
			const mine = await told(guest);
			assert.deepEqual(mine.advisory, want ? [want] : []);
			assert.equal(mine.affiliation, claims.o ? "owner" : "member");
			await close(guest);
		});
	}

	await t.test("nobody else ever gets permissions, advice or the token", async () => {
		const name = fresh();
		const before = await enter(server, token({ r: name, o: true }), name, "before");
		const text = token({ r: name, ao: true, eje: 600, er: "cloud", o: true, u: "Ann", p: { cs: "v" } });
		const guest = await enter(server, text, name, "guest");
		await told(guest);
		presence(guest, { nickname: "Other" });
		await before.wait((p) => p.nick === "guest" && p.name === "Other", "the change");
		const after = await enter(server, token({ r: name }), name, "after");
		await after.wait((p) => p.nick === "guest", "the guest");
		await told(after);
		for (const watcher of [before, after]) {
			for (const seen of watcher.all.filter((p) => p.nick === "guest")) {
				assert.deepEqual([seen.permissions, seen.advisory], [[], []]);
				assert.doesNotMatch(String(seen.stanza), /permissions|advisory/);
				assert.doesNotMatch(String(seen.stanza), anyToken);
			}
		}
		for (const seen of guest.all.filter((p) => p.nick !== "guest")) assert.deepEqual([seen.permissions, seen.advisory], [[], []]);
		assert.ok(!server.log().includes(text.split(".")[1]), "the token is in the log");
		await close(before, guest, after);
	});

	await t.test("the presence that tells a newcomer of itself tells what its token gives; there is no second one", async () => {
		const name = fresh();
		const keeper = await enter(server, token({ r: name, o: true }), name, "keeper");
		const guest = await enter(server, token({ r: name, ao: true, eje: 600 }), name, "guest");
		const selves = () => guest.all.filter(isSelf);
		await ask(guest.session, $iq({ type: "get", to: room(name) }).c("query", { xmlns: "http://jabber.org/protocol/disco#info" }));
		assert.equal(selves().length, 1);
		assert.deepEqual(ours(selves()[0]), [everybody]);
		assert.equal(selves()[0].advisory[0].start_audio_off, true);
		assert.ok(Number.isInteger(selves()[0].advisory[0].eject_at));

		presence(guest, { nickname: "Other" }); // nothing new to tell
		await guest.wait((p) => isSelf(p) && p.name === "Other", "the change");
		assert.deepEqual([selves().at(-1).permissions, selves().at(-1).advisory], [[], []]);

		const before = guest.all.length;
		await guest.session.join(guest.jid, "guest", { timeout: PATIENCE }); // from inside: it has lost track
		const again = await guest.wait((p) => guest.all.indexOf(p) >= before && p.permissions.length > 0, "permissions again");
		assert.deepEqual([isSelf(again), again.advisory], [true, selves()[0].advisory]);
		await close(keeper, guest);
	});

	await t.test("the deadline is in the advice, in seconds since the epoch", async () => {
		const name = fresh();
		const early = now();
		const guest = await enter(server, token({ r: name, eje: 100 }), name, "guest");
		const [{ eject_at: at }] = (await told(guest)).advisory;
		assert.ok(Number.isInteger(at) && at >= early + 100 && at <= now() + 101, String(at));
		const exp = now() + 50;
		const other = await enter(server, token({ r: name, exp, ejt: true, eje: 100 }), name, "other");
		assert.deepEqual((await told(other)).advisory, [{ eject_at: exp }]);
		await close(guest, other);
	});

	await t.test("where Jitsi's own module pushes permissions, it does, in each room, and nobody else", async () => {
		const text = token({ r: undefined, o: true }, "hosts");
		const guest = await enter(server, text, fresh(), "guest", { component: pushing });
		const mine = await guest.wait((p) => isSelf(p) && p.permissions.length > 0, "permissions");
		assert.deepEqual(mine.permissions, [{ from: "jitsi", ...owner }]);
		await settled(server, guest);
		assert.equal(guest.all.flatMap((p) => p.permissions).length, 1);
		await leave(guest);
		const again = guest.all.length;
		await guest.session.join(guest.jid, "again");
		await guest.wait((p) => guest.all.indexOf(p) >= again && p.permissions.length > 0, "permissions again");
		assert.ok(guest.all.flatMap((p) => p.permissions).every((p) => p.from === "jitsi"));
		await close(guest);
	});

	// A focus that notes what it is asked, and says yes.
	async function focusIn(name) {
		const session = await login(server, undefined, focusHost);
		const asked = [];
		session.on((iq) => {
			const [jibri] = Array.from(iq.getElementsByTagName("jibri"));
			asked.push({ by: iq.getAttribute("from").split("/")[1], action: jibri.getAttribute("action"), mode: jibri.getAttribute("recording_mode") });
			session.send($iq({ type: "result", to: iq.getAttribute("from"), id: iq.getAttribute("id") }));
		}, { ns: JIBRI, name: "iq", type: "set" });
		const enterRoom = async () => {
			const joined = await session.join(room(name), "focus");
			assert.equal(joined.refused, undefined);
		};
		return { session, asked, enterRoom };
	}
	const record = (guest, mode = "file", action = "start") => ask(guest.session,
		$iq({ type: "set", to: `${guest.jid}/focus` }).c("jibri", { xmlns: JIBRI, action, recording_mode: mode }));

	await t.test("Jitsi's recording filter obeys Daily's tokens", async () => {
		const name = fresh();
		const focus = await focusIn(name);
		await focus.enterRoom();
		for (const [nick, id, claims, file, stream] of [
			["participant", "acme", { er: "cloud" }, "forbidden", "forbidden"],
			["owner", "acme", { o: true }, "forbidden", "ok"],
			["recorder", "acme", { o: true, er: "cloud" }, "ok", "ok"],
			["streamer", "acme", { er: "cloud", p: { ca: "s" } }, "ok", "ok"],
			["no-mode", "acme", { p: { ca: "s" } }, "forbidden", "ok"],
			["admin", "acme", { er: "cloud", p: { ca: "p" } }, "forbidden", "forbidden"], // a moderator by role
			["local", "acme", { o: true, er: "local" }, "forbidden", "ok"],
			["default", "records", { o: true }, "ok", "ok"],
		]) {
			const guest = await enter(server, token({ r: name, ...claims }, id), name, nick);
			assert.deepEqual([nick, await record(guest), await record(guest, "stream")], [nick, file, stream]);
			await close(guest);
		}
		await close(focus);
	});

	await t.test("sr: asks the focus once for each meeting, if it may", async () => {
		const name = fresh();
		const focus = await focusIn(name);
		await focus.enterRoom();
		const keeper = await enter(server, token({ r: name, o: true }), name, "keeper");
		const sr = (claims) => token({ r: name, sr: true, ...claims });
		for (const [nick, claims] of [["a", {}], ["b", { er: "cloud" }], ["c", { o: true }], ["d", { o: true, er: "local" }],
			["e", { o: true, er: "raw-tracks" }], ["f", { er: "cloud", p: { ca: "t" } }]]) {
			const guest = await enter(server, sr(claims), name, nick);
			await told(guest);
			await close(guest);
		}
		assert.deepEqual(focus.asked, []);
		const first = await enter(server, sr({ er: "cloud", p: { ca: "s" } }), name, "first");
		const second = await enter(server, sr({ er: "cloud", o: true }), name, "second");
		await told(second);
		await leave(first);
		await first.session.join(first.jid, "first");
		await record(keeper, "stream"); // behind everything before it
		assert.deepEqual(focus.asked, [{ by: "first", action: "start", mode: "file" }, { by: "keeper", action: "start", mode: "stream" }]);
		await close(focus, keeper, first, second);
	});

	await t.test("sr: waits for the focus, and starts for who is still there", async () => {
		const name = fresh();
		const gone = await enter(server, token({ r: name, sr: true, er: "cloud", o: true }), name, "gone");
		const keeper = await enter(server, token({ r: name }), name, "keeper");
		await leave(gone);
		const focus = await focusIn(name);
		await focus.enterRoom();
		await settled(server, focus);
		assert.deepEqual(focus.asked, []);
		await leave({ ...keeper });
		await close(focus);

		const other = fresh();
		const holder = await enter(server, token({ r: other, sr: true, er: "cloud", o: true }), other, "holder");
		const later = await focusIn(other);
		await later.enterRoom();
		await record(holder, "stream");
		assert.deepEqual(later.asked.map(({ mode }) => mode), ["file", "stream"]);
		await close(gone, keeper, holder, later);
	});

	await t.test("sr: nobody is the focus who only has its nick", async () => {
		const name = fresh();
		const false_focus = await enter(server, token({ r: name }), name, "focus");
		let asked = 0;
		false_focus.session.on(() => { asked += 1; }, { ns: JIBRI, name: "iq", type: "set" });
		const holder = await enter(server, token({ r: name, sr: true, er: "cloud", o: true }), name, "holder");
		await told(holder);
		await settled(server, false_focus);
		assert.equal(asked, 0);
		await close(false_focus, holder);
	});

	await t.test("sr: Jitsi's filter has the last word", async () => {
		const name = fresh();
		const focus = await focusIn(name);
		await focus.enterRoom();
		const session = await login(server, token({ r: name, sr: true, er: "cloud", o: true }));
		await inside(session, "session.jitsi_meet_context_features.recording = false; return true");
		const from = server.log().length;
		await session.join(room(name), "holder");
		await server.waitForLog(/spec jibri refused: recording/, PATIENCE, from);
		assert.deepEqual(focus.asked, []);
		await close(focus, session);
	});

	await t.test("ast: an owner's token switches transcription on, once", async () => {
		const name = fresh();
		const state = (guest) => inside(guest.session, `local r = room("${name}"); return { r.spec_metadata or 0,
			r.jitsiMetadata and r.jitsiMetadata.recording and r.jitsiMetadata.recording.isTranscribingEnabled or false }`);
		const keeper = await enter(server, token({ r: name, o: true }), name, "keeper");
		const guest = await enter(server, token({ r: name, ast: true, p: { ca: "t" } }), name, "guest");
		await told(guest);
		assert.deepEqual(await state(keeper), [0, false]);
		const first = await enter(server, token({ r: name, ast: true, o: true }), name, "first");
		await told(first);
		assert.deepEqual(await state(keeper), [1, true]);
		const second = await enter(server, token({ r: name, ast: true, o: true }), name, "second");
		await told(second);
		assert.deepEqual(await state(keeper), [1, true]);
		await close(keeper, guest, first, second);
	});

	await t.test("mjh is never fetched", async () => {
		const web = await startKeyServer();
		const url = `${web.url}/hook`;
		const name = fresh();
		const guest = await enter(server, token({ r: name, mjh: url, rome: url, sro: { url } }), name, "guest");
		await told(guest);
		await inside(guest.session, `require "net.http".request("${web.url}/later", nil, function () end)`);
		await waitFor(() => web.requests("/later") > 0, "a request that was made later");
		assert.deepEqual(web.paths(), ["/later"]);
		await close(guest);
	});

	await t.test("the log names what is not enforced, in words of ours only", async () => {
		const from = server.log().length;
		const name = fresh();
		const guest = await enter(server, token({ r: name, mjh: "https://hook.example/", secretword: 1, p: { cs: "v,otherword" } }), name, "guest");
		await server.waitForLog(/Claim mjh: ignored/, PATIENCE, from);
		await server.waitForLog(/Claim p\.cs:a: published/, PATIENCE, from);
		assert.doesNotMatch(server.log().slice(from), /secretword|otherword/);
		await close(guest);
	});

	await t.test("the log holds no traceback", () => {
		assert.doesNotMatch(server.log(), traceback);
	});
});
