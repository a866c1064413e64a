// A token before it is signed, open to be changed at each stage: members, JSON bytes, base64url text, signature, token.

import { signBytes } from "./algorithms.mjs";

const stages = ["headBytes", "bodyBytes", "headText", "bodyText", "signature", "signatureText", "token"];

/** now: seconds; the draft's claims are good at that time. Members are pairs of JSON texts: name and value. */
export function newDraft(row, now) {
	const draft = {
		row,
		now,
		head: [
			['"alg"', JSON.stringify(row.alg)],
			['"typ"', '"JWT"'],
		],
		body: [
			['"iss"', '"portal"'],
			['"aud"', '"meet"'],
			['"sub"', '"somebody"'],
			['"exp"', `${now + 600}`],
			['"iat"', `${now - 60}`],
		],
	};
	for (const stage of stages) draft[stage] = [];
	return draft;
}

/** Set a member in the place of the one that is there, or add it. */
export function set(members, name, value) {
	const member = members.find(([known]) => known === JSON.stringify(name));
	if (member) member[1] = value;
	else members.push([JSON.stringify(name), value]);
}

export function drop(members, name) {
	const at = members.findIndex(([known]) => known === JSON.stringify(name));
	if (at >= 0) members.splice(at, 1);
}

/** Add a member, also where there is one of that name; both are JSON texts. */
export function add(members, name, value) {
	members.push([name, value]);
}

const json = (members) => Buffer.from(`{${members.map(([name, value]) => `${name}:${value}`).join(",")}}`);
const through = (changes, value) => changes.reduce((changed, change) => change(changed), value);

/** Sign the draft as it stands. */
export function finish(draft) {
	const head = through(draft.headText, through(draft.headBytes, json(draft.head)).toString("base64url"));
	const body = through(draft.bodyText, through(draft.bodyBytes, json(draft.body)).toString("base64url"));
	draft.input = Buffer.from(`${head}.${body}`);
	const bytes = through(draft.signature, signBytes(draft.row, draft.input, draft.changes));
	return through(draft.token, `${draft.input}.${through(draft.signatureText, bytes.toString("base64url"))}`);
}
