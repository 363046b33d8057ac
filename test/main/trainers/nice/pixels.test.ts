import { describe, expect, it } from 'vitest';
import { dequantise, quantised, resizeImages } from '../../../../src/main/trainers/nice';
import { estimate } from '../../../support/moments';
import { expectNear } from '../../../support/near';

describe('images of another size', () => {
  it('weigh the pixels that they cover', () => {
    // By hand: centres 0.5 and 2.5 of four pixels, weights falling to 0 two pixels away, 0.75 : 0.75 : 0.25 after the edge's cut.
    const row = resizeImages(Float32Array.of(7, 14, 28, 0), [1, 4], [1, 2]);
    expectNear(row, [(3 * 7 + 3 * 14 + 28) / 7, (14 + 3 * 28) / 7], 1e-6);
    // Larger: between the two nearest centres, the edge pixel beyond the last one.
    expectNear(resizeImages(Float32Array.of(1, 5), [2, 1], [4, 1]), [1, 2, 4, 5], 1e-6);
  });

  it('keep flat images flat, planes planes in their middle, and each other apart', () => {
    const flat = new Float32Array(28 * 28).fill(0.37);
    const slope = Float32Array.from({ length: 28 * 28 }, (_, i) => Math.floor(i / 28) + 100 * (i % 28));
    const both = new Float32Array(2 * 28 * 28);
    both.set(flat);
    both.set(slope, 28 * 28);
    const small = resizeImages(both, [28, 28], [7, 7]);
    expect(small.length).toBe(98);
    expectNear(small.subarray(0, 49), Array<number>(49).fill(0.37), 1e-6);
    for (let y = 1; y < 6; y += 1)
      for (let x = 1; x < 6; x += 1)
        expect(Math.abs((small[49 + 7 * y + x] ?? NaN) - (4 * y + 1.5 + 100 * (4 * x + 1.5)))).toBeLessThan(1e-2);
    expect(resizeImages(slope, [28, 28], [28, 28])).toEqual(slope);
  });
});

it('every byte falls on its own one of eight levels', () => {
  const bytes = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
  expect(Array.from(quantised(bytes))).toEqual(Array.from({ length: 256 }, (_, byte) => Math.floor(byte / 32) / 8));
});

it('noise fills the levels evenly, and logits of it are finite and tell the level', () => {
  const count = 8000;
  const values = Float32Array.from({ length: count }, (_, i) => (i % 8) / 8);
  const rows = values.slice();
  dequantise(rows, 8, 5, 1);
  const again = values.slice();
  dequantise(again, 8, 5, 1);
  expect(again).toEqual(rows);
  dequantise(again.fill(0), 8, 5, 2);
  expect(again.subarray(0, 8)).not.toEqual(rows.subarray(0, 8));
  const back = Array.from(rows, (logit) => (1 / (1 + Math.exp(-logit)) - 0.05) / 0.9);
  expect(back.every((x, i) => Math.floor(8 * x + 1e-5) === i % 8 || Math.abs(8 * x - Math.round(8 * x)) < 1e-5)).toBe(
    true,
  );
  const within = estimate(back.map((x, i) => 8 * x - (i % 8)));
  // Once in 150,000 seeds; noise half a hundredth too low would be found.
  expect(Math.abs(within.mean - 0.5) / within.se).toBeLessThan(4.5);
  expect(Math.abs(within.mean - 0.48) / within.se).toBeGreaterThan(4.5);
});
