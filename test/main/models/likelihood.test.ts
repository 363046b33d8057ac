import type * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildLikelihood, diagonalGaussian, type Likelihood } from '../../../src/main/models';
import { openDevice } from '../../../src/main/tensor/devices';
import type { InitialSpec, LikelihoodSpec } from '../../../src/shared/runFile';
import { checkpointOf } from '../../support/models';
import { estimate } from '../../support/moments';
import { random } from '../../support/random';

const likelihood = (spec: LikelihoodSpec): Likelihood => buildLikelihood(spec, checkpointOf({}));

async function logDensity(of: Likelihood, output: number[], x: number[], width: number): Promise<number[]> {
  const device = await openDevice('cpu');
  const program = await device.compile(
    (t) => ({ value: of.logDensity(t['output'] as tf.Tensor2D, t['x'] as tf.Tensor2D) }),
    { inputs: { output: { shape: [output.length / width, width] }, x: { shape: [x.length / width, width] } } },
  );
  const { value } = await program.run({ output: Float32Array.from(output), x: Float32Array.from(x) });
  await program.dispose();
  return [...(value as Float32Array)];
}

const bernoulliTerm = (a: number, x: number): number => x * a - Math.max(0, a) - Math.log1p(Math.exp(-Math.abs(a)));
const gaussianTerm = (m: number, x: number, sigma: number): number =>
  -0.5 * (((x - m) / sigma) ** 2 + Math.log(2 * Math.PI * sigma * sigma));

/** Sums of `count` terms in float32, of the size of the result. */
function expectRelative(actual: number | undefined, expected: number): void {
  expect(Math.abs((actual ?? NaN) - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
}

describe('log p(x | z)', () => {
  it('Gaussian: the golden value', async () => {
    // W z at z = (0.3, −0.7)
    const [value] = await logDensity(likelihood({ type: 'gaussian', sigma: 0.5 }), [0.3, -0.4, -1.4], [1, -0.5, 2], 3);
    expectRelative(value, -24.7973740579);
  });

  it.each([0.01, 0.1732, 1, 30])('Gaussian, σ = %f: rows are chain-major beside their data', async (sigma) => {
    const source = random(3);
    const [x, output] = [source.normals(2 * 5), source.normals(6 * 5)];
    const values = await logDensity(likelihood({ type: 'gaussian', sigma }), output, x, 5);
    expect(values).toHaveLength(6);
    values.forEach((value, row) => {
      const expected = Array.from({ length: 5 }, (_, j) =>
        gaussianTerm(Math.fround(output[5 * row + j] ?? NaN), Math.fround(x[5 * (row % 2) + j] ?? NaN), sigma),
      );
      expectRelative(
        value,
        expected.reduce((a, b) => a + b),
      );
    });
  });

  it('Bernoulli: x a − softplus(a)', async () => {
    const source = random(4);
    const output = source.normals(6 * 5).map((value) => 4 * value);
    const x = Array.from({ length: 2 * 5 }, () => Number(source.uniform() < 0.5));
    const values = await logDensity(likelihood({ type: 'bernoulli' }), output, x, 5);
    values.forEach((value, row) => {
      const expected = Array.from({ length: 5 }, (_, j) =>
        bernoulliTerm(output[5 * row + j] ?? NaN, x[5 * (row % 2) + j] ?? NaN),
      );
      expectRelative(
        value,
        expected.reduce((a, b) => a + b),
      );
    });
  });

  it('Bernoulli: loses nothing at logits of ±100', async () => {
    const values = await logDensity(
      likelihood({ type: 'bernoulli' }),
      [100, 100, -100, -100, 0, 1e-3],
      [1, 0, 1, 0, 1, 0],
      1,
    );
    const expected = [0, -100, -100, 0, -Math.LN2, bernoulliTerm(1e-3, 0)];
    // softplus(−100) = e^−100 is 0 in float32.
    expected.forEach((value, index) => expect(Math.abs((values[index] ?? NaN) - value)).toBeLessThan(1e-5));
  });

  it('Bernoulli: the golden model, with z integrated out on a grid', async () => {
    const [w, b] = [
      [2, -1.5, 1, 0.5],
      [0.1, -0.2, 0.3, 0],
    ];
    const [points, width] = [1001, 0.02];
    const grid = Array.from({ length: points }, (_, i) => -10 + i * width);
    const logits = grid.flatMap((z) => w.map((slope, j) => slope * z + (b[j] ?? 0)));
    const patterns = Array.from({ length: 16 }, (_, code) => [8, 4, 2, 1].map((bit) => Number((code & bit) > 0)));
    const prior = grid.map((z) => (width * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI));
    let information = 0;
    const evidence: number[] = [];
    for (const x of patterns) {
      const conditional = await logDensity(likelihood({ type: 'bernoulli' }), logits, x, 4);
      const total = conditional.reduce((sum, value, i) => sum + (prior[i] ?? 0) * Math.exp(value), 0);
      evidence.push(Math.log(total));
      conditional.forEach((value, i) => (information += (prior[i] ?? 0) * Math.exp(value) * (value - Math.log(total))));
    }
    // Golden values to ten digits; densities here are float32, averaged over a thousand points.
    expect(evidence[0b1111]).toBeCloseTo(-3.040260999, 6);
    expect(evidence[0b0000]).toBeCloseTo(-3.1070288866, 6);
    expect(evidence[0b1011]).toBeCloseTo(-1.8276004069, 6);
    expect(information).toBeCloseTo(0.3990853542, 6);
    expect(Math.log(evidence.reduce((sum, value) => sum + Math.exp(value), 0))).toBeCloseTo(0, 6);
  });
});

describe('sampling x given the output', () => {
  const count = 40_000;

  it('Gaussian: mean and variance', () => {
    const noise = Float32Array.from(random(5).normals(count));
    const x = [...likelihood({ type: 'gaussian', sigma: 0.3 }).sample(new Float32Array(count).fill(2), noise)];
    const { mean, se } = estimate(x);
    expect(Math.abs(mean - 2) / se).toBeLessThan(4);
    const squares = estimate(x.map((value) => (value - 2) ** 2));
    expect(Math.abs(squares.mean - 0.09) / squares.se).toBeLessThan(4);
  });

  it.each([-2, 0, 0.7])('Bernoulli: P(x = 1) is the sigmoid of %f', (logit) => {
    const source = random(6);
    const noise = Float32Array.from({ length: count }, source.uniform);
    const x = [...likelihood({ type: 'bernoulli' }).sample(new Float32Array(count).fill(logit), noise)];
    expect(new Set(x)).toEqual(new Set([0, 1]));
    const { mean, se } = estimate(x);
    expect(Math.abs(mean - 1 / (1 + Math.exp(-logit))) / se).toBeLessThan(4);
  });

  it('Bernoulli: extreme logits are certain', () => {
    const noise = Float32Array.of(1e-9, 0.5, 0.9999999, 1e-9, 0.5, 0.9999999);
    const { sample } = likelihood({ type: 'bernoulli' });
    expect([...sample(Float32Array.of(100, 100, 100, -100, -100, -100), noise)]).toEqual([1, 1, 1, 0, 0, 0]);
  });
});

describe('a variance in the checkpoint', () => {
  const build = (data: number[], shape: number[] = [data.length]): Likelihood =>
    buildLikelihood({ type: 'gaussian', logVariance: 'v' }, checkpointOf({ v: { shape, data } }));

  it('is its logarithm', () => {
    expect(build([-3.5], []).sigma).toBeCloseTo(Math.exp(-1.75), 12);
    expect(build([Math.fround(Math.log(0.25))]).sigma).toBeCloseTo(0.5, 7);
  });

  it.each<[string, () => Likelihood, RegExp]>([
    [
      'is missing',
      () => buildLikelihood({ type: 'gaussian', logVariance: 'w' }, checkpointOf({})),
      /logVariance: "w" is not in model\.pth/,
    ],
    ['is a vector', () => build([1, 2]), /not one finite number/],
    ['is NaN', () => build([Number.NaN]), /not one finite number/],
  ])('%s: says so', (_, build, message) => expect(build).toThrow(message));
});

describe('a diagonal Gaussian', () => {
  async function evaluate(spec: InitialSpec, z: number[], latent: number): Promise<number[]> {
    const device = await openDevice('cpu');
    const base = diagonalGaussian(spec, latent, 'ais.initial');
    const program = await device.compile((t) => ({ value: base.logDensity(t['z'] as tf.Tensor2D) }), {
      inputs: { z: { shape: [z.length / latent, latent] } },
    });
    const { value } = await program.run({ z: Float32Array.from(z) });
    await program.dispose();
    return [...(value as Float32Array)];
  }

  it('has the golden densities', async () => {
    const z = [0.3, -0.7];
    expectRelative((await evaluate('prior', z, 2))[0], -2.1278770664);
    expectRelative((await evaluate({ type: 'gaussian', mean: [0.5, 0.2], std: [0.4, 0.3] }, z, 2))[0], -4.3426135302);
  });

  it('draws what its density says', () => {
    const base = diagonalGaussian({ type: 'gaussian', mean: [3, -1], std: [0.5, 2] }, 2, 'a');
    const z = Float32Array.from(random(8).normals(40_000));
    base.fromNormals(z);
    for (const [axis, mean, std] of [
      [0, 3, 0.5],
      [1, -1, 2],
    ] as const) {
      const column = [...z].filter((_, index) => index % 2 === axis);
      const first = estimate(column);
      const second = estimate(column.map((value) => (value - mean) ** 2));
      expect(Math.abs(first.mean - mean) / first.se).toBeLessThan(4);
      expect(Math.abs(second.mean - std * std) / second.se).toBeLessThan(4);
    }
  });

  it('knows the prior when it is spelled out', () => {
    expect(diagonalGaussian({ type: 'gaussian', mean: 0, std: 1 }, 3, 'a').isPrior).toBe(true);
    expect(diagonalGaussian({ type: 'gaussian', mean: 0, std: [1, 1, 1.01] }, 3, 'a').isPrior).toBe(false);
  });

  it('refuses lists of another length', () => {
    expect(() => diagonalGaussian({ type: 'gaussian', mean: [0, 0], std: 1 }, 3, 'ais.initial')).toThrow(
      /ais\.initial\.mean: has 2 numbers, but z has 3 dimensions\. Give one number or 3\./,
    );
  });
});
