// What the command signs and converts, in every shape that it can, is accepted by npm's jose and jsonwebtoken; what
// they sign it verifies.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import * as jose from "jose";
import jsonwebtoken from "jsonwebtoken";
import { makeFolder } from "../prosody/support/leftovers.mjs";
import { PATIENCE, TEST } from "../prosody/support/patience.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = makeFolder();
const at = (name) => join(folder, name);

function run(args, input = "") {
	const env = {
		PATH: process.env.PATH,
		LUA_PATH: `${root}lua/?.lua;${root}lua/?/init.lua;;`,
		LUA_CPATH: `${root}${process.env.MEETAUTH_BUILD ?? "build"}/?.so;;`,
	};
	const { status, stdout, stderr } = spawnSync("lua5.4", [`${root}lua/meetauth/cli/meetauth`, ...args], { input, env, encoding: "utf8", timeout: PATIENCE });
	return { status, out: stdout.trim(), err: stderr };
}

function must(args, input) {
	const ran = run(args, input);
	assert.equal(ran.status, 0, ran.err);
	return ran.out;
}

const shapes = {
	jitsi: ["--iss", "portal", "--aud", "jitsi", "--room", "standup", "--name", "Zoë", "--moderator", "--feature", "recording"],
	daily: ["--dialect", "daily", "--domain-id", "acme-id", "--room", "standup", "--user-id", "u1", "--eject-after", "1h"],
	jaas: ["--dialect", "jaas", "--app-id", "vpaas-1", "--kid", "4f", "--room", "standup"],
};

test("the command's tokens", { timeout: TEST }, async (t) => {
	must(["keygen", "--out-private", at("secret")]);
	const secret = readFileSync(at("secret"));
	must(["keygen", "--alg", "RS256", "--kid", "vpaas-1/4f", "--out-private", at("rsa.pem"), "--out-jwk", at("rsa.jwk")]);
	must(["keygen", "--alg", "ES256", "--out-private", at("ec.pem"), "--out-jwk", at("ec.jwk")]);
	const rsa = createPublicKey({ key: JSON.parse(readFileSync(at("rsa.jwk"))), format: "jwk" });

	async function accepted(token, key, alg, audience) {
		const { payload } = await jose.jwtVerify(token, key, { algorithms: [alg], audience });
		assert.deepEqual(jsonwebtoken.verify(token, key, { algorithms: [alg], audience }), payload);
		return payload;
	}

	await t.test("of Jitsi's shape", async () => {
		const payload = await accepted(must(["sign", "--secret-file", at("secret"), ...shapes.jitsi]), secret, "HS256", "jitsi");
		assert.equal(payload.context.user.name, "Zoë");
		assert.equal(payload.exp - payload.iat, 3600);
	});

	await t.test("of Daily's shape", async () => {
		const payload = await accepted(must(["sign", "--secret-file", at("secret"), ...shapes.daily]), secret, "HS256");
		assert.deepEqual({ ...payload, iat: 0, exp: 0 }, { d: "acme-id", r: "standup", ud: "u1", eje: 3600, iat: 0, exp: 0 });
	});

	await t.test("of JaaS's shape", async () => {
		const token = must(["sign", "--key-file", at("rsa.pem"), ...shapes.jaas]);
		const payload = await accepted(token, rsa, "RS256", "jitsi");
		assert.equal(jose.decodeProtectedHeader(token).kid, "vpaas-1/4f");
		assert.equal(`${payload.iss} ${payload.sub}`, "chat vpaas-1");
	});

	await t.test("by a set from jwks, in jose", async () => {
		const set = jose.createLocalJWKSet(JSON.parse(must(["jwks", at("rsa.jwk"), at("ec.jwk")])));
		const { kid } = JSON.parse(readFileSync(at("ec.jwk")));
		const token = must(["sign", "--key-file", at("ec.pem"), "--kid", kid, ...shapes.jitsi]);
		await jose.jwtVerify(token, set, { algorithms: ["ES256"] });
	});

	for (const [from, to, ...whose] of [
		["daily", "jitsi", "--iss", "portal"], ["daily", "jaas", "--app-id", "vpaas-1", "--kid", "4f"],
		["jitsi", "daily", "--domain-id", "acme-id"], ["jitsi", "jaas", "--app-id", "vpaas-1", "--kid", "4f"],
		["jaas", "daily", "--domain-id", "acme-id"], ["jaas", "jitsi", "--iss", "portal"],
	]) {
		await t.test(`converted from ${from} to ${to}`, async () => {
			const signWith = from === "jaas" ? ["--key-file", at("rsa.pem")] : ["--secret-file", at("secret")];
			const verifyWith = from === "jaas" ? ["--key-file", at("rsa.jwk")] : ["--secret-file", at("secret")];
			const newKey = to === "jaas" ? ["--sign-key-file", at("rsa.pem")] : ["--sign-secret-file", at("secret")];
			const old = must(["sign", ...signWith, ...shapes[from]]);
			const token = must(["convert", "--from", from, "--to", to, ...verifyWith, ...newKey, ...whose], old);
			const payload = await accepted(token, to === "jaas" ? rsa : secret, to === "jaas" ? "RS256" : "HS256");
			assert.equal(payload.room ?? payload.r, "standup");
			assert.equal(payload.exp, jose.decodeJwt(old).exp);
			must(["verify", ...(to === "jaas" ? ["--key-file", at("rsa.jwk")] : ["--secret-file", at("secret")])], token);
		});
	}

	await t.test("of a bulk", async () => {
		writeFileSync(at("rows.csv"), 'room,name\none,"Zoë, 😀"\ntwo,Joe\n');
		const tokens = must(["sign", "--secret-file", at("secret"), "--iss", "portal", "--bulk", at("rows.csv")]).split("\n");
		const names = await Promise.all(tokens.map(async (token) => (await accepted(token, secret, "HS256")).context.user.name));
		assert.deepEqual(names, ["Zoë, 😀", "Joe"]);
	});

	await t.test("and theirs are verified by the command", async () => {
		const theirs = [
			jsonwebtoken.sign({ iss: "portal" }, secret, { expiresIn: 60 }),
			await new jose.SignJWT({ iss: "portal" }).setProtectedHeader({ alg: "HS256" }).setExpirationTime("1m").sign(secret),
		];
		for (const token of theirs) {
			assert.equal(run(["verify", "--secret-file", at("secret"), "--iss", "portal"], token).status, 0);
			assert.equal(run(["verify", "--secret-file", at("secret"), "--iss", "other"], token).status, 1);
		}
	});
});
