import { describe, expect, it } from 'vitest';
import { ais } from '../../../src/main/bounds/ais';
import { ba } from '../../../src/main/bounds/ba';
import { bdmc } from '../../../src/main/bounds/bdmc';
import { crAis } from '../../../src/main/bounds/crAis';
import { giwae } from '../../../src/main/bounds/giwae';
import { ibal } from '../../../src/main/bounds/ibal';
import { imAis } from '../../../src/main/bounds/imAis';
import { infonce } from '../../../src/main/bounds/infonce';
import { mineDv } from '../../../src/main/bounds/mineDv';
import { ReverseSum, riwae } from '../../../src/main/bounds/riwae';
import type { ChainEstimator } from '../../../src/main/bounds/types';
import { betasOf } from '../../../src/main/samplers/schedule';
import { exactChains, type Defect } from '../../support/exactChains';
import { criticValues } from '../../support/criticData';
import { bestDiagonal, energyPath, standardNormal } from '../../support/gaussianPaths';
import { wideBase } from '../../support/familyBounds';
import { linearData, sumOf, type LinearDatum } from '../../support/linearData';
import { lg2, logLikelihood, logPrior, mutualInformation, simulatePair, tempered } from '../../support/linearModel';
import { contradicts } from '../../support/moments';
import { random } from '../../support/random';

/**
 * A test of bounds is worth as much as its power to reject a wrong one. Here chains are broken on purpose, each way one that a
 * slip in the code could bring about, and the check that every other test uses must say so: with 200 data and 4 chains, in each of 5
 * repetitions. What the same check says of sound chains is asserted beside it.
 *
 * Two temperatures: chains with perfect transitions forget a wrong start after one step, and with many temperatures that step has
 * next to no weight, so that both bounds still hold (seen with T = 10, sigmoid). Closed-form values catch what bracketing cannot.
 */
const repetitions = [1, 2, 3, 4, 5];
const none = repetitions.map(() => false);
const all = repetitions.map(() => true);

function verdicts(side: 'lower' | 'upper', estimator: ChainEstimator, defect?: Defect): boolean[] {
  return repetitions.map((seed) => {
    const { weights, truth } = exactChains(lg2, {
      data: 200,
      chains: 4,
      betas: betasOf({ type: 'linear' }, 2),
      random: random(100 + seed),
      ...(defect === undefined ? {} : { defect }),
    });
    return contradicts(
      side,
      weights.map((each) => estimator(each)[side] ?? Number.NaN),
      truth,
    );
  });
}

const estimators = { ais, imAis, crAis, bdmc };

describe.each(Object.entries(estimators))('a check of %s', (_, estimator) => {
  it('accepts sound chains', () => {
    expect(verdicts('lower', estimator)).toEqual(none);
    expect(verdicts('upper', estimator)).toEqual(none);
  });

  it('rejects reverse chains that start at a prior draw', () => {
    expect(verdicts('upper', estimator, 'reverse from the prior')).toEqual(all);
  });

  it('rejects increments that are taken after the transition', () => {
    expect(verdicts('lower', estimator, 'increment after transition')).toEqual(all);
  });

  it('rejects forward chains that start at the exact sample', () => {
    expect(verdicts('lower', estimator, 'forward from the exact sample')).toEqual(all);
  });
});

/** The same for estimators without chains, at the limit of `family.test.ts`, with 1000 data and K = 8. */
const samples = 8;

function holds(
  side: 'lower' | 'upper',
  base: ReturnType<typeof standardNormal>,
  terms: (datum: LinearDatum) => { readonly value: number; readonly truth: number },
): boolean[] {
  return repetitions.map((seed) => {
    const rows = linearData(lg2, 1000, random(700 + seed), base).map(terms);
    return !contradicts(
      side,
      rows.map(({ value }) => value),
      rows.map(({ truth }) => truth),
      5,
    );
  });
}

const onInformation = (datum: LinearDatum): number => datum.logLikelihood - datum.truth;
const prior = standardNormal(2);
const good = bestDiagonal(lg2, 'forward');
const wide = wideBase(lg2);
const reversed = (weights: readonly number[]): ReverseSum => {
  const sum = new ReverseSum();
  for (const weight of weights) sum.add(weight);
  return sum;
};

describe('a check of estimators without chains', () => {
  it('rejects a lower bound of IWAE whose samples hold the exact one', () => {
    const bound = (planted: boolean) =>
      holds('lower', prior, ({ logWeight, sample, z, truth }) => {
        const fresh = sumOf(samples - 1, () => logWeight(sample()));
        fresh.add(logWeight(planted ? z : sample()));
        return { value: fresh.mean(), truth };
      });
    expect([bound(false), bound(true)]).toEqual([all, none]);
  });

  it('rejects InfoNCE whose positive is missing from the denominator', () => {
    const bound = (planted: boolean) =>
      holds('lower', prior, (datum) => {
        const negatives = sumOf(samples - 1, () => datum.logWeight(datum.sample()));
        const value = planted ? datum.logLikelihood - negatives.mean() : infonce(datum.logLikelihood, negatives);
        return { value, truth: onInformation(datum) };
      });
    expect([bound(false), bound(true)]).toEqual([all, none]);
  });

  it('rejects GIWAE whose negatives come from the prior where the base is another', () => {
    const bound = (planted: boolean) =>
      holds('lower', wide, (datum) => {
        const source = random(Math.round(1e6 * Math.abs(datum.z[0] ?? 0)));
        const point = (): number[] => (planted ? source.normals(2) : datum.sample());
        const negatives = sumOf(samples - 1, () => datum.logWeight(point()));
        const { value } = giwae({ ba: ba(datum), critic: datum.logWeight(datum.z), negatives });
        return { value, truth: onInformation(datum) };
      });
    expect([bound(false), bound(true)]).toEqual([all, none]);
  });

  it('rejects a lower bound of reverse IWAE from one exact sample counted K − 1 times', () => {
    // The same as independent reverse AIS with T = 1. With 8 samples the bound is too loose to show it.
    const many = 100;
    const bound = (planted: boolean) =>
      holds('lower', wide, ({ logWeight, sample, posterior, z, truth }) => {
        const exact = Array.from({ length: many - 1 }, () => logWeight(planted ? z : posterior()));
        return { value: riwae.lower(logWeight(sample()), reversed(exact)), truth };
      });
    expect([bound(false), bound(true)]).toEqual([all, none]);
  });

  it('rejects Barber and Agakov’s bound with a base that was fitted to the very z', () => {
    const bound = (share: number) =>
      repetitions.map((seed) => {
        const source = random(300 + seed);
        const rows = Array.from({ length: 200 }, () => {
          const { x, z } = simulatePair(lg2, source);
          const mean = tempered(lg2, x, 1).mean.map((value, i) => value + share * ((z[i] ?? 0) - value));
          const squares = mean.reduce(
            (total, value, i) => total + ((z[i] ?? 0) - value) ** 2 / (good.variance[i] ?? 1),
            0,
          );
          const constant = good.variance.reduce((total, variance) => total + Math.log(2 * Math.PI * variance), 0);
          return ba({ logBase: -0.5 * (squares + constant), logPrior: logPrior(z) });
        });
        return !contradicts(
          'lower',
          rows,
          rows.map(() => mutualInformation(lg2)),
          5,
        );
      });
    expect([bound(0), bound(0.8)]).toEqual([all, none]);
  });

  it('rejects MINE-DV of few samples called a bound', () => {
    const bound = (data: number, negatives: number, count: number) =>
      repetitions.map((turn) => {
        const values = Array.from(
          { length: count },
          (_, index) => mineDv(criticValues(1, { data, negatives, seed: 1e4 * turn + index }).values).value,
        );
        return !contradicts(
          'lower',
          values,
          values.map(() => mutualInformation(lg2)),
          5,
        );
      });
    expect([bound(100, 100, 5), bound(4, 2, 200)]).toEqual([all, none]);
  });
});

describe('a check of chains toward other ends', () => {
  const betas = betasOf({ type: 'linear' }, 20);

  it('rejects IBAL_U called an upper bound on I(x; z)', () => {
    const bound = (a: number) =>
      repetitions.map((seed) => {
        const path = energyPath(lg2, a);
        const { weights, truth, pairs } = exactChains(lg2, { data: 200, chains: 4, betas, random: random(seed), path });
        const uppers = pairs.map(({ x, z }, datum) => {
          const { lower } = imAis(weights[datum] ?? { forward: [] });
          return ibal({ ba: 0, critic: path.logRatio(x, z) }, { lower }).upper ?? Number.NaN;
        });
        const known = pairs.map(({ x, z }, datum) => logLikelihood(lg2, x, z) - (truth[datum] ?? Number.NaN));
        return !contradicts('upper', uppers, known, 5);
      });
    // The best critic's IBAL is I(x; z) itself.
    expect([bound(1), bound(0.25)]).toEqual([all, none]);
  });
});
