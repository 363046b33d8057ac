import { describe, expect, it } from 'vitest';
import { estimators } from '../../../src/shared/runFile';
import { betasOf } from '../../../src/main/samplers/schedule';
import { chainSides, energySides, isContradicted, sampleSides, type CheckedSide } from '../../support/familyBounds';
import { lg2, randomLinear, type LinearModel } from '../../support/linearModel';
import { random } from '../../support/random';

/**
 * Every bound of the family on the right side of the closed form, over 20 seeds, on the small linear model and on one from 3 to 8
 * dimensions with random weights. A side is refused when its mean lies five standard errors on the wrong side of the truth of the
 * same data. False alarms: 3e-7 a side if its error is normal and it is tight, 65 sides, 20 seeds, 2 models: 8e-4 for the file.
 * That such checks notice a wrong bound is shown in `plantedBias.test.ts`.
 */
const models: readonly (readonly [string, LinearModel])[] = [
  ['the small model', lg2],
  ['random weights, 3 → 8', randomLinear(3, 8, 41)],
];
const seeds = Array.from({ length: 20 }, (_, seed) => seed + 1);

function contradicted(sides: readonly CheckedSide[]): string[] {
  return sides.filter((side) => isContradicted(side, 5)).map(({ estimator, side }) => `${side} of ${estimator}`);
}

function sidesOf(model: LinearModel, seed: number): CheckedSide[] {
  const shape = (offset: number) => ({
    data: 200,
    samples: 4,
    betas: betasOf({ type: 'linear' }, 3),
    random: random(1000 * offset + seed),
  });
  return [
    ...chainSides(model, shape(1)),
    ...sampleSides(model, shape(2)),
    ...energySides(model, 0.5, shape(3)),
    ...energySides(model, 5, shape(4)),
  ];
}

describe.each(models)('every bound on %s', (_, model) => {
  it.each(seeds)('holds, seed %i', (seed) => {
    const sides = sidesOf(model, seed);
    expect(contradicted(sides)).toEqual([]);
    expect(sides).toHaveLength(65);
  });
});

it('no estimator is left out', () => {
  const named = new Set(sidesOf(lg2, 1).map(({ estimator }) => estimator.split(',')[0]?.split(' of ')[0]));
  const tested = new Set([...named].map((name) => (name === 'elbo' ? 'ba' : name)));
  // MINE-DV is an estimate, not a bound; MINE-F is generalised MINE-F with the prior as base.
  const others = ['mine-dv', 'gmine-dv', 'mine-f'];
  expect([...tested, ...others].sort()).toEqual([...estimators].sort());
});
