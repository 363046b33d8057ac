import { describe, expect, it } from 'vitest';
import { ais } from '../../../src/main/bounds/ais';
import { bdmc } from '../../../src/main/bounds/bdmc';
import { crAis } from '../../../src/main/bounds/crAis';
import { imAis } from '../../../src/main/bounds/imAis';
import type { ChainEstimator } from '../../../src/main/bounds/types';
import { betasOf } from '../../../src/main/samplers/schedule';
import { exactChains, type Defect } from '../../support/exactChains';
import { lg2 } from '../../support/linearModel';
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
    expect(verdicts('lower', estimator)).toEqual(repetitions.map(() => false));
    expect(verdicts('upper', estimator)).toEqual(repetitions.map(() => false));
  });

  it('rejects reverse chains that start at a prior draw', () => {
    expect(verdicts('upper', estimator, 'reverse from the prior')).toEqual(repetitions.map(() => true));
  });

  it('rejects increments that are taken after the transition', () => {
    expect(verdicts('lower', estimator, 'increment after transition')).toEqual(repetitions.map(() => true));
  });

  it('rejects forward chains that start at the exact sample', () => {
    expect(verdicts('lower', estimator, 'forward from the exact sample')).toEqual(repetitions.map(() => true));
  });
});
