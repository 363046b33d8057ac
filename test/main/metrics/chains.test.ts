import { describe, expect, it } from 'vitest';
import { chainEffectiveSampleSize } from '../../../src/main/metrics/effectiveSampleSize';
import { normalQuantile } from '../../../src/main/metrics/normalQuantile';
import { rHat } from '../../../src/main/metrics/rHat';
import { random } from '../../support/random';

/** x_t = ρ x_{t−1} + √(1−ρ²) ε: standard normals whose autocorrelation at lag t is ρ^t. */
function autoregressive(chains: number, length: number, rho: number, seed: number, shift = 0): Float64Array[] {
  const { normal } = random(seed);
  return Array.from({ length: chains }, (_, chain) => {
    let x = normal();
    return Float64Array.from({ length }, () => {
      x = rho * x + Math.sqrt(1 - rho * rho) * normal();
      return x + (chain === 0 ? shift : 0);
    });
  });
}

it.each([
  [0.975, 1.959964],
  [0.5, 0],
  [0.01, -2.326348],
  [1e-9, -5.997807],
  [0.6, 0.253347],
])('the normal quantile of %d is %d', (p, value) => {
  expect(normalQuantile(p)).toBeCloseTo(value, 5);
});

describe('R-hat', () => {
  it('is 1 for chains that agree', () => {
    expect(rHat(autoregressive(8, 1000, 0, 1))).toBeLessThan(1.005);
    expect(rHat(autoregressive(8, 4000, 0.9, 2))).toBeLessThan(1.02);
    expect(rHat([new Float64Array(10).fill(3), new Float64Array(10).fill(3)])).toBe(1);
  });

  it('sees one chain elsewhere, one that is wider, and one that drifts', () => {
    expect(rHat(autoregressive(8, 1000, 0, 1, 1))).toBeGreaterThan(1.05);
    const wide = autoregressive(4, 1000, 0, 3).map((chain, index) => chain.map((x) => (index === 0 ? 3 * x : x)));
    expect(rHat(wide)).toBeGreaterThan(1.05);
    const drifting = autoregressive(4, 1000, 0, 4).map((chain) => chain.map((x, t) => x + t / 500));
    expect(rHat(drifting)).toBeGreaterThan(1.05);
  });
});

describe('effective sample size', () => {
  it.each([0, 0.5, 0.9])('is draws · (1 − ρ)/(1 + ρ) for autocorrelation ρ = %d', (rho) => {
    const size = chainEffectiveSampleSize(autoregressive(16, 4000, rho, 5));
    const expected = (16 * 4000 * (1 - rho)) / (1 + rho);
    // Its relative standard error is some 3 % at ρ = 0.9; a fifth is more than five of those.
    expect(size / expected).toBeGreaterThan(0.8);
    expect(size / expected).toBeLessThan(1.2);
  });

  it('is more than the draws of chains that alternate', () => {
    expect(chainEffectiveSampleSize(autoregressive(8, 2000, -0.5, 6))).toBeGreaterThan(1.5 * 8 * 2000);
  });
});
