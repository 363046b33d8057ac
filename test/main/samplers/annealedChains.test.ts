import { beforeAll, describe, expect, it } from 'vitest';
import { linearGaussian } from '../../../src/main/models';
import { anneal, type AnnealOptions, type AnnealSnapshot } from '../../../src/main/samplers/annealedChains';
import { compileAnnealing, type AnnealedPrograms } from '../../../src/main/samplers/annealedPrograms';
import { betasOf } from '../../../src/main/samplers/schedule';
import { openDevice } from '../../../src/main/tensor/devices';
import { eagerGradients } from '../../../src/main/tensor/gradient';
import { fillNormals } from '../../../src/main/tensor/random/streams';
import type { Device } from '../../../src/main/tensor/types';
import { annealed, pairsOf, problemOf, repeated } from '../../support/annealing';
import { lg2, logLikelihood } from '../../support/linearModel';
import { linearModel } from '../../support/models';
import { estimate } from '../../support/moments';

const model = linearModel(lg2);
let device: Device;
beforeAll(async () => (device = await openDevice('cpu')));

/** Chains of the small linear model; `chains` and `data` may be a part of the whole. */
function optionsFor(
  direction: 'forward' | 'reverse',
  options: {
    temperatures: number;
    chains: number;
    data: number;
    firstChain?: number;
    firstDatum?: number;
    seed?: number;
  },
): AnnealOptions {
  const { temperatures, chains, data, firstChain = 0, firstDatum = 0, seed = 1 } = options;
  const pairs = pairsOf(lg2, firstDatum + data, 5);
  const x = pairs.x.slice(firstDatum);
  const place = { seed, firstChain, chains, firstDatum, data };
  const start = repeated(pairs.z.slice(firstDatum), chains);
  if (direction === 'forward') fillNormals(start, { ...place, stream: 'forwardInitial', step: 0, width: 2 });
  const betas = betasOf({ type: 'sigmoid', rad: 4 }, temperatures);
  return {
    direction,
    start,
    inputs: { x: Float32Array.from(x.flat()) },
    betas,
    stepSizes: betas.map((beta) => 0.3 / Math.sqrt(1 + 20 * beta)),
    jitter: 0.2,
    leapfrog: 4,
    noise: { ...place, momentum: `${direction}Momentum`, accept: `${direction}Accept` },
  };
}

describe('a chain', () => {
  it.each(['forward', 'reverse'] as const)('takes each increment where it belongs, %s', async (direction) => {
    const [chains, data, temperatures] = [3, 2, 6];
    const programs = await compileAnnealing(problemOf(device, model), chains, data);
    const options = optionsFor(direction, { chains, data, temperatures });
    const states: Float32Array[] = [options.start];
    const run = anneal(programs, options);
    let next = await run.next();
    while (next.done !== true) {
      states.push(next.value().state.position);
      next = await run.next();
    }
    await programs.dispose();
    const result = next.value;
    const { x } = pairsOf(lg2, data, 5);
    const { betas } = options;
    for (let row = 0; row < chains * data; row += 1) {
      let weight = 0;
      for (let step = 0; step < temperatures; step += 1) {
        // The state after `step` transitions is at β_step forward, at β_{T − step} in reverse.
        const t = direction === 'forward' ? step + 1 : temperatures - step;
        const z = [...(states[step]?.subarray(2 * row, 2 * row + 2) ?? [])];
        weight += ((betas[t] ?? NaN) - (betas[t - 1] ?? NaN)) * logLikelihood(lg2, x[row % data] ?? [], z);
      }
      // Float32 densities of size 1e2: 1e-5 each, averaged with weights that add up to 1.
      expect(result.logWeights[row]).toBeCloseTo(weight, 4);
    }
    // T − 1 transitions, and the last state is the one of the last increment.
    expect(states).toHaveLength(temperatures);
    expect(result.position).toEqual(states.at(-1));
    const made = [...result.acceptance].map((value) => !Number.isNaN(value));
    expect(made).toEqual([false, true, true, true, true, true, false]);
    expect(result.meanLogRatio.slice(1).every((value) => value < 0)).toBe(true);
  });

  it('adds up in doubles: 100,000 equal increments', async () => {
    const still: AnnealedPrograms = {
      rows: 1,
      latent: 1,
      gradientEvaluations: () => 0,
      init: async (_position, _inputs, into) => void into.logRatio.fill(9788),
      transition: async (_from, into) => void into.logRatio.fill(9788),
      dispose: async () => undefined,
    };
    const options = optionsFor('forward', { chains: 1, data: 1, temperatures: 1 });
    const betas = betasOf({ type: 'linear' }, 100_000);
    const { logWeights } = await annealed(still, { ...options, betas, stepSizes: betas });
    // Single precision is off by 12 nats here.
    expect(logWeights[0]).toBeCloseTo(9788, 6);
  });

  it('evaluates the gradient L times a transition and once before, as counted op by op', async () => {
    const reference = await openDevice('reference');
    const [temperatures, leapfrog] = [5, 4];
    for (const on of [reference, device]) {
      const programs = await compileAnnealing(problemOf(on, model), 2, 2);
      eagerGradients.count = 0;
      const options = optionsFor('reverse', { chains: 2, data: 2, temperatures });
      const result = await annealed(programs, options);
      await programs.dispose();
      expect(result.gradientEvaluations).toBe(1 + (temperatures - 1) * leapfrog);
      expect(programs.gradientEvaluations()).toBe(result.gradientEvaluations);
      expect(eagerGradients.count).toBe(on === reference ? result.gradientEvaluations : 0);
    }
  });

  it('goes on from a snapshot with the same bits, and leaves the snapshot as it was', async () => {
    const programs = await compileAnnealing(problemOf(device, model), 3, 2);
    const options = optionsFor('forward', { chains: 3, data: 2, temperatures: 8 });
    const snapshots: AnnealSnapshot[] = [];
    const run = anneal(programs, options);
    let next = await run.next();
    while (next.done !== true) {
      snapshots.push(next.value());
      next = await run.next();
    }
    const whole = next.value;
    for (const resume of [snapshots[0], snapshots[5], snapshots[5]]) {
      const other = await compileAnnealing(problemOf(device, model), 3, 2);
      // What the start was no longer matters.
      const resumed = await annealed(other, { ...options, start: new Float32Array(12).fill(7), resume });
      await other.dispose();
      expect(resumed).toEqual(whole);
    }
    await programs.dispose();
  });
});

describe('chains in parts', () => {
  it.each(['forward', 'reverse'] as const)('do not depend on how they are cut, to the bit, %s', async (direction) => {
    const [chains, data, temperatures] = [7, 5, 12];
    const parts = async (chainCut: number, dataCut: number): Promise<Float64Array> => {
      const weights = new Float64Array(chains * data);
      for (const [firstChain, count] of cut(chains, chainCut))
        for (const [firstDatum, size] of cut(data, dataCut)) {
          const programs = await compileAnnealing(problemOf(device, model), count, size);
          const part = { chains: count, data: size, firstChain, firstDatum };
          const result = await annealed(programs, optionsFor(direction, { ...part, temperatures }));
          await programs.dispose();
          result.logWeights.forEach((weight, row) => {
            weights[(firstChain + Math.floor(row / size)) * data + firstDatum + (row % size)] = weight;
          });
        }
      return weights;
    };
    const whole = await parts(chains, data);
    expect(new Set(whole).size).toBe(chains * data);
    for (const [chainCut, dataCut] of [
      [3, 5],
      [7, 2],
      [1, 3],
    ] as const) {
      expect(await parts(chainCut, dataCut)).toEqual(whole);
    }
  });

  function cut(total: number, most: number): [first: number, size: number][] {
    const pieces: [number, number][] = [];
    for (let first = 0; first < total; first += most) pieces.push([first, Math.min(most, total - first)]);
    return pieces;
  }
});

describe('frozen HMC', () => {
  it('is unbiased: the mean of e^(W − log p(x)) of forward chains is 1', async () => {
    const [chains, data, temperatures] = [300, 100, 60];
    const programs = await compileAnnealing(problemOf(device, model), chains, data);
    const options = optionsFor('forward', { chains, data, temperatures, seed: 11 });
    const { logWeights } = await annealed(programs, options);
    await programs.dispose();
    const truth = linearGaussian(model)?.logEvidence(options.inputs['x'] as Float32Array) ?? [];
    const perDatum = Array.from({ length: data }, (_, datum) =>
      estimate(
        Array.from({ length: chains }, (_, k) =>
          Math.exp((logWeights[k * data + datum] ?? NaN) - (truth[datum] ?? NaN)),
        ),
      ),
    );
    const { mean, se } = estimate(perDatum.map((each) => each.mean));
    // Four standard errors, from data to data: one false alarm in 16,000. The error itself must be small, or anything passes.
    expect(se).toBeLessThan(0.01);
    expect(Math.abs(mean - 1)).toBeLessThan(4 * se);
  });
});
