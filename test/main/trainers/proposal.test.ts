import type * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { gaussianNetwork } from '../../../src/main/models/conditionalGaussian';
import { openDevice } from '../../../src/main/tensor/devices';
import type { Device } from '../../../src/main/tensor/types';
import { train, trainProposal, type TrainedProposal, type TrainingProblem } from '../../../src/main/trainers';
import { proposalProblem, type ProposalContext } from '../../../src/main/trainers/proposal';
import { quantities } from '../../../src/main/trainers/proposalLoss';
import type { TrainingSnapshot } from '../../../src/main/trainers/train';
import { proposalSchema, type NetworkProposalSpec } from '../../../src/shared/runFile';
import { finish } from '../../support/finish';
import { lg2, mutualInformation, precision, simulatePair, tempered } from '../../support/linearModel';
import { linearModel } from '../../support/models';
import { estimate, mean } from '../../support/moments';
import { random } from '../../support/random';

const model = linearModel(lg2);
const information = mutualInformation(lg2);
// Of the exact posterior, the same for all x: Λ = Σ⁻¹.
const [[a = NaN, b = NaN] = [], [, c = NaN] = []] = precision(lg2, 1);
const determinant = a * c - b * b;
const [variance0, variance1] = [c / determinant, a / determinant];

const count = 400;
const { pairs, x } = ((): { pairs: { x: number[]; z: number[] }[]; x: Float32Array } => {
  const numbers = random(11);
  const drawn = Array.from({ length: count }, () => simulatePair(lg2, numbers));
  return { pairs: drawn, x: Float32Array.from(drawn.flatMap((pair) => pair.x)) };
})();

let context: ProposalContext;
let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu');
  context = { model, device, seed: 0, x, count };
});

function spec(change: Partial<NetworkProposalSpec> = {}): NetworkProposalSpec {
  return { ...(proposalSchema.parse({ type: 'network', name: 'q', hidden: [] }) as NetworkProposalSpec), ...change };
}

interface Quality {
  /** I − E KL(p(z | x) ‖ q) and I + E KL(q ‖ p(z | x)), each KL in closed form. */
  readonly lower: number;
  readonly upper: number;
  /** Mean variances of q. */
  readonly variances: readonly number[];
}

async function qualityOf({ gaussian, parameters }: TrainedProposal): Promise<Quality> {
  const constants = Object.fromEntries(
    Object.entries(gaussian.shapes).map(([name, shape]) => [name, { shape, data: parameters[name] as Float32Array }]),
  );
  const program = await device.compile((t) => ({ ...gaussian.moments(t, t['x'] as tf.Tensor2D) }), {
    inputs: { x: { shape: [count, 3] } },
    constants,
  });
  const moments = (await program.run({ x })) as Record<'mean' | 'logStd', Float32Array>;
  await program.dispose();
  const [forward, reverse] = [[] as number[], [] as number[]];
  const variances = pairs.map((pair, datum) => {
    const exact = tempered(lg2, pair.x, 1).mean;
    const [d0, d1] = [0, 1].map((axis) => (exact[axis] ?? NaN) - (moments.mean[2 * datum + axis] ?? NaN)) as [
      number,
      number,
    ];
    const [s0, s1] = [0, 1].map((axis) => Math.exp(2 * (moments.logStd[2 * datum + axis] ?? NaN))) as [number, number];
    const logs = Math.log(s0) + Math.log(s1) + Math.log(determinant);
    forward.push(0.5 * ((variance0 + d0 * d0) / s0 + (variance1 + d1 * d1) / s1 - 2 + logs));
    reverse.push(0.5 * (a * s0 + c * s1 + a * d0 * d0 + 2 * b * d0 * d1 + c * d1 * d1 - 2 - logs));
    return [s0, s1];
  });
  return {
    lower: information - mean(forward),
    upper: information + mean(reverse),
    variances: [0, 1].map((axis) => mean(variances.map((pair) => pair[axis] ?? NaN))),
  };
}

const long = { iterations: 3000, batch: 200, learningRate: 0.02, decay: 'cosine' } as const;

describe('trainProposal', () => {
  // ½ ln(189/173) nats is what a diagonal Gaussian must lose to a posterior with correlation, on either side.
  const loss = 0.5 * Math.log(189 / 173);

  it('reaches the best diagonal Gaussian by forward KL', async () => {
    const { trained } = await finish(trainProposal(spec({ ...long, objective: 'forward-kl' }), context));
    const quality = await qualityOf(trained);
    expect(quality.lower).toBeLessThanOrEqual(information - loss + 1e-5);
    expect(quality.lower).toBeGreaterThan(2.5324 - 0.004);
    expect(quality.variances[0]).toBeCloseTo(variance0, 2);
    // What the curve says at its end is that bound too, of 600 minibatches: four standard errors.
    const shown = estimate((trained.curve?.values[quantities.lower] ?? []).slice(-100));
    expect(Math.abs(shown.mean - 2.5324)).toBeLessThan(4 * shown.se);
  });

  it('reaches the best diagonal Gaussian by reverse KL', async () => {
    const { trained } = await finish(trainProposal(spec({ ...long, objective: 'reverse-kl' }), context));
    const quality = await qualityOf(trained);
    expect(quality.upper).toBeGreaterThanOrEqual(information + loss - 1e-5);
    expect(quality.upper).toBeLessThan(2.6209 + 0.004);
    expect(quality.variances[0]).toBeCloseTo(1 / a, 2);
    const shown = estimate((trained.curve?.values[quantities.upper] ?? []).slice(-100));
    expect(Math.abs(shown.mean - 2.6209)).toBeLessThan(4 * shown.se);
  });

  it('goes between them by symmetric KL, to the geometric mean of their variances', async () => {
    const { trained } = await finish(trainProposal(spec({ ...long, objective: 'symmetric-kl' }), context));
    const quality = await qualityOf(trained);
    expect((quality.variances[0] ?? NaN) / Math.sqrt(variance0 / a)).toBeCloseTo(1, 1);
    expect((quality.variances[1] ?? NaN) / Math.sqrt(variance1 / c)).toBeCloseTo(1, 1);
    expect(quality.lower).toBeLessThan(information - loss);
    expect(quality.lower + quality.upper - 2 * information).toBeLessThan(0.01);
  });

  it('lowers the upper bound of IWAE', async () => {
    const iwae = spec({ objective: 'iwae', samples: 8, batch: 100, iterations: 600, learningRate: 0.02 });
    const { trained } = await finish(trainProposal(iwae, context));
    const bounds = trained.curve?.values[quantities.iwae] ?? [];
    const [start, end] = [estimate(bounds.slice(0, 20)), estimate(bounds.slice(-100))];
    expect(end.mean).toBeGreaterThan(start.mean + 0.3);
    expect(end.mean).toBeGreaterThan(2.5324);
    // A bound: at most one false alarm in 30,000.
    expect(end.mean).toBeLessThan(information + 4 * end.se);
  });

  it('refines the ELBO on the data of the run', async () => {
    const brief = { ...long, iterations: 1000, objective: 'forward-kl' } as const;
    const before = await qualityOf((await finish(trainProposal(spec(brief), context))).trained);
    const { trained, steps } = await finish(
      trainProposal(spec({ ...brief, refine: 1000, learningRate: 0.01 }), context),
    );
    const after = await qualityOf(trained);
    expect(after.upper).toBeLessThan(before.upper - 0.002);
    expect(steps).toHaveLength(2000);
    const { curve } = trained;
    expect(curve?.iterations.at(-1)).toBe(2000);
    const shown = (name: string): number[] =>
      (curve?.values[name] ?? []).flatMap((value, index) =>
        Number.isFinite(value) ? [curve?.iterations[index] ?? NaN] : [],
      );
    expect(Math.max(...shown(quantities.lower))).toBe(1000);
    expect(Math.min(...shown(quantities.elbo))).toBeGreaterThan(1000);
  });

  it('leaves the network as it begins after no updates', async () => {
    const { trained, steps } = await finish(trainProposal(spec({ iterations: 0 }), context));
    expect(steps).toEqual([]);
    expect(Object.keys(trained.parameters)).toEqual(['0.weight', '0.bias']);
  });

  it.each([3, 10, 13, 15])('ends with the same bits when taken up again after %i of 10 + 5 updates', async (after) => {
    const short = spec({ hidden: [6], objective: 'iwae', samples: 3, batch: 7, iterations: 10, refine: 5 });
    const whole = await finish(trainProposal(short, context));
    const training = trainProposal(short, context);
    let snapshot: TrainingSnapshot | undefined;
    while (snapshot === undefined) {
      const { value, done } = await training.next();
      if (done === true) throw new Error('The training ended too early.');
      if (value.iteration === after) snapshot = structuredClone(value.capture());
    }
    await training.return(undefined as never);
    const rest = await finish(trainProposal(short, context, snapshot));
    expect(rest.steps).toHaveLength(15 - after);
    expect(rest.trained.parameters).toEqual(whole.trained.parameters);
    expect(rest.trained.curve).toEqual(whole.trained.curve);
  });
});

describe('what training reports', () => {
  /** Reports with q held at the prior, where all is known. */
  async function atPrior(change: Partial<NetworkProposalSpec>, plant?: (feeds: Record<string, Float32Array>) => void) {
    const still = spec({ batch: 200, iterations: 200, ...change });
    const gaussian = gaussianNetwork({ latent: 2, outputs: 3, hidden: [], activation: 'relu' });
    const problem = proposalProblem(still, context, gaussian);
    const held: TrainingProblem = {
      ...problem,
      initial: { '0.weight': new Float32Array(12), '0.bias': new Float32Array(4) },
      learningRate: 1e-12,
      feed: async (iteration, feeds, parameters) => {
        await problem.feed(iteration, feeds, parameters);
        plant?.(feeds as Record<string, Float32Array>);
      },
    };
    const { steps } = await finish(train(held));
    return (name: string) => estimate(steps.map((step) => step.report[name] ?? NaN));
  }

  // Four standard errors: one false alarm in 16,000 each.
  it.each([
    [2, 0.615],
    [10, 1.748],
    [100, 2.428],
  ])('is Structured InfoNCE for IWAE with K = %i from the prior', async (samples, expected) => {
    const report = await atPrior({ objective: 'iwae', samples });
    const iwae = report(quantities.iwae);
    expect(Math.abs(iwae.mean - expected)).toBeLessThan(4 * iwae.se + 0.002);
    expect(report(quantities.lower).mean).toBeCloseTo(0, 5);
  });

  it('is the trace of A above and nothing below for the prior', async () => {
    const report = await atPrior({ objective: 'symmetric-kl' });
    const upper = report(quantities.upper);
    expect(Math.abs(upper.mean - 28)).toBeLessThan(4 * upper.se);
    expect(report(quantities.lower).mean).toBeCloseTo(0, 5);
  });

  it('shows it when negatives are drawn from the noise of the pairs', async () => {
    const planted = (feeds: Record<string, Float32Array>): void => feeds['samples']?.set(feeds['latent'] ?? []);
    const iwae = (await atPrior({ objective: 'iwae', samples: 2 }, planted))(quantities.iwae);
    expect(Math.abs(iwae.mean - 0.615)).toBeGreaterThan(4 * iwae.se + 0.002);
    const upper = (await atPrior({ objective: 'reverse-kl' }, planted))(quantities.upper);
    expect(Math.abs(upper.mean - 28)).toBeGreaterThan(4 * upper.se);
  });
});
