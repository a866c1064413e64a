// The machine that a Prosody runs on, as far as a spec has it in its hands: its clocks, and the disk with Prosody's data,
// which is full (machine.c).

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, openSync, readSync, renameSync, statSync, writeFileSync, writeSync } from "node:fs";
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

const WORD = 8; // bytes
const WORDS = 4; // that are written here; the one after them is the library's

// A page of memory that the library shares, in a file: write(values), and how often its program has been through its loop.
function newPage(path) {
	writeFileSync(path, Buffer.alloc((WORDS + 1) * WORD));
	chmodSync(path, 0o666);
	const file = openSync(path, "r+");
	const order = endianness();
	return {
		write(values) {
			const bytes = Buffer.alloc(WORDS * WORD);
			values.forEach((value, i) => bytes[`writeBigInt64${order}`](BigInt(value), WORD * i));
			writeSync(file, bytes, 0, bytes.length, 0);
		},
		rounds() {
			const bytes = Buffer.alloc(WORD);
			readSync(file, bytes, 0, WORD, WORDS * WORD);
			return bytes[`readBigInt64${order}`]();
		},
	};
}

// newMachine({ still }) -> { env, now(), setClock(ahead), fillDisk(full), pass(seconds), boot(turn) }
//   still            its clocks stand, but for the time that pass() lets go by: nothing is late, however slow the machine
//                    below is. Tokens are made by this clock from here on.
//   env              for a program of its own; a Prosody is told of its machine (startProsody)
//   now()            seconds since the epoch, by the machine's clock
//   setClock(ahead)  the seconds that its wall clock is ahead of where it would be; below 0: behind. Time passes as before.
//   fillDisk(full)   whether nothing more can be written
//   pass(seconds)    time goes by, by every clock; resolves once the servers have done what was due
//   boot(turn)       for server.mjs: { env, rounds(), on(), off() } of a server that is started there. turn() resolves once
//                    it has been through its main loop; rounds(): how often it has; off(): its clocks go on by themselves,
//                    as it ends
export function newMachine({ still = false } = {}) {
	const folder = makeFolder();
	chmodSync(folder, 0o755);
	const preload = library(folder);
	const began = Math.floor(Date.now() / 1000);
	const programs = [];
	let [ahead, full, passed] = [0, 0, 0];
	const now = () => (still ? began : Math.floor(Date.now() / 1000)) + passed + ahead;
	if (still) goBy(now);

	const tell = (program) => program.page.write([ahead, full, still && program.isOn ? began : 0, passed]);
	const tellAll = () => programs.forEach(tell);

	function run(turn) {
		const path = join(folder, `page${programs.length}`);
		const page = newPage(path);
		const program = { page, isOn: true, turn };
		const put = (isOn) => () => { program.isOn = isOn; tell(program); };
		programs.push(program);
		tell(program);
		return { env: { LD_PRELOAD: preload, MACHINE_PAGE: path }, rounds: page.rounds, on: put(true), off: put(false) };
	}

	return {
		env: run(() => {}).env,
		now,
		setClock: (seconds) => { ahead = seconds; tellAll(); },
		fillDisk: (isFull) => { full = Number(isFull); tellAll(); },
		async pass(seconds) {
			passed += seconds;
			tellAll();
			await Promise.all(programs.map(({ turn }) => turn()));
		},
		boot: run,
	};
}
