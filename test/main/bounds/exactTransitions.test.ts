import { describe, expect, it } from 'vitest';
import { ais } from '../../../src/main/bounds/ais';
import { crAis } from '../../../src/main/bounds/crAis';
import { imAis } from '../../../src/main/bounds/imAis';
import type { ChainEstimator } from '../../../src/main/bounds/types';
import { betasOf } from '../../../src/main/samplers/schedule';
import type { Schedule } from '../../../src/shared/runFile';
import { exactChains } from '../../support/exactChains';
import { lg2, mutualInformation } from '../../support/linearModel';
import { contradicts, estimate, type Estimate } from '../../support/moments';
import { random } from '../../support/random';

/**
 * With perfect transitions the values of the estimators are known, in closed form for one chain and from an independent
 * implementation for several. Bounds on I(x; z) are I minus the excess over log p(x) of the same data, which takes the noise of
 * the data out. False alarms: each check allows four standard errors, 6e-5 a check if the errors are normal, 0.3 % for all.
 */
const linear: Schedule = { type: 'linear' };
const sigmoid: Schedule = { type: 'sigmoid', rad: 4 };
const information = mutualInformation(lg2);

function measure(
  estimator: ChainEstimator,
  shape: { chains: number; temperatures: number; data: number; schedule?: Schedule; seed: number },
): { lower: Estimate; upper: Estimate } {
  const { weights, truth } = exactChains(lg2, {
    data: shape.data,
    chains: shape.chains,
    betas: betasOf(shape.schedule ?? linear, shape.temperatures),
    random: random(shape.seed),
  });
  const bounds = weights.map(estimator);
  const side = (name: 'lower' | 'upper'): Estimate => {
    const values = bounds.map((bound) => bound[name] ?? Number.NaN);
    expect(contradicts(name, values, truth)).toBe(false);
    const { mean, se } = estimate(values.map((value, datum) => value - (truth[datum] ?? Number.NaN)));
    return { mean: information - mean, se };
  };
  // An upper bound on log p(x) is a lower one on I(x; z).
  return { lower: side('upper'), upper: side('lower') };
}

/** @param known value and, where it is Monte Carlo itself, its standard error */
function agrees(actual: Estimate, [value, se = 0]: readonly [number, number?]): void {
  const error = Math.hypot(actual.se, se);
  expect(error).toBeGreaterThan(0);
  expect(Math.abs(actual.mean - value) / error, `${actual.mean} ± ${actual.se} instead of ${value}`).toBeLessThan(4);
}

describe('perfect transitions, one chain: closed forms', () => {
  it('the model is the one of the golden numbers', () => expect(information).toBeCloseTo(2.5766457972, 10));

  it.each([
    ['linear', 2, 0.485198, 14.485198],
    ['linear', 5, 1.180665, 6.780665],
    ['linear', 10, 1.653169, 4.453169],
    ['linear', 100, 2.443028, 2.723028],
    ['sigmoid', 10, 1.844109, 3.613352],
    ['sigmoid', 100, 2.491311, 2.665008],
  ] as const)('%s schedule, T = %i', (name, temperatures, lower, upper) => {
    // More data where they are cheap and the weights wild.
    const data = temperatures <= 10 ? 4000 : 400;
    const bounds = measure(ais, {
      chains: 1,
      temperatures,
      data,
      schedule: name === 'linear' ? linear : sigmoid,
      seed: 17 + temperatures,
    });
    agrees(bounds.lower, [lower]);
    agrees(bounds.upper, [upper]);
  });
});

describe('perfect transitions, several chains: an independent implementation', () => {
  it.each([
    ['IM', 1, 2, 0.615, 0.001, 15.46, 0.04],
    ['IM', 1, 10, 1.748, 0.002, 5.15, 0.01],
    ['IM', 2, 10, 1.997, 0.002, 3.734, 0.006],
    ['IM', 5, 2, 1.639, 0.003, 4.614, 0.008],
    ['IM', 5, 10, 2.282, 0.002, 2.971, 0.003],
    ['IM', 20, 10, 2.498, 0.001, 2.658, 0.001],
    ['CR', 2, 2, 0.676, 0.003, 13.93, 0.04],
    ['CR', 2, 10, 1.043, 0.003, 12.74, 0.03],
    ['CR', 5, 10, 1.809, 0.002, 5.43, 0.01],
    ['CR', 20, 10, 2.409, 0.001, 2.844, 0.002],
  ] as const)('%s T = %i, K = %i', (name, temperatures, chains, lower, lowerSe, upper, upperSe) => {
    const data = Math.round(20_000 / (temperatures * chains)) + 300;
    const bounds = measure(name === 'IM' ? imAis : crAis, {
      chains,
      temperatures,
      data,
      seed: 7 * temperatures + chains,
    });
    agrees(bounds.lower, [lower, lowerSe]);
    agrees(bounds.upper, [upper, upperSe]);
  });

  it('CR at T = 1 gives 0 and 28 for every K', () => {
    const bounds = measure(crAis, { chains: 10, temperatures: 1, data: 4000, seed: 4 });
    // Exactly: log p(x | z*) minus itself. Here the data do not cancel, because the truth does.
    agrees(bounds.lower, [0]);
    agrees(bounds.upper, [28]);
  });
});
