import { describe, expect, it } from 'vitest';
import { posteriorTarget } from '../../../src/main/experiments/annealingTarget';
import { AnnealedChains, type ChainsOptions, type Round } from '../../../src/main/experiments/chains';
import { simulate } from '../../../src/main/experiments/data';
import { MemoryJournal } from '../../../src/main/experiments';
import { Meter } from '../../../src/main/experiments/meter';
import { buildModel, fixedBase, type GenerativeModel } from '../../../src/main/models';
import { betasOf } from '../../../src/main/samplers/schedule';
import { openDevice } from '../../../src/main/tensor/devices';
import type { DeviceName } from '../../../src/shared/runFile';
import { checkpointOf } from '../../support/models';

/** A decoder of images, dense: rows of a matrix product must not depend on how many rows there are. */
function decoder(): GenerativeModel {
  const tensors = {
    'a.weight': { shape: [40, 5] },
    'a.bias': { shape: [40] },
    'b.weight': { shape: [30, 40] },
    'b.bias': { shape: [30] },
  };
  const spec = {
    checkpoint: 'm',
    decoder: [{ linear: 'a' }, 'tanh' as const, { linear: 'b' }],
    likelihood: { type: 'bernoulli' as const },
  };
  return buildModel(spec, checkpointOf(tensors));
}

async function round(name: DeviceName, temperatures: number, rows?: number): Promise<Round> {
  const [device, model] = [await openDevice(name), decoder()];
  const data = await simulate(7, model, await openDevice('cpu'), 3, 'data');
  const base = fixedBase(model.prior);
  const options: ChainsOptions = {
    device,
    target: posteriorTarget(model, base),
    data: { ...data, base: await base.at(data.x, data.count) },
    chains: 6,
    leapfrog: 3,
    seed: 3,
    jitter: 0.2,
    coupled: true,
    meter: new Meter(),
    journal: new MemoryJournal(),
    ...(rows === undefined ? {} : { rows }),
  };
  const chains = new AnnealedChains(options);
  const betas = betasOf({ type: 'sigmoid', rad: 4 }, temperatures);
  const run = chains.round(
    betas,
    betas.map(() => 0.2),
  );
  let next = await run.next();
  while (next.done !== true) next = await run.next();
  await chains.dispose();
  return next.value;
}

/** The largest difference of two log weights of the same chain, nats. */
function worstDifference(a: Round, b: Round): number {
  let worst = 0;
  for (const [datum, weights] of a.weights.entries()) {
    for (const pass of ['forward', 'reverse', 'coupled'] as const) {
      const other = b.weights[datum]?.[pass] ?? [];
      expect(weights[pass]).toHaveLength(other.length);
      weights[pass]?.forEach((weight, chain) => (worst = Math.max(worst, Math.abs(weight - (other[chain] ?? NaN)))));
    }
  }
  return worst;
}

describe('chains in slabs', () => {
  // The plain loops of `reference` show that random numbers and bookkeeping do not depend on the cut at all. The runtime of `cpu`
  // multiplies the last few rows of a matrix by another kernel than the rest, so there only the rounding may differ.
  it.each([1, 4, 7, 13, 21])('of at most %i rows are those of one batch: to the bit on reference', async (rows) => {
    const [whole, cut] = [await round('reference', 3), await round('reference', 3, rows)];
    expect(cut.weights).toEqual(whole.weights);
  });

  it.each([1, 4, 7, 13, 21])('of at most %i rows are those of one batch: to float32 rounding on cpu', async (rows) => {
    const [whole, cut] = [await round('cpu', 5), await round('cpu', 5, rows)];
    expect(worstDifference(whole, cut)).toBeLessThan(1e-4);
    expect(cut.forward.divergences).toEqual(whole.forward.divergences);
    // Averages over batches add up in another order.
    cut.forward.acceptance
      .slice(1, -1)
      .forEach((share, t) => expect(share).toBeCloseTo(whole.forward.acceptance[t + 1] ?? NaN, 6));
  });
});

describe('the same chains on two devices', () => {
  it('cpu and reference agree to float32 rounding', async () => {
    // Eight transitions of three leapfrog steps: errors of 1e-7 grow by a small factor in each, and a decision to accept
    // that hangs on the last digit would show as a difference of 1, of which there is none with this seed.
    const [a, b] = [await round('cpu', 9), await round('reference', 9)];
    const worst = worstDifference(a, b);
    // Sums of 30 terms of size 1 in another order, and their path.
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThan(2e-4);
    expect(b.gradientEvaluations).toBe(a.gradientEvaluations);
    expect([...b.forward.acceptance]).toEqual([...a.forward.acceptance]);
  });
});
