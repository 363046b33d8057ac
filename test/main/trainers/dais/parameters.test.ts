import { describe, expect, it } from 'vitest';
import {
  betasOf,
  etaOf,
  etaSlope,
  refreshmentFor,
  scheduleGradient,
} from '../../../../src/main/trainers/dais/parameters';

describe('a schedule', () => {
  it.each([
    ['equal', [1, 1, 1, 1], [0.25, 0.5, 0.75, 1]],
    ['of one step', [-3], [1]],
    ['of huge numbers', [800, 799, -800], [0.7310585786300049, 1, 1]],
  ])('increases to 1 exactly: %s', (_, logits, expected) => {
    const betas = betasOf(Float64Array.from(logits));
    expected.forEach((beta, k) => expect(betas[k]).toBeCloseTo(beta, 14));
    expect(betas.at(-1)).toBe(1);
  });

  it('of any numbers never decreases and ends at 1', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const logits = Float64Array.from({ length: 97 }, (_, k) => 4 * Math.sin(seed * (k + 1) ** 1.3));
      const betas = betasOf(logits);
      betas.forEach((beta, k) => expect(beta).toBeGreaterThan(k === 0 ? 0 : (betas[k - 1] ?? NaN)));
      expect(betas.at(-1)).toBe(1);
    }
  });

  it('has the gradient of finite differences', () => {
    const logits = Float64Array.of(0.3, -0.8, 1.1, 0.2);
    const bars = Float64Array.of(0.7, -1.2, 0.4, 5);
    const value = (at: Float64Array): number =>
      betasOf(at).reduce((sum, beta, k) => sum + (k === 3 ? 0 : beta * (bars[k] ?? NaN)), 0);
    const gradient = scheduleGradient(logits, bars);
    logits.forEach((_, i) => {
      const moved = (by: number): Float64Array => logits.map((entry, j) => (i === j ? entry + by : entry));
      expect(gradient[i]).toBeCloseTo((value(moved(1e-6)) - value(moved(-1e-6))) / 2e-6, 8);
    });
  });
});

describe('refreshment', () => {
  it('stays inside (0.01, 0.99) and comes back from an η', () => {
    expect(etaOf(0.95)).toBeCloseTo(0.716693, 6);
    expect(etaOf(-1000)).toBe(0.01);
    expect(etaOf(1000)).toBe(0.99);
    for (const eta of [0.02, 0.5, 0.7167, 0.98]) expect(etaOf(refreshmentFor(eta))).toBeCloseTo(eta, 12);
    expect(etaSlope(0.4)).toBeCloseTo((etaOf(0.4 + 1e-6) - etaOf(0.4 - 1e-6)) / 2e-6, 9);
  });
});
