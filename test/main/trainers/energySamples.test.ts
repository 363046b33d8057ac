import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { criticNetwork, type Critic } from '../../../src/main/models/critic';
import { initialParameters, type Parameters } from '../../../src/main/models/network';
import { openDevice } from '../../../src/main/tensor/devices';
import type { Device } from '../../../src/main/tensor/types';
import { criticBase } from '../../../src/main/trainers/criticBase';
import { criticInputs, criticLoss } from '../../../src/main/trainers/criticLoss';
import { energySamples, type EnergySamplesOptions } from '../../../src/main/trainers/energySamples';
import { criticSpec, linearCritic, wideProposal } from '../../support/critics';
import { critic as plainCritic, energyPath } from '../../support/gaussianPaths';
import { lg2, logTempered } from '../../support/linearModel';
import { linearModel } from '../../support/models';
import { discrepancy, estimate } from '../../support/moments';

const model = linearModel(lg2);
const data = 2500;
let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu');
});

interface Drawn {
  readonly x: Float32Array;
  readonly z: Float32Array;
  readonly chains: Float32Array;
  readonly acceptance: Float32Array;
}

async function drawn(change: Partial<EnergySamplesOptions>, parameters: Parameters, iteration = 0): Promise<Drawn> {
  const options = {
    device,
    model,
    critic: linearCritic(lg2),
    base: criticBase('prior', false, model),
    batch: data,
    transitions: 12,
    leapfrog: 6,
    stepSize: 0.13,
    seed: 3,
    ...change,
  };
  const sampler = await energySamples(options);
  const { batch } = options;
  const feeds = {
    x: new Float32Array(batch * 3),
    z: new Float32Array(batch * 2),
    chains: new Float32Array(batch * 2),
    acceptance: new Float32Array(1),
  };
  await sampler.draw(iteration, feeds, parameters);
  await sampler.dispose();
  return feeds;
}

const row = (values: Float32Array, index: number, width: number): number[] => [
  ...values.subarray(index * width, (index + 1) * width),
];
const t = plainCritic(lg2, 1);

/** d/da of −(energy difference) for T_a, datum by datum. */
function ascent({ x, z, chains }: Drawn): number[] {
  return Array.from(
    { length: z.length / 2 },
    (_, i) => t(row(x, i, 3), row(z, i, 2)) - t(row(x, i, 3), row(chains, i, 2)),
  );
}

describe('chains of a critic', () => {
  // Each check stands at four standard errors: one false alarm in 16,000.
  it('have the gradient of IBAL once they have forgotten where they began', async () => {
    const sharp = await drawn({}, { a: Float32Array.of(0.3) });
    expect(discrepancy(estimate(ascent(sharp)), 2.185298)).toBeLessThan(4);
    expect(sharp.acceptance[0]).toBeGreaterThan(0.8);
    expect(sharp.acceptance[0]).toBeLessThan(1);
    const best = await drawn({}, { a: Float32Array.of(1) });
    expect(discrepancy(estimate(ascent(best)), 0)).toBeLessThan(4);
    // A chain that is cut short is biased towards the true samples, and this catches it.
    const short = await drawn({ transitions: 1, leapfrog: 2 }, { a: Float32Array.of(0.3) });
    expect(discrepancy(estimate(ascent(short)), 2.185298)).toBeGreaterThan(8);
  });

  it('walk on log q(z | x) + T of the base that they are given', async () => {
    const base = criticBase(wideProposal(lg2, 0.5), false, model);
    const a = 0.6;
    const out = await drawn({ base, stepSize: 0.09 }, { a: Float32Array.of(a) });
    // π is Gaussian: its log density is on average d/2 below that at its mean.
    const wide = { mean: (x: readonly number[]) => energyPath(lg2, 1).at(x, 1).mean, variance: [0.25, 0.25] };
    const path = energyPath(lg2, a, wide);
    const depth = ({ x, chains }: Drawn): number[] =>
      Array.from({ length: data }, (_, i) => {
        const at = path.at(row(x, i, 3), 1);
        return logTempered(at, at.mean) - logTempered(at, row(chains, i, 2));
      });
    expect(discrepancy(estimate(depth(out)), 1)).toBeLessThan(4);
    const prior = await drawn({ stepSize: 0.09 }, { a: Float32Array.of(a) });
    expect(discrepancy(estimate(depth(prior)), 1)).toBeGreaterThan(8);
  });

  it('begin at the true samples, draw afresh in each iteration, and depend on nothing else', async () => {
    const parameters = { a: Float32Array.of(0.5) };
    const first = await drawn({ batch: 4 }, parameters, 7);
    expect(await drawn({ batch: 4 }, parameters, 7)).toEqual(first);
    const other = await drawn({ batch: 4 }, parameters, 8);
    expect(other.z).not.toEqual(first.z);
    // So small a step leaves every chain beside its start.
    const near = await drawn({ batch: 4, stepSize: 1e-5 }, parameters, 7);
    expect(near.z).toEqual(first.z);
    near.chains.forEach((value, index) => expect(value).toBeCloseTo(near.z[index] ?? NaN, 2));
    expect(near.chains).not.toEqual(near.z);
  });

  it('give no gradient at all without transitions, and where every proposal is refused', async () => {
    const critic: Critic = criticNetwork({ latent: 2, outputs: 3, hidden: [5], activation: 'tanh' });
    const base = criticBase('prior', false, model);
    const parameters = initialParameters(critic.shapes, 2);
    const spec = criticSpec({ objective: 'mine-ais', batch: 6, hidden: [5] });
    const setup = { spec, model, base, critic };
    const names = Object.keys(critic.shapes);
    const loss = criticLoss(setup);
    const program = await device.compile(
      (tensors) => {
        const of = (...values: tf.Tensor[]): tf.Scalar =>
          loss(Object.fromEntries(names.map((name, index) => [name, values[index] as tf.Tensor])), tensors).loss;
        const { value, grads } = tf.valueAndGrads(of)(names.map((name) => tensors[`own/${name}`] as tf.Tensor));
        return { value, ...Object.fromEntries(names.map((name, index) => [name, grads[index] as tf.Tensor])) };
      },
      {
        inputs: {
          ...criticInputs(setup),
          ...Object.fromEntries(names.map((name) => [`own/${name}`, { shape: critic.shapes[name] ?? [] }])),
        },
      },
    );
    const weights = Object.fromEntries(names.map((name) => [`own/${name}`, parameters[name] as Float32Array]));
    for (const change of [{ transitions: 0 }, { stepSize: 1e4 }]) {
      const feeds = await drawn({ critic, base, batch: 6, ...change }, parameters);
      expect(feeds.chains).toEqual(feeds.z);
      expect(feeds.acceptance[0]).toBe('transitions' in change ? Number.NaN : 0);
      for (const values of Object.values(await program.run({ ...feeds, ...weights }))) {
        expect(values.every((value) => value === 0)).toBe(true);
      }
    }
    const moved = await program.run({ ...(await drawn({ critic, base, batch: 6 }, parameters)), ...weights });
    expect(
      Object.values(moved)
        .flatMap((values) => [...values])
        .some((value) => Math.abs(value) > 1e-4),
    ).toBe(true);
    await program.dispose();
  });
});
