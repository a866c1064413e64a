// What the kernel says about a process, and what a list of figures says together.

import { readFileSync, readdirSync } from "node:fs";
import { execFileSync } from "node:child_process";

// CPU time of a process so far, all threads, in milliseconds.
export function cpu(pid) {
	let ns = 0n;
	for (const task of readdirSync(`/proc/${pid}/task`)) {
		ns += BigInt(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
	}
	return Number(ns / 1000n) / 1000;
}

// Resident memory of a process in MiB.
export const memory = (pid) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;

// Servers on the last CPU, this process on the others, where there are two. Once: later there is no other CPU to be seen.
export function keepApart(...pids) {
	const cpus = readFileSync("/proc/self/status", "utf8").match(/Cpus_allowed_list:\s+(\S+)/)[1]
		.split(",").flatMap((range) => { const [a, b = a] = range.split("-").map(Number); return Array.from({ length: b - a + 1 }, (_, i) => a + i); });
	if (cpus.length < 2) return;
	const last = cpus.pop();
	for (const pid of pids) execFileSync("taskset", ["-acp", String(last), String(pid)], { stdio: "ignore" });
	execFileSync("taskset", ["-acp", cpus.join(","), String(process.pid)], { stdio: "ignore" });
}

export function percentile(values, share) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const half = sorted.length / 2;
	return Number.isInteger(half) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[Math.floor(half)];
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// How far the mean of values that vary like these may be from the true one: its standard error.
export function uncertainty(values) {
	const middle = mean(values);
	return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)) / (values.length - 1));
}

// The same for their median, as for values that are spread normally but for some that are far out.
export function medianUncertainty(values) {
	const middle = median(values);
	const deviation = 1.4826 * median(values.map((value) => Math.abs(value - middle)));
	return 1.2533 * deviation / Math.sqrt(values.length);
}

// Rows of an array as a table with a head; numbers to the right.
export function table(head, rows) {
	const cells = [head, ...rows].map((row) => row.map(String));
	const widths = head.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
	const line = (row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ");
	return [line(cells[0]), widths.map((width) => "-".repeat(width)).join("  "), ...cells.slice(1).map(line)].join("\n");
}
