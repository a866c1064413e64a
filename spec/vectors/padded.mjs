// padded.mjs - print padded.lua anew: the first private numbers 1, 2, 3, ... whose public point has a coordinate
// that begins with zeros (two of them on P-521, where the first byte is zero half the time).
// node spec/vectors/padded.mjs > spec/vectors/padded.lua

import { createECDH } from "node:crypto";

const curves = [
	{ crv: "P-256", name: "prime256v1", alg: "ES256", size: 32, zeros: 1 },
	{ crv: "P-384", name: "secp384r1", alg: "ES384", size: 48, zeros: 1 },
	{ crv: "P-521", name: "secp521r1", alg: "ES512", size: 66, zeros: 2 },
	{ crv: "secp256k1", name: "secp256k1", alg: "ES256K", size: 32, zeros: 1 },
];

const base64url = (bytes) => bytes.toString("base64url");

function first({ name, size, zeros }, coordinate) {
	const ecdh = createECDH(name);
	for (let number = 1; ; number++) {
		const d = Buffer.alloc(size);
		d.writeUInt32BE(number, size - 4);
		ecdh.setPrivateKey(d);
		const point = ecdh.getPublicKey().subarray(1);
		const x = point.subarray(0, size);
		const y = point.subarray(size);
		if ({ x, y }[coordinate].subarray(0, zeros).every((byte) => byte === 0)) return { number, d, x, y };
	}
}

console.log(`--- EC keys whose coordinates begin with zero bytes, which RFC 7518 6.2.1.2 wants kept. Made by padded.mjs.

return {`);
for (const curve of curves) {
	for (const coordinate of ["x", "y"]) {
		const { number, d, x, y } = first(curve, coordinate);
		console.log(`\t{
		name = "${coordinate} of ${curve.crv}, d = ${number}", alg = "${curve.alg}", crv = "${curve.crv}", coordinate = "${coordinate}";
		d = "${base64url(d)}";
		x = "${base64url(x)}";
		y = "${base64url(y)}";
	};`);
	}
}
console.log("};");
