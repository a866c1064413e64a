// The machine that a Prosody runs on, as far as a spec has it in its hands: its clocks, and the disk with Prosody's data,
// which is full (machine.c).

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeFileSync, writeSync } from "node:fs";
import { endianness } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder } from "./leftovers.mjs";
import { goBy } from "./token.mjs";

const source = fileURLToPath(new URL("machine.c", import.meta.url));
const built = fileURLToPath(new URL("../../../build/spec/machine.so", import.meta.url));

// The library, in a folder that every user may read; compiled where that has not been done since its source changed.
function library(folder) {
	if (!existsSync(built) || statSync(built).mtimeMs < statSync(source).mtimeMs) {
		const made = join(folder, "made.so");
		execFileSync(process.env.CC ?? "cc", ["-std=gnu11", "-O2", "-fPIC", "-shared", "-o", made, source, "-ldl"]);
		mkdirSync(join(built, ".."), { recursive: true });
		copyFileSync(made, `${built}.${process.pid}`);
		renameSync(`${built}.${process.pid}`, built); // others may be at it, too
	}
	const path = join(folder, "machine.so");
	copyFileSync(built, path);
	return path;
}

// newMachine({ still }) -> { env, now(), setClock(ahead), fillDisk(full), pass(seconds), boot(turn) }
//   still            its clocks stand, but for the time that pass() lets go by: nothing is late, however slow the machine
//                    below is. Tokens are made by this clock from here on.
//   env              for a program of its own; a Prosody is told of its machine (startProsody)
//   now()            seconds since the epoch, by the machine's clock
//   setClock(ahead)  the seconds that its wall clock is ahead of where it would be; below 0: behind. Time passes as before.
//   fillDisk(full)   whether nothing more can be written
//   pass(seconds)    time goes by, by every clock; resolves once the servers have done what was due
//   boot(turn)       for server.mjs: turn() resolves once the server has been through its main loop
export function newMachine({ still = false } = {}) {
	const folder = makeFolder();
	chmodSync(folder, 0o755);
	const page = join(folder, "machine");
	writeFileSync(page, Buffer.alloc(32), { mode: 0o644 });
	const file = openSync(page, "r+");
	const began = Math.floor(Date.now() / 1000);
	const turns = [];
	let ahead = 0;
	let passed = 0;
	const set = (index, value) => {
		const bytes = Buffer.alloc(8);
		bytes[endianness() === "LE" ? "writeBigInt64LE" : "writeBigInt64BE"](BigInt(value));
		writeSync(file, bytes, 0, 8, 8 * index);
	};
	const now = () => (still ? began : Math.floor(Date.now() / 1000)) + passed + ahead;
	if (still) {
		set(2, began);
		goBy(now);
	}
	return {
		env: { LD_PRELOAD: library(folder), MACHINE_PAGE: page },
		now,
		setClock: (seconds) => { ahead = seconds; set(0, seconds); },
		fillDisk: (full) => set(1, full ? 1 : 0),
		async pass(seconds) {
			passed += seconds;
			set(3, passed);
			await Promise.all(turns.map((turn) => turn()));
		},
		boot: (turn) => turns.push(turn),
	};
}
