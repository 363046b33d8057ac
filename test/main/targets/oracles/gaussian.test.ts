import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { perfectAnnealing, normalDivergence } from '../../../../src/main/targets/oracles/annealing';
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

describe('annealing from N(0, 1) to N(2, 1/4) with perfect transitions', () => {
  const [base, target] = [
    { mean: 0, variance: 1 },
    { mean: 2, variance: 0.25 },
  ];

  it.each([
    [1, 8.806853, 5.5625, 11.164062],
    [2, 3.876853, 2.78125, 4.181641],
    [4, 1.711404, 1.390625, 1.740723],
    [8, 0.780618, 0.695312, 0.782837],
    [16, 0.369389, 0.347656, 0.369537],
    [32, 0.179289, 0.173828, 0.179298],
    [64, 0.088281, 0.086914, 0.088282],
    [128, 0.043799, 0.043457, 0.043799],
    [1024, 0.005437, 0.005432, 0.005437],
  ])('leaves a gap over %i steps near J/(2K)', (steps, gap, leading, corrected) => {
    const found = perfectAnnealing(base, target, steps);
    expect(Math.abs(found.gap - gap)).toBeLessThan(1e-6);
    expect(Math.abs(found.leading - leading)).toBeLessThan(1e-6);
    expect(Math.abs(found.corrected - corrected)).toBeLessThan(1e-6);
    expect(found.reverse).toBeCloseTo(8.806853, 6);
    expect(found.forward).toBeCloseTo(2.318147, 6);
  });

  it.each([
    [16, 0.838676],
    [64, 0.182224],
    [256, 0.043973],
  ])('has log weights over %i steps of known variance', (steps, variance) => {
    expect(Math.abs(perfectAnnealing(base, target, steps).variance - variance)).toBeLessThan(1e-6);
  });

  /** Log weights of annealing whose states are drawn from `drawAt`(β). */
  function logWeights(steps: number, count: number, drawAt = (beta: number) => beta): { mean: number; se: number } {
    const { normal } = random(77);
    const ratio = (z: number): number => -2 * (z - 2) ** 2 + Math.log(2) + 0.5 * z * z;
    let [sum, squares] = [0, 0];
    for (let i = 0; i < count; i += 1) {
      let weight = 0;
      for (let k = 0; k < steps; k += 1) {
        const beta = drawAt(k / steps);
        const precision = 1 + 3 * beta;
        weight += ratio((8 * beta) / precision + normal() / Math.sqrt(precision)) / steps;
      }
      sum += weight;
      squares += weight * weight;
    }
    const mean = sum / count;
    return { mean, se: Math.sqrt((squares / count - mean * mean) / count) };
  }

  // Three standard errors: with the seed left free, a right formula would fail once in 370 times.
  it('agrees with a simulation, which states of the wrong temperature would contradict', () => {
    const { gap } = perfectAnnealing(base, target, 16);
    const right = logWeights(16, 20_000);
    expect(Math.abs(-right.mean - gap)).toBeLessThan(3 * right.se);
    const late = logWeights(16, 20_000, (beta) => beta + 1 / 64);
    expect(Math.abs(-late.mean - gap)).toBeGreaterThan(6 * late.se);
  });

  it('knows the divergence of two normals', () => {
    expect(normalDivergence(base, base)).toBe(0);
    expect(normalDivergence({ mean: 1, variance: 4 }, base)).toBeCloseTo(0.5 * (4 + 1 - 1 - Math.log(4)), 12);
  });
});
