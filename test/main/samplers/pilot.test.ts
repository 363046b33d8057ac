import { beforeAll, describe, expect, it } from 'vitest';
import { compileAnnealing } from '../../../src/main/samplers/annealedPrograms';
import { largestStep, pilot, pilotTransitions, smallestStep, type PilotResult } from '../../../src/main/samplers/pilot';
import { betasOf } from '../../../src/main/samplers/schedule';
import { stepSizeAt } from '../../../src/main/samplers/stepSizes';
import { openDevice } from '../../../src/main/tensor/devices';
import { fillNormals } from '../../../src/main/tensor/random/streams';
import type { Device } from '../../../src/main/tensor/types';
import { annealed, pairsOf, problemOf, repeated } from '../../support/annealing';
import { randomLinear, type LinearModel } from '../../support/linearModel';
import { linearModel } from '../../support/models';

let device: Device;
beforeAll(async () => (device = await openDevice('cpu')));
const schedule = { type: 'sigmoid', rad: 4 } as const;
const [chains, data, leapfrog] = [4, 8, 5];

async function tuned(model: LinearModel, target: number, temperatures: number): Promise<PilotResult> {
  const programs = await compileAnnealing(problemOf(device, linearModel(model)), chains, data);
  const place = { seed: 3, firstChain: 0, chains, firstDatum: 0, data };
  const start = new Float32Array(chains * data * model.latent);
  fillNormals(start, { ...place, stream: 'pilotInitial', step: 0, width: model.latent });
  const run = pilot(programs, {
    start,
    inputs: { x: Float32Array.from(pairsOf(model, data, 9).x.flat()) },
    betas: betasOf(schedule, temperatures),
    leapfrog,
    target,
    jitter: 0.2,
    noise: { ...place, momentum: 'pilotMomentum', accept: 'pilotAccept' },
  });
  let next = await run.next();
  let transitions = 0;
  while (next.done !== true) {
    transitions += 1;
    next = await run.next();
  }
  await programs.dispose();
  expect(transitions).toBe(pilotTransitions(temperatures));
  return next.value;
}

describe('a pilot run', () => {
  // Ten dimensions with λ of 40 to 200: the prior and the posterior want steps ten times apart.
  const model = randomLinear(10, 100, 2);

  it.each([0.65, 0.9])('finds the steps at which other chains accept a share of %f', async (target) => {
    const { table } = await tuned(model, target, 300);
    const betas = betasOf(schedule, 150);
    const programs = await compileAnnealing(problemOf(device, linearModel(model)), 20, data);
    const pairs = pairsOf(model, data, 10);
    const { acceptance } = await annealed(programs, {
      direction: 'reverse',
      start: repeated(pairs.z, 20),
      inputs: { x: Float32Array.from(pairs.x.flat()) },
      betas,
      stepSizes: betas.map((beta) => stepSizeAt(table, beta)),
      jitter: 0.2,
      leapfrog,
      noise: {
        seed: 4,
        momentum: 'reverseMomentum',
        accept: 'reverseAccept',
        firstChain: 0,
        chains: 20,
        firstDatum: 0,
        data,
      },
    });
    await programs.dispose();
    // Where the largest step still accepts more than the target, there is nothing to find.
    const free = [...acceptance].filter(
      (_, t) => stepSizeAt(table, betas[t] ?? 0) < 0.99 * largestStep && t > 0 && t < 150,
    );
    expect(free.length).toBeGreaterThan(100);
    const mean = free.reduce((sum, value) => sum + value, 0) / free.length;
    // The search follows 32 chains with a gain of 0.2; the rest is the noise of the table.
    expect(Math.abs(mean - target)).toBeLessThan(0.08);
    expect(Math.min(...free)).toBeGreaterThan(target - 0.3);
  });

  it('gives one step for each temperature, smaller where the density is narrower, within its limits', async () => {
    const { table, transitions } = await tuned(model, 0.65, 200);
    expect(table.betas).toEqual([...betasOf(schedule, 200)].slice(1));
    expect(table.stepSizes).toHaveLength(200);
    expect(transitions).toBe(440);
    for (const size of table.stepSizes) {
      expect(size).toBeGreaterThanOrEqual(smallestStep);
      expect(size).toBeLessThanOrEqual(largestStep * (1 + 1e-12));
    }
    expect(table.stepSizes[0] ?? NaN).toBeGreaterThan(3 * (table.stepSizes[199] ?? NaN));
  });

  it('finds its way down when its first guess diverges', async () => {
    // Posterior scales of 1e-3: the first step, 0.1, is fifty times too long already at β = 0.01.
    const stiff = { ...model, sigma: 0.01 };
    const { table } = await tuned(stiff, 0.65, 200);
    expect(table.stepSizes.every(Number.isFinite)).toBe(true);
    expect(table.stepSizes[199] ?? NaN).toBeLessThan(3e-3);
    expect(table.stepSizes[199] ?? NaN).toBeGreaterThan(2 * smallestStep);
  });

  it('has the same bits when it is run again', async () => {
    expect(await tuned(model, 0.65, 50)).toEqual(await tuned(model, 0.65, 50));
  });
});
