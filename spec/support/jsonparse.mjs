// JSON.parse for spec/src/differential_spec.lua: hexadecimal bytes of a text a line in, a JSON line out. The line is {
// value } in the spec's own form, with the faults that only this project's reader minds. It is null if the bytes are no
// UTF-8 or no JSON.

import { createInterface } from "node:readline";

const DEPTH_MAX = 32;
const NUMBER_MAX = 64;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const binary64 = (number) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return hex(view.buffer);
};

// Types apart, strings in hexadecimal, members sorted.
function form(value) {
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return "#" + binary64(value);
  if (typeof value === "string") return "'" + hex(value);
  if (Array.isArray(value)) return "[" + value.map(form).join(",") + "]";
  return "{" + Object.keys(value).map((name) => hex(name) + ":" + form(value[name])).sort().join(",") + "}";
}

const some = (value, is) => is(value) ||
  (value !== null && typeof value === "object" && Object.entries(value).some(([name, v]) => is(name) || some(v, is)));
const members = (value) => value === null || typeof value !== "object" ? 0
  : (Array.isArray(value) ? 0 : Object.keys(value).length) + Object.values(value).reduce((n, v) => n + members(v), 0);

function depth(bare) {
  let now = 0, most = 0;
  for (const c of bare) {
    if (c === "[" || c === "{") most = Math.max(most, ++now);
    if (c === "]" || c === "}") now--;
  }
  return most;
}

// The text is known to be JSON.
function minded(text, value) {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/gs, "");
  const found = {
    duplicate: bare.split(":").length - 1 !== members(value),
    deep: depth(bare) > DEPTH_MAX,
    surrogate: some(value, (v) => typeof v === "string" && /\p{Surrogate}/u.test(v)),
    long: (bare.match(/-?[0-9][-+.eE0-9]*/g) ?? []).some((number) => number.length > NUMBER_MAX),
    infinite: some(value, (v) => v === Infinity || v === -Infinity),
  };
  return Object.keys(found).filter((name) => found[name]);
}

function read(bytes) {
  try {
    const text = utf8.decode(bytes);
    const value = JSON.parse(text);
    return { value: form(value), minded: minded(text, value) };
  } catch {
    return null;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(read(Buffer.from(line, "hex"))));
}
