import { describe, expect, it } from 'vitest';
import {
  geometricAnnealing,
  overdampedGaussian,
  underdampedGaussian,
  type AnnealedGaussian,
} from '../../../support/annealedGaussian';
import type { Normal } from '../../../../src/main/targets/oracles/annealing';
import { random } from '../../../support/random';

const linear = (count: number): Float64Array => Float64Array.from({ length: count }, (_, k) => (k + 1) / count);
const same = (count: number, step: number): Float64Array => new Float64Array(count).fill(step);

interface Row {
  readonly steps: number;
  readonly step: number;
  /** Plain, true score, best mean, exact reversal. */
  readonly bounds: readonly (number | undefined)[];
  readonly final?: readonly [number, number];
}

const row = (steps: number, step: number, bounds: Row['bounds'], final?: Row['final']): Row => ({
  ...{ steps, step, bounds },
  ...(final === undefined ? {} : { final }),
});

function check(found: AnnealedGaussian, { bounds, final }: Row): void {
  const actual = [found.plain.bound, found.trueScore.bound, found.bestMean.bound, found.exactReversal];
  bounds.forEach((value, i) => value !== undefined && expect(Math.abs((actual[i] ?? NaN) - value)).toBeLessThan(1e-6));
  if (final === undefined) return;
  expect(Math.abs(found.final.mean - final[0])).toBeLessThan(1e-6);
  expect(Math.abs(found.final.variance - final[1])).toBeLessThan(1e-6);
}

// Numbers of a published derivation, from moments propagated by other code.
const overdamped: [string, Normal, Normal, Row[]][] = [
  [
    'N(0, 1) to N(3, 0.25)',
    { mean: 0, variance: 1 },
    { mean: 3, variance: 0.25 },
    [
      row(1, 0.02, [-18.687173, -15.883642, -15.878932, -15.875146], [0.24, 0.8864]),
      row(1, 0.05, [-18.106853, -12.055501, -11.982528, -11.957405], [0.6, 0.74]),
      row(1, 0.1, [-16.326853, -7.376853, -6.79971, -6.696762], [1.2, 0.56]),
      row(2, 0.05, [-16.2904, -9.751275, -9.685463, -9.658377], [0.84, 0.654]),
      row(2, 0.1, [-13.278108, -4.787434, -4.362268, -4.2758], [1.56, 0.4745]),
      row(8, 0.02, [-15.145611, -8.939064, -8.931965, -8.922974], [0.921839, 0.619663]),
      row(8, 0.05, [-11.072905, -2.874021, -2.814053, -2.782305], [1.834084, 0.398108]),
      row(8, 0.1, [-7.127515, -0.627587, -0.408223, -0.365865], [2.586392, 0.335114]),
      row(32, 0.02, [-9.420718, -1.448124, -1.440622, -1.429821], [2.161379, 0.33418]),
      row(32, 0.05, [-5.13361, -0.120749, -0.081956, -0.068597], [2.823052, 0.290669]),
      row(32, 0.1, [-2.853743, -0.25917, -0.030673, -0.018492], [2.95709, 0.315881]),
    ],
  ],
  [
    'N(0, 1) to N(10, 1)',
    { mean: 0, variance: 1 },
    { mean: 10, variance: 1 },
    [
      row(1, 0.1, [-49.52525, -40.525349, -40.50005, -40.500025]),
      row(8, 0.1, [-37.75387, -20.576878, -20.526902, -20.526834]),
      row(64, 0.05, [-21.103418, -4.09566, -4.082395, -4.082386]),
      row(64, 0.2, [-5.913759, -0.413027, -0.198811, -0.198188]),
      row(256, 0.1, [-3.399334, -0.139334, -0.062537, -0.062467]),
      row(256, 0.2, [-1.561342, -0.605116, -0.015705, -0.015082]),
    ],
  ],
  [
    'N(0, 9) to N(0, 0.1)',
    { mean: 0, variance: 9 },
    { mean: 0, variance: 0.1 },
    [
      row(1, 0.05, [-33.937595, -12.873765, -10.414989, -9.6715]),
      row(1, 0.2, [-44.250095, -224.313925, -44.228819, -44.228353]),
      row(2, 0.1, [-16.216422, -6.743996, -5.125573, -0.153426]),
      row(8, 0.05, [-14.741101, -1.036006, -0.809128, -0.085528]),
      row(64, 0.01, [-13.394558, -0.107164, -0.101893, -0.012875]),
      row(64, 0.1, [-3.402025, -7.356486, -0.317264, -0.153426]),
    ],
  ],
];

describe.each(overdamped)('ULA from %s', (_, base, target, rows) => {
  it.each(rows.map((entry) => [entry.steps, entry.step, entry] as const))(
    'with K = %d, δ = %d',
    (steps, step, entry) => {
      check(overdampedGaussian({ base, target, betas: linear(steps), steps: same(steps, step) }), entry);
    },
  );
});

const kick = [
  row(1, 0.1, [-18.799133, -18.799133, -18.799133], [0.06, 0.9704]),
  row(2, 0.2, [-17.842175, -17.592257, -17.581114], [0.5376, 0.760912]),
  row(8, 0.1, [-16.063831, -13.270111, -13.145547], [0.935084, 0.615997]),
  row(8, 0.2, [-10.540348, -4.611708, -4.347368], [2.790971, 0.32239]),
  row(32, 0.1, [-7.41204, -0.538615, -0.23215], [2.893255, 0.286152]),
  row(32, 0.2, [-2.834083, -0.162019, -0.04288], [2.98194, 0.277377]),
];
const drift = [
  row(1, 0.1, [-18.814655, -18.814655, -18.814655], [0.06, 0.970201]),
  row(8, 0.2, [-11.25411, -4.968136, -4.687863], [2.777473, 0.302095]),
  row(32, 0.2, [-2.95418, -0.168242, -0.044025], [2.981497, 0.256924]),
];

describe.each([
  ['kick-drift-kick', kick],
  ['drift-kick-drift', drift],
] as const)('UHA from N(0, 1) to N(3, 0.25), %s', (integrator, rows) => {
  const ends = { base: { mean: 0, variance: 1 }, target: { mean: 3, variance: 0.25 }, refreshment: 0.8, mass: 1 };

  it.each(rows.map((entry) => [entry.steps, entry.step, entry] as const))(
    'with K = %d, δ = %d',
    (steps, step, entry) => {
      const options = { ...ends, integrator, betas: linear(steps), steps: same(steps, step) };
      const found = underdampedGaussian(options);
      check(found, entry);
      // Fed with the true score, Tweedie's mean is the best one; in either form it is bounded by the exact reversal.
      const tweedie = underdampedGaussian({ ...options, backwardMean: 'tweedie' });
      expect(tweedie.trueScore.bound).toBeCloseTo(found.bestMean.bound, 9);
      expect(tweedie.bestMean.bound).toBeCloseTo(found.bestMean.bound, 9);
      expect(found.exactReversal).toBeGreaterThanOrEqual(found.bestMean.bound - 1e-9);
    },
  );
});

describe('paths through a geometric series of normals', () => {
  // σ₀, σ, α, K, then log Z, mean and variance of marginal weights, of classical ones, and both errors.
  it.each([
    [1, 0.1, 0, 1, -1.383647, -1.383647, 0, -48.581061, 4900.5, 0, 84.4281],
    [1, 0.1, 0, 4, -1.383647, -1.383647, 0, -3.405617, 9.350889, 0, 3.666],
    [1, 0.1, 0, 10, -1.383647, -1.383647, 0, -2.005527, 1.7105, 0, 1.4482],
    [1, 0.1, 0, 100, -1.383647, -1.383647, 0, -1.437489, 0.111055, 0, 0.3376],
    [1, 0.1, 0.5, 1, -1.383647, -12.134429, 306.28125, -48.581061, 4900.5, 20.5392, 84.4281],
    [1, 0.1, 0.5, 4, -1.383647, -1.697574, 1.236978, -6.448244, 68.319249, 1.1557, 9.6938],
    [1, 0.1, 0.5, 10, -1.383647, -1.3963, 0.02932, -2.596486, 5.163427, 0.1717, 2.5757],
    [1, 0.1, 0.5, 100, -1.383647, -1.38371, 0.000127, -1.474589, 0.194742, 0.0113, 0.4506],
    [1, 0.1, 0.9, 1, -1.383647, -39.280251, 3215.21805, -48.581061, 4900.5, 68.201, 84.4281],
    [1, 0.1, 0.9, 4, -1.383647, -23.027879, 1112.176979, -31.210371, 2033.962301, 39.7574, 54.0703],
    [1, 0.1, 0.9, 10, -1.383647, -9.209416, 173.510925, -16.321474, 551.600781, 15.3217, 27.8341],
    [1, 0.1, 0.9, 100, -1.383647, -1.397218, 0.031609, -1.99095, 1.936168, 0.1783, 1.5182],
    [2, 0.5, 0, 8, 0.225791, 0.225791, 0, -0.044769, 0.686292, 0, 0.8715],
    [2, 0.5, 0.5, 8, 0.225791, 0.219991, 0.012824, -0.258869, 1.641095, 0.1134, 1.3697],
    [2, 0.5, 0.9, 8, 0.225791, -1.184264, 10.262098, -2.672527, 31.441256, 3.5001, 6.312],
    [2, 0.5, 0.9, 64, 0.225791, 0.214049, 0.027064, -0.100885, 0.993883, 0.1649, 1.0491],
  ])('from σ = %d to %d, α = %d, K = %d', (from, to, correlation, steps, logZ, ...expected) => {
    const found = geometricAnnealing({ from, to, correlation, steps });
    expect(found.logZ).toBeCloseTo(logZ, 6);
    const { marginal, classical } = found;
    const actual = [marginal.mean, marginal.variance, classical.mean, classical.variance];
    actual.forEach((value, i) => expect(Math.abs(value - (expected[i] ?? NaN))).toBeLessThan(1.01e-6));
    expect(marginal.error).toBeCloseTo(expected[4] ?? NaN, 4);
    expect(classical.error).toBeCloseTo(expected[5] ?? NaN, 4);
  });

  it.each([1, 3, 20])('without any mixing both weights are those of plain importance sampling, K = %d', (steps) => {
    const { marginal, classical } = geometricAnnealing({ from: 1, to: 0.1, correlation: 1, steps });
    for (const { mean, variance } of [marginal, classical]) {
      expect(mean).toBeCloseTo(-48.581061, 6);
      expect(variance).toBeCloseTo(4900.5, 8);
    }
  });

  /** Mean of classical log weights of simulated chains, from σ = 1 to 0.1 in four. @param correlation the chains' own */
  function simulated(correlation: number, chains: number): { readonly mean: number; readonly variance: number } {
    const steps = 4;
    const draws = random(7);
    const variances = Array.from({ length: steps + 1 }, (_, k) => 0.01 ** (k / steps));
    const at = (k: number): number => variances[k] ?? NaN;
    let [sum, squares] = [0, 0];
    for (let chain = 0; chain < chains; chain += 1) {
      let x = draws.normal();
      // log γ_k lacks its normaliser but for k = 0.
      let weight = 0.5 * Math.log(2 * Math.PI);
      for (let k = 1; k <= steps; k += 1) {
        weight -= 0.5 * x * x * (1 / at(k) - 1 / at(k - 1));
        x = correlation * x + Math.sqrt((1 - correlation * correlation) * at(k)) * draws.normal();
      }
      sum += weight;
      squares += weight * weight;
    }
    const mean = sum / chains;
    return { mean, variance: squares / chains - mean * mean };
  }

  it('have the moments of simulated chains', () => {
    const chains = 200_000;
    const { classical } = geometricAnnealing({ from: 1, to: 0.1, correlation: 0.5, steps: 4 });
    const { mean, variance } = simulated(0.5, chains);
    // Four standard errors of the mean: refused once in 16,000 times with seeds left free. The variance's are wider still.
    const error = 4 * Math.sqrt(classical.variance / chains);
    expect(Math.abs(mean - classical.mean)).toBeLessThan(error);
    expect(Math.abs(variance - classical.variance)).toBeLessThan(3);
    expect(Math.abs(simulated(0.52, chains).mean - classical.mean)).toBeGreaterThan(error);
  });
});
