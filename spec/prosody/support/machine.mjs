// The machine that a Prosody runs on, as far as it can fail: its wall clock, which is set while the other clocks go on,
// and the disk with Prosody's data, which is full (machine.c).

import { execFileSync } from "node:child_process";
import { chmodSync, openSync, writeFileSync, writeSync } from "node:fs";
import { endianness } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder } from "./leftovers.mjs";

const source = fileURLToPath(new URL("machine.c", import.meta.url));
let built;

function build() {
	if (built) return built;
	const folder = makeFolder();
	chmodSync(folder, 0o755);
	built = join(folder, "machine.so");
	execFileSync(process.env.CC ?? "cc", ["-std=gnu11", "-O2", "-fPIC", "-shared", "-o", built, source, "-ldl"]);
	return built;
}

// newMachine() -> { env, now(), setClock(ahead), fillDisk(full) }
//   env              for startProsody
//   now()            seconds since the epoch, by the machine's clock
//   setClock(ahead)  the seconds that it is ahead of this one; below 0: behind
//   fillDisk(full)   whether nothing more can be written
export function newMachine() {
	const folder = makeFolder();
	chmodSync(folder, 0o755);
	const page = join(folder, "faults");
	writeFileSync(page, Buffer.alloc(16), { mode: 0o644 });
	const file = openSync(page, "r+");
	let ahead = 0;
	const set = (at, value) => {
		const bytes = Buffer.alloc(8);
		bytes[endianness() === "LE" ? "writeBigInt64LE" : "writeBigInt64BE"](BigInt(value));
		writeSync(file, bytes, 0, 8, at);
	};
	return {
		env: { LD_PRELOAD: build(), MACHINE_FAULTS: page },
		now: () => Math.floor(Date.now() / 1000) + ahead,
		setClock: (seconds) => { ahead = seconds; set(0, seconds); },
		fillDisk: (full) => set(8, full ? 1 : 0),
	};
}
