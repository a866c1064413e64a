// The people in the rooms, with role, source and end; to put somebody out, and to take their token back.

import { ask, el, say, sure, table, tell, words } from "./parts.js";

const w = words.rooms;

export async function show(main) {
	const list = el("div");

	async function act(question, name, what) {
		if (await sure(question) && await ask(name, what)) {
			tell(words.console.done);
			await look();
		}
	}

	const kick = (room, person) => el("button", { type: "button", class: "danger", "aria-label": say(w.kick_of, person.shown),
		onclick: () => act(say(w.kick_ask, person.shown, room.shown), "kick", { room: room.room, nick: person.nick }) }, w.kick);

	function revoke(person) {
		const of = person.sessions.find(({ jti, user }) => jti || user);
		if (!of) return "";
		const [kind, value] = of.jti ? ["jti", of.jti] : ["user", of.user];
		const question = of.jti ? say(w.revoke_jti, person.shown) : say(w.revoke_user, of.user);
		return el("button", { type: "button", class: "danger", "aria-label": say(w.revoke_of, person.shown),
			onclick: () => act(question, "revoke", { kind, value, entry: of.entry }) }, w.revoke);
	}

	const each = (person, make) => person.sessions.map((one) => el("div", {}, make(one)));

	const row = (room, person) => [
		person.shown, person.role, person.affiliation, each(person, ({ kind }) => kind), each(person, ({ ends }) => ends ?? ""),
		each(person, ({ rights }) => rights && el("ul", {}, rights.map((one) => el("li", {}, say(w.right, one.right, one.value, one.origin))))),
		el("div", { class: "row" }, kick(room, person), revoke(person)),
	];

	async function look() {
		const answer = await ask("rooms");
		if (!answer) return;
		list.replaceChildren(...answer.rooms.map((room) =>
			table(room.shown, [w.nick, w.role, w.affiliation, w.by, w.ends, w.rights, w.acts], room.people.map((person) => row(room, person)))));
		if (!answer.rooms[0]) list.append(el("p", {}, w.nobody));
	}

	main.append(el("button", { type: "button", onclick: look }, w.look), list);
	await look();
}
