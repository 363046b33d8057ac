import { describe, expect, it } from 'vitest';
import { crAis } from '../../../src/main/bounds/crAis';
import { imAis } from '../../../src/main/bounds/imAis';
import { infonce } from '../../../src/main/bounds/infonce';
import { irAis } from '../../../src/main/bounds/irAis';
import { iwae } from '../../../src/main/bounds/iwae';
import { ReverseSum, riwae } from '../../../src/main/bounds/riwae';
import type { LogEvidenceBounds } from '../../../src/main/bounds/types';
import { betasOf } from '../../../src/main/samplers/schedule';
import { exactChains } from '../../support/exactChains';
import { bestDiagonal } from '../../support/gaussianPaths';
import { linearData, sumOf, type LinearDatum } from '../../support/linearData';
import { lg2, mutualInformation } from '../../support/linearModel';
import { contradicts, differences, discrepancy, estimate, type Estimate } from '../../support/moments';
import { random } from '../../support/random';

/**
 * The whole family on the small linear model, prior base and perfect transitions unless said otherwise, against values of an
 * independent implementation with the standard errors it gave. The noise of the data is taken out by differences to the exact
 * log p(x). Each value is allowed four joint standard errors: 6e-5 a check if errors are normal, below 1 % for the whole file.
 */
const information = mutualInformation(lg2);

/** Bounds on I(x; z) from bounds on log p(x), and that neither contradicts the truth. */
function onInformation(
  bounds: readonly LogEvidenceBounds[],
  truth: readonly number[],
): Record<'lower' | 'upper', Estimate> {
  const side = (name: 'lower' | 'upper'): Estimate => {
    const values = bounds.map((bound) => bound[name] ?? Number.NaN);
    expect(contradicts(name, values, truth)).toBe(false);
    const { mean, se } = estimate(differences(values, truth));
    return { mean: information - mean, se };
  };
  return { lower: side('upper'), upper: side('lower') };
}

type Row = readonly [chains: number, lower: number, lowerSe: number, upper: number, upperSe: number];

function check(actual: Record<'lower' | 'upper', Estimate>, [, lower, lowerSe, upper, upperSe]: Row): void {
  expect(discrepancy(actual.lower, lower, lowerSe), `lower ${actual.lower.mean}, not ${lower}`).toBeLessThan(4);
  expect(discrepancy(actual.upper, upper, upperSe), `upper ${actual.upper.mean}, not ${upper}`).toBeLessThan(4);
}

describe('structured InfoNCE', () => {
  it.each<Row>([
    [1, 0, 0, 28, 0],
    [2, 0.615, 0.001, 15.46, 0.04],
    [10, 1.748, 0.002, 5.15, 0.01],
    [100, 2.428, 0.002, 2.83, 0.005],
  ])('K = %i', (...row) => {
    const [chains] = row;
    const data = linearData(lg2, chains < 10 ? 10_000 : 1_500, random(50 + chains));
    const bounds = data.map(({ logLikelihood, sample, logWeight }) => ({
      lower: infonce(
        logLikelihood,
        sumOf(chains - 1, () => logWeight(sample())),
      ),
      upper: logLikelihood - (iwae({ fresh: sumOf(chains, () => logWeight(sample())) }).lower ?? Number.NaN),
    }));
    // These are terms of I(x; z) already. Their noise is that of log p(x | z*) − log p(x), whose mean is I(x; z).
    const known = data.map(({ logLikelihood, truth }) => logLikelihood - truth);
    const side = (name: 'lower' | 'upper'): Estimate => {
      const { mean, se } = estimate(
        differences(
          bounds.map((bound) => bound[name] ?? Number.NaN),
          known,
        ),
      );
      return { mean: information + mean, se };
    };
    // Never above log K, path by path.
    expect(Math.max(...bounds.map(({ lower }) => lower))).toBeLessThanOrEqual(Math.log(chains));
    check({ lower: side('lower'), upper: side('upper') }, row);
  });
});

describe.each([
  ['IM', imAis, 2, [[100, 2.484, 0.002, 2.701, 0.003]]],
  ['IM', imAis, 5, [[100, 2.535, 0.001, 2.622, 0.001]]],
  ['IM', imAis, 20, [[100, 2.568, 0.0005, 2.5855, 0.0005]]],
  ['CR', crAis, 2, [[100, 1.413, 0.004, 11.32, 0.06]]],
  [
    'CR',
    crAis,
    5,
    [
      [2, 1.409, 0.003, 6.33, 0.01],
      [100, 2.128, 0.003, 4.56, 0.02],
    ],
  ],
  [
    'CR',
    crAis,
    20,
    [
      [2, 2.184, 0.002, 3.184, 0.003],
      [100, 2.53, 0.001, 2.653, 0.002],
    ],
  ],
  [
    'IR',
    irAis,
    1,
    [
      [2, 0.194, 0.003, 27.5, 0.1],
      [10, 0.584, 0.003, 26.1, 0.1],
      [100, 0.991, 0.004, 24.2, 0.1],
    ],
  ],
  [
    'IR',
    irAis,
    5,
    [
      [1, 1.180665, 0, 6.780665, 0],
      [2, 1.421, 0.003, 6.33, 0.01],
      [10, 1.826, 0.002, 5.42, 0.01],
      [100, 2.142, 0.003, 4.54, 0.02],
    ],
  ],
] as const)('%s with perfect transitions', (name, estimator, temperatures, rows) => {
  it.each(rows.map((row): Row => row))(`T = ${temperatures}, K = %i`, (...row) => {
    const [chains] = row;
    const { weights, truth } = exactChains(lg2, {
      data: Math.round(40_000 / (temperatures * chains)) + 100,
      chains,
      betas: betasOf({ type: 'linear' }, temperatures),
      random: random(3 * temperatures + chains),
      independent: name === 'IR',
    });
    check(onInformation(weights.map(estimator), truth), row);
  });
});

describe('a base with the exact mean and the diagonal of the exact covariance', () => {
  const rows: Record<'IWAE' | 'RIWAE', Row[]> = {
    IWAE: [
      [1, 2.5324, 0.00005, 2.6249, 0.00005],
      [2, 2.5543, 0.0003, 2.5991, 0.0003],
      [10, 2.5722, 0.0002, 2.5813, 0.0002],
      [100, 2.5761, 0.0001, 2.577, 0.0001],
    ],
    RIWAE: [
      [1, 2.5324, 0.00005, 2.6249, 0.00005],
      [2, 2.5531, 0.0003, 2.6036, 0.0004],
      [10, 2.5707, 0.0002, 2.5824, 0.0002],
      [100, 2.5759, 0.0001, 2.5771, 0.0001],
    ],
  };
  const bounds: Record<'IWAE' | 'RIWAE', (datum: LinearDatum, chains: number) => LogEvidenceBounds> = {
    IWAE: ({ logWeight, sample, z }, chains) => {
      const draw = (): number => logWeight(sample());
      return iwae({ fresh: sumOf(chains, draw), exact: logWeight(z), negatives: sumOf(chains - 1, draw) });
    },
    RIWAE: ({ logWeight, sample, posterior, z }, chains) => {
      const exact = (own: number): ReverseSum => {
        const sum = new ReverseSum();
        for (let k = 0; k < own; k += 1) sum.add(logWeight(k === 0 ? z : posterior()));
        return sum;
      };
      return { lower: riwae.lower(logWeight(sample()), exact(chains - 1)), upper: riwae.upper(exact(chains)) };
    },
  };
  describe.each(['IWAE', 'RIWAE'] as const)('%s', (name) => {
    it.each(rows[name])('K = %i', (...row) => {
      const [chains] = row;
      const data = linearData(
        lg2,
        chains < 10 ? 8_000 : 60_000 / chains + 600,
        random(90 + chains),
        bestDiagonal(lg2, 'forward'),
      );
      const values = data.map((datum) => bounds[name](datum, chains));
      check(
        onInformation(
          values,
          data.map(({ truth }) => truth),
        ),
        row,
      );
    });
  });
});
