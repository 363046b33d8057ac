import { describe, expect, it } from 'vitest';
import {
  logProbability,
  plainVariance,
  shiftedVariance,
  widenedVariance,
} from '../../../../src/main/targets/oracles/rareEvents';
import { fillNormals } from '../../../../src/main/tensor/random/streams';
import { discrepancy, estimate } from '../../../support/moments';

/** Within so much of a known number, relatively: tables are printed to about ten digits. */
function close(actual: number, known: number, tolerance = 2e-9): void {
  expect(Math.abs(actual / known - 1), `${actual} for ${known}`).toBeLessThan(tolerance);
}
const outside = (dim: number, radius: number) => ({ type: 'outside-ball', dim, radius }) as const;

/** Draws of w = 1_A p/q, with q = N(shift e₁, scale² I). */
function weights(dim: number, within: (x: Float64Array) => boolean, shift: number, scale: number): number[] {
  const count = 200_000;
  const normals = new Float64Array(count * dim);
  const place = { seed: 3, stream: 'targetSamples', step: 0, firstChain: 0, chains: 1, firstDatum: 0 } as const;
  fillNormals(normals, { ...place, data: count, width: dim });
  return Array.from({ length: count }, (_, row) => {
    const z = normals.subarray(row * dim, (row + 1) * dim);
    const x = z.map((value, i) => scale * value + (i === 0 ? shift : 0));
    const logRatio = z.reduce(
      (sum, value, i) => sum + 0.5 * (value * value - (x[i] ?? NaN) ** 2),
      dim * Math.log(scale),
    );
    return within(x) ? Math.exp(logRatio) : 0;
  });
}

describe('rare events of a standard normal', () => {
  it.each([
    [2, 3, 1.1108996538e-2],
    [2, 6, 1.5229979745e-8],
    [2, 8, 1.2664165549e-14],
    [3, 4, 1.1339842898e-3],
    [3, 6, 7.4883769488e-8],
    [4, 3, 6.109948096e-2],
    [4, 8, 4.1791746312e-13],
    [5, 4, 6.8440739224e-3],
    [5, 6, 9.4981089986e-7],
    [10, 3, 5.3210357637e-1],
    [10, 8, 6.2937103529e-10],
  ])('have the known probability outside a ball, in %d dimensions at %d', (dim, radius, known) => {
    close(Math.exp(logProbability(outside(dim, radius))), known);
  });

  it('stay in logarithms where no double holds them', () => {
    expect(logProbability(outside(2, 60))).toBeCloseTo(-1800, 9);
    // Φ(−x) is about φ(x)/x (1 − 1/x²) far out.
    const far = -0.5 * 50 ** 2 - 0.5 * Math.log(2 * Math.PI) - Math.log(50) + Math.log1p(-1 / 2500);
    expect(logProbability({ type: 'half-space', edge: 50 })).toBeCloseTo(far, 5);
    expect(logProbability({ type: 'half-space', edge: 0 })).toBeCloseTo(-Math.LN2, 12);
    expect(Math.exp(logProbability({ type: 'half-space', edge: -1 }))).toBeCloseTo(0.8413447460685429, 12);
  });

  it.each([
    [2, 2, 2.2750131948e-2, 2.3409900354, 42.955789],
    [4, 4, 3.1671241833e-5, 4.5111086683, 31573.3855],
    [4, 3, 3.1671241833e-5, 9.3387138374, 31573.3855],
  ])('have the known variance beyond %d by draws shifted by %d', (edge, shift, probability, shifted, plain) => {
    close(Math.exp(logProbability({ type: 'half-space', edge })), probability);
    close(shiftedVariance(edge, shift), shifted);
    close(plainVariance({ type: 'half-space', edge }), plain, 1e-8);
    // Draws that are not shifted are plain ones.
    close(shiftedVariance(edge, 0), plain, 1e-8);
  });

  it.each([
    [2, 4, 2, 15.8892710831, 2979.95799],
    [2, 6, 3, 34.2066790596, 65_659_968.1],
    [5, 4, 1.8, 5.0161730751, 145.111806],
  ])('have the known variance outside a ball in %d dimensions at %d by draws %d times as wide', (...row) => {
    const [dim, radius, scale, widened, plain] = row;
    close(widenedVariance({ dim, radius }, scale), widened);
    close(plainVariance(outside(dim, radius)), plain, 1e-8);
    close(widenedVariance({ dim, radius }, 1), plain, 1e-8);
  });

  it('have no finite variance by draws that are too narrow', () => {
    expect(widenedVariance({ dim: 2, radius: 3 }, 0.7)).toBe(Infinity);
    expect(widenedVariance({ dim: 2, radius: 3 }, 0.8)).toBeGreaterThan(1e3);
  });

  // Means of w and w² over 200,000 draws within four standard errors: each rejects what is right once in 16,000 times.
  it('are what simulated draws make of them', () => {
    const shifted = weights(1, (x) => (x[0] ?? NaN) > 2, 2, 1);
    const half = Math.exp(logProbability({ type: 'half-space', edge: 2 }));
    expect(discrepancy(estimate(shifted), half)).toBeLessThan(4);
    const squares = estimate(shifted.map((w) => (w / half) ** 2));
    expect(discrepancy(squares, 1 + shiftedVariance(2, 2))).toBeLessThan(4);
    expect(discrepancy(squares, 1 + shiftedVariance(2, 1.8))).toBeGreaterThan(4);

    const widened = weights(5, (x) => Math.hypot(...x) >= 4, 0, 1.8);
    const ball = Math.exp(logProbability(outside(5, 4)));
    expect(discrepancy(estimate(widened), ball)).toBeLessThan(4);
    const others = estimate(widened.map((w) => (w / ball) ** 2));
    expect(discrepancy(others, 1 + widenedVariance({ dim: 5, radius: 4 }, 1.8))).toBeLessThan(4);
    expect(discrepancy(others, 1 + widenedVariance({ dim: 5, radius: 4 }, 1.5))).toBeGreaterThan(4);
  });
});
