// The ways in which the tokens of strictness.test.mjs differ from a good one. Each: { name, apply (draft, random) },
// only (row) where it is for some algorithms, stricter: { reason: why } where jose accepts what we refuse with that
// reason, and rarely: the same where it takes another change, or luck, to show it. Whatever else is changed must be the
// same to both.

import { algorithms, signBytes } from "./algorithms.mjs";
import { add, drop, set } from "./draft.mjs";

const UTF8 = "RFC 7519 7.2: UTF-8; jose's TextDecoder puts U+FFFD for what is none";
const BOM = "RFC 8259 8.1: no byte order mark; jose's TextDecoder takes it away";
const DUPLICATE = "RFC 7515 4, RFC 7519 4: names are unique; JSON.parse keeps the last";
const ALPHABET = "RFC 7515 2: base64url, no padding, nothing else; Buffer takes both alphabets and skips what it does not know";
const SPARE = "RFC 4648 3.5: unused bits are zero, so that a token has one spelling; Buffer ignores them";
const TYPES = "RFC 7519 4.1: the registered claims have types, looked at or not";
const AUDIENCE = "RFC 7519 4.1.3: aud is a string or an array of strings; jose looks for one that fits";
const HEADER = "RFC 7515 4.1: kid, typ and cty are strings; jose does not look at what it is not asked for";
const CRIT = "RFC 7515 4.1.11: we understand no extension; jose understands b64, and true changes nothing";
const B64 = "RFC 7797 6, 7: b64 false only as critical, and never in a JWT; jose ignores it without crit";
const JWE = "RFC 7516 9: enc marks a JWE";
const NESTED = "RFC 7519 5.2: cty JWT marks a nested token, which is not taken";
const SURROGATE = "RFC 8259 8.2, RFC 7493 2.1: no lone surrogates; JSON.parse makes a broken string";
const NUMBER = "RFC 7519 2: a number; 1e400 is none that a double holds, JSON.parse says Infinity";
const LENGTH = "numbers of more than 64 characters are refused: nobody means one";
const DEPTH = "at most 32 levels, so that nothing recurses without end; JSON.parse has no limit";
const SIZE = "at most 16384 bytes a token (max_token); jose has no limit";
const MODULUS = "RFC 8017 8.1.2: a signature as long as the modulus; OpenSSL's PSS takes one without its leading zero";
const KID = "at most 256 bytes of kid, so that it can be logged and looked up; jose has no limit";

export const mutations = [];

function way(name, apply, stricter = {}, { only = () => true, rarely = {} } = {}) {
	mutations.push({ name, apply, stricter, only, rarely });
}

const pick = (list, random) => list[random(list.length)];

// Claims and their values.
const claim = (name, value, stricter) =>
	way(`${name} is ${value}`, (draft) => set(draft.body, name, typeof value === "function" ? value(draft) : value), stricter);
const time = (name, text, offset) =>
	way(`${name} is ${text}`, (draft) => set(draft.body, name, `${draft.now + offset}`));

for (const name of ["exp", "nbf", "iat"]) {
	time(name, "now", 0);
	time(name, "a second from now", 1);
	time(name, "a second ago", -1);
	time(name, "nine seconds ago", -9);
	time(name, "ten seconds ago", -10);
	time(name, "ten seconds from now", 10);
	time(name, "eleven seconds from now", 11);
	time(name, "half a second from now", 0.5);
	time(name, "half a second ago", -0.5);
	time(name, "an hour and ten seconds ago", -3610);
	time(name, "an hour and eleven seconds ago", -3611);
	time(name, "far in the future", 1e9);
	for (const value of ["0", "-1", "-0", "1e9", "1.7e9", "1E+10", "-1e308", "1e308", "12345678901234567890", "1e-400"]) claim(name, value);
	for (const value of ['"1700000600"', "null", "true", "[]", "{}", "[1700000600]", '""']) claim(name, value);
	// A token that has expired, or is not valid yet, jose refuses as well.
	claim(name, "1e400", name === "nbf" ? {} : { "bad-json": NUMBER });
	claim(name, "-1e400", name === "exp" ? {} : { "bad-json": NUMBER });
	claim(name, `1${"0".repeat(70)}`, name === "nbf" ? {} : { "bad-json": LENGTH });
	for (const value of ["NaN", "Infinity", "01", "+1", "1.", ".5", "0x10", "1_000", "1e", "--1"]) claim(name, value);
}
for (const name of ["iss", "aud", "sub", "exp", "iat"]) way(`${name} is absent`, (draft) => drop(draft.body, name));

for (const value of ['"Portal"', '"portal "', '"portal/"', '""', '"p\\u006frtal"', '"port\\u0000al"']) claim("iss", value);
for (const value of ['["portal"]', "1", "null", "true", '{"portal":1}']) claim("iss", value, { "bad-claim": TYPES });

for (const value of ['"Meet"', '["meet"]', '["a","meet"]', '["a"]', "[]", '""', '["meet","meet"]', '"me\\u0065t"']) claim("aud", value);
for (const value of ["1", "null", "false", '{"0":"meet"}']) claim("aud", value, { "bad-claim": TYPES });
for (const value of ['["meet",1]', '[null,"meet"]', '["meet",["meet"]]', "[[]]"]) claim("aud", value, { "bad-claim": AUDIENCE });

for (const name of ["sub", "jti"]) {
	for (const value of ['"x"', '""']) claim(name, value);
	for (const value of ["1", "null", '["x"]', "{}", "true"]) claim(name, value, { "bad-claim": TYPES });
}

// Claims of other names.
for (const value of ["1", "null", "[]", "{}", '[{"a":[{}]},[]]', "9007199254740993", "0.1", "1e21", '"\\ud83d\\ude00"', '"\u{1F600}"',
	'"\\u0000"', '"\\/\\b\\f"', '"\u2028"', "1.0", "-0.0", "5e-324"]) {
	claim("other", value);
}
for (const value of ['"\t"', '"\u0001"', "tru", "'x'", "[1,]", "[,1]", "{1:2}", "undefined", '"\\x41"', '"\\u12"', "/* */1", '"', "[}"]) {
	claim("other", value);
}
for (const value of ['"\\ud800"', '"\\udc00\\ud800"', '"\\ud800x"']) claim("other", value, { "bad-json": SURROGATE });
for (const depth of [30, 31, 32, 33, 100]) {
	claim(`levels${depth}`, "[".repeat(depth) + "]".repeat(depth), depth > 31 ? { "bad-json": DEPTH } : {});
}
for (const name of ["__proto__", "constructor", "toString", "length", "", "a b", "é", "exp ", "EXP"]) {
	way(`a claim is named ${JSON.stringify(name)}`, (draft) => set(draft.body, name, '{"x":1}'));
}
// JSON.parse keeps the last: whatever is wrong with the first, jose does not see.
const hidden = { "bad-claim": DUPLICATE, "bad-json": DUPLICATE, "duplicate-member": DUPLICATE };
const twice = (name, apply, stricter = { "duplicate-member": DUPLICATE }) =>
	way(`a claim comes twice${name}`, apply, stricter, { rarely: hidden });
twice("", (draft) => add(draft.body, '"exp"', `${draft.now + 600}`));
twice(", the second time expired", (draft) => add(draft.body, '"exp"', "1"), {});
twice(", the first time expired", (draft) => draft.body.unshift(['"exp"', "1"]));
twice(", once with an escape", (draft) => add(draft.body, '"\\u0069ss"', '"portal"'));
way("a member comes twice inside a claim", (draft) => add(draft.body, '"other"', '{"a":1,"a":1}'), { "duplicate-member": DUPLICATE });
way("a claim's name is escaped", (draft) => {
	const member = draft.body.find(([name]) => name === '"exp"');
	if (member) member[0] = '"\\u0065xp"';
}, {}, { rarely: { "duplicate-member": DUPLICATE } });
way("a claim has 20000 characters", (draft) => set(draft.body, "other", `"${"x".repeat(20000)}"`), { "too-large": SIZE });
way("there are no claims", (draft) => draft.body.splice(0));

// Header parameters.
const parameter = (name, value, stricter, rarely) =>
	way(`${name} in the header is ${value}`, (draft) => set(draft.head, name, value), stricter, { rarely });

for (const value of ['"none"', '"None"', '""', '"rs256"', '"RS1"', '"HS256 "', "null", "1", "[]", '"EDDSA"']) parameter("alg", value);
way("alg is another algorithm's", (draft, random) => {
	set(draft.head, "alg", JSON.stringify(pick(algorithms.filter(({ alg }) => alg !== draft.row.alg), random).alg));
});
way("alg is absent", (draft) => drop(draft.head, "alg"));
way("alg is in lower case", (draft) => set(draft.head, "alg", JSON.stringify(draft.row.alg.toLowerCase())));
way("alg's name is escaped", (draft) => {
	const member = draft.head.find(([name]) => name === '"alg"');
	if (member) member[0] = '"\\u0061lg"';
}, {}, { rarely: { "duplicate-member": DUPLICATE } });
way("alg comes twice", (draft) => add(draft.head, '"alg"', JSON.stringify(draft.row.alg)), { "duplicate-member": DUPLICATE },
	{ rarely: { "bad-header": DUPLICATE } });
way("alg comes twice, first as none", (draft) => draft.head.unshift(['"alg"', '"none"']), { "duplicate-member": DUPLICATE });
way("alg comes twice, then as none", (draft) => add(draft.head, '"alg"', '"none"'));
way("typ is absent", (draft) => drop(draft.head, "typ"));
for (const value of ['"jwt"', '"application/jwt"', '"Application/JWT"', '"JOSE"', '"at+jwt"', '""', '"JWT "']) parameter("typ", value);
for (const value of ["1", "null", '["JWT"]']) parameter("typ", value, { "bad-header": HEADER });
for (const value of ['"key"', '""', '"../../key"', '"a\\u0000b"', `"${"k".repeat(256)}"`]) parameter("kid", value);
for (const value of ["1", "null", '["key"]']) parameter("kid", value, { "bad-header": HEADER });
parameter("kid", `"${"k".repeat(257)}"`, { "bad-header": KID });
for (const value of ['"json"', '""']) parameter("cty", value);
for (const value of ["1", "null"]) parameter("cty", value, { "bad-header": HEADER });
for (const value of ['"JWT"', '"jwt"', '"application/jwt"']) parameter("cty", value, { "unsupported": NESTED });
for (const value of ["[]", '["exp"]', '"exp"', "null", "{}", "[1]", '["alg"]', '["b64","exp"]']) parameter("crit", value);
parameter("crit", '["b64"]', {}, { "critical-extension": CRIT });
way("b64 is true and critical", (draft) => {
	set(draft.head, "b64", "true");
	set(draft.head, "crit", '["b64"]');
}, { "critical-extension": CRIT });
way("b64 is false and critical", (draft) => {
	set(draft.head, "b64", "false");
	set(draft.head, "crit", '["b64"]');
}, {}, { rarely: { "critical-extension": CRIT } });
parameter("b64", "false", { "unsupported": B64 });
for (const value of ["true", '"false"', "null"]) parameter("b64", value);
for (const value of ['"A128GCM"', "null", "1"]) parameter("enc", value, { "unsupported": JWE });
parameter("zip", '"DEF"');
parameter("jwk", '{"kty":"oct","k":"AAAA"}');
parameter("jku", '"https://example.com/keys"');
parameter("x5u", '"https://example.com/certificate"');
parameter("x5c", '["MIIB"]');
parameter("x5t", "5");
parameter("exp", "1");
parameter("other", '{"a":[1,2]}');
parameter("__proto__", '{"alg":"none"}');
way("a parameter comes twice", (draft) => {
	add(draft.head, '"other"', "1");
	add(draft.head, '"other"', "1");
}, { "duplicate-member": DUPLICATE });

// The JSON texts.
for (const part of ["head", "body"]) {
	const bytes = (name, change, stricter) =>
		way(`${name}: ${part}`, (draft) => {
			draft[`${part}Bytes`].push((text) => Buffer.from(change(text.toString("latin1")), "latin1"));
		}, stricter);
	bytes("a byte order mark in front", (text) => `\xEF\xBB\xBF${text}`, { "bad-json": BOM });
	bytes("a broken letter inside", (text) => text.replace(/^{/, '{"\xC3":1,'), { "bad-json": UTF8 });
	bytes("a surrogate in UTF-8 inside", (text) => text.replace(/^{/, '{"\xED\xA0\x80":1,'), { "bad-json": UTF8 });
	bytes("a letter of too many bytes inside", (text) => text.replace(/^{/, '{"\xC1\xA1":1,'), { "bad-json": UTF8 });
	bytes("white space around and inside", (text) => ` \t\r\n${text.replace(/,/g, " ,\n").replace(/":/g, '" : ')}\n`);
	bytes("a no-break space behind", (text) => `${text}\xC2\xA0`);
	bytes("a NUL behind", (text) => `${text}\0`);
	bytes("a letter behind", (text) => `${text}x`);
	bytes("a second object behind", (text) => `${text}{}`);
	bytes("a comma too many", (text) => text.replace(/}$/, ",}"));
	bytes("no end", (text) => text.slice(0, -1));
	bytes("a list around", (text) => `[${text}]`);
	bytes("a string around", (text) => JSON.stringify(text));
	bytes("null", () => "null");
	bytes("nothing", () => "");
	bytes("UTF-16", (text) => text.replace(/./gs, "$&\0"));

	// The base64url texts, before they are signed.
	const text = (name, change, stricter) => way(`${name}: ${part}`, (draft) => draft[`${part}Text`].push(change), stricter);
	text("padding", (encoded) => encoded + "=".repeat((4 - (encoded.length % 4)) % 4 || 4), { malformed: ALPHABET });
	text("a newline inside", (encoded) => `${encoded.slice(0, 4)}\n${encoded.slice(4)}`, { malformed: ALPHABET });
	text("a blank behind", (encoded) => `${encoded} `, { malformed: ALPHABET });
	text("a foreign character inside", (encoded) => `${encoded.slice(0, 8)}!${encoded.slice(8)}`, { malformed: ALPHABET });
	text("a letter of two bytes inside", (encoded) => `${encoded.slice(0, 8)}é${encoded.slice(8)}`, { malformed: ALPHABET });
	text("spare bits set", spareBits, { malformed: SPARE });
	way(`one character too many: ${part}`, (draft) => {
		draft[`${part}Bytes`].push((bytes) => Buffer.concat([bytes, Buffer.alloc((3 - (bytes.length % 3)) % 3, " ")])); // whole groups
		draft[`${part}Text`].push((encoded) => `${encoded}A`);
	}, { malformed: SPARE });
	text("nothing at all", () => "");
}

// The last character of base64url text with its lowest bit turned, where that bit is a spare one.
function spareBits(encoded) {
	if (encoded.length % 4 < 2) return encoded;
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	return encoded.slice(0, -1) + alphabet[alphabet.indexOf(encoded.at(-1)) ^ 1];
}

// The signature.
const signature = (name, change, only, stricter = {}, rarely = {}) => way(`the signature ${name}`, (draft, random) => {
	draft.signature.push((bytes) => change(bytes, draft, random));
}, stricter, { only, rarely });
const signatureText = (name, change, stricter) => way(`the signature ${name}`, (draft) => draft.signatureText.push(change), stricter);

signature("is cut", (bytes) => bytes.subarray(0, -1));
signature("is cut in front", (bytes) => bytes.subarray(1), undefined, {}, { "signature-mismatch": MODULUS });
signature("lacks its leading zero", (bytes, { row, input }) => {
	for (let tries = 0; bytes[0] !== 0 && tries < 10000; tries++) bytes = signBytes(row, input);
	return bytes.subarray(1);
}, (row) => row.pss, { "signature-mismatch": MODULUS });
signature("has a byte more", (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]));
signature("has a byte more in front", (bytes) => Buffer.concat([Buffer.alloc(1), bytes]));
signature("is empty", () => Buffer.alloc(0));
signature("is zeros", (bytes) => Buffer.alloc(bytes.length));
signature("is ones", (bytes) => Buffer.alloc(bytes.length, 0xff));
signature("has a bit turned", (bytes, _, random) => {
	const turned = Buffer.from(bytes);
	if (turned.length > 0) turned[random(turned.length)] ^= 1 << random(8);
	return turned;
});
signature("is another algorithm's", (_, draft, random) => {
	return signBytes(pick(algorithms.filter((row) => row !== draft.row), random), draft.input);
});
signature("is of something else", (bytes, draft) => signBytes(draft.row, "x.y"));
const isEcdsa = (row) => row.coordinate;
const halves = (bytes) => [bytes.subarray(0, bytes.length / 2), bytes.subarray(bytes.length / 2)];
signature("has r and s exchanged", (bytes) => Buffer.concat(halves(bytes).reverse()), isEcdsa);
signature("has r = 0", (bytes) => Buffer.concat([Buffer.alloc(bytes.length / 2), halves(bytes)[1]]), isEcdsa);
signature("has s = 0", (bytes) => Buffer.concat([halves(bytes)[0], Buffer.alloc(bytes.length / 2)]), isEcdsa);
way("the signature is DER", (draft) => Object.assign(draft, { changes: { dsaEncoding: "der" } }), {}, { only: isEcdsa });
for (const salt of [0, 20, 100]) {
	way(`the salt has ${salt} bytes`, (draft) => Object.assign(draft, { changes: { saltLength: salt } }), {}, { only: (row) => row.pss });
}
signatureText("is padded", (encoded) => encoded + "=".repeat((4 - (encoded.length % 4)) % 4 || 4), { malformed: ALPHABET });
signatureText("has spare bits set", spareBits, { malformed: SPARE });
signatureText("is in the other alphabet", (encoded) => encoded.replace(/-/g, "+").replace(/_/g, "/"), { malformed: ALPHABET });
signatureText("has a newline behind", (encoded) => `${encoded}\n`, { malformed: ALPHABET });
signatureText("has a blank inside", (encoded) => `${encoded.slice(0, 8)} ${encoded.slice(8)}`, { malformed: ALPHABET });
signatureText("has a foreign character in front", (encoded) => `!${encoded}`, { malformed: ALPHABET });

// The whole.
const whole = (name, change) => way(name, (draft) => draft.token.push(change));
whole("there is a part more", (token) => `${token}.AAAA`);
whole("there are two parts more", (token) => `${token}.AAAA.AAAA`);
whole("there is a part less", (token) => token.replace(/\.[^.]*$/, ""));
whole("there is a dot more", (token) => `${token}.`);
whole("there is a blank in front", (token) => ` ${token}`);
whole("there is Bearer in front", (token) => `Bearer ${token}`);
whole("there are quotation marks around", (token) => `"${token}"`);
whole("there is nothing", () => "");
whole("one character is another", (token) => token.replace(/[A-Y]/, (c) => String.fromCharCode(c.charCodeAt(0) + 1)));
