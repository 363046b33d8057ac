import { describe, expect, it } from 'vitest';
import { heldOutScores, normalScores, sampleScores } from '../../../src/main/experiments/heldOut';
import { drive } from '../../../src/main/runs/driver';
import { parseRunFile } from '../../../src/shared/runFile';
import { random } from '../../support/random';
import { testFolder } from '../datasets/folder';

const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));
const heldOut = {
  design: Float64Array.of(1, 0.5, 1, -2, 1, 1.5, 1, 0),
  labels: Int32Array.of(1, 0, 0, 1),
  rows: 4,
};
const fit = { method: 'vi', mean: [0.3, 0.8], std: [0.5, 1.2] };
const file = testFolder();

describe('rows that were kept back', () => {
  it('are predicted by draws, which their weights mix before any logarithm', () => {
    const values = Float64Array.of(0.3, 0.8, -1, 2, 5, 5);
    const logWeights = [Math.log(3) - 700, -700, -Infinity];
    const row = (x: number, label: number): number => {
      const one = 0.75 * sigmoid(0.3 + 0.8 * x) + 0.25 * sigmoid(-1 + 2 * x);
      return label === 1 ? one : 1 - one;
    };
    const chances = [row(0.5, 1), row(-2, 0), row(1.5, 0), row(0, 1)];
    const found = sampleScores(heldOut, { values, logWeights });
    expect(found?.heldOutLogPredictive).toBeCloseTo(chances.reduce((sum, p) => sum + Math.log(p), 0) / 4, 12);
    expect(found?.heldOutAccuracy).toBe(chances.filter((p) => p > 0.5).length / 4);
    const even = sampleScores(heldOut, { values: values.subarray(0, 4) });
    expect(even?.heldOutLogPredictive).not.toBeCloseTo(found?.heldOutLogPredictive ?? NaN, 3);
    expect(sampleScores(heldOut, { values, logWeights: [NaN, -Infinity, NaN] })).toBeUndefined();
  });

  it('are predicted by a normal as by very many of its draws, and not by its mean alone', () => {
    const { normal } = random(8);
    const [count, groups] = [4000, 16];
    const found = Array.from({ length: groups }, () => {
      const values = Float64Array.from(
        { length: 2 * count },
        (_, i) => (fit.mean[i % 2] ?? 0) + (fit.std[i % 2] ?? 0) * normal(),
      );
      return sampleScores(heldOut, { values })?.heldOutLogPredictive ?? NaN;
    });
    const mean = found.reduce((sum, value) => sum + value, 0) / groups;
    const se = Math.sqrt(found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (groups - 1) / groups);
    const { heldOutLogPredictive } = normalScores(heldOut, fit);
    // 4.1 of Student's t with 15 degrees of freedom: a right integral would fail once in 1,000 seeds.
    expect(Math.abs(heldOutLogPredictive - mean)).toBeLessThan(4.1 * se);
    const certain = normalScores(heldOut, { ...fit, std: [0, 0] });
    expect(Math.abs(certain.heldOutLogPredictive - mean)).toBeGreaterThan(40 * se);
  });

  it('are predicted in closed form where there is one', () => {
    const logs = [sigmoid(0.7), 1 - sigmoid(-1.3), 1 - sigmoid(1.5), sigmoid(0.3)].map(Math.log);
    const certain = normalScores(heldOut, { ...fit, std: [0, 0] });
    expect(certain.heldOutLogPredictive).toBeCloseTo(logs.reduce((a, b) => a + b, 0) / 4, 12);
    expect(certain.heldOutAccuracy).toBe(0.75);
    // An answer that knows nothing tosses a coin, however wide it is.
    for (const width of [0.1, 3, 40]) {
      const ignorant = normalScores(heldOut, { mean: [0, 0], std: [width, width] });
      expect(ignorant.heldOutLogPredictive).toBeCloseTo(-Math.LN2, 9);
      expect(ignorant.heldOutAccuracy).toBe(0.5);
    }
    // A very wide logit is as good as a step: E σ(c + s u) → Φ(c/s).
    const wide = normalScores(
      { design: Float64Array.of(1), labels: Int32Array.of(1), rows: 1 },
      { mean: [60], std: [60] },
    );
    expect(Math.exp(wide.heldOutLogPredictive)).toBeCloseTo(0.841345, 3);
  });

  it('are scored for the normal of an answer before its draws, and not where none are', () => {
    const samples = { method: 'vi', values: Float64Array.of(0, 0) };
    expect(heldOutScores(heldOut, fit, samples)).toEqual(normalScores(heldOut, fit));
    expect(heldOutScores(heldOut, undefined, samples)?.heldOutLogPredictive).toBeCloseTo(-Math.LN2, 12);
    expect(heldOutScores(undefined, fit, samples)).toBeUndefined();
    expect(heldOutScores(heldOut, undefined, undefined)).toBeUndefined();
  });
});

describe('a run of a regression', () => {
  const { uniform, normal } = random(3);
  const rows = Array.from({ length: 240 }, () => {
    const [a, b] = [normal(), normal()];
    return `${a},${b},${uniform() < sigmoid(2 * a - b) ? 1 : 0}`;
  });
  const table = file('t.csv', `a,b,y\n${rows.join('\n')}\n`);
  const spec = (split: object) => ({
    kind: 'target',
    target: { type: 'logistic-regression', file: table, ...split },
    methods: [
      { type: 'hmc', chains: 8, iterations: 100, warmUp: 60, leapfrog: 4 },
      { type: 'vi', batch: 16, iterations: 300, learningRate: 0.03 },
      { type: 'dais', steps: 4, particles: 1, batch: 8, iterations: 300, learningRate: 0.03 },
    ],
    evaluate: { samples: 512, coverage: false },
  });

  it('scores every answer on the rows that were kept back', async () => {
    const { metrics } = await drive(parseRunFile(spec({ split: { train: 0.6, seed: 1 } }), 'run.json'), {
      directory: '.',
    });
    const own = metrics as Record<string, Record<string, number>>;
    const scores = ['hmc', 'vi', 'dais', 'dais0'].map((name) => own[name]?.['heldOutLogPredictive'] ?? NaN);
    for (const score of scores) {
      // Between a coin and the entropy of the labels that the truth leaves; all answers are near the posterior.
      expect(score).toBeGreaterThan(-0.6);
      expect(score).toBeLessThan(-0.25);
      expect(Math.abs(score - (scores[0] ?? NaN))).toBeLessThan(0.01);
    }
    for (const name of ['hmc', 'vi', 'dais', 'dais0']) {
      const accuracy = own[name]?.['heldOutAccuracy'] ?? NaN;
      expect(accuracy).toBeGreaterThan(0.7);
      // A share of 96 rows.
      expect(96 * accuracy).toBeCloseTo(Math.round(96 * accuracy), 9);
    }
  });

  it('has no such scores where all rows were fitted', async () => {
    const { metrics } = await drive(parseRunFile(spec({}), 'run.json'), { directory: '.' });
    for (const name of ['hmc', 'vi', 'dais', 'dais0']) {
      expect(metrics[name]).toHaveProperty('seconds');
      expect(metrics[name]).not.toHaveProperty('heldOutAccuracy');
    }
  });
});
