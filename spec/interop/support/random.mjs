// Numbers that look random and are the same for the same seed (mulberry32).

/** newRandom(seed) -> random; random(n) -> an integer from 0 to n - 1 */
export function newRandom(seed) {
	let state = seed >>> 0;
	return (n) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) % n;
	};
}
