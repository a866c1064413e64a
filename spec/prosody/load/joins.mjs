// What it costs the server that somebody logs in, joins a room, leaves it and goes, and what they leave behind.

import { setTimeout as sleep } from "node:timers/promises";
import { ask, each, join, leave, login } from "./client.mjs";
import { insideHost, startContenders, TIMEOUT } from "./contenders.mjs";
import { cpu, median, medianUncertainty, table } from "./measure.mjs";

export const title = "joins: server CPU of login, join and leave, as a ratio to anonymous and a plain MUC in the same round";
export const start = startContenders;

const LEFT_BEHIND_MB = 2; // of Lua memory, more than anonymous
const DRIFT = 0.05; // of the ratio, from the first tenth of the joiners to the last
const WARM = 100; // people whom nobody measures, before all others
const REST_MS = 1000; // for what is left to do after the last round

const nickOf = (serial) => `n${serial}`;

async function enter({ ws, host, muc, contender }, room, serial, rules) {
	const session = await login({ url: ws, host, token: contender.token?.(room, serial, rules) });
	if (session.refused) throw new Error(`${contender.name}: refused: ${session.refused}`);
	await join(session, `${room}@${muc}`, nickOf(serial));
	return session;
}

// So many people who come, one of them to rule, and stay.
async function fill(server, room, count, width) {
	const stay = [await enter(server, room, "keeper", true)];
	await each(count - 1, width, async (i) => { stay.push(await enter(server, room, `stays-${i}`)); });
	return stay;
}

// A turn of one contender: so many people who come and go.
async function turn(server, room, count, width) {
	const { ws, host, muc, contender } = server;
	server.serial ??= 0;
	const tokens = Array.from({ length: count }, (_, i) => contender.token?.(room, server.serial + i));
	await each(count, width, async (i) => {
		const nick = nickOf(server.serial++);
		const session = await login({ url: ws, host, token: tokens[i] });
		if (session.refused) throw new Error(`${contender.name}: refused: ${session.refused}`);
		await join(session, `${room}@${muc}`, nick);
		await leave(session, `${room}@${muc}`, nick);
		await session.close();
	});
}

// Each round forth or back, each time beginning elsewhere.
function inOrder(servers, round) {
	const from = round % servers.length;
	const order = [...servers.slice(from), ...servers.slice(0, from)];
	return round % 2 ? order.reverse() : order;
}

// Rounds of so many people a contender: by server a list of rounds, each with its ratio to anonymous. What a server still
// has to do for those who are gone counts, too: up to its next turn.
async function rounds(servers, room, { count, number, width }) {
	const turns = servers.map(() => []);
	for (let round = 0; round < number; round++) {
		for (const i of inOrder(servers.map((_, index) => index), round)) {
			if (round % (servers[i].contender.every ?? 1)) continue;
			turns[i].push({ round, from: cpu(servers[i].pid) });
			await turn(servers[i], room, count, width);
		}
	}
	await sleep(REST_MS);
	const costs = turns.map((list, i) => list.map(({ round, from }, n) =>
		({ round, ms: ((list[n + 1]?.from ?? cpu(servers[i].pid)) - from) / count })));
	return costs.map((list) => list.map(({ round, ms }) => ({ round, ms, ratio: ms / costs[0][round].ms })));
}

const holds = (value, most) => (most === undefined ? "" : value <= most ? "yes" : "no");
const ratiosOf = (list) => list.map(({ ratio }) => ratio);

function costTable(servers, measured, count) {
	return table(["", "people", "CPU ms each", "ratio", "+-", "at most", "holds"], servers.map(({ contender }, i) => {
		const ratios = ratiosOf(measured[i]);
		return [contender.name, count * measured[i].length, median(measured[i].map(({ ms }) => ms)).toFixed(2), median(ratios).toFixed(3),
			medianUncertainty(ratios).toFixed(3), contender.target?.toFixed(2) ?? "", holds(median(ratios), contender.target)];
	}));
}

// Tenth by tenth of all rounds.
function driftTable(servers, measured, number) {
	const heads = Array.from({ length: 10 }, (_, tenth) => `${tenth + 1}`);
	return table(["tenth of the people", ...heads, "last - first", "+-", "at most", "holds"], servers.slice(1).map(({ contender }, i) => {
		const tenths = heads.map((_, tenth) => ratiosOf(measured[i + 1].filter(({ round }) => Math.floor((10 * round) / number) === tenth)));
		const drift = median(tenths.at(-1)) - median(tenths[0]);
		const error = Math.hypot(medianUncertainty(tenths.at(-1)), medianUncertainty(tenths[0]));
		return [contender.name, ...tenths.map((ratios) => (ratios.length ? median(ratios).toFixed(2) : "-")), drift.toFixed(3), error.toFixed(3),
			DRIFT.toFixed(2), holds(drift, DRIFT)];
	}));
}

const look = (muc, rooms) => `
	collectgarbage(); collectgarbage()
	local found = { collectgarbage("count") / 1024 }
	local get_room = prosody.hosts["${muc}"].modules.muc.get_room_from_jid
	for _, name in ipairs({ ${rooms.map((room) => `"${room}"`).join(", ")} }) do
		local room, affiliations, occupants = get_room(name .. "@${muc}"), 0, 0
		for _ in room:each_affiliation() do affiliations = affiliations + 1 end
		for _ in room:each_occupant() do occupants = occupants + 1 end
		table.insert(found, affiliations)
		table.insert(found, occupants)
	end
	return table.concat(found, " ")`;

// Lua memory in MB after a full collection, and of each room the affiliations and the occupants.
async function inside({ ws, muc }, rooms) {
	const session = await login({ url: ws, host: insideHost });
	const code = look(muc, rooms).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
	const answer = await ask(session, insideHost, `<query xmlns="urn:meetauth:spec:eval">${code}</query>`);
	await session.close();
	const { ok, result } = JSON.parse(answer.match(/<result>(.*)<\/result>/s)[1].replaceAll("&quot;", '"'));
	if (!ok) throw new Error(result);
	const [memory, ...counts] = result.split(" ").map(Number);
	return { memory, counts };
}

// When Prosody has forgotten the last connection.
async function afterwards(servers, rooms) {
	await sleep((TIMEOUT + 2) * 1000);
	const all = [];
	for (const server of servers) all.push(await inside(server, rooms));
	return all;
}

function leftTable(servers, before, after) {
	const grown = servers.map((_, i) => after[i].memory - before[i].memory);
	return table(["", "Lua MB", "grown by", "beyond anonymous", "at most", "holds", "affiliations", "at most", "holds"],
		servers.map(({ contender }, i) => {
			const [affiliations, occupants] = after[i].counts;
			const beyond = grown[i] - grown[0];
			return [contender.name, after[i].memory.toFixed(2), grown[i].toFixed(2), beyond.toFixed(2), LEFT_BEHIND_MB.toFixed(2),
				holds(beyond, LEFT_BEHIND_MB), affiliations, occupants, holds(affiliations, occupants)];
		}));
}

export async function run(servers, {
	joiners = 10000, rounds: number = 200, width = 10, crowd = 200, crowd_joiners = 240, crowd_rounds = 12,
}) {
	const count = Math.ceil(joiners / number), crowd_count = Math.ceil(crowd_joiners / crowd_rounds);
	const stay = [];
	for (const server of servers) {
		stay.push(...await fill(server, "open", 1, width));
		await turn(server, "open", WARM, width); // warm
	}
	const before = await afterwards(servers, ["open"]);
	const open = await rounds(servers, "open", { count, number, width });
	const after = await afterwards(servers, ["open"]);

	for (const server of servers) stay.push(...await fill(server, "crowd", crowd, width));
	const crowded = await rounds(servers, "crowd", { count: crowd_count, number: crowd_rounds, width });
	const left = await afterwards(servers, ["crowd"]);
	await Promise.all(stay.map((session) => session.close()));

	return [
		`one room that stays open, ${width} at a time\n`, costTable(servers, open, count), "",
		driftTable(servers, open, number),
		"\nafterwards, in the same room\n", leftTable(servers, before, after),
		`\na room of ${crowd} people, ${width} at a time\n`, costTable(servers, crowded, crowd_count), "",
		table(["", "affiliations", "at most", "holds"], servers.map(({ contender }, i) => {
			const [affiliations, occupants] = left[i].counts;
			return [contender.name, affiliations, occupants, holds(affiliations, occupants)];
		})),
	].join("\n");
}
