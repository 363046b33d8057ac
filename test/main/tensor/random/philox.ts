/**
 * Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").
 * Four 32-bit words come from a 128-bit counter and a 64-bit key alone, so any number can be drawn anywhere, in any order.
 * One counter at a time, to read and to compare with: what runs is src/main/tensor/random/noise.wat.
 */
const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
const two32 = 4294967296;

/**
 * Encrypts one counter.
 * @param out receives the four words at `offset`
 */
export function philox(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  key0: number,
  key1: number,
  out: Uint32Array,
  offset = 0,
): void {
  let x0 = c0 >>> 0;
  let x1 = c1 >>> 0;
  let x2 = c2 >>> 0;
  let x3 = c3 >>> 0;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < 10; round += 1) {
    const low0 = Math.imul(multiplier0, x0) >>> 0;
    const low1 = Math.imul(multiplier1, x2) >>> 0;
    // The product minus its low word is a multiple of 2^32, and doubles miss it by at most 2^11: rounding restores it exactly.
    const high0 = ((multiplier0 * x0 - low0) / two32 + 0.5) >>> 0;
    const high1 = ((multiplier1 * x2 - low1) / two32 + 0.5) >>> 0;
    x0 = (high1 ^ x1 ^ k0) >>> 0;
    x1 = low1;
    x2 = (high0 ^ x3 ^ k1) >>> 0;
    x3 = low0;
    k0 = (k0 + weyl0) | 0;
    k1 = (k1 + weyl1) | 0;
  }
  out[offset] = x0;
  out[offset + 1] = x1;
  out[offset + 2] = x2;
  out[offset + 3] = x3;
}
