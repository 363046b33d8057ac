import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { normalDivergence } from '../../../../src/main/targets/oracles/annealing';
import { divergences, gaussianOptima, perfectGap, perfectOptimum } from '../../../../src/main/targets/oracles/gaussian';
import { expectNear } from '../../../support/near';
import { random } from '../../../support/random';

const correlated = new Matrix([
  [1, 0.9],
  [0.9, 1],
]);

describe('a factorised Gaussian against a correlated one', () => {
  it('has the variances and divergences of the closed forms', () => {
    const { reverse, forward, symmetrised } = gaussianOptima(correlated);
    expectNear([...reverse.variance, ...forward.variance], [0.19, 0.19, 1, 1], 1e-12);
    expect(symmetrised.variance[0]).toBeCloseTo(0.43589, 6);
    // Σ_i √(Σ_ii Λ_ii) − 1
    expect(symmetrised.symmetrised).toBeCloseTo(2 * (1 / Math.sqrt(0.19) - 1), 12);
    expect(symmetrised.reverse).toBeCloseTo(1.294157, 6);
    expectNear([reverse.reverse, reverse.forward], [0.830366, 3.432792], 1e-6);
    expectNear([forward.forward, forward.reverse], [0.830366, 3.432792], 1e-6);
  });

  it('is best for each divergence at its optimum', () => {
    const covariance = new Matrix([
      [2, 0.6, -0.3],
      [0.6, 1, 0.2],
      [-0.3, 0.2, 0.5],
    ]);
    const optima = gaussianOptima(covariance);
    for (const kind of ['reverse', 'forward', 'symmetrised'] as const) {
      const { variance, [kind]: least } = optima[kind];
      for (let axis = 0; axis < 3; axis += 1) {
        for (const factor of [0.98, 1.02]) {
          const moved = variance.map((s, i) => (i === axis ? s * factor : s));
          expect(divergences(covariance, moved)[kind]).toBeGreaterThan(least);
        }
      }
    }
  });

  // [K, variance, gap], computed independently in float64.
  it.each([
    [1, 0.19, 0.830366],
    [2, 0.263576, 0.543448],
    [4, 0.335109, 0.306401],
    [8, 0.382103, 0.159396],
    [16, 0.408157, 0.080579],
    [32, 0.421805, 0.040404],
    [64, 0.428791, 0.020216],
    [128, 0.432326, 0.01011],
    [256, 0.434104, 0.005055],
    [1024, 0.435443, 0.001264],
  ])('with %i perfect transitions learns its variance and leaves its gap', (steps, variance, gap) => {
    const found = perfectOptimum(correlated, steps);
    expect(Math.abs((found.variance[0] ?? NaN) - variance)).toBeLessThan(1e-5);
    expect(Math.abs((found.variance[1] ?? NaN) - variance)).toBeLessThan(1e-5);
    expect(Math.abs(found.gap - gap)).toBeLessThan(1e-6);
  });

  it('leaves a gap between 0 and J/K, from any variances and after any number of steps', () => {
    const { uniform } = random(31);
    for (let trial = 0; trial < 200; trial += 1) {
      const root = Matrix.zeros(3, 3);
      for (let i = 0; i < 9; i += 1) root.set(Math.floor(i / 3), i % 3, 2 * uniform() - 1);
      const covariance = root.mmul(root.transpose()).add(Matrix.eye(3).mul(0.05));
      const variance = Float64Array.from({ length: 3 }, () => Math.exp(4 * uniform() - 2));
      const { reverse, symmetrised } = divergences(covariance, variance);
      for (const steps of [1, 2, 5, 10]) {
        const gap = perfectGap(covariance, variance, steps);
        expect(gap).toBeGreaterThanOrEqual(0);
        expect(gap).toBeLessThanOrEqual(symmetrised / steps);
        if (steps === 1) expect(gap).toBeCloseTo(reverse, 9);
      }
    }
  });
});

it('knows the divergence of two normals', () => {
  const base = { mean: 0, variance: 1 };
  expect(normalDivergence(base, base)).toBe(0);
  expect(normalDivergence({ mean: 1, variance: 4 }, base)).toBeCloseTo(0.5 * (4 + 1 - 1 - Math.log(4)), 12);
});
