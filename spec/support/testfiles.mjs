#!/usr/bin/env node
// testfiles.mjs [--jobs=N] [--each=NAME=VALUE,...] [--limit=SECONDS] [OPTION...] FILE... - runs files of node's tests,
// several at a time: by default one more than there are processors, because they wait a lot. With --each, every file runs
// one time for each value in that variable of the environment. OPTION is node's. Tells the result and the time of each
// file, and shows all output of one that fails. It ends with node's own closing lines, summed up. A file that does not end
// in time is ended, and has failed.

import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

const MERCY = 10; // seconds to clear up in
const REPORTER = new URL("report.mjs", import.meta.url).href; // TAP; tells what is skipped, too

const words = process.argv.slice(2);
const option = (name) => words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const options = words.filter((word) => word.startsWith("-") && !/^--(jobs|each|limit)=/.test(word));
const files = words.filter((word) => !word.startsWith("-"));
const limit = Number(option("limit") ?? 900); // seconds for a file
const [variable, values] = option("each")?.split("=") ?? [];
const runs = files.flatMap((file) => (values?.split(",") ?? [undefined]).map((value) => ({ file, value })));

const counts = { tests: 0, suites: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 };
const began = Date.now();
const running = new Set();

function run({ file, value }) {
	const child = spawn("timeout", ["-k", MERCY, limit, process.execPath, `--test-reporter=${REPORTER}`, ...options, file].map(String), {
		env: { ...process.env, ...(variable && { [variable]: value }) }, stdio: ["ignore", "pipe", "pipe"],
	});
	running.add(child);
	const started = Date.now();
	let said = "";
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => { said += text; });
	return new Promise((resolve) => {
		child.once("error", (error) => { said += error; resolve(1); });
		child.once("close", resolve);
	}).then((status) => {
		running.delete(child);
		return { status, said, seconds: (Date.now() - started) / 1000 };
	});
}

// The counts of a file, into the sum.
function note({ file, value }, { status, said, seconds }) {
	const of = Object.fromEntries([...said.matchAll(/^# (\w+) (\d+)$/gm)].map(([, name, count]) => [name, Number(count)]));
	for (const name of Object.keys(counts)) counts[name] += of[name] ?? 0;
	const failed = status !== 0 || of.tests === undefined;
	if (failed && !(of.fail + of.cancelled > 0)) counts.fail++;
	if (failed) console.log(said.trimEnd());
	const why = status === 124 || status === 137 ? ` (ended after ${limit} s)` : "";
	console.log(`${failed ? "not ok" : "ok"} - ${[file, value].filter(Boolean).join(" ")}: ${of.tests ?? "no"} tests, ${seconds.toFixed(1)} s${why}`);
}

async function work() {
	while (runs.length > 0) {
		const one = runs.shift();
		note(one, await run(one));
	}
}

for (const [signal, number] of [["SIGHUP", 1], ["SIGINT", 2], ["SIGTERM", 15]]) {
	process.once(signal, () => {
		for (const child of running) child.kill(signal);
		process.exitCode = 128 + number;
		runs.length = 0;
	});
}

await Promise.all(Array.from({ length: Number(option("jobs") ?? availableParallelism() + 1) }, work));
for (const [name, count] of Object.entries(counts)) console.log(`# ${name} ${count}`);
console.log(`# duration_ms ${Date.now() - began}`);
if (counts.fail + counts.cancelled > 0) process.exitCode ??= 1;
