// One PostgreSQL on loopback, in a folder of its own, for as long as a spec needs it: Debian's programs, nobody's data.

import { execFileSync, spawn } from "node:child_process";
import { chownSync, closeSync, existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ordinaryAccount } from "./account.mjs";
import { endWithTest, makeFolder, removeFolder, watchChild } from "./leftovers.mjs";
import { PATIENCE } from "./patience.mjs";
import { freePort } from "./server.mjs";

const VERSIONS = "/usr/lib/postgresql";
const binary = (name) => {
	const newest = readdirSync(VERSIONS).sort((a, b) => b - a).find((version) => existsSync(join(VERSIONS, version, "bin", name)));
	return join(VERSIONS, newest, "bin", name);
};

// startPostgres() -> database; it is removed with the test that has started it, if not before.
//   port             on 127.0.0.1; anybody there may log in as "prosody" and has the database "postgres"
//   sql              Prosody's option of that name, with time-outs
//   start(), stop()  as often as one likes; the data stay
//   silence()        instead of start(): somebody accepts connections on the port and never says a word; resolves to a
//                    function that tells how many there have been
//   remove()         stop, and remove the data
export async function startPostgres() {
	const account = ordinaryAccount();
	const folder = makeFolder();
	if (account.uid !== undefined) chownSync(folder, account.uid, account.gid);
	const options = { ...account, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8" } };
	const data = join(folder, "data");
	execFileSync(binary("initdb"), ["-D", data, "-U", "prosody", "-A", "trust", "-E", "UTF8", "-N"], { ...options, stdio: "ignore" });
	const port = await freePort();
	const log = join(folder, "log");
	let child, exited, listener;
	const sockets = new Set();

	const answers = () => {
		try {
			execFileSync(binary("pg_isready"), ["-q", "-h", "127.0.0.1", "-p", String(port)], options);
			return true;
		} catch {
			return false;
		}
	};

	async function start() {
		const output = openSync(log, "a");
		const args = ["-D", data, "-k", folder, "-c", "listen_addresses=127.0.0.1", "-p", String(port)];
		child = spawn("setpriv", ["--pdeathsig", "INT", binary("postgres"), ...args], { ...options, stdio: ["ignore", output, output] });
		closeSync(output);
		watchChild(child);
		let running = true;
		exited = new Promise((resolve) => child.once("exit", resolve).once("error", resolve)).then(() => { running = false; });
		for (const end = Date.now() + PATIENCE; !answers(); await sleep(50)) {
			if (!running || Date.now() > end) throw new Error(`PostgreSQL did not start\n${readFileSync(log, "utf8")}`);
		}
	}

	async function stop() {
		if (child) {
			child.kill("SIGINT"); // fast: connections are closed
			const late = setTimeout(() => child.kill("SIGQUIT"), PATIENCE);
			await exited;
			clearTimeout(late);
			child = undefined;
		}
		if (listener) {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => listener.close(resolve));
			listener = undefined;
		}
	}

	async function silence() {
		let count = 0;
		listener = net.createServer((socket) => {
			count++;
			sockets.add(socket);
			socket.on("error", () => {}).on("close", () => sockets.delete(socket));
		});
		await new Promise((resolve, reject) => listener.once("error", reject).listen(port, "127.0.0.1", resolve));
		return () => count;
	}

	async function remove() {
		await stop();
		removeFolder(folder);
	}

	endWithTest(remove);
	await start();
	return {
		port,
		sql: `{ driver = "PostgreSQL", host = "127.0.0.1", port = ${port}, username = "prosody",
			database = "dbname=postgres connect_timeout=2 tcp_user_timeout=2000 options='-c statement_timeout=2000'" }`,
		start, stop, silence, remove,
	};
}
