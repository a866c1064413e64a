// Changed tokens judged by npm's jose and by us, under the same options: where the two differ, we are the stricter
// ones, and mutations.mjs says why. SEED=n gives another selection, ROUNDS=n more of them.

import assert from "node:assert/strict";
import test from "node:test";
import { isDeepStrictEqual } from "node:util";
import * as jose from "jose";
import { TEST } from "../prosody/support/patience.mjs";
import { algorithms, publicForms } from "./support/algorithms.mjs";
import { finish, newDraft } from "./support/draft.mjs";
import { mutations } from "./support/mutations.mjs";
import { startPeer } from "./support/peer.mjs";
import { newRandom } from "./support/random.mjs";

const now = 1700000000;
const seed = Number(process.env.SEED ?? 1);
const rounds = Number(process.env.ROUNDS ?? 600);

// The same wishes in both languages.
const wishes = [
	{ name: "nothing", theirs: {}, ours: {} },
	{ name: "issuer and audience", theirs: { issuer: "portal", audience: "meet" }, ours: { issuer: "portal", audience: "meet" } },
	{
		name: "lists, leeway and age",
		theirs: { issuer: ["a", "portal"], audience: ["b", "meet"], clockTolerance: 10, maxTokenAge: 3600 },
		ours: { issuer: ["a", "portal"], audience: ["b", "meet"], leeway: 10, max_age: 3600 },
	},
	{ name: "typ and exp", theirs: { typ: "JWT", requiredClaims: ["exp"] }, ours: { typ: ["JWT"], require: ["exp"] } },
];

// Claims without the difference between 0 and -0, which Lua's integers do not know.
const plain = (claims) => JSON.parse(JSON.stringify(claims));

async function judgedByJose(row, wish, token) {
	try {
		const options = { algorithms: [row.alg], currentDate: new Date(now * 1000), ...wish.theirs };
		return { claims: (await jose.jwtVerify(token, row.publicKey, options)).payload };
	} catch (error) {
		return { reason: error.message };
	}
}

test(`strictness, seed ${seed}`, { timeout: TEST }, async (t) => {
	const peer = startPeer();

	const verifiers = new Map();
	for (const row of algorithms) {
		const key = await peer.must("key", { spec: publicForms(row).JWK });
		for (const wish of wishes) {
			const options = { algorithms: [row.alg], ...wish.ours };
			verifiers.set(`${row.name} ${wish.name}`, await peer.must("verifier", { keys: [key], options }));
		}
	}

	async function judgedByUs(row, wish, token) {
		const { result, reason } = await peer.ask("verify", { verifier: verifiers.get(`${row.name} ${wish.name}`), token, now });
		return result === undefined ? { reason } : { claims: JSON.parse(result) };
	}

	const counts = { "both accept": 0, "both refuse": 0, "we are stricter": 0 };
	const seen = new Set(); // "mutation: reason" of each difference

	// What is wrong with the two verdicts on one token, or undefined.
	function complaint(theirs, ours, applied) {
		if (ours.claims && !theirs.claims) return `jose refuses (${theirs.reason}) what we accept`;
		if (ours.claims) {
			counts["both accept"]++;
			return isDeepStrictEqual(plain(ours.claims), plain(theirs.claims)) ? undefined : "we read other claims than jose";
		}
		if (!theirs.claims) {
			counts["both refuse"]++;
			return undefined;
		}
		counts["we are stricter"]++;
		if (applied.length === 1) seen.add(`${applied[0].name}: ${ours.reason}`);
		const explained = applied.some(({ stricter, rarely }) => stricter[ours.reason] ?? rarely[ours.reason]);
		return explained ? undefined : `we refuse (${ours.reason}) what jose accepts, and nobody says why`;
	}

	const complaints = [];

	async function compare(row, wish, applied, token) {
		const [theirs, ours] = await Promise.all([judgedByJose(row, wish, token), judgedByUs(row, wish, token)]);
		const wrong = complaint(theirs, ours, applied);
		if (!wrong) return;
		complaints.push(`${wrong}: ${row.name}, ${wish.name}, ${applied.map(({ name }) => name).join(" + ")}\n${token.slice(0, 2000)}`);
	}

	function assertNoComplaints() {
		const list = complaints.splice(0);
		assert.equal(list.length, 0, `seed ${seed}: ${list.length} complaints\n${list.slice(0, 10).join("\n")}`);
	}

	const fitting = (row) => mutations.filter(({ only }) => only(row));

	function made(row, applied, random) {
		const draft = newDraft(row, now);
		for (const { apply } of applied) apply(draft, random);
		return finish(draft);
	}

	for (const row of algorithms) {
		await t.test(`a good token, and each change alone: ${row.name}`, async () => {
			const random = newRandom(seed);
			for (const wish of wishes) await compare(row, wish, [], made(row, [], random));
			for (const [i, mutation] of fitting(row).entries()) {
				// HMAC is cheap: all wishes; the others take turns.
				const asked = row.alg === "HS256" ? wishes : [wishes[(i + algorithms.indexOf(row)) % wishes.length]];
				for (const wish of asked) await compare(row, wish, [mutation], made(row, [mutation], random));
			}
			assertNoComplaints();
		});
	}

	await t.test(`${rounds} tokens with two to four changes`, async () => {
		const random = newRandom(seed);
		for (let round = 0; round < rounds; round++) {
			const row = algorithms[random(algorithms.length)];
			const wish = wishes[random(wishes.length)];
			const ways = fitting(row);
			const applied = Array.from({ length: 2 + random(3) }, () => ways[random(ways.length)]);
			await compare(row, wish, applied, made(row, applied, random));
		}
		assertNoComplaints();
	});

	await t.test("every difference that is explained was met", () => {
		const explained = mutations.flatMap(({ name, stricter }) => Object.keys(stricter).map((reason) => `${name}: ${reason}`));
		assert.deepEqual(explained.filter((one) => !seen.has(one)), []);
		for (const [verdict, count] of Object.entries(counts)) assert.ok(count > 100, `${verdict}: ${count}`);
		t.diagnostic(`${mutations.length} mutations; ${Object.entries(counts).map(([verdict, n]) => `${verdict}: ${n}`).join(", ")}`);
	});
});
