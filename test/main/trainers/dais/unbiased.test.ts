import { describe, expect, it } from 'vitest';
import { buildTarget, type Target } from '../../../../src/main/targets';
import { fillNormals } from '../../../../src/main/tensor/random/streams';
import type { AnnealedFlow, ChainNoise } from '../../../../src/main/trainers/dais/chain';
import { targetSchema } from '../../../../src/shared/runFile/target';
import { openFlow, plainChain } from '../../../support/flows';

const build = (spec: object): Promise<Target> => buildTarget(targetSchema.parse(spec), '.');
const [rows, steps, seeds] = [2048, 6, 60];

/** Noise of one seed. @param width of what refreshments draw; anything but 1 breaks the chain */
function noiseOf(seed: number, dim: number, width: number): ChainNoise {
  const fill = (out: Float32Array | Float64Array, step: number): void => {
    fillNormals(out, {
      seed,
      stream: 'pathInitial',
      step,
      firstChain: 0,
      chains: 1,
      firstDatum: 0,
      data: rows,
      width: dim,
    });
  };
  return {
    position: (out) => fill(out, 0),
    momentum: (out) => fill(out, 1),
    refreshment: (out, k) => {
      fill(out, 1 + k);
      for (let at = 0; at < out.length; at += 1) out[at] = width * (out[at] ?? NaN);
    },
  };
}

/** Means of w/Z over the chains of each seed. */
async function estimates(target: Target, width: number): Promise<number[]> {
  const { mean = new Float64Array(), std = [], logZ = NaN } = target.truth;
  // Wider than the target, so that weights have a variance, and beside it, so that they differ.
  const width0 = Math.max(...std);
  const chain = {
    ...plainChain(target.dim, steps, { variance: 2 * width0 * width0, stepSize: 0.6 * width0 }),
    mean: mean.map((value) => value + 0.5 * width0),
  };
  const flow: AnnealedFlow = await openFlow(target, rows, steps, { gradients: false });
  const found: number[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    await flow.run(chain, noiseOf(seed, target.dim, width));
    found.push(flow.logWeights.reduce((sum, weight) => sum + Math.exp(weight - logZ), 0) / rows);
  }
  await flow.dispose();
  return found;
}

/** Student's t of the hypothesis that the mean is 1. */
function studentT(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return (mean - 1) / Math.sqrt(variance / values.length);
}

/** |t| of 59 degrees of freedom is above this once in 1,000 times. */
const refused = 3.46;

// Two tests, so that with seeds left free a right estimator would fail once in 500 times.
describe.each([
  ['a correlated Gaussian', { type: 'gaussian', dim: 3, mean: 0.4, correlation: 0.5 }],
  ['the posterior of a Gaussian process', { type: 'gaussian-process', observations: 5, lengthScale: 0.8 }],
])('weights of chains toward %s', (_, spec) => {
  it('have the mean Z, by a t-test over seeds', async () => {
    const t = studentT(await estimates(await build(spec), 1));
    expect(Math.abs(t)).toBeLessThan(refused);
  });

  it('are refused by it where refreshments draw a tenth too wide', async () => {
    const t = studentT(await estimates(await build(spec), 1.1));
    expect(Math.abs(t)).toBeGreaterThan(refused);
  });
});
