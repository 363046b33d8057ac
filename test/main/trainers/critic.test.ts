import type * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDevice } from '../../../src/main/tensor/devices';
import type { Device } from '../../../src/main/tensor/types';
import { trainCritic, type CriticContext, type CriticSnapshot, type TrainedCritic } from '../../../src/main/trainers';
import { criticQuantities } from '../../../src/main/trainers/criticLoss';
import { criticObjectives, type NetworkCriticSpec } from '../../../src/shared/runFile';
import { criticSpec, wideProposal } from '../../support/critics';
import { finish } from '../../support/finish';
import { energyPath, posteriorPath, type DiagonalBase } from '../../support/gaussianPaths';
import { lg2, logPrior, logTempered, mutualInformation, simulatePair, tempered } from '../../support/linearModel';
import { linearModel } from '../../support/models';
import { discrepancy, estimate, mean, type Estimate } from '../../support/moments';
import { random } from '../../support/random';

const model = linearModel(lg2);
const proposal = wideProposal(lg2, 0.5);
let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu');
});

function context(base: CriticContext['base'] = 'prior'): CriticContext {
  return { model, device, seed: 11, base };
}

/** Mean of a quantity over the last updates of a training, whose minibatches are all fresh. */
function late(steps: readonly { report: Readonly<Record<string, number>> }[], quantity: string, count = 100): Estimate {
  return estimate(steps.slice(-count).map(({ report }) => report[quantity] ?? Number.NaN));
}

/** T_K of IWAE on I with samples of q, which the best critic of GIWAE reaches; by plain numbers. */
function iwaeLower(base: DiagonalBase, samples: number, data = 20_000): Estimate {
  const source = random(77);
  const { logBase, logRatio } = posteriorPath(lg2, base);
  return estimate(
    Array.from({ length: data }, () => {
      const { x, z } = simulatePair(lg2, source);
      const centre = base.mean(x);
      const weights = Array.from({ length: samples }, (_, k) => {
        if (k === 0) return logRatio(x, z);
        const normals = source.normals(2);
        return logRatio(
          x,
          normals.map((value, axis) => (centre[axis] ?? 0) + Math.sqrt(base.variance[axis] ?? 0) * value),
        );
      });
      const top = Math.max(...weights);
      const lme = top + Math.log(mean(weights.map((weight) => Math.exp(weight - top))));
      return logBase(x, z) - logPrior(z) + (weights[0] ?? 0) - lme;
    }),
  );
}

/** IBAL − I of a critic with the prior as base, datum by datum: log Z(x) is an integral over a grid of z. */
async function ibalExcess({ critic, parameters }: TrainedCritic, data = 150): Promise<Estimate> {
  const source = random(42);
  const pairs = Array.from({ length: data }, () => simulatePair(lg2, source));
  const [side, step] = [81, 0.1];
  const axis = Array.from({ length: side }, (_, i) => (i - (side - 1) / 2) * step);
  const grid = axis.flatMap((a) => axis.map((b) => [a, b]));
  const program = await device.compile(
    (t) => ({
      grid: critic.pairs(t, t['x'] as tf.Tensor2D, t['grid'] as tf.Tensor2D),
      truth: critic.apply(t, t['x'] as tf.Tensor2D, t['z'] as tf.Tensor2D),
    }),
    {
      inputs: {
        x: { shape: [data, 3] },
        z: { shape: [data, 2] },
        grid: { shape: [grid.length, 2] },
        ...Object.fromEntries(Object.entries(critic.shapes).map(([name, shape]) => [name, { shape }])),
      },
    },
  );
  const out = await program.run({
    x: Float32Array.from(pairs.flatMap(({ x }) => x)),
    z: Float32Array.from(pairs.flatMap(({ z }) => z)),
    grid: Float32Array.from(grid.flat()),
    ...parameters,
  });
  await program.dispose();
  return estimate(
    pairs.map(({ x, z }, i) => {
      let normaliser = 0;
      grid.forEach((at, j) => {
        normaliser += Math.exp((out['grid']?.[i * grid.length + j] ?? NaN) + logPrior(at)) * step * step;
      });
      // log π(z* | x) − log p(z* | x), whose mean is IBAL − I.
      const logPi = (out['truth']?.[i] ?? NaN) + logPrior(z) - Math.log(normaliser);
      return logPi - logTempered(tempered(lg2, x, 1), z);
    }),
  );
}

describe('a trained critic', () => {
  it('of InfoNCE reaches structured InfoNCE', async () => {
    const spec = criticSpec({ objective: 'infonce', batch: 32, samples: 10, iterations: 1000, learningRate: 5e-3 });
    const { trained, steps } = await finish(trainCritic(spec, context()));
    expect(trained.base).toBe('prior');
    // 1.748(2) with the best critic. The check's own error is about 0.02; what training leaves undone is less than 0.05.
    const value = late(steps, criticQuantities.infonce);
    expect(value.mean).toBeGreaterThan(1.748 - 0.05 - 4 * value.se);
    expect(value.mean).toBeLessThan(1.748 + 4 * Math.hypot(value.se, 0.002));
    // Where it began: a constant critic.
    expect(steps[0]?.report[criticQuantities.infonce]).toBe(0);
  });

  it('of GIWAE reaches the lower bound of IWAE with the same base, from the Barber–Agakov bound up', async () => {
    const spec = criticSpec({ objective: 'giwae', base: 'q', batch: 32, iterations: 800, learningRate: 5e-3 });
    const { trained, steps } = await finish(trainCritic(spec, context(proposal)));
    expect(trained.base).toBe(proposal);
    const wide = { mean: (x: readonly number[]) => energyPath(lg2, 1).at(x, 1).mean, variance: [0.25, 0.25] };
    const [best, start] = [iwaeLower(wide, 8), iwaeLower(wide, 1)];
    const report = steps[0]?.report ?? {};
    expect(report[criticQuantities.giwae]).toBe(report[criticQuantities.base]);
    const value = late(steps, criticQuantities.giwae);
    expect(value.mean).toBeGreaterThan(best.mean - 0.04 - 4 * value.se);
    expect(value.mean).toBeLessThan(best.mean + 4 * Math.hypot(value.se, best.se));
    expect(best.mean - start.mean).toBeGreaterThan(0.3);
    expect(discrepancy(late(steps, criticQuantities.base, 800), start.mean, start.se)).toBeLessThan(4);
  });

  it('of MINE-AIS brings IBAL to I, and never above', async () => {
    const spec = criticSpec({
      objective: 'mine-ais',
      batch: 64,
      iterations: 500,
      learningRate: 1e-2,
      transitions: 4,
      leapfrog: 6,
      stepSize: 0.09,
    });
    const { trained, steps } = await finish(trainCritic(spec, context()));
    const excess = await ibalExcess(trained);
    expect(mutualInformation(lg2)).toBeCloseTo(2.5766, 4);
    expect(excess.mean).toBeGreaterThan(-0.1 - 4 * excess.se);
    expect(excess.mean).toBeLessThan(4 * excess.se);
    expect(late(steps, criticQuantities.acceptance).mean).toBeGreaterThan(0.8);
    // Neither the name nor the value of what is shown can be taken for a bound.
    expect(Object.keys(trained.curve?.values ?? {})).toEqual(['energy difference', 'acceptance of HMC']);
    expect(Math.abs(late(steps, criticQuantities.energyDifference).mean)).toBeLessThan(0.1);
    // A critic that was not trained is far off: the check can fail.
    const { trained: untrained } = await finish(trainCritic({ ...spec, iterations: 0 }, context()));
    expect((await ibalExcess(untrained)).mean).toBeLessThan(-2);
  });

  it.each(['mine-dv', 'mine-f'] as const)('of %s comes near I', async (objective) => {
    const spec = criticSpec({ objective, batch: 32, samples: 32, iterations: 600, learningRate: 1e-2 });
    const { trained, steps } = await finish(trainCritic(spec, context()));
    // By IBAL, which both bounds are below and which is not biased.
    const excess = await ibalExcess(trained);
    expect(excess.mean).toBeGreaterThan(-0.15 - 4 * excess.se);
    expect(excess.mean).toBeLessThan(4 * excess.se);
    expect(steps.at(-1)?.report[criticQuantities[objective]]).toBeGreaterThan(1);
  });

  it('trains a copy of its base along where that is asked for', async () => {
    const before = structuredClone(proposal.parameters);
    const spec = criticSpec({ objective: 'giwae', base: 'q', trainBase: true, batch: 32, samples: 4, iterations: 300 });
    const { trained, steps } = await finish(trainCritic(spec, context(proposal)));
    expect(proposal.parameters).toEqual(before);
    if (trained.base === 'prior') throw new Error('The base is gone.');
    expect(trained.base.name).toBe('T-base');
    expect(trained.base.parameters['0.bias']).not.toEqual(before['0.bias']);
    expect(Object.keys(trained.parameters)).toEqual(Object.keys(trained.critic.shapes));
    // The width 0.5 is too wide: it costs 0.54 nats of the base's own bound.
    expect(steps[0]?.report[criticQuantities.base]).toBeLessThan(2.4);
    expect(late(steps, criticQuantities.base).mean).toBeGreaterThan(2.35);
  });
});

describe('a training of a critic', () => {
  const cases: [string, Partial<NetworkCriticSpec>][] = [
    ...criticObjectives.map((objective): [string, Partial<NetworkCriticSpec>] => [objective, { objective }]),
    ['giwae, its base too', { objective: 'giwae', base: 'q', trainBase: true }],
    ['mine-dv, with a base', { objective: 'mine-dv', base: 'q' }],
    ['mine-ais, its base too', { objective: 'mine-ais', base: 'q', trainBase: true }],
    ['infonce, more samples than pairs', { objective: 'infonce', samples: 11 }],
  ];

  it.each(cases)('ends with the same bits when it is taken up again: %s', async (_name, change) => {
    const spec = criticSpec({ hidden: [6], ...change });
    const where = context(spec.base === 'prior' ? 'prior' : proposal);
    const whole = await finish(trainCritic(spec, where));
    expect(whole.steps).toHaveLength(12);
    const training = trainCritic(spec, where);
    let snapshot: CriticSnapshot | undefined;
    for await (const { iteration, capture } of training) {
      if (iteration === 5) snapshot = structuredClone(capture());
      if (iteration === 7) break;
    }
    const rest = await finish(trainCritic(spec, where, snapshot));
    expect(rest.steps.map(({ report }) => report)).toEqual(whole.steps.slice(5).map(({ report }) => report));
    const plain = ({ parameters, base, curve }: TrainedCritic) => ({
      parameters,
      base: base === 'prior' ? base : base.parameters,
      curve,
    });
    expect(plain(rest.trained)).toEqual(plain(whole.trained));
    // Taken up at its end, with nothing left of the optimiser, it only gives the result.
    const last = { ...(whole.steps.at(-1)?.capture() as CriticSnapshot), moments: { first: {}, second: {} } };
    expect(plain((await finish(trainCritic(spec, where, last))).trained)).toEqual(plain(whole.trained));
  });

  it('depends on the run’s seed and on the critic’s name', async () => {
    const parametersOf = async (spec: NetworkCriticSpec, seed: number) =>
      (await finish(trainCritic(spec, { ...context(), seed }))).trained.parameters;
    const first = await parametersOf(criticSpec(), 11);
    expect(await parametersOf(criticSpec(), 11)).toEqual(first);
    expect(await parametersOf(criticSpec(), 12)).not.toEqual(first);
    expect(await parametersOf(criticSpec({ name: 'U' }), 11)).not.toEqual(first);
  });

  it('says what to change when it diverges', async () => {
    const wild = criticSpec({ objective: 'mine-f', learningRate: 1e30, decay: 'constant' });
    await expect(finish(trainCritic(wild, context()))).rejects.toThrow(
      /^The critic "T" diverged in training: at update \d+ .* Use a "learningRate" below 1e\+30 or a "decay" to zero\.$/,
    );
  });

  it('says what to change when its chains refuse everything, taken up again or not', async () => {
    // A leapfrog step of 3 is unstable in any width up to the prior's.
    const spec = criticSpec({ objective: 'mine-ais', batch: 50, transitions: 2, stepSize: 3, iterations: 400 });
    const steep = { ...spec, learningRate: 1 };
    const failure = async (resume?: CriticSnapshot): Promise<string> =>
      finish(trainCritic(steep, context(), resume)).then(
        () => 'none',
        (error: Error) => error.message,
      );
    const message = await failure();
    expect(message).toMatch(
      /^The critic "T" has stopped learning: up to update 1\d\d the HMC chains of 100 updates in a row refused every proposal\. Use a "stepSize" below 3, or a "learningRate" below 1\.$/,
    );
    for await (const { iteration, capture } of trainCritic(steep, context())) {
      if (iteration < 90) continue;
      expect(await failure(structuredClone(capture()))).toBe(message);
      break;
    }
  });
});
