// One Prosody on loopback, in a folder of its own, for as long as a spec needs it.

import { execFile, spawn } from "node:child_process";
import {
	chmodSync, chownSync, cpSync, existsSync, mkdirSync, openSync, closeSync, readFileSync, symlinkSync, writeFileSync,
} from "node:fs";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ordinaryAccount } from "./account.mjs";
import { luaPaths } from "./install.mjs";
import { cutLines, endWithTest, makeFolder, release, removeFolder, watchChild } from "./leftovers.mjs";
import { PATIENCE } from "./patience.mjs";

const POLL_MS = 20;

// Which Prosody the specs run on: every one of them on each, so none says it by itself.
export const prosodyVersion = process.env.MEETAUTH_PROSODY ?? "0.12";

// Where needs.sh has unpacked it.
export const unpacked = (version) => fileURLToPath(new URL(`../../../build/prosody-${version}`, import.meta.url));
const preamble = new URL("preamble.cfg.lua", import.meta.url);

export async function freePort() {
	const probe = net.createServer();
	await new Promise((resolve, reject) => probe.once("error", reject).listen(0, "127.0.0.1", resolve));
	const { port } = probe.address();
	await new Promise((resolve) => probe.close(resolve));
	return port;
}

// Prosody answers HTTP only once everything is loaded and its main loop runs.
export function answers(port) {
	return new Promise((resolve) => {
		const request = http.get({ host: "127.0.0.1", port, path: "/http-bind", timeout: PATIENCE }, (response) => {
			response.resume();
			resolve(true);
		});
		request.on("timeout", () => request.destroy());
		request.on("error", () => resolve(false));
	});
}

const copies = new Map(); // folder -> its copy

// A copy of a folder that every user may read, one for all servers of this process.
function readable(folder) {
	if (!copies.has(folder)) {
		const place = makeFolder();
		const copy = join(place, "copy");
		cpSync(folder, copy, { recursive: true });
		for (const path of [place, copy]) chmodSync(path, 0o755);
		copies.set(folder, copy);
	}
	return copies.get(folder);
}

// Everything Prosody reads, in one folder that its user owns: the server, the modules, the configuration.
function furnish({ config, configFile, prefix, version, account, outlive }) {
	const folder = makeFolder();
	const paths = {
		folder,
		data: join(folder, "data"),
		config: join(folder, "prosody.cfg.lua"),
		log: join(folder, "prosody.log"),
		prefix: join(folder, "prefix"),
		prosody: join(folder, "prosody"),
	};
	if (!existsSync(unpacked(version))) throw new Error(`no Prosody ${version} unpacked; run spec/support/needs.sh live`);
	const bring = outlive ? (from, to) => cpSync(from, to, { recursive: true }) : (from, to) => symlinkSync(readable(from), to);
	bring(unpacked(version), paths.prosody);
	if (prefix) bring(prefix, paths.prefix);
	else mkdirSync(paths.prefix);
	mkdirSync(paths.data);
	const text = configFile ? readFileSync(configFile) : `${readFileSync(preamble)}\n${config}`;
	writeFileSync(paths.config, text, { mode: 0o600 });
	if (account.uid !== undefined) {
		for (const path of [folder, paths.data, paths.config]) chownSync(path, account.uid, account.gid);
	}
	return paths;
}

// The environment in which the configuration is read.
function environment(paths, port, env) {
	return {
		PATH: process.env.PATH,
		HOME: paths.data,
		...luaPaths(paths.prefix),
		PROSODY_DATA: paths.data,
		PROSODY_PREFIX: paths.prefix,
		PROSODY_HTTP_PORT: String(port),
		...env,
	};
}

function launch(paths, port, env, account, outlive) {
	const output = openSync(paths.log, "a");
	const prosody = ["lua5.4", join(paths.prosody, "usr/bin/prosody"), "-F", "--config", paths.config];
	const [command, ...args] = outlive ? prosody : ["setpriv", "--pdeathsig", "KILL", ...prosody];
	const child = spawn(command, args, {
		...account,
		cwd: paths.folder,
		detached: outlive,
		env: environment(paths, port, env),
		stdio: ["ignore", output, output],
	});
	closeSync(output);
	watchChild(child);
	return child;
}

// What a Lua error leaves in the log; Prosody itself attempts to close a session twice, and says so.
export const traceback = /traceback|attempt to (?!close already-closed session)|\.lua:\d+: /i;

// What a token leaves in the log: two parts of it, or how its header begins ("alg", "typ" or "kid" first). Nothing shorter
// is looked for: a log at level debug is full of random names, and one of them in a few thousand holds eyJ.
export const anyToken = /eyJ[\w-]+\.eyJ|eyJ(?:hbGciOi|0eXAiOi|raWQiOi)/;

// startProsody({ config | configFile, prefix, env, machine, version, outlive }) -> server; throws with the log when it fails.
//   config      text of Prosody configuration: the hosts; preamble.cfg.lua comes in front of it
//   configFile  instead of config: a whole configuration file, which takes its places from
//               ENV_PROSODY_DATA, ENV_PROSODY_PREFIX and ENV_PROSODY_HTTP_PORT
//   prefix      where meetauth is installed (install.mjs); absent: Prosody alone
//   env         further environment variables of the Prosody process
//   machine     that it runs on (machine.mjs); absent: this one
//   version     which unpacked Prosody: build/prosody-<version>; absent: prosodyVersion
//   outlive     true: release() may be called, after which Prosody stays when this process ends
// server; it is stopped with the test that has started it, if not before:
//   ws, bosh, http   addresses          folder, dataDir, pid
//   env              the environment in which its configuration is read
//   log()            all that Prosody has written so far
//   waitForLog(pattern, ms, from)       the match; from: an earlier log().length to look behind
//   turn()           resolves once Prosody has been through its main loop: it has read what was sent to it before, and has
//                    done what is due
//   reload()         SIGHUP, and wait until the configuration is read again
//   rewriteConfig(edit)              edit(text) -> text; for the next reload()
//   prosodyctl(...)  runs it: { code, stdout, stderr }
//   restart()        ends Prosody and starts it again, with the same port, data and log
//   crash()          kills it at once, and starts it again likewise
//   stop()           SIGTERM, and SIGKILL where that does not help; removes the folder
//   release()        leaves Prosody running; returns the command that stops it
export async function startProsody({
	config, configFile, prefix, env: own = {}, machine, version = prosodyVersion, outlive = false,
}) {
	const account = ordinaryAccount();
	const paths = furnish({ config, configFile, prefix, version, account, outlive });
	const port = await freePort();
	const address = `127.0.0.1:${port}`;
	const seat = machine?.boot(turn);
	const env = { ...seat?.env, ...own };
	let child, exited, running;

	const log = () => readFileSync(paths.log, "utf8");

	async function waitForLog(pattern, ms = PATIENCE, from = 0) {
		const end = Date.now() + ms;
		for (;;) {
			const alive = running; // before the log is read: what a dead one has written is there
			const found = log().slice(from).match(pattern);
			if (found) return found;
			if (!alive) throw new Error(`Prosody has ended, and never logged ${pattern}\n${log().slice(from)}`);
			if (Date.now() > end) throw new Error(`not logged within ${ms} ms: ${pattern}\n${log().slice(from)}`);
			await sleep(POLL_MS);
		}
	}

	// What has come is read in one round, what is due is done in the next. An answer, and the request after it, may be of one
	// round: where somebody counts them, two have begun since.
	async function turn() {
		const began = seat?.rounds();
		for (let answered = 0; running && (answered < 2 || (seat && seat.rounds() < began + 2n));) {
			if (await answers(port)) answered++;
		}
	}

	async function end() {
		if (!running) return;
		seat?.off();
		child.kill("SIGTERM");
		const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
		await exited;
		clearTimeout(late);
	}

	async function stop() {
		cutLines(address);
		await end();
		removeFolder(paths.folder);
	}

	async function begin() {
		seat?.on();
		child = launch(paths, port, env, account, outlive);
		running = true;
		exited = new Promise((resolve) => child.once("exit", resolve).once("error", resolve));
		exited.then(() => { running = false; });
		const late = Date.now() + PATIENCE;
		while (!(running && await answers(port))) {
			if (!running || Date.now() > late) {
				const written = log();
				await stop();
				throw new Error(`Prosody did not start\n${written}`);
			}
			await sleep(POLL_MS);
		}
	}

	async function restart() {
		await end();
		await begin();
	}

	async function crash() {
		child.kill("SIGKILL");
		await exited;
		await begin();
	}

	async function reload() {
		const from = log().length;
		child.kill("SIGHUP");
		await waitForLog(/Reloading configuration file/, PATIENCE, from);
		await turn(); // not before the reload is done: Prosody is one thread
	}

	function rewriteConfig(edit) {
		writeFileSync(paths.config, edit(readFileSync(paths.config, "utf8")));
	}

	// { code, stdout, stderr } of prosodyctl with these arguments, for this server.
	function prosodyctl(...args) {
		const command = [join(paths.prosody, "usr/bin/prosodyctl"), "--config", paths.config, ...args];
		const options = { ...account, cwd: paths.folder, env: environment(paths, port, env), timeout: PATIENCE, killSignal: "SIGKILL" };
		return new Promise((resolve, reject) => {
			execFile("lua5.4", command, options, (error, stdout, stderr) => {
				if (error && typeof error.code !== "number") reject(error);
				else resolve({ code: error ? error.code : 0, stdout, stderr });
			});
		});
	}

	function leave() {
		release(paths.folder, child);
		child.unref();
		return `kill ${child.pid} && rm -r ${paths.folder}`;
	}

	if (!outlive) endWithTest(stop);
	await begin();
	return {
		ws: `ws://${address}/xmpp-websocket`,
		bosh: `http://${address}/http-bind`,
		http: `http://${address}`,
		folder: paths.folder,
		dataDir: paths.data,
		env: environment(paths, port, env),
		get pid() { return child.pid; },
		log, waitForLog, turn, rewriteConfig, reload, restart, crash, prosodyctl, stop, release: leave,
	};
}
